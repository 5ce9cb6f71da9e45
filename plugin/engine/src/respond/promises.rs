//! What the answering promises, held against made-up meanings.

use super::plan::{Behaviour, PlannedNote, Voice};
use super::*;
use crate::intend::body;
use crate::intend::intent::State;
use crate::key::{Key, Mode};
use crate::time::SampleTime;
use crate::understand::meaning::MotifNote;

pub(super) const D_MINOR: Key = Key { tonic: 2, mode: Mode::Minor };

/// A client who sang a phrase of five notes in `key`, as understood at `now`.
pub(super) fn meaning(now: SampleTime, key: Option<Key>) -> Meaning {
    let mut meaning = Meaning { now, sounding: true, ..Meaning::default() };
    meaning.tonality.key = key;
    meaning.tonality.anchor = Some(9);
    for (class, share) in [(2, 0.3), (5, 0.2), (9, 0.4), (10, 0.02), (4, 0.08)] {
        meaning.tonality.profile[class] = share;
    }
    meaning.energy.velocity = 70.0;
    meaning.energy.centre_key = 64.0;
    meaning.phrase.number = 1;
    for (index, key) in [62_u8, 65, 69, 67, 64].into_iter().enumerate() {
        let onset_s = index as f32 * 0.5;
        meaning.motif.push(MotifNote { key, velocity: 70, onset_s, length_s: 0.45 });
    }
    meaning
}

pub(super) fn intent(state: State) -> Intent {
    let mut intent = Intent { state, body: body(state), ..Intent::default() };
    intent.character.density_ratio = 0.8;
    intent.character.velocity_offset = -10.0;
    intent.character.imitate = 0.3;
    intent.character.complement = 0.6;
    intent.character.functional = true;
    intent
}

/// The notes that one hop orders.
pub(super) fn played(
    respond: &mut Respond,
    meaning: &Meaning,
    intent: &Intent,
    settings: &Settings,
) -> Vec<PlannedNote> {
    let mut orders = Orders::new();
    respond.process(meaning, intent, settings, &mut orders);
    let note = |order| if let Order::Play(note) = order { Some(note) } else { None };
    orders.into_iter().filter_map(note).collect()
}

pub(super) fn responding() -> Respond {
    Respond::new(Clock::new(48_000.0))
}

/// The answer of a fresh responder to the made-up phrase under `seed`.
fn answer(seed: u32, key: Option<Key>) -> Vec<PlannedNote> {
    let mut intent = intent(State::Dialogue);
    intent.answer_at = Some(2_000);
    let settings = Settings { seed, ..Settings::default() };
    let all = played(&mut responding(), &meaning(1_000, key), &intent, &settings);
    all.into_iter().filter(|note| note.behaviour == Behaviour::Countermelody).collect()
}

#[test]
fn the_drone_holds_root_and_fifth_of_the_key() {
    let notes =
        played(&mut responding(), &meaning(64, Some(D_MINOR)), &intent(State::Withdrawing), &Settings::default());
    let classes: Vec<u8> = notes.iter().map(|note| note.key % 12).collect();
    assert_eq!(classes, [2, 9]);
    assert_eq!((notes[0].voice, notes[1].voice), (Voice::Bass, Voice::Harmony));
    assert!(notes.iter().all(|note| note.off - note.on >= 4 * 48_000 - 64), "too short for a drone: {notes:?}");
}

#[test]
fn a_drone_that_stands_in_for_a_rhythm_is_as_soft_as_what_comes_in_then() {
    let loudest = |state| {
        let notes = played(&mut responding(), &meaning(64, Some(D_MINOR)), &intent(state), &Settings::default());
        notes.iter().map(|note| note.velocity).fold(0.0, f32::max)
    };
    let (alone, stands_in) = (loudest(State::Withdrawing), loudest(State::Pulse));
    assert!(stands_in > 0.0 && alone - stands_in >= 12.0, "{alone} {stands_in}");
}

#[test]
fn unsure_of_the_key_the_drone_holds_only_the_tone_she_rests_on() {
    let notes = played(&mut responding(), &meaning(64, None), &intent(State::Withdrawing), &Settings::default());
    assert_eq!(notes.iter().map(|note| note.key % 12).collect::<Vec<_>>(), [9]);
}

#[test]
fn the_drone_moves_with_the_key_but_not_with_a_passing_doubt() {
    let (mut respond, settings) = (responding(), Settings::default());
    let f_major = Key { tonic: 5, mode: Mode::Major };
    let mut held = Vec::new();
    for hop in 1..3_750_u64 {
        // D minor, for half a second F major, then unsure, then F major for good.
        let key = match hop * 64 / 4_800 {
            10..15 => Some(f_major),
            15..20 => None,
            25.. => Some(f_major),
            _ => Some(D_MINOR),
        };
        held.extend(played(&mut respond, &meaning(hop * 64, key), &intent(State::Withdrawing), &settings));
    }
    assert_eq!(held.iter().map(|note| note.key % 12).collect::<Vec<_>>(), [2, 9, 5, 0]);
    assert!(held[2].on < 48_000 * 9 / 2, "followed only at {}", held[2].on);
}

#[test]
fn a_following_drone_draws_no_breath_while_the_client_is_silent() {
    let silent = Meaning { sounding: false, ..meaning(64, Some(D_MINOR)) };
    let with_lead = |lead| Settings { lead, ..Settings::default() };
    assert!(played(&mut responding(), &silent, &intent(State::Withdrawing), &with_lead(0.0)).is_empty());
    assert!(!played(&mut responding(), &silent, &intent(State::Withdrawing), &with_lead(1.0)).is_empty());
}

#[test]
fn no_tone_of_the_drone_is_endless_and_space_makes_it_rest() {
    let share = |space| {
        let settings = Settings { space, ..Settings::default() };
        let (mut respond, mut sounding_until, mut rested) = (responding(), 0, 0);
        for hop in 0..60_000_u64 {
            for note in played(&mut respond, &meaning(hop * 64, Some(D_MINOR)), &intent(State::Withdrawing), &settings)
            {
                assert!(note.off - note.on < 10 * 48_000);
                sounding_until = sounding_until.max(note.off);
            }
            rested += u64::from(hop * 64 >= sounding_until);
        }
        rested as f32 / 60_000.0
    };
    let (none, half) = (share(0.0), share(0.5));
    assert!(none < 0.01 && (0.4..0.6).contains(&half), "rested {none} and {half} of the time");
}

#[test]
fn an_answer_is_a_single_consonant_line_in_the_key_that_ends_at_home() {
    for seed in 0..200 {
        let notes = answer(seed, Some(D_MINOR));
        assert!((3..=7).contains(&notes.len()), "{} notes", notes.len());
        assert_eq!(notes[0].on, 2_000);
        assert!(notes.windows(2).all(|pair| pair[0].off <= pair[1].on), "two notes at once: {notes:?}");
        for note in &notes {
            let above = (note.key + 12 - 2) % 12;
            assert!(D_MINOR.contains(note.key % 12) && [0, 3, 4, 5, 7, 8, 9].contains(&above), "{notes:?}");
        }
        assert_eq!(notes.last().map(|note| note.key % 12), Some(2), "the phrase was left open: complete it");
    }
}

#[test]
fn an_answer_is_a_motif_of_its_own_and_varies_with_the_seed() {
    let keys = |seed| answer(seed, Some(D_MINOR)).iter().map(|note| note.key).collect::<Vec<_>>();
    let all: std::collections::BTreeSet<Vec<u8>> = (0..50).map(keys).collect();
    assert!(all.len() >= 4, "only {} different answers", all.len());
    assert!(all.iter().all(|keys| !keys.starts_with(&[62, 65, 69, 67])), "a copy of her phrase");
    assert_eq!(keys(3), keys(3));
}

#[test]
fn with_nothing_pitched_heard_there_is_no_answering_line() {
    let mut drums = Meaning { now: 1_000, ..Meaning::default() };
    drums.phrase.number = 1;
    let mut intent = intent(State::Dialogue);
    intent.answer_at = Some(2_000);
    let notes = played(&mut responding(), &drums, &intent, &Settings::default());
    assert!(notes.iter().all(|note| note.behaviour != Behaviour::Countermelody));
}

#[test]
fn an_answer_gives_way_when_she_comes_back() {
    let mut respond = responding();
    let mut dialogue = intent(State::Dialogue);
    dialogue.answer_at = Some(2_000);
    played(&mut respond, &meaning(1_000, Some(D_MINOR)), &dialogue, &Settings::default());
    assert!(respond.answered().countermelody);
    let mut orders = Orders::new();
    dialogue = Intent { answer_at: None, give_way: true, ..dialogue };
    respond.process(&meaning(10_000, Some(D_MINOR)), &dialogue, &Settings::default(), &mut orders);
    let gives_way = |order: &Order| matches!(order, Order::Withdraw { behaviour: Behaviour::Countermelody, within } if *within <= 9_600);
    assert!(orders.iter().any(gives_way), "{orders:?}");
    assert!(!respond.answered().countermelody);
}

#[test]
fn after_an_ending_nothing_begins_until_the_client_does() {
    let (mut respond, settings) = (responding(), Settings::default());
    played(&mut respond, &meaning(64, Some(D_MINOR)), &intent(State::Withdrawing), &settings);
    respond.end_all();
    assert!(played(&mut respond, &meaning(128, Some(D_MINOR)), &intent(State::Withdrawing), &settings).is_empty());
    let mut begins = meaning(48_000, Some(D_MINOR));
    begins.phrase.began = true;
    assert!(!played(&mut respond, &begins, &intent(State::Withdrawing), &settings).is_empty());
}
