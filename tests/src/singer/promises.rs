//! What the singer promises.

use super::performance::LEAD_IN_S;
use super::room::Noise;
use super::*;

const RATE_HZ: f64 = 24_000.0;

const SOUNDS: [Sound; 5] = [Sound::HighVoice, Sound::LowVoice, Sound::Bowed, Sound::Blown, Sound::Plucked];

const SCALE: [(u8, f64); 8] = [(57, 1.0), (60, 1.0), (64, 1.0), (69, 1.0), (72, 1.0), (76, 1.0), (62, 1.0), (65, 2.0)];

/// The period of `samples` near `expected_hz`, as a frequency: where the autocorrelation is highest after so many
/// periods that a hundredth of a sample is nothing, between two samples by a parabola.
fn measured_hz(samples: &[f32], expected_hz: f64, rate_hz: f64) -> f64 {
    let periods = (0.1 * expected_hz).floor();
    let about = periods * rate_hz / expected_hz;
    let likeness = |lag: usize| -> f64 {
        let pairs = samples.iter().zip(&samples[lag..]);
        let difference: f64 = pairs.clone().map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum();
        -difference / pairs.len() as f64
    };
    let half_period = 0.5 * rate_hz / expected_hz;
    let (from, to) = ((about - half_period) as usize, (about + half_period) as usize);
    let best = (from..to).max_by(|&a, &b| likeness(a).total_cmp(&likeness(b))).expect("lags to choose from");
    let (before, at, after) = (likeness(best - 1), likeness(best), likeness(best + 1));
    let lag = best as f64 + 0.5 * (before - after) / (before - 2.0 * at + after);
    periods * rate_hz / lag
}

fn cents(a: f64, b: f64) -> f64 {
    1200.0 * (a / b).log2()
}

/// Whether the sound of each note has the pitch of the truth, within `tolerance` cents.
fn check_pitch(take: &Take, tolerance: f64) {
    for note in &take.truth.notes {
        let at = |seconds: f64| (seconds * take.rate_hz) as usize;
        let (from, to) = (at(note.onset_s + 0.14), at((note.offset_s - 0.14).min(note.onset_s + 0.40)));
        let truth = f64::from(take.truth.f0_hz[(from + to) / 2]);
        let measured = measured_hz(&take.samples[from..to], truth, take.rate_hz);
        assert!(cents(measured, truth).abs() < tolerance, "key {}: {measured} Hz, truth {truth} Hz", note.key);
    }
}

#[test]
fn every_sound_has_the_pitch_that_the_truth_states() {
    for sound in SOUNDS {
        let performance = Performance { sound, ..Performance::plain() };
        for rate_hz in [24_000.0, 44_099.7] {
            check_pitch(&sing(&Score::melody(80.0, &SCALE), &performance, rate_hz), 2.0);
        }
    }
}

#[test]
fn a_detuned_singer_is_off_by_what_was_asked() {
    let performance = Performance { detune_cents: -40.0, ..Performance::plain() };
    let take = sing(&Score::melody(80.0, &SCALE), &performance, RATE_HZ);
    check_pitch(&take, 2.0);
    for note in &take.truth.notes {
        let middle = 0.5 * (note.onset_s + note.offset_s) * RATE_HZ;
        let sung = f64::from(take.truth.f0_hz[middle as usize]);
        assert!((cents(sung, truth::hz(f64::from(note.key))) + 40.0).abs() < 0.01);
    }
}

#[test]
fn vibrato_swings_as_far_and_as_fast_as_asked() {
    let performance = Performance { vibrato_cents: 50.0, ..Performance::plain() };
    let take = sing(&Score::melody(60.0, &[(69, 4.0)]), &performance, RATE_HZ);
    let late = &take.truth.f0_hz[((LEAD_IN_S + 1.0) * RATE_HZ) as usize..((LEAD_IN_S + 3.0) * RATE_HZ) as usize];
    let off = |hz: &f32| cents(f64::from(*hz), 440.0);
    let highest = late.iter().map(off).fold(0.0, f64::max);
    let crossings = late.windows(2).filter(|pair| off(&pair[0]) < 0.0 && off(&pair[1]) >= 0.0).count();
    assert!((highest - 50.0).abs() < 1.0, "{highest} cents");
    assert!((10..=12).contains(&crossings), "{crossings} cycles in 2 s");
}

#[test]
fn the_same_seed_gives_the_same_samples_and_another_seed_others() {
    let score = Score::melody(100.0, &SCALE);
    for sound in SOUNDS {
        let performance = Performance { sound, timing: Timing::Jitter { up_to_s: 0.03 }, ..Performance::default() };
        let take = sing(&score, &performance, RATE_HZ);
        assert_eq!(take, sing(&score, &performance, RATE_HZ));
        assert_ne!(take.samples, sing(&score, &Performance { seed: 2, ..performance }, RATE_HZ).samples);
    }
}

#[test]
fn every_sample_is_sound_or_silence_at_any_rate() {
    let score = Score::melody(100.0, &SCALE);
    for rate_hz in [1_000.0, 8_000.0, 44_100.0, 192_000.0] {
        for sound in SOUNDS {
            let take = sing(&score, &Performance { sound, ..Performance::default() }, rate_hz);
            assert!(take.samples.iter().all(|x| x.is_normal() || *x == 0.0), "{sound:?} at {rate_hz}");
            let peak = take.samples.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
            assert!((0.1..0.9).contains(&peak), "{sound:?} at {rate_hz}: {peak}");
            assert_eq!(take.truth.f0_hz.len(), take.samples.len());
        }
    }
}

#[test]
fn gaps_are_silent_but_for_the_breath() {
    let quiet = Performance { breath: 0.0, ..Performance::default() };
    let take = sing(&thirteen_lines(), &quiet, RATE_HZ);
    let at = |seconds: f64| (seconds * RATE_HZ) as usize;
    for (line, next) in take.truth.lines.iter().zip(&take.truth.lines[1..]) {
        // Resonances ring on for some 50 ms; the consonant before the next line may last 80.
        let gap = &take.samples[at(line.end_s + 0.1)..at(next.start_s - 0.1)];
        assert!(gap.iter().all(|x| *x == 0.0));
        assert!(take.truth.f0_hz[at(line.end_s) + 1..at(next.start_s) - 1].iter().all(|f0| *f0 == 0.0));
    }
}

#[test]
fn there_are_thirteen_lines_of_three_to_eight_seconds_with_breaths_between() {
    let score = thirteen_lines();
    assert_eq!((score.lines.len(), score.length_beats()), (13, 160.0));
    assert!(score.lines[4..9].iter().all(|line| line.length_beats == 16.0));
    let pitches = |line: usize| score.lines[line].notes.iter().map(|n| (n.key, n.length_beats)).collect::<Vec<_>>();
    assert_eq!(pitches(7), pitches(8));
    assert_ne!(
        pitches(7),
        thirteen_lines_without_repetition().lines[8].notes.iter().map(|n| (n.key, n.length_beats)).collect::<Vec<_>>()
    );
    let take = sing(&score, &Performance::default(), 8_000.0);
    let lines = &take.truth.lines;
    for line in lines {
        assert!((3.0..=8.0).contains(&(line.end_s - line.start_s)), "{line:?}");
    }
    for pair in lines.windows(2) {
        assert!((0.6..=1.5).contains(&(pair[1].start_s - pair[0].end_s)), "{pair:?}");
    }
    let last = take.truth.notes[take.truth.notes.len() - 1];
    assert!(last.offset_s - last.onset_s > 4.0, "the last note is long");
    assert_eq!(last.key % 12, 2, "and on the tonic");
}

#[test]
fn the_tempo_falls_by_8_then_18_then_30_percent() {
    let ritard = thirteen_lines().ritard.expect("a ritard");
    for (beat, slower) in [(124.0, 8.0), (136.0, 18.0), (148.0, 30.0)] {
        assert!((100.0 * (1.0 - ritard.tempo(beat)) - slower).abs() < 0.6, "beat {beat}");
    }
}

#[test]
fn a_repeated_key_is_parted_by_a_consonant() {
    for line in thirteen_lines().lines {
        for pair in line.notes.windows(2) {
            assert!(pair[0].key != pair[1].key || pair[1].consonant != Consonant::Open, "{pair:?}");
        }
    }
}

#[test]
fn rubato_varies_the_intervals_by_twelve_percent_and_keeps_the_lines() {
    let mut score = thirteen_lines();
    score.ritard = None;
    for seed in 1..=3 {
        let performance = Performance { seed, timing: Timing::Rubato { cv: 0.12 }, ..Performance::plain() };
        let free = sing(&score, &performance, 8_000.0);
        let strict = sing(&score, &Performance { timing: Timing::Metronomic, ..performance }, 8_000.0);
        let mut ratios = Vec::new();
        for (line, other) in free.truth.lines.iter().zip(&strict.truth.lines) {
            assert!((line.start_s - other.start_s).abs() < 1e-9 && (line.end_s - other.end_s).abs() < 1e-9);
            let within = |o: &&f64| (line.start_s - 1e-9..line.end_s).contains(*o);
            let sung: Vec<f64> = free.truth.onsets_s.iter().filter(within).copied().collect();
            let written: Vec<f64> = strict.truth.onsets_s.iter().filter(within).copied().collect();
            ratios.extend(sung.windows(2).zip(written.windows(2)).map(|(s, w)| (s[1] - s[0]) / (w[1] - w[0])));
        }
        let mean = ratios.iter().sum::<f64>() / ratios.len() as f64;
        let spread = (ratios.iter().map(|r| (r - mean).powi(2)).sum::<f64>() / ratios.len() as f64).sqrt();
        assert!((0.105..0.135).contains(&(spread / mean)), "seed {seed}: {}", spread / mean);
    }
}

#[test]
fn jitter_moves_onsets_by_up_to_30_ms_and_beats_not_at_all() {
    let jittered = Performance { timing: Timing::Jitter { up_to_s: 0.03 }, ..Performance::plain() };
    let off = sing(&thirteen_lines(), &jittered, 8_000.0).truth;
    let exact = sing(&thirteen_lines(), &Performance::plain(), 8_000.0).truth;
    assert_eq!(off.beats_s, exact.beats_s);
    let furthest = off.onsets_s.iter().zip(&exact.onsets_s).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!((0.02..=0.03 + 1e-9).contains(&furthest), "{furthest} s");
}

#[test]
fn noise_lies_as_far_under_the_sound_as_asked() {
    let take = sing(&Score::melody(100.0, &SCALE), &Performance::plain(), RATE_HZ);
    let power = |samples: &mut dyn Iterator<Item = f32>| samples.map(|x| f64::from(x).powi(2)).sum::<f64>();
    let sounding = take.samples.iter().filter(|x| **x != 0.0).count() as f64;
    for noise in [Noise::White, Noise::Pink] {
        let noisy = take.clone().with_noise(noise, 10.0, 1);
        let added = power(&mut noisy.samples.iter().zip(&take.samples).map(|(a, b)| a - b));
        let snr = power(&mut take.samples.iter().copied()) / sounding / (added / take.samples.len() as f64);
        assert!((10.0 * snr.log10() - 10.0).abs() < 0.05);
    }
}

#[test]
fn drums_sound_at_their_onsets_and_have_no_pitch() {
    let hits = drum::groove(100.0, 16, 0.5, 3);
    let take = drum::drum(&hits, 11.0, 0.6, 3, RATE_HZ);
    assert!(hits.windows(2).any(|pair| (pair[1].time_s - pair[0].time_s - drum::DOUBLE_S).abs() < 1e-9));
    assert!(take.truth.voiced().all(|voiced| !voiced));
    for onset_s in &take.truth.onsets_s {
        let at = (onset_s * RATE_HZ) as usize;
        let peak = |samples: &[f32]| samples.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        assert!(peak(&take.samples[at..at + 240]) > 1.2 * peak(&take.samples[at - 240..at]), "{onset_s} s");
    }
}
