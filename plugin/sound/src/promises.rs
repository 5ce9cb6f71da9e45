//! What the sound promises.

use super::*;
use crate::note::Stage;
use antiphon_engine::names::Named;
use std::f64::consts::TAU;

const RATE_HZ: f64 = 48_000.0;

/// Highest sample of a click, full scale 1: -60 dBFS.
const CLICK: f32 = 1e-3;
/// A click is what rises above this without belonging to the tone, Hz.
const CLICK_HZ: f64 = 6_000.0;

/// Something that is done at a sample.
#[derive(Clone, Copy)]
enum Act {
    On(Voice, u8, u8),
    Off(u8),
    Pedal(bool),
    Hush,
    Choose(Choice),
}
use Act::{Choose, Hush, Off, On, Pedal};

fn with(instrument: Instrument) -> Choice {
    Choice { instrument, ..Choice::default() }
}

/// Every instrument, the drum included, as voice and choice.
fn instruments() -> impl Iterator<Item = (Voice, Choice)> {
    let tuned = Instrument::ALL.iter().map(|&instrument| (Voice::Harmony, with(instrument)));
    tuned.chain([(Voice::Pulse, Choice::default())])
}

/// Plays `acts`, each at its second, for `seconds`, in blocks of `block` samples; left and right.
fn play(rate_hz: f64, seconds: f64, block: usize, choice: Choice, acts: &[(f64, Act)]) -> [Vec<f32>; 2] {
    let mut sound = Sound::new(rate_hz);
    sound.choose(&choice);
    let total = (seconds * rate_hz) as usize;
    let (mut left, mut right) = (vec![f32::NAN; total], vec![f32::NAN; total]);
    let mut acts = acts.iter().map(|&(at, act)| ((at * rate_hz) as usize, act)).peekable();
    let mut from = 0;
    while from < total {
        while let Some((_, act)) = acts.next_if(|&(at, _)| at <= from) {
            match act {
                On(voice, key, velocity) => sound.note_on(voice, 0, key, velocity),
                Off(key) => sound.note_off(0, key),
                Pedal(down) => sound.pedal(0, down),
                Hush => sound.hush(),
                Choose(choice) => sound.choose(&choice),
            }
        }
        let next = acts.peek().map_or(total, |&(at, _)| at);
        let until = next.min((from / block + 1) * block).min(total);
        sound.process(&mut left[from..until], &mut right[from..until]);
        from = until;
    }
    [left, right]
}

fn peak(samples: &[f32]) -> f32 {
    samples.iter().fold(0.0, |peak, x| x.abs().max(peak))
}

/// A second-order filter, run over `samples` from rest.
fn filtered(samples: &[f32], b: [f64; 3], a: [f64; 2]) -> Vec<f32> {
    let mut state = [0.0; 2];
    let step = |&x: &f32| {
        let x = f64::from(x);
        let y = b[0] * x + state[0];
        state = [b[1] * x - a[0] * y + state[1], b[2] * x - a[1] * y];
        y as f32
    };
    samples.iter().map(step).collect()
}

/// What lies above [`CLICK_HZ`], by two Butterworth high-passes of second order.
fn clicks(samples: &[f32]) -> Vec<f32> {
    let (sin, cos) = (TAU * CLICK_HZ / RATE_HZ).sin_cos();
    let alpha = sin / 2_f64.sqrt();
    let norm = 1.0 + alpha;
    let b = [(1.0 + cos) / 2.0 / norm, -(1.0 + cos) / norm, (1.0 + cos) / 2.0 / norm];
    let a = [-2.0 * cos / norm, (1.0 - alpha) / norm];
    filtered(&filtered(samples, b, a), b, a)
}

/// Loudest 0.4 s, LUFS: ITU-R BS.1770 with its filters at 48 kHz.
fn loudness(sides: &[Vec<f32>; 2]) -> f64 {
    let weighted = sides.each_ref().map(|side| {
        let shelf = [1.535_124_859_586_97, -2.691_696_189_406_38, 1.198_392_810_852_85];
        let shelved = filtered(side, shelf, [-1.690_659_293_182_41, 0.732_480_774_215_85]);
        filtered(&shelved, [1.0, -2.0, 1.0], [-1.990_047_454_833_98, 0.990_072_250_366_21])
    });
    let window = (0.4 * RATE_HZ) as usize;
    let power = |from: usize| -> f64 {
        let sum = |side: &Vec<f32>| side[from..from + window].iter().map(|&x| f64::from(x * x)).sum::<f64>();
        weighted.iter().map(sum).sum::<f64>() / window as f64
    };
    let loudest = (0..weighted[0].len() - window).step_by(window / 8).map(power).fold(0.0, f64::max);
    -0.691 + 10.0 * loudest.log10()
}

#[test]
fn a_note_ends_without_a_click_however_it_ends() {
    for (voice, choice) in instruments() {
        for key in [36, 48, 60, 72, 84] {
            let other = Choice { on: false, ..choice };
            for (how, end) in [("let go", Off(key)), ("hushed", Hush), ("switched off", Choose(other))] {
                // A whole number of milliseconds meets the tone in any phase, over the keys.
                for sides in play(RATE_HZ, 1.5, 256, choice, &[(0.0, On(voice, key, 100)), (0.813, end)]) {
                    let high = clicks(&sides);
                    let [tone, click] = [0.6..0.8, 0.81..1.5].map(|s: std::ops::Range<f64>| {
                        peak(&high[(s.start * RATE_HZ) as usize..(s.end * RATE_HZ) as usize])
                    });
                    assert!(click < CLICK.max(1.1 * tone), "{choice:?} {voice:?} {key} {how}: {click}, {tone} before");
                }
            }
        }
    }
}

#[test]
fn a_note_makes_room_without_a_click_even_when_thirty_two_begin_at_once() {
    // The pad's own attack, and these keys, have nothing that could be taken for a click.
    for more in [1, POLYPHONY as u8] {
        let first = (0..POLYPHONY as u8).map(|i| (0.0, On(Voice::Harmony, 44 + i, 40)));
        let then = (0..more).map(|i| (1.0, On(Voice::Harmony, 8 + i, 40)));
        let acts: Vec<_> = first.chain(then).collect();
        for sides in play(RATE_HZ, 1.5, 256, with(Instrument::Pad), &acts) {
            let click = peak(&clicks(&sides)[(0.9 * RATE_HZ) as usize..]);
            assert!(click < CLICK, "{more} more: {click}");
        }
    }
}

#[test]
fn a_key_that_is_struck_again_does_not_click() {
    let acts: Vec<_> = (0..20).map(|i| (0.1 * f64::from(i), On(Voice::Harmony, 52, 60))).collect();
    for sides in play(RATE_HZ, 2.0, 256, with(Instrument::Pad), &acts) {
        assert!(peak(&clicks(&sides)) < CLICK);
    }
}

#[test]
fn thirty_two_notes_sound_at_once_and_the_oldest_makes_room_for_one_more() {
    let mut sound = Sound::new(RATE_HZ);
    sound.choose(&with(Instrument::Pad));
    let held = |sound: &Sound| -> Vec<u8> {
        let held = sound.notes.iter().filter(|note| note.stage == Stage::Held);
        let mut keys: Vec<u8> = held.map(|note| note.place.1).collect();
        keys.sort_unstable();
        keys
    };
    (0..32).for_each(|i| sound.note_on(Voice::Harmony, 0, 40 + i, 60));
    assert_eq!(held(&sound), (40..72).collect::<Vec<_>>());
    sound.note_on(Voice::Harmony, 0, 90, 60);
    assert_eq!(held(&sound), (41..72).chain([90]).collect::<Vec<_>>());
    sound.note_off(0, 60);
    sound.note_on(Voice::Harmony, 0, 91, 60);
    assert!(held(&sound).contains(&41), "what was let go makes room before what is held");
}

#[test]
fn a_note_off_ends_its_own_note_soon_and_no_other() {
    for instrument in Instrument::ALL {
        let mut sound = Sound::new(RATE_HZ);
        sound.choose(&with(*instrument));
        let mut out = [vec![0.0; 96_000], vec![0.0; 96_000]];
        let [left, right] = &mut out;
        sound.note_on(Voice::Harmony, 0, 60, 80);
        sound.note_on(Voice::Bass, 1, 60, 80);
        sound.process(left, right);
        sound.note_off(0, 60);
        sound.process(left, right);
        let sounding: Vec<_> = sound.notes.iter().filter(|note| note.stage != Stage::Silent).collect();
        assert!(sounding.len() == 1 && sounding[0].place == (1, 60), "{instrument:?}");
        sound.note_off(1, 60);
        sound.process(left, right);
        assert!(sound.is_silent(), "{instrument:?} still sounds 2 s after its last note");
        sound.process(left, right);
        assert!(left.iter().chain(&*right).all(|x| x.to_bits() == 0));
    }
}

#[test]
fn the_pedal_holds_what_is_let_go_until_it_comes_up_and_no_longer() {
    let tone = [(0.0, On(Voice::Harmony, 60, 64)), (0.5, Pedal(true)), (0.7, Off(60)), (1.0, Pedal(false))];
    let let_go = [(0.0, On(Voice::Harmony, 60, 64)), (1.0, Off(60))];
    for &instrument in Instrument::ALL {
        let heard = |acts: &[(f64, Act)]| play(RATE_HZ, 3.0, 512, with(instrument), acts);
        assert!(heard(&tone) == heard(&let_go), "{instrument:?}: as if the hand had held it");
        let hushed = heard(&[tone[0], tone[1], tone[2], (0.8, Hush)]);
        let after = (0.825 * RATE_HZ) as usize;
        assert_eq!(peak(&hushed[0][after..]), 0.0, "{instrument:?}: the pedal hangs");
        let again = heard(&[tone[0], tone[1], (0.7, Hush), (0.8, On(Voice::Harmony, 62, 64)), (0.9, Off(62))]);
        let plain = heard(&[tone[0], (0.7, Hush), (0.8, On(Voice::Harmony, 62, 64)), (0.9, Off(62))]);
        assert!(again == plain, "{instrument:?}: after a hush the pedal is up");
    }
}

#[test]
fn what_is_hushed_is_silent_after_25_ms() {
    for (voice, choice) in instruments() {
        for sides in play(RATE_HZ, 1.0, 64, choice, &[(0.0, On(voice, 48, 127)), (0.5, Hush)]) {
            assert!(peak(&sides[..24_000]) > 0.01);
            assert_eq!(peak(&sides[(0.525 * RATE_HZ) as usize..]), 0.0);
        }
    }
}

#[test]
fn switched_off_it_is_silent_and_switched_on_again_it_sounds() {
    let (on, off) = (Choice::default(), Choice { on: false, ..Choice::default() });
    let note = On(Voice::Harmony, 60, 80);
    let [left, _] = play(RATE_HZ, 3.0, 64, off, &[(0.0, note), (1.0, Choose(on)), (1.5, note), (2.0, Choose(off))]);
    assert_eq!(peak(&left[..72_000]), 0.0, "nothing that began while it was off is heard");
    assert!(peak(&left[72_000..96_000]) > 0.01);
    assert_eq!(peak(&left[97_200..]), 0.0);
}

#[test]
fn whatever_is_played_stays_below_the_ceiling_and_the_chosen_level() {
    for (voice, choice) in instruments() {
        for level_db in [-20.0, 0.0] {
            let acts: Vec<_> = (0..60).map(|i| (0.02 * f64::from(i), On(voice, 30 + i, 127))).collect();
            let limit = CEILING * 10_f32.powf(level_db / 20.0) * 1.0001;
            for sides in play(44_100.0, 2.0, 512, Choice { level_db, ..choice }, &acts) {
                assert!(peak(&sides) <= limit, "{choice:?} {voice:?}: {}", peak(&sides));
            }
        }
    }
}

#[test]
fn no_instrument_and_no_register_jumps_out() {
    // Softer above, as instruments are; measured from C2 to C6 at velocity 64: 8 dB at most, instruments 4 dB apart.
    let at = |voice, choice, key| loudness(&play(RATE_HZ, 2.0, 512, choice, &[(0.0, On(voice, key, 64))]));
    let mut middle = Vec::new();
    for (voice, choice) in instruments() {
        let all: Vec<f64> = (36..=84).step_by(6).map(|key| at(voice, choice, key)).collect();
        let (low, high) = all.iter().fold((0.0_f64, -99.0_f64), |(low, high), &x| (low.min(x), high.max(x)));
        println!("{voice:?} {:?}: {low:.1} to {high:.1} LUFS", choice.instrument);
        assert!(high - low < 8.0, "{choice:?}: {all:.1?}");
        middle.push(at(voice, choice, 60));
    }
    let (low, high) = middle.iter().fold((0.0_f64, -99.0_f64), |(low, high), &x| (low.min(x), high.max(x)));
    assert!(high - low < 4.0, "{middle:.1?}");
}

#[test]
fn a_harder_stroke_is_louder_and_brighter_at_every_step() {
    for (voice, choice) in instruments() {
        let mut before = f64::NEG_INFINITY;
        for velocity in [8, 16, 32, 64, 100, 127] {
            let now = loudness(&play(RATE_HZ, 1.5, 512, choice, &[(0.0, On(voice, 60, velocity))]));
            assert!(now > before + 1.0, "{choice:?} {voice:?} {velocity}: {now:.1} after {before:.1} LUFS");
            before = now;
        }
    }
}

/// A lively minute, cut short: notes of all instruments that begin, end, and make room.
fn busy() -> Vec<(f64, Act)> {
    let mut acts = Vec::new();
    for i in 0..160_u32 {
        let (at, key) = (0.013 * f64::from(i), (20 + 37 * i % 90) as u8);
        let voice = Voice::ALL[(i % 4) as usize];
        acts.push((at, Choose(with(Instrument::ALL[(i / 7 % 3) as usize]))));
        acts.push((at, On(voice, key, (1 + i * 29 % 127) as u8)));
        if i % 3 == 0 {
            acts.push((at + 0.1, Off(key)));
        }
    }
    acts.push((2.1, Hush));
    acts.push((2.15, On(Voice::Harmony, 60, 64)));
    acts.sort_by(|a, b| a.0.total_cmp(&b.0));
    acts
}

#[test]
fn the_same_notes_sound_the_same_however_the_blocks_are_cut() {
    let whole = play(44_100.0, 3.0, 1 << 20, Choice::default(), &busy());
    for block in [1, 7, 32, 100, 1_024] {
        assert!(play(44_100.0, 3.0, block, Choice::default(), &busy()) == whole, "blocks of {block}");
    }
}

#[test]
fn after_a_reset_it_sounds_like_new() {
    let mut used = Sound::new(RATE_HZ);
    let mut new = Sound::new(RATE_HZ);
    let mut out = [vec![0.0; 20_000], vec![0.0; 20_000]];
    let mut expected = out.clone();
    (0..50).for_each(|i| used.note_on(Voice::ALL[i % 4], 0, 30 + i as u8, 100));
    used.process(&mut [0.0; 777], &mut [0.0; 777]);
    used.reset();
    assert!(used.is_silent());
    for (sound, out) in [(&mut used, &mut out), (&mut new, &mut expected)] {
        let [left, right] = out;
        sound.note_on(Voice::Harmony, 0, 57, 70);
        sound.process(left, right);
    }
    assert!(out == expected);
}

#[test]
fn at_any_rate_every_sample_is_finite_and_none_is_subnormal() {
    for rate_hz in [1_000.0, 8_000.0, 11_025.0, 44_099.7, 96_000.0, 192_000.0, 768_000.0] {
        for sides in play(rate_hz, 2.5, 480, Choice::default(), &busy()) {
            assert!(sides.iter().all(|x| *x == 0.0 || x.is_normal()), "{rate_hz} Hz");
            assert!(peak(&sides) <= CEILING && (rate_hz < 8_000.0 || peak(&sides) > 0.05), "{rate_hz} Hz");
        }
    }
}

#[test]
fn notes_that_are_held_for_minutes_die_away_without_subnormals() {
    for (voice, choice) in instruments() {
        let acts: Vec<_> = (0..8).map(|i| (0.0, On(voice, 28 + 9 * i, 90))).collect();
        for sides in play(8_000.0, 120.0, 4_096, choice, &acts) {
            assert!(sides.iter().all(|x| *x == 0.0 || x.is_normal()), "{choice:?} {voice:?}");
        }
    }
}
