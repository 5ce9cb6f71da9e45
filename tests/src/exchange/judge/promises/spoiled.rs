//! Each way to spoil a state is noticed, by the criterion that is about it.

use super::super::JUDGES;
use super::constructed::{chord, exchange, music, note};
use crate::exchange::files::Note;
use crate::exchange::rig::Exchange;
use crate::exchange::take::STATES;

/// Spoils the window of a state and expects the criterion whose name begins so to fail there.
fn check_noticed(state: usize, criterion: &str, spoil: impl FnOnce(&mut Exchange)) {
    let mut whole = exchange();
    spoil(&mut whole);
    whole.files.played.sort_by(|a, b| a.on_s.total_cmp(&b.on_s));
    let criteria = JUDGES[state](&whole);
    let named: Vec<_> = criteria.iter().filter(|one| one.name.starts_with(criterion)).collect();
    assert!(!named.is_empty(), "{}: there is no criterion '{criterion}'", STATES[state]);
    assert!(named.iter().any(|one| !one.passes()), "{}, {criterion}: {named:?}", STATES[state]);
}

/// Changes the notes that begin in the window of a state.
fn each(whole: &mut Exchange, state: usize, change: impl Fn(&mut Note)) {
    let window = whole.window(state);
    whole.files.played.iter_mut().filter(|note| window.holds(note.on_s)).for_each(change);
}

fn late(note: &mut Note, by_s: f64) {
    note.on_s += by_s;
    note.off_s += by_s;
}

#[test]
fn chords_doublings_and_loud_tones_are_no_single_gentle_ones() {
    check_noticed(0, "attacks of one note", |whole| chord(whole, 2.0, 4.0, &[45, 52, 57], 40.0));
    check_noticed(0, "note-ons", |whole| note(whole, 2.0, 4.0, ("harmony", "harmony.3"), 45, 40.0));
    check_noticed(0, "loudest tone against", |whole| each(whole, 0, |note| note.velocity = 55));
    check_noticed(0, "median duration", |whole| each(whole, 0, |note| note.off_s = note.on_s + 1.0));
    check_noticed(0, "three pitch classes", |whole| each(whole, 0, |note| note.off_s = note.on_s + 1.6));
    check_noticed(0, "within 2 semitones", |whole| each(whole, 0, |note| note.key += 12));
    check_noticed(0, "sung note in chord", |whole| each(whole, 0, |note| note.key += 1));
    check_noticed(0, "longest wait", |whole| each(whole, 0, |note| late(note, if note.key == 52 { 0.5 } else { 0.0 })));
}

#[test]
fn a_major_or_late_or_distant_chord_is_no_new_minor_one() {
    check_noticed(1, "new minor chord", |whole| each(whole, 1, |note| note.key += u8::from(note.class() == 5)));
    check_noticed(1, "new minor chord", |whole| each(whole, 1, |note| late(note, 1.0)));
    check_noticed(1, "root and minor third", |whole| each(whole, 1, |note| note.off_s = note.on_s + 1.0));
    check_noticed(1, "mean motion", |whole| each(whole, 1, |note| note.key += 12));
    check_noticed(1, "change of velocity", |whole| each(whole, 1, |note| note.velocity += 12));
}

#[test]
fn an_attack_a_close_or_an_emptiness_is_no_resting_place() {
    let pause_s = |whole: &Exchange| whole.truth.lines[2].end_s + 0.4;
    check_noticed(2, "attacks in the pause", |whole| {
        note(whole, pause_s(whole), pause_s(whole) + 0.2, ("harmony", "harmony.1"), 70, 40.0);
    });
    check_noticed(2, "pitch classes that ring", |whole| each(whole, 2, |note| note.off_s = note.on_s + 2.0));
    check_noticed(2, "not closed", |whole| {
        each(whole, 2, |note| note.key = if note.voice == "bass" { 38 } else { 62 })
    });
    check_noticed(2, "offs spread", |whole| {
        let end_s = whole.truth.lines[2].end_s + 0.9;
        each(whole, 2, |note| note.off_s = end_s);
    });
    check_noticed(2, "goes on", |whole| each(whole, 3, |note| late(note, 0.5)));
}

#[test]
fn another_tune_an_early_start_or_a_doubling_is_no_echo() {
    let counter = |whole: &mut Exchange, change: &dyn Fn(usize, &mut Note)| {
        let echo = whole.files.played.iter_mut().filter(|note| note.voice == "counter");
        echo.enumerate().for_each(|(index, note)| change(index, note));
    };
    check_noticed(3, "similarity", |whole| counter(whole, &|index, note| note.key = 64 - 2 * index as u8));
    check_noticed(3, "begins after", |whole| counter(whole, &|_, note| late(note, -0.15)));
    check_noticed(3, "lines on the counter voice", |whole| whole.files.played.retain(|note| note.voice != "counter"));
    check_noticed(3, "loudest note", |whole| counter(whole, &|_, note| note.velocity += 20));
    check_noticed(3, "notes after", |whole| counter(whole, &|_, note| late(note, 0.5)));
    check_noticed(3, "consonant", |whole| counter(whole, &|_, note| note.key += 1));
    check_noticed(3, "doubles", |whole| {
        let sung: Vec<_> = whole.sung(whole.window(3).from_s, whole.window(4).from_s).take(4).copied().collect();
        counter(whole, &|index, note| {
            late(note, sung[index].onset_s - note.on_s);
            note.key = sung[index].key;
        });
    });
}

#[test]
fn a_late_or_uneven_or_sudden_beat_is_no_pulse_from_the_melody() {
    check_noticed(4, "mean asynchrony", |whole| each(whole, 4, |note| late(note, 0.05)));
    let uneven = |note: &mut Note| late(note, 0.08 * (note.on_s * 50.0).sin());
    check_noticed(4, "variation of the intervals", |whole| each(whole, 4, uneven));
    check_noticed(4, "SD of asynchrony", |whole| each(whole, 4, uneven));
    check_noticed(4, "ramp", |whole| each(whole, 4, |note| note.velocity = 50));
    check_noticed(4, "of the ramp", |whole| each(whole, 4, |note| note.velocity = note.velocity.clamp(40, 45) + 20));
    check_noticed(4, "attacks with harmony", |whole| each(whole, 4, |note| note.voice = "pulse".to_owned()));
    check_noticed(4, "period", |whole| {
        let first_s = whole.window(4).from_s;
        each(whole, 4, |note| late(note, 0.2 * (note.on_s - first_s)));
    });
    check_noticed(4, "pulse clarity", |whole| {
        let mut place = 0.0;
        let window = whole.window(4);
        for note in whole.files.played.iter_mut().filter(|note| window.holds(note.on_s)) {
            place += 0.7;
            late(note, 0.25 * f64::sin(place * place));
        }
    });
}

#[test]
fn straight_or_hard_or_restless_is_no_gentle_swing() {
    let swung = |whole: &mut Exchange, place: &dyn Fn(usize) -> f64| {
        for beat in 48..64 {
            let [from_s, to_s] = [beat, beat + 1].map(|beat| whole.beat_s(f64::from(beat)));
            let second = whole.files.played.iter_mut().filter(|note| (from_s + 0.2..to_s - 0.05).contains(&note.on_s));
            second.for_each(|note| note.on_s = from_s + place(beat as usize - 48) * (to_s - from_s));
        }
    };
    check_noticed(5, "long to short", |whole| swung(whole, &|_| 0.5));
    check_noticed(5, "long to short", |whole| swung(whole, &|_| 0.75));
    check_noticed(5, "SD of the ratio", |whole| swung(whole, &|beat| 0.6 + 0.05 * (beat % 2) as f64));
    check_noticed(5, "timing noise", |whole| swung(whole, &|beat| 0.6 + 0.04 * (beat % 2) as f64));
    check_noticed(5, "of the way", |whole| swung(whole, &|_| 0.62));
    check_noticed(5, "beat off", |whole| {
        let first_s = whole.window(5).from_s;
        each(whole, 5, |note| late(note, 0.03 * (note.on_s - first_s - 4.0)));
    });
}

#[test]
fn changes_off_the_beat_or_without_return_are_no_song() {
    check_noticed(6, "changes on the beat", |whole| each(whole, 6, |note| late(note, 0.2)));
    check_noticed(6, "bars off", |whole| each(whole, 6, |note| late(note, 0.1 * (note.on_s * 1.4).sin())));
    check_noticed(6, "loop", |whole| each(whole, 7, |note| note.key += 1));
    check_noticed(6, "sung note in chord", |whole| each(whole, 6, |note| note.key += 1));
    check_noticed(6, "bar 4", |whole| {
        let from_s = whole.beat_s(75.9);
        each(whole, 6, |note| {
            if note.on_s > from_s {
                note.key = [41, 57, 60, 65]
                    [if note.voice == "bass" { 0 } else { usize::from(note.part.as_bytes()[8] - b'0') }];
            }
        });
    });
    check_noticed(6, "chords a bar", |whole| {
        each(whole, 6, |note| note.key = if note.voice == "bass" { 41 } else { 57 })
    });
}

#[test]
fn what_stays_as_it_is_or_drowns_the_client_is_no_build() {
    check_noticed(7, "rise of velocity", |whole| each(whole, 7, |note| note.velocity = 70));
    check_noticed(7, "loudest note", |whole| each(whole, 7, |note| note.velocity += 30));
    check_noticed(7, "more notes", |whole| {
        let from_s = whole.beat_s(91.9);
        each(whole, 7, |note| note.off_s = if note.on_s > from_s { note.on_s + 0.1 } else { note.off_s });
    });
    check_noticed(7, "attacks a second", |whole| {
        let (from_s, to_s) = (whole.beat_s(92.5), whole.beat_s(95.9));
        whole.files.played.retain(|note| !(from_s..to_s).contains(&note.on_s));
    });
    check_noticed(7, "velocity of a quarter", |whole| {
        let (from_s, to_s) = (whole.beat_s(84.0), whole.beat_s(88.0));
        each(whole, 7, |note| note.velocity -= if (from_s - 0.01..to_s - 0.01).contains(&note.on_s) { 20 } else { 0 });
    });
}

#[test]
fn other_chords_or_an_unnoticed_return_solidify_nothing() {
    check_noticed(8, "similarity", |whole| whole.files.music.iter_mut().for_each(|row| row.similarity = Some(0.5)));
    check_noticed(8, "beats with the first", |whole| each(whole, 8, |note| note.key += 2));
    check_noticed(8, "bar phase", |whole| each(whole, 8, |note| late(note, 0.6)));
}

#[test]
fn staying_on_the_tonic_or_in_tempo_is_no_approach() {
    check_noticed(9, "predominant", |whole| {
        each(whole, 9, |note| note.key = if note.voice == "bass" { 38 } else { 53 })
    });
    check_noticed(9, "the fifth degree", |whole| each(whole, 9, |note| note.off_s = note.on_s + 0.001));
    check_noticed(9, "leading tone", |whole| {
        each(whole, 9, |note| {
            note.key += match note.class() {
                1 => 1,
                7 => 2,
                _ => 0,
            }
        })
    });
    check_noticed(9, "slowing", |whole| {
        let (from_s, beat_s) = (whole.beat_s(112.0), whole.beat_s(1.0) - whole.beat_s(0.0));
        for beat in (112..136).rev() {
            let (at_s, steady_s) = (whole.beat_s(f64::from(beat)), from_s + f64::from(beat - 112) * beat_s);
            let on = whole.files.played.iter_mut().filter(|note| (note.on_s - at_s).abs() < 0.01);
            on.for_each(|note| note.on_s = steady_s);
        }
    });
}

#[test]
fn running_ahead_or_keeping_the_tempo_is_no_slowing_together() {
    check_noticed(10, "ahead", |whole| each(whole, 10, |note| late(note, -0.1)));
    check_noticed(10, "velocity against", |whole| each(whole, 10, |note| note.velocity += 30));
    check_noticed(10, "R²", |whole| each(whole, 10, |note| late(note, 0.08 * (note.on_s * 40.0).sin())));
    check_noticed(10, "w off", |whole| {
        let (from_s, to_s) = (whole.beat_s(111.9), whole.beat_s(144.1));
        let inside = whole.files.played.iter_mut().filter(|note| (from_s..to_s).contains(&note.on_s));
        inside.for_each(|note| late(note, -0.12 * ((note.on_s - from_s) / (to_s - from_s)).powi(2) * (to_s - from_s)));
    });
    check_noticed(10, "density", |whole| {
        for step in 0..12 {
            let on_s = whole.beat_s(f64::from(step) + 124.5);
            chord(whole, on_s, on_s + 0.2, &[43, 58], 50.0);
        }
    });
}

#[test]
fn a_late_or_bare_or_wrongly_led_chord_is_no_cadence() {
    let arrival_s = |whole: &Exchange| whole.beat_s(144.0) - 0.05;
    let home = |whole: &mut Exchange, change: &dyn Fn(&mut Note)| {
        let from_s = arrival_s(whole);
        whole.files.played.iter_mut().filter(|note| note.on_s > from_s).for_each(change);
    };
    check_noticed(11, "arrival", |whole| home(whole, &|note| late(note, 0.4)));
    check_noticed(11, "leading tones", |whole| home(whole, &|note| note.key += if note.key == 62 { 7 } else { 0 }));
    check_noticed(11, "root position", |whole| home(whole, &|note| note.key += if note.key == 38 { 3 } else { 0 }));
    check_noticed(11, "the tonic has its third", |whole| {
        home(whole, &|note| note.key = if note.class() == 5 { 57 } else { note.key });
    });
    check_noticed(11, "dominant", |whole| {
        let from_s = whole.beat_s(139.9);
        let to_s = arrival_s(whole);
        whole.files.played.iter_mut().filter(|n| (from_s..to_s).contains(&n.on_s)).for_each(|note| note.key += 1);
    });
    check_noticed(11, "parallel", |whole| {
        let to_s = arrival_s(whole);
        let from_s = whole.beat_s(139.9);
        // The top a fifth over the bass in both, and both go up: A and E, then D and A.
        for (key, other) in [(38, 50), (65, 57), (62, 57)] {
            let home = whole.files.played.iter_mut().filter(|n| n.on_s > to_s && n.key == key);
            home.for_each(|note| note.key = other);
        }
        whole.files.played.iter_mut().filter(|n| (from_s..to_s).contains(&n.on_s)).for_each(|note| {
            note.key =
                if note.voice == "bass" { 45 } else { [49, 52, 52][usize::from(note.part.as_bytes()[8] - b'1')] };
        });
    });
}

#[test]
fn what_hangs_or_swells_or_wakes_at_a_cough_is_no_completion() {
    check_noticed(12, "tonic held", |whole| {
        let from_s = whole.beat_s(143.9);
        whole.files.played.iter_mut().filter(|note| note.on_s > from_s).for_each(|note| note.off_s = note.on_s + 2.0);
    });
    check_noticed(12, "all off", |whole| {
        let last = whole.files.played.last_mut().expect("notes");
        last.off_s += 11.0;
    });
    check_noticed(12, "rise of velocity", |whole| {
        let from_s = whole.window(12).from_s;
        chord(whole, from_s + 1.0, from_s + 2.0, &[62, 65], 40.0);
        chord(whole, from_s + 2.0, from_s + 3.0, &[62, 65], 50.0);
    });
    check_noticed(12, "of these not soft", |whole| {
        let release_s = whole.span().to_s;
        note(whole, release_s, release_s + 1.0, ("harmony", "harmony.1"), 50, 40.0);
    });
    check_noticed(12, "one tone", |whole| {
        let tone_s = whole.coda.expect("it has one").one_tone_s;
        note(whole, tone_s + 0.3, tone_s + 1.0, ("bass", "bass.1"), 38, 40.0);
    });
    check_noticed(12, "two tones", |whole| {
        whole.coda.as_mut().expect("it has one").end_s += 20.0;
        music(whole);
        whole.coda.as_mut().expect("it has one").end_s -= 20.0;
    });
    check_noticed(12, "a marker", |whole| whole.files.markers.clear());
}
