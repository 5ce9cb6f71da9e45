//! What the harmony promises, held against made-up meanings hop by hop.

use super::super::plan::{Behaviour, Order, Orders, PlannedNote, Voice};
use super::super::{Moment, promises::D_MINOR};
use super::*;
use crate::chord::Family;
use crate::intend::intent::Intent;
use crate::respond::follow::Follow;
use crate::settings::Settings;
use crate::time::Clock;
use crate::understand::meaning::{BeatGrid, Meaning};

const RATE: u64 = 48_000;
const HOP: u64 = 64;
/// A beat at 100 beats a minute, samples.
const BEAT: u64 = 28_800;

const D: Chord = Chord { root: 2, family: Family::Minor };
const A7: Chord = Chord { root: 9, family: Family::Dominant };

/// What she sings over `chord` at `now`, in four beats a bar from sample 0: `key` since the last beat.
fn meaning(now: u64, chord: Chord, key: u8) -> Meaning {
    let mut meaning = Meaning { now, sounding: true, ..Meaning::default() };
    meaning.tonality.key = Some(D_MINOR);
    meaning.chords.now[chord.index()] = 0.7;
    meaning.chords.chord = Some(chord);
    meaning.chords.next = Some(chord);
    let beat = (now - 1) / BEAT;
    meaning.pulse.clarity = 1.0;
    meaning.pulse.grid = Some(BeatGrid {
        tempo_bpm: 100.0,
        last_beat: beat * BEAT,
        next_beat: (beat + 1) * BEAT,
        number: (beat % 4) as u8 + 1,
        per_bar: 4,
        swing: 1.0,
        from_host: true,
    });
    meaning.pulse.beat = now - beat * BEAT <= HOP;
    meaning.sounding_key = Some(key);
    meaning.sounding_since = Some(beat * BEAT);
    meaning.energy.velocity = 70.0;
    meaning.energy.centre_key = 67.0;
    meaning
}

/// The notes played over `beats` beats, while `each` makes the meaning of every hop.
fn play_along(beats: u64, settings: &Settings, mut each: impl FnMut(u64) -> Meaning) -> Vec<PlannedNote> {
    let (mut harmony, mut played) = (Harmony::default(), Vec::new());
    let mut intent = Intent::default();
    intent.character.functional = true;
    for now in (HOP..beats * BEAT).step_by(HOP as usize) {
        let mut orders = Orders::new();
        let moment = Moment {
            clock: Clock::new(RATE as f64),
            meaning: &each(now),
            intent: &intent,
            settings,
            voiced: None,
            follow: &Follow::default(),
        };
        harmony.process(&moment, true, false, &mut orders);
        played.extend(
            orders.into_iter().filter_map(|order| if let Order::Play(note) = order { Some(note) } else { None }),
        );
    }
    played
}

fn classes(notes: &[PlannedNote]) -> Vec<u8> {
    let mut classes: Vec<u8> = notes.iter().map(|note| note.key % 12).collect();
    classes.sort_unstable();
    classes.dedup();
    classes
}

#[test]
fn a_new_chord_begins_with_the_beat_whose_tone_asks_for_it_and_sounds_whole() {
    let notes =
        play_along(
            8,
            &Settings::default(),
            |now| if now <= 4 * BEAT { meaning(now, D, 65) } else { meaning(now, A7, 64) },
        );
    let (first, second): (Vec<_>, Vec<_>) = notes.iter().partition(|note| note.on < 4 * BEAT);
    assert_eq!((classes(&first), classes(&second)), (vec![2, 5, 9], vec![1, 4, 7, 9]));
    let late = |note: &&PlannedNote| (note.on % BEAT).min(BEAT - note.on % BEAT) > RATE / 15;
    assert_eq!(notes.iter().find(late), None);
    assert!(notes.iter().all(|note| note.behaviour == Behaviour::Harmony));
}

#[test]
fn each_part_is_one_line_of_the_bass_or_the_harmony_below_the_client() {
    let notes = play_along(16, &Settings::default(), |now| meaning(now, if now / BEAT % 4 < 2 { D } else { A7 }, 69));
    for note in &notes {
        let is_part = (note.voice == Voice::Bass && note.part == 1)
            || (note.voice == Voice::Harmony && (1..=3).contains(&note.part));
        assert!(is_part && note.key < 69, "{note:?}");
    }
}

#[test]
fn a_tone_that_she_holds_against_the_chord_is_given_a_chord_within_a_beat() {
    let notes = play_along(8, &Settings::default(), |now| {
        let mut meaning = meaning(now, D, if now <= 4 * BEAT { 65 } else { 64 });
        if now > 4 * BEAT {
            (meaning.chords.now[D.index()], meaning.chords.now[A7.index()]) = (0.45, 0.25);
            meaning.sounding_since = Some(4 * BEAT);
        }
        meaning
    });
    let answer: Vec<PlannedNote> = notes.into_iter().filter(|note| note.on > 4 * BEAT).collect();
    assert!(answer.first().is_some_and(|note| note.on <= 5 * BEAT + RATE / 10), "{answer:?}");
    assert!(classes(&answer).contains(&4));
}

#[test]
fn before_her_tone_is_known_only_root_and_fifth_of_an_expected_chord_sound() {
    // She comes late to the beat, and her tones are known 80 ms after they began.
    let delay = RATE / 12;
    let mut tone = (0, 65);
    let notes = play_along(5, &Settings::default(), |now| {
        let beat = (now - 1) / BEAT * BEAT;
        if now > beat + delay {
            tone = (beat, if beat == 4 * BEAT { 64 } else { 65 });
        }
        let mut meaning = meaning(now, if now > 4 * BEAT { A7 } else { D }, tone.1);
        meaning.sounding_since = Some(tone.0);
        (meaning.chords.next, meaning.chords.next_confidence) =
            (Some(A7), if now > 3 * BEAT + BEAT / 2 { 0.9 } else { 0.0 });
        meaning
    });
    let at_the_beat: Vec<PlannedNote> =
        notes.iter().filter(|note| (4 * BEAT..4 * BEAT + RATE / 20).contains(&note.on)).copied().collect();
    let later: Vec<PlannedNote> = notes.iter().filter(|note| note.on >= 4 * BEAT + RATE / 20).copied().collect();
    assert!(
        !at_the_beat.is_empty() && at_the_beat.iter().all(|note| [9, 4].contains(&(note.key % 12))),
        "{at_the_beat:?}"
    );
    assert!(classes(&later).contains(&1) && later.iter().all(|note| note.on <= 4 * BEAT + RATE / 8), "{later:?}");
}

#[test]
fn while_no_key_is_sure_the_harmony_stands_on_open_fifths_or_leaves_the_ground_to_the_drone() {
    let unsure = |confidence| {
        play_along(8, &Settings::default(), move |now| {
            let mut meaning = meaning(now, D, 69);
            meaning.tonality.key = None;
            meaning.tonality.confidence = confidence;
            meaning.chords.now[D.index()] = 0.15;
            meaning
        })
    };
    assert_eq!(classes(&unsure(0.5)), [2, 9]);
    assert!(unsure(0.1).is_empty());
}

#[test]
fn no_tone_is_endless_and_a_held_chord_is_struck_anew_calmly() {
    let notes = play_along(64, &Settings::default(), |now| meaning(now, D, 69));
    assert!(notes.iter().all(|note| note.off - note.on < 10 * RATE));
    let bass: Vec<u64> = notes.iter().filter(|note| note.voice == Voice::Bass).map(|note| note.on).collect();
    assert!(bass.windows(2).all(|pair| (4 * RATE..10 * RATE).contains(&(pair[1] - pair[0]))), "{bass:?}");
}

#[test]
fn on_hold_no_chord_changes_and_drums_have_none() {
    let hold = Settings { hold: true, ..Settings::default() };
    let untuned = Settings { listen: Listen::Untuned, ..Settings::default() };
    for settings in [hold, untuned] {
        assert!(play_along(8, &settings, |now| meaning(now, D, 69)).is_empty());
    }
}

#[test]
fn without_a_beat_chords_change_with_her_notes_and_not_with_every_one() {
    let notes = play_along(20, &Settings::default(), |now| {
        let tone = now / (BEAT / 2);
        let mut meaning =
            meaning(now, if tone.is_multiple_of(2) { D } else { A7 }, if tone.is_multiple_of(2) { 65 } else { 64 });
        meaning.pulse = Default::default();
        meaning.sounding_since = Some(tone * (BEAT / 2));
        meaning
    });
    let bass: Vec<u64> = notes.iter().filter(|note| note.voice == Voice::Bass).map(|note| note.on).collect();
    assert!(bass.len() >= 4 && bass.windows(2).all(|pair| pair[1] - pair[0] >= RATE), "{bass:?}");
    assert!(bass.iter().all(|on| on % (BEAT / 2) <= RATE / 20), "{bass:?}");
}

#[test]
fn with_the_client_silent_the_last_chord_rings_out_unless_the_harmony_may_lead() {
    let rings = |lead| {
        let settings = Settings { lead, ..Settings::default() };
        let (mut harmony, mut grounds) = (Harmony::default(), 0);
        let intent = Intent::default();
        for now in (HOP..30 * BEAT).step_by(HOP as usize) {
            let mut meaning = meaning(now, D, 69);
            if now > 4 * BEAT {
                (meaning.sounding, meaning.sounding_key, meaning.sounding_since) = (false, None, None);
                meaning.silence_s = (now - 4 * BEAT) as f32 / RATE as f32;
            }
            let moment = Moment {
                clock: Clock::new(RATE as f64),
                meaning: &meaning,
                intent: &intent,
                settings: &settings,
                voiced: None,
                follow: &Follow::default(),
            };
            harmony.process(&moment, true, false, &mut Orders::new());
            grounds += u64::from(harmony.chord().is_some()) * HOP;
        }
        grounds / RATE
    };
    assert!(rings(0.0) < 11 && rings(1.0) >= 17, "{} {}", rings(0.0), rings(1.0));
}

/// C major and G major in turn, a bar each: the tonic's root may be held over the dominant's third, and back.
fn in_turn(now: u64) -> Meaning {
    const C: Chord = Chord { root: 0, family: Family::Major };
    const G: Chord = Chord { root: 7, family: Family::Major };
    let on_tonic = ((now - 1) / (4 * BEAT)).is_multiple_of(2);
    if on_tonic { meaning(now, C, 67) } else { meaning(now, G, 74) }
}

/// The tones that were held over the first beat of a bar and fell by a step at the second: (held, resolution).
fn suspensions(notes: &[PlannedNote]) -> Vec<(PlannedNote, PlannedNote)> {
    let is_upper = |note: &&PlannedNote| note.voice == Voice::Harmony;
    let resolution = |note: &PlannedNote| (note.on / BEAT) % 4 == 1;
    let resolutions = notes.iter().filter(is_upper).filter(|note| resolution(note));
    resolutions
        .map(|note| {
            let line = notes.iter().filter(is_upper).filter(|other| other.part == note.part && other.on < note.on);
            (*line.max_by_key(|other| other.on).unwrap(), *note)
        })
        .collect()
}

#[test]
fn every_suspension_is_prepared_dissonant_on_the_change_and_falls_by_a_step_a_beat_later() {
    let tense = Settings { tension: 0.6, ..Settings::default() };
    let notes = play_along(64, &tense, in_turn);
    let all = suspensions(&notes);
    assert!(all.len() >= 3, "{all:?}");
    for (held, resolution) in all {
        let change = (resolution.on / BEAT - 1) * BEAT;
        let root = if (change / (4 * BEAT)).is_multiple_of(2) { 0 } else { 7 };
        assert!(held.on < change, "prepared: {held:?}");
        assert!([2, 5].contains(&((held.key + 12 - root) % 12)), "a fourth or ninth: {held:?}");
        assert!((1..=2).contains(&(held.key - resolution.key)), "{held:?} {resolution:?}");
        assert!(resolution.on - change - BEAT <= 2 * HOP, "{resolution:?}");
        let her_key = if root == 0 { 67 } else { 74 };
        assert!(![1, 11].contains(&(held.key.abs_diff(her_key) % 12)), "{held:?}");
    }
}

#[test]
fn without_tension_nothing_is_held_over() {
    let calm = Settings { tension: 0.2, ..Settings::default() };
    assert_eq!(suspensions(&play_along(64, &calm, in_turn)), []);
}
