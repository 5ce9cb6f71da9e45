//! What the soft grounds promise, held against made-up meanings hop by hop.

use super::super::plan::{Order, Orders, PlannedNote, Voice};
use super::super::promises::D_MINOR;
use super::super::{LEAVE_S, Respond};
use crate::chord::{Chord, Family};
use crate::intend::body;
use crate::intend::intent::{Intent, State};
use crate::settings::Settings;
use crate::time::Clock;
use crate::understand::meaning::{Meaning, MotifNote};

const RATE: u64 = 48_000;
const HOP: u64 = 64;

/// Notes of hers: onset and offset, s, and key.
type Line = &'static [(f64, f64, u8)];

const LINE: Line =
    &[(0.5, 0.8, 62), (0.8, 1.35, 65), (1.35, 1.6, 69), (1.6, 2.1, 69), (2.1, 2.7, 67), (2.7, 3.0, 65), (3.0, 4.2, 64)];

/// What she means at `now` who sings `line`, in D minor; each note is known 0.1 s after it began.
fn meaning(now: u64, line: &[(f64, f64, u8)]) -> Meaning {
    let at = |seconds: f64| (seconds * RATE as f64) as u64;
    let mut meaning = Meaning { now, ..Meaning::default() };
    meaning.tonality.key = Some(D_MINOR);
    meaning.chords.now[Chord { root: 2, family: Family::Minor }.index()] = 0.5;
    meaning.chords.now[Chord { root: 7, family: Family::Minor }.index()] = 0.2;
    meaning.chords.chord = Some(Chord { root: 2, family: Family::Minor });
    meaning.energy.velocity = 80.0;
    meaning.energy.centre_key = 66.0;
    let known = || line.iter().filter(|note| at(note.0 + 0.1) <= now);
    let Some(first) = known().next() else {
        meaning.silence_s = f32::INFINITY;
        return meaning;
    };
    meaning.phrase.number = 1;
    meaning.phrase.start = at(first.0);
    meaning.phrase.began = now - HOP < at(first.0 + 0.1);
    let end = at(line.last().map_or(0.0, |note| note.1));
    meaning.phrase.open = now < end + RATE / 2;
    meaning.phrase.end = end.min(now);
    meaning.silence_s = now.saturating_sub(end) as f32 / RATE as f32;
    meaning.sounding = now < end;
    meaning.onsets = known().count() as u32;
    for note in known() {
        let length_s = note.1.min(now as f64 / RATE as f64) - note.0;
        let (onset_s, length_s) = ((note.0 - first.0) as f32, length_s as f32);
        meaning.motif.push(MotifNote { key: note.2, velocity: 80, onset_s, length_s });
    }
    if let Some(note) = known().next_back().filter(|note| now < at(note.1)) {
        (meaning.sounding_key, meaning.sounding_since) = (Some(note.2), Some(at(note.0)));
    }
    meaning
}

/// What is played while she sings `line`, for `seconds`, and the states are as `state` says at each second; each note
/// with its end, as orders changed it.
fn played(
    line: &[(f64, f64, u8)],
    seconds: f64,
    settings: &Settings,
    state: impl Fn(f64) -> State,
) -> Vec<PlannedNote> {
    let clock = Clock::new(RATE as f64);
    let mut respond = Respond::new(clock);
    let (mut notes, mut before): (Vec<PlannedNote>, _) = (Vec::new(), None);
    let mut since = 0;
    for now in (HOP..(seconds * RATE as f64) as u64).step_by(HOP as usize) {
        let name = state(now as f64 / RATE as f64);
        let entered = before.replace(name) != Some(name);
        since = if entered { now } else { since };
        let mut intent = Intent { state: name, body: body(name), entered, since, ..Intent::default() };
        intent.character.velocity_offset = -10.0;
        intent.character.chords = true;
        intent.character.manner.articulation = 1.0;
        let mut orders = Orders::new();
        respond.process(&meaning(now, line), &intent, settings, &mut orders);
        for order in orders {
            match order {
                Order::Play(note) => {
                    let same = |old: &&mut PlannedNote| (old.voice, old.part) == (note.voice, note.part);
                    notes.iter_mut().filter(same).for_each(|old| old.off = old.off.min(note.on));
                    notes.push(note);
                }
                Order::Rest { voice, part } => {
                    let of_line = notes.iter_mut().filter(|old| (old.voice, old.part) == (voice, part));
                    of_line.for_each(|old| old.off = old.off.min(now.max(old.on)));
                }
                Order::Withdraw { behaviour, within } => {
                    let of_it = notes.iter_mut().filter(|old| old.behaviour == behaviour);
                    of_it.for_each(|old| old.off = old.off.min(now + within));
                }
                Order::WithdrawAll { within } => notes.iter_mut().for_each(|old| old.off = old.off.min(now + within)),
            }
        }
    }
    notes
}

fn classes_at(notes: &[PlannedNote], seconds: f64) -> Vec<u8> {
    let at = (seconds * RATE as f64) as u64;
    let sounding = notes.iter().filter(|note| note.on <= at && at < note.off && note.voice != Voice::Counter);
    let mut classes: Vec<u8> = sounding.map(|note| note.key % 12).collect();
    classes.sort_unstable();
    classes.dedup();
    classes
}

fn on_s(note: &PlannedNote) -> f64 {
    note.on as f64 / RATE as f64
}

#[test]
fn single_tones_are_few_soft_far_from_hers_and_ring_into_a_chord() {
    for seed in 1..4 {
        let notes = played(LINE, 4.5, &Settings { seed, ..Settings::default() }, |_| State::Tones);
        assert!(notes.len() >= 3 && 2 * notes.len() <= LINE.len(), "{notes:?}");
        assert!(classes_at(&notes, 4.3).len() >= 3, "{notes:?}");
        for note in &notes {
            assert!(note.velocity <= 58.0 && LINE.iter().all(|hers| hers.2.abs_diff(note.key) > 2), "{note:?}");
            assert!(LINE.iter().all(|hers| (hers.0 - on_s(note)).abs() > 0.06), "with her: {note:?}");
        }
        assert!(notes.windows(2).all(|two| (0.4..2.0).contains(&(on_s(&two[1]) - on_s(&two[0])))), "{notes:?}");
    }
}

#[test]
fn however_few_the_tones_the_first_does_not_keep_her_waiting() {
    let tones = |density| played(LINE, 4.5, &Settings { density, ..Settings::default() }, |_| State::Tones);
    let (usual, sparse) = (tones(0.5), tones(0.0));
    assert_eq!(sparse[0].on, usual[0].on);
    assert!(sparse.len() < usual.len(), "{sparse:?}");
}

#[test]
fn a_minor_colour_comes_with_her_line_and_not_before_it() {
    let notes = played(LINE, 4.0, &Settings::default(), |_| State::Minor);
    assert!((0.5..1.0).contains(&on_s(&notes[0])), "{notes:?}");
    let classes = classes_at(&notes, 2.0);
    let is_minor = |root: u8| [0, 3, 7].iter().all(|above| classes.contains(&((root + above) % 12)));
    assert!(classes.len() == 3 && (0..12).any(is_minor), "{classes:?}");
}

#[test]
fn a_rest_rings_open_with_no_attack_and_then_fades_tone_by_tone() {
    let notes = played(LINE, 12.0, &Settings::default(), |_| State::Rest);
    assert!(notes.iter().all(|note| on_s(note) < 4.5), "an attack in the rest: {notes:?}");
    assert!(classes_at(&notes, 5.9).len() >= 2 && classes_at(&notes, 8.2).is_empty(), "{notes:?}");
    let mut offs: Vec<u64> = notes.iter().map(|note| note.off).filter(|off| *off > 5 * RATE).collect();
    offs.sort_unstable();
    assert!(offs.windows(2).all(|two| two[1] - two[0] > RATE / 5), "at once: {offs:?}");
}

#[test]
fn asked_to_rest_in_mid_phrase_nothing_begins_any_more() {
    let notes = played(LINE, 9.0, &Settings::default(), |at_s| if at_s < 2.0 { State::Minor } else { State::Rest });
    assert!(!notes.is_empty() && notes.iter().all(|note| on_s(note) < 2.0), "{notes:?}");
    assert!(classes_at(&notes, 3.5).len() >= 2 && classes_at(&notes, 8.5).is_empty());
}

#[test]
fn what_rings_is_handed_on_or_let_go_in_time() {
    let notes = played(LINE, 6.0, &Settings::default(), |at_s| if at_s < 3.0 { State::Tones } else { State::Silent });
    let latest = ((3.0 + LEAVE_S) * RATE as f64) as u64 + 2 * HOP;
    assert!(!notes.is_empty() && notes.iter().all(|note| note.off <= latest), "{notes:?}");
}

#[test]
fn the_echo_gives_back_the_end_of_her_phrase_inside_her_last_long_tone() {
    for seed in 1..4 {
        let notes = played(LINE, 8.0, &Settings { seed, ..Settings::default() }, |_| State::Echo);
        let echo: Vec<&PlannedNote> = notes.iter().filter(|note| note.voice == Voice::Counter).collect();
        assert!((3..=7).contains(&echo.len()), "{echo:?}");
        let tail = &LINE[LINE.len() - echo.len()..];
        for (ours, hers) in echo.windows(2).zip(tail.windows(2)) {
            let step = |from: u8, to: u8| i32::from(to) - i32::from(from);
            let (a, b) = (step(ours[0].key, ours[1].key), step(hers[0].2, hers[1].2));
            assert!((a - b).abs() <= 1 && a.signum() == b.signum(), "{echo:?}");
            let pace = (on_s(ours[1]) - on_s(ours[0])) / (hers[1].0 - hers[0].0);
            assert!((0.7..1.2).contains(&pace), "{echo:?}");
        }
        assert!(on_s(echo[0]) > 3.7 && echo.iter().all(|note| note.velocity <= 68.0), "{echo:?}");
    }
}

#[test]
fn the_echo_yields_when_she_comes_back() {
    let mut line = LINE.to_vec();
    line.extend([(4.4, 4.9, 65), (4.9, 5.4, 67), (5.4, 6.0, 69)]);
    let notes = played(&line, 8.0, &Settings::default(), |at_s| if at_s < 5.0 { State::Echo } else { State::Holding });
    let after = notes.iter().filter(|note| note.voice == Voice::Counter && on_s(note) > 4.4).count();
    assert!(after <= 2, "{notes:?}");
}

#[test]
fn one_voice_of_a_held_chord_goes_with_her_to_a_passing_tone_and_the_chord_stays() {
    let line = [(0.5, 1.7, 62), (1.7, 2.2, 67), (2.2, 4.0, 69)];
    let notes = played(&line, 4.0, &Settings::default(), |_| State::Echo);
    let ground = || notes.iter().filter(|note| note.voice != Voice::Counter);
    let begun = |from_s: f64, to_s: f64| ground().filter(|note| (from_s..to_s).contains(&on_s(note))).count();
    assert_eq!((classes_at(&notes, 1.6), begun(1.7, 2.2)), (vec![2, 5, 9], 1));
    assert_eq!((classes_at(&notes, 2.1), classes_at(&notes, 3.5)), (vec![2, 5, 7], vec![2, 5, 9]), "{notes:?}");
}
