use super::super::meaning::Meaning;
use super::super::testing::{Sound, clock, understand};
use super::rhythm::{LONGEST_STEP, Rhythm};
use crate::chance::{Chance, Stream};
use crate::settings::Settings;

/// A melody's rhythm, quarters of a beat: bars of four with eighths, a dotted note and long ends.
const RHYTHM: [u32; 18] = [4, 4, 4, 4, 6, 2, 8, 2, 2, 4, 4, 4, 6, 2, 4, 4, 12, 4];

/// Notes at the times of `beats`, played with an error of up to 25 ms (standard deviation 15 ms).
fn played(beats: &[f64], time: impl Fn(f64) -> f64) -> Vec<Sound> {
    let mut chance = Chance::new(7, Stream::Silence, 0);
    let on = |at: f64, chance: &mut Chance| 0.5 + time(at) + f64::from(chance.between(-0.025, 0.025));
    let mut sounds: Vec<Sound> = Vec::new();
    for (index, &at) in beats.iter().enumerate() {
        let on_s = on(at, &mut chance);
        if let Some(last) = sounds.last_mut() {
            last.off_s = on_s - 0.02;
        }
        let pitch = Some([60.0, 62.0, 64.0, 67.0, 65.0][index % 5]);
        sounds.push(Sound { pitch, on_s, off_s: on_s + 0.3, velocity: 70 });
    }
    sounds
}

/// The onsets of [`RHYTHM`] again and again, in beats, over so many.
fn song(beats: f64) -> Vec<f64> {
    let mut at = 0.0;
    let steps = RHYTHM.iter().cycle().map(|&quarters| f64::from(quarters) / 4.0);
    let place = |step: f64| {
        at += step;
        at - step
    };
    steps.map(place).take_while(|at| *at < beats).collect()
}

/// Whether `tempo` is within 4 % of `expected`.
fn is_tempo(meaning: &Meaning, expected: f64) -> bool {
    meaning.pulse.grid.is_some_and(|grid| (f64::from(grid.tempo_bpm) / expected - 1.0).abs() < 0.04)
}

#[test]
fn the_beat_of_a_song_is_found_within_eight_seconds_and_predicted_within_30_ms() {
    for bpm in [80.0, 100.0, 124.0, 150.0] {
        let sounds = played(&song(20.0 * bpm / 60.0), |beat| beat * 60.0 / bpm);
        let (mut rows, mut right, mut beats, mut near) = (0, 0, 0, 0);
        understand(sounds, 20.0, &Settings::default(), |meaning| {
            if clock().seconds(meaning.now) < 8.5 {
                return;
            }
            rows += 1;
            right += usize::from(is_tempo(meaning, bpm));
            if let Some(grid) = meaning.pulse.grid.filter(|_| meaning.pulse.beat) {
                let beat = (clock().seconds(grid.last_beat) - 0.5) * bpm / 60.0;
                beats += 1;
                near += usize::from((beat - beat.round()).abs() * 60.0 / bpm < 0.03);
            }
        });
        assert!(right * 10 >= rows * 9 && near * 10 >= beats * 9 && beats > 10, "{bpm}: {right}/{rows} {near}/{beats}");
    }
}

/// Of 20 improvisations of `seconds`, the share of the time in which a pulse is claimed. Times from onset to onset are
/// log-normal with this spread; this share of them has a rest of one to five seconds after it.
fn claimed_in_free_playing(seconds: f64, spread: f32, rests: f32) -> f64 {
    let (mut hops, mut claimed) = (0, 0);
    for improvisation in 0..20 {
        let mut chance = Chance::new(improvisation, Stream::Silence, 1);
        let (mut at, mut beats) = (0.0, Vec::new());
        while at < seconds {
            // A normal deviate by Box and Muller.
            let (radius, angle) = (chance.between(1e-6, 1.0), chance.between(0.0, std::f32::consts::TAU));
            let bell = (-2.0 * radius.ln()).sqrt() * angle.cos();
            at += 0.4 * f64::from(spread * bell).exp();
            if rests > 0.0 && chance.unit() < rests {
                at += f64::from(chance.between(1.0, 5.0));
            }
            beats.push(at);
        }
        understand(played(&beats, |at| at), seconds, &Settings::default(), |meaning| {
            hops += 1;
            claimed += usize::from(meaning.pulse.grid.is_some());
        });
    }
    claimed as f64 / hops as f64
}

#[test]
fn free_playing_is_hardly_ever_taken_for_a_pulse() {
    // By chance some of it falls into a pattern for a while, mostly at the beginning.
    let free = [(24.0, 0.5, 0.0), (24.0, 0.7, 0.0), (60.0, 0.5, 0.0), (60.0, 0.5, 0.06), (60.0, 0.7, 0.06)];
    for (seconds, spread, rests) in free {
        let claimed = claimed_in_free_playing(seconds, spread, rests);
        assert!(claimed <= 0.1, "{seconds} {spread} {rests}: {claimed:.3}");
    }
}

#[test]
fn a_ritardando_of_30_percent_over_eight_beats_is_followed() {
    for bpm in [90.0, 110.0, 130.0] {
        let from = (14.0 * bpm / 60.0_f64).round();
        // The period grows to 1/0.7 of itself, linearly over eight beats.
        let slower = 1.0 / 0.7 - 1.0;
        let time = |beat: f64| {
            let (within, after) = ((beat - from).clamp(0.0, 8.0), (beat - from - 8.0).max(0.0));
            (beat + slower * (within * within / 16.0 + after)) * 60.0 / bpm
        };
        let (mut hops, mut lost) = (0, 0);
        understand(played(&song(from + 20.0), time), time(from + 20.0), &Settings::default(), |meaning| {
            if clock().seconds(meaning.now) > time(from + 12.0) {
                hops += 1;
                lost += usize::from(!is_tempo(meaning, 0.7 * bpm));
            }
        });
        assert!(lost * 5 <= hops && hops > 1_000, "{bpm}: {lost} of {hops}");
    }
}

#[test]
fn a_beat_that_is_hers_stays_though_she_goes_on_in_notes_twice_as_long_or_short() {
    for (bpm, other) in [(150.0, 2.0), (64.0, 0.5)] {
        let mut beats = song(40.0);
        beats.extend(song(40.0 / other).into_iter().map(|beat| 40.0 + other * beat));
        let second = 60.0 / bpm;
        let (mut hops, mut kept, mut on_beat) = (0, 0, 0);
        understand(played(&beats, |beat| beat * second), 80.0 * second, &Settings::default(), |meaning| {
            let beat = (clock().seconds(meaning.now) - 0.5) / second;
            if beat > 32.0 {
                hops += 1;
                kept += usize::from(is_tempo(meaning, bpm));
                let last = meaning.pulse.grid.map_or(0.0, |grid| (clock().seconds(grid.last_beat) - 0.5) / second);
                on_beat += usize::from((last - last.round()).abs() < 0.1);
            }
        });
        assert!(kept * 20 >= hops * 19 && on_beat * 20 >= hops * 19, "{bpm}: {kept}, {on_beat} of {hops}");
    }
}

#[test]
fn a_beat_that_is_hers_is_found_slower_after_a_rest_that_the_ritardando_falls_into() {
    let period_s = 0.6;
    let slower = 1.0 / 0.7 - 1.0;
    let time = |beat: f64| {
        let (within, after) = ((beat - 32.0).clamp(0.0, 8.0), (beat - 40.0).max(0.0));
        (beat + slower * (within * within / 16.0 + after)) * period_s
    };
    // She sings to the fifth beat of it, and again nine beats later.
    let mut beats: Vec<f64> = song(37.5);
    beats.extend(song(16.0).into_iter().map(|beat| 46.0 + beat));
    let (mut hops, mut right) = (0, 0);
    understand(played(&beats, time), 0.5 + time(60.0), &Settings::default(), |meaning| {
        if clock().seconds(meaning.now) > 0.5 + time(49.0) {
            hops += 1;
            right += usize::from(is_tempo(meaning, 0.7 * 60.0 / period_s));
        }
    });
    assert!(right * 100 >= hops * 85 && hops > 1_000, "{right} of {hops}");
}

/// A melody's rhythm by chance, plain or lively, in four or three: onsets in beats, over so many.
fn made_up(song: u32, beats: f64) -> Vec<f64> {
    let rhythms = Rhythm::all();
    let rhythm = &rhythms[song as usize % 4];
    let mut chance = Chance::new(song, Stream::Silence, 3);
    let mut onsets = vec![0];
    while let Some(&last) = onsets.last().filter(|last| f64::from(**last as u32) / 4.0 < beats) {
        let mut left = chance.unit();
        let from = last % rhythm.places * (LONGEST_STEP + 1);
        let step = (1..=LONGEST_STEP).find(|step| {
            left -= rhythm.steps[from + step];
            left < 0.0
        });
        onsets.push(last + step.unwrap_or(4));
    }
    onsets.into_iter().map(|quarters| f64::from(quarters as u32) / 4.0).collect()
}

#[test]
fn of_sixty_songs_one_in_eight_at_most_loses_its_beat_in_a_ritardando() {
    let (mut songs, mut lost, mut beats, mut near) = (0, 0, 0, 0);
    for song in 0..60 {
        let period_s = 60.0 / (80.0 + f64::from(song));
        let from = (14.0 / period_s).round();
        let slower = 1.0 / 0.7 - 1.0;
        let time = |beat: f64| {
            let (within, after) = ((beat - from).clamp(0.0, 8.0), (beat - from - 8.0).max(0.0));
            0.5 + (beat + slower * (within * within / 16.0 + after)) * period_s
        };
        let sounds = played(&made_up(song, from + 20.0), |beat| time(beat) - 0.5);
        let octaves =
            |meaning: &Meaning, bpm: f64| [0.5, 1.0, 2.0].iter().any(|octave| is_tempo(meaning, octave * bpm));
        let (mut found, mut hops, mut right, mut fell) = (false, 0, 0, Vec::new());
        understand(sounds, time(from + 20.0), &Settings::default(), |meaning| {
            let now_s = clock().seconds(meaning.now);
            if now_s < time(from) {
                found = is_tempo(meaning, 60.0 / period_s);
            } else if now_s > time(from + 12.0) {
                hops += 1;
                right += usize::from(octaves(meaning, 42.0 / period_s));
            }
            if let Some(grid) = meaning.pulse.grid.filter(|_| meaning.pulse.beat) {
                fell.push(clock().seconds(grid.last_beat));
            }
        });
        if found {
            songs += 1;
            lost += usize::from(right * 5 < hops * 4);
            for beat in 1..=12 {
                let (at, period_s) =
                    (time(from + f64::from(beat)), time(from + f64::from(beat)) - time(from + f64::from(beat) - 1.0));
                beats += 1;
                near += usize::from(fell.iter().any(|fell| (fell - at).abs() < 0.12 * period_s));
            }
        }
    }
    assert!(
        songs >= 55 && lost * 8 <= songs && near * 100 >= 56 * beats,
        "lost {lost} of {songs}, near {near} of {beats}"
    );
}

/// Notes in rubato: each time between onsets off by a tenth or so, about `bpm`.
fn in_rubato(beats: &[f64], bpm: f64) -> Vec<Sound> {
    let mut chance = Chance::new(3, Stream::Silence, 2);
    let mut at_s = 0.0;
    let mut times_s = vec![0.0];
    for pair in beats.windows(2) {
        // Even deviations of up to 17 % have a standard deviation of a tenth.
        at_s += (pair[1] - pair[0]) * 60.0 / bpm * (1.0 + f64::from(chance.between(-0.17, 0.17)));
        times_s.push(at_s);
    }
    played(&times_s, |second| second)
}

#[test]
fn a_client_in_rubato_has_a_beat_at_her_tempo() {
    for bpm in [96.0, 108.0, 120.0] {
        let (mut hops, mut claimed, mut near) = (0, 0, 0);
        understand(in_rubato(&song(90.0), bpm), 40.0, &Settings::default(), |meaning| {
            if clock().seconds(meaning.now) < 16.0 {
                return;
            }
            hops += 1;
            claimed += usize::from(meaning.pulse.grid.is_some());
            near += usize::from(
                meaning.pulse.grid.is_some_and(|grid| (f64::from(grid.tempo_bpm) / bpm - 1.0).abs() < 0.12),
            );
        });
        assert!(claimed * 10 >= hops * 9 && near * 10 >= claimed * 9, "{bpm}: {claimed} {near} of {hops}");
    }
}

#[test]
fn a_beat_that_slows_is_told_from_a_steady_one() {
    let most = |slower: f64| {
        // The period grows by `slower` over 24 to 32 beats.
        let time = move |beat: f64| {
            let (within, after) = ((beat - 24.0).clamp(0.0, 8.0), (beat - 32.0).max(0.0));
            (beat + slower * (within * within / 16.0 + after)) * 0.55
        };
        let (mut most, mut slower) = (0.0_f32, 0.0_f32);
        understand(played(&song(40.0), time), time(40.0), &Settings::default(), |meaning| {
            if clock().seconds(meaning.now) > time(16.0) {
                most = most.max(meaning.pulse.slowing);
                slower = slower.max(meaning.pulse.slower);
            }
        });
        (most, slower)
    };
    let (steady, slowed) = (most(0.0), most(1.0 / 0.7 - 1.0));
    assert!(steady.0 < 0.05 && slowed.0 > 0.1, "{steady:?} {slowed:?}");
    assert!(steady.1 < 0.04 && slowed.1 > 0.15, "{steady:?} {slowed:?}");
}

#[test]
fn swung_eighths_are_told_from_straight_ones() {
    let swing = |half: f64| {
        let time = move |beat: f64| {
            let fraction = beat - beat.floor();
            (beat.floor() + if fraction > 0.4 { half } else { 0.0 }) * 0.5
        };
        let beats: Vec<f64> = (0..72).filter(|step| step % 8 != 5).map(|step| f64::from(step) / 2.0).collect();
        understand(played(&beats, time), 17.5, &Settings::default(), |_| ()).pulse.grid.map(|grid| grid.swing)
    };
    let (straight, swung) = (swing(0.5), swing(2.0 / 3.0));
    assert!(straight.is_some_and(|swing| (0.85..1.2).contains(&swing)), "{straight:?}");
    assert!(swung.is_some_and(|swing| (1.6..2.4).contains(&swing)), "{swung:?}");
}

#[test]
fn the_beat_goes_on_in_a_short_rest_and_is_given_up_in_a_long_one() {
    let beat_after = |rest_s: f64| {
        let sounds = played(&song(32.0), |beat| beat * 0.5);
        understand(sounds, 16.5 + rest_s, &Settings::default(), |_| ()).pulse.grid
    };
    assert!(beat_after(2.0).is_some());
    assert_eq!(beat_after(9.0), None);
}

#[test]
fn beats_never_come_in_pairs() {
    let mut last: Option<f64> = None;
    let sounds = played(&song(60.0), |beat| beat * 0.5 + 0.3 * (beat / 7.0).sin());
    understand(sounds, 30.0, &Settings::default(), |meaning| {
        if let Some(grid) = meaning.pulse.grid.filter(|_| meaning.pulse.beat) {
            let now = clock().seconds(grid.last_beat);
            assert!(last.is_none_or(|last| now - last > 0.45 * 60.0 / f64::from(grid.tempo_bpm)), "{last:?} {now}");
            last = Some(now);
        }
    });
    assert!(last.is_some());
}
