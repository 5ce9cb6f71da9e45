//! What the way home promises, held against made-up meanings hop by hop.

use super::super::plan::{Behaviour, Order, Orders, PlannedNote, Voice};
use super::super::{CadenceStage, Respond};
use crate::intend::body;
use crate::intend::intent::{Intent, Reason, State};
use crate::key::{Key, Mode};
use crate::settings::Settings;
use crate::time::Clock;
use crate::understand::meaning::{BeatGrid, Meaning, MotifNote};

const RATE: f64 = 48_000.0;
const HOP: u64 = 64;
const D_MINOR: Key = Key { tonic: 2, mode: Mode::Minor };

/// A client who sang in D minor, at 100 beats a minute, and is silent.
fn silent(now: u64) -> Meaning {
    let mut meaning = Meaning { now, onsets: 9, silence_s: 2.0 + now as f32 / RATE as f32, ..Meaning::default() };
    meaning.tonality.key = Some(D_MINOR);
    meaning.tonality.anchor = Some(2);
    meaning.energy.velocity = 70.0;
    meaning.energy.centre_key = 66.0;
    meaning.phrase.number = 3;
    for (index, key) in [62_u8, 65, 69, 67, 64].into_iter().enumerate() {
        meaning.motif.push(MotifNote { key, velocity: 70, onset_s: 0.6 * index as f32, length_s: 0.5 });
    }
    meaning
}

/// Her last lines, (beat, key, beats), ending on the tonic at beat 8; and how long a beat is, s, slowing from 0.6.
const LINE: [(f64, u8, f64); 7] =
    [(0.0, 69, 1.0), (1.0, 69, 1.0), (2.0, 67, 1.0), (3.0, 65, 1.0), (4.0, 62, 1.0), (5.0, 64, 1.0), (6.0, 61, 2.0)];

fn beat_s(beat: f64) -> f64 {
    0.3 + 0.6 * beat + 0.006 * beat * beat
}

/// The same client as she sings that line and holds the tonic for four beats; her tones are known `late_s` after they
/// began. The beat is felt.
fn singing(now: u64, late_s: f64) -> Meaning {
    let mut meaning = silent(now);
    let now_s = now as f64 / RATE;
    let mut sung = LINE.iter().copied().chain([(8.0, 62, 4.0)]);
    let sings = sung.rfind(|(beat, ..)| beat_s(*beat) + late_s <= now_s);
    let end_s = beat_s(12.0);
    meaning.sounding = now_s > beat_s(0.0) && now_s < end_s;
    meaning.silence_s = if meaning.sounding { 0.0 } else { (now_s - end_s).max(0.0) as f32 };
    meaning.phrase.open = meaning.sounding;
    meaning.phrase.start = (beat_s(0.0) * RATE) as u64;
    if let Some((beat, key, _)) = sings.filter(|_| meaning.sounding) {
        (meaning.sounding_key, meaning.sounding_since) = (Some(key), Some((beat_s(beat) * RATE) as u64));
    }
    let beat = (0..12).rev().find(|beat| beat_s(f64::from(*beat)) < now_s).unwrap_or(0);
    let at = |beat: i32| (beat_s(f64::from(beat)) * RATE) as u64;
    meaning.pulse.clarity = 1.0;
    meaning.pulse.grid = Some(BeatGrid {
        tempo_bpm: (60.0 / (beat_s(f64::from(beat + 1)) - beat_s(f64::from(beat)))) as f32,
        last_beat: at(beat),
        next_beat: at(beat + 1),
        ..BeatGrid::default()
    });
    meaning
}

fn intent(state: State, functional: bool) -> Intent {
    let mut intent = Intent { state, body: body(state), ..Intent::default() };
    intent.character.velocity_offset = -5.0;
    intent.character.functional = functional;
    intent.character.manner.articulation = 1.0;
    intent
}

/// What was played in `seconds`, the states with the seconds from which they last, and the stage at the end.
fn play(
    seconds: f64,
    states: &[(f64, State)],
    functional: bool,
    each: impl Fn(u64) -> Meaning,
) -> (Vec<PlannedNote>, CadenceStage) {
    play_because(Reason::TherapistAsked, seconds, states, functional, each)
}

/// The same where the states are there for `reason`.
fn play_because(
    reason: Reason,
    seconds: f64,
    states: &[(f64, State)],
    functional: bool,
    each: impl Fn(u64) -> Meaning,
) -> (Vec<PlannedNote>, CadenceStage) {
    let mut respond = Respond::new(Clock::new(RATE));
    let mut played: Vec<PlannedNote> = Vec::new();
    for now in (HOP..(seconds * RATE) as u64).step_by(HOP as usize) {
        let from = |(from_s, _): &&(f64, State)| *from_s <= now as f64 / RATE;
        let state = states.iter().rev().find(from).map_or(State::Holding, |(_, state)| *state);
        let mut orders = Orders::new();
        let intent = Intent { reason, ..intent(state, functional) };
        respond.process(&each(now), &intent, &Settings::default(), &mut orders);
        for order in orders {
            match order {
                Order::Play(note) if note.behaviour == Behaviour::Cadence => {
                    end(&mut played, note.voice, note.part, note.on);
                    played.push(note);
                }
                Order::Rest { voice, part } => end(&mut played, voice, part, now),
                Order::Withdraw { behaviour: Behaviour::Cadence, within } => {
                    played.iter_mut().for_each(|note| note.off = note.off.min(now + within));
                }
                _ => {}
            }
        }
    }
    (played, respond.answered().cadence)
}

/// A part is one line.
fn end(played: &mut [PlannedNote], voice: Voice, part: u8, at: u64) {
    let line = |note: &&mut PlannedNote| (note.voice, note.part) == (voice, part);
    if let Some(note) = played.iter_mut().rev().find(line) {
        note.off = note.off.min(at);
    }
}

fn bass(played: &[PlannedNote]) -> Vec<u8> {
    let mut bass: Vec<u8> = played.iter().filter(|note| note.voice == Voice::Bass).map(|note| note.key % 12).collect();
    bass.dedup();
    bass
}

fn arrival(played: &[PlannedNote]) -> u64 {
    played.iter().rfind(|note| note.voice == Voice::Bass).map_or(0, |note| note.on)
}

fn sounding(played: &[PlannedNote], at: u64) -> Vec<PlannedNote> {
    played.iter().filter(|note| note.on <= at && at < note.off).copied().collect()
}

#[test]
fn a_client_who_ends_on_the_way_home_hears_the_closing_chord_alone_and_silence_within_four_seconds() {
    let ends_s = beat_s(6.0);
    let ending = |now: u64| {
        let now_s = now as f64 / RATE;
        let silence_s = (now_s - ends_s).max(0.0) as f32;
        Meaning { silence_s, ..if silence_s > 0.0 { silent(now) } else { singing(now, 0.03) } }
    };
    let states = [(0.0, State::Approach), (beat_s(3.0), State::Slowing)];
    let (played, stage) = play_because(Reason::ClientSlows, 12.0, &states, true, ending);
    assert_eq!(stage, CadenceStage::Done);
    let after: Vec<&PlannedNote> = played.iter().filter(|note| note.on as f64 / RATE > ends_s + 1.0).collect();
    assert!(after.iter().any(|note| note.voice == Voice::Bass && note.key % 12 == 2), "{after:?}");
    let strikes: std::collections::BTreeSet<u64> = after.iter().map(|note| note.on / RATE as u64).collect();
    assert_eq!(strikes.len(), 1, "{after:?}");
    let end_s = played.iter().map(|note| note.off).max().unwrap() as f64 / RATE;
    assert!(end_s < ends_s + 4.0, "{ends_s} {end_s}");
}

#[test]
fn where_she_is_silent_it_heads_home_by_itself_slower_and_slower_and_is_over_in_ten_seconds() {
    let (played, stage) = play(20.0, &[(0.0, State::Approach)], true, silent);
    assert_eq!(bass(&played), [7, 9, 2], "subdominant, dominant, tonic");
    assert_eq!(stage, CadenceStage::Done);
    let begins: Vec<u64> = played.iter().filter(|note| note.voice == Voice::Bass).map(|note| note.on).collect();
    assert!(begins.windows(3).all(|three| three[2] - three[1] > three[1] - three[0]), "{begins:?}");
    let home_s = arrival(&played) as f64 / RATE;
    let end_s = played.iter().map(|note| note.off).max().unwrap() as f64 / RATE;
    assert!((2.0..5.0).contains(&home_s) && end_s < 10.5, "{home_s} {end_s}");
}

#[test]
fn the_closing_chord_is_a_whole_triad_in_root_position_with_leading_tone_up_and_seventh_down() {
    for tonic in 0..12 {
        for mode in [Mode::Major, Mode::Minor] {
            let key = Key { tonic, mode };
            let each = |now| {
                let mut meaning = silent(now);
                meaning.tonality.key = Some(key);
                meaning
            };
            let (played, _) = play(12.0, &[(0.0, State::Approach)], true, each);
            let home = arrival(&played);
            let (before, after) = (sounding(&played, home - 1_000), sounding(&played, home + 2_400));
            let third = (tonic + mode.scale()[2]) % 12;
            assert!(after.iter().any(|note| note.key % 12 == third) && after[0].key % 12 == tonic, "{key} {after:?}");
            for (was, is) in before.iter().zip(&after) {
                assert_eq!((was.voice, was.part), (is.voice, is.part));
                match (was.key % 12 + 12 - tonic) % 12 {
                    11 => assert_eq!(is.key, was.key + 1, "{key}"),
                    5 => assert!((1..=2).contains(&(was.key - is.key)), "{key} {was:?} {is:?}"),
                    _ => {}
                }
            }
            assert!(played.iter().all(|note| (34..=74).contains(&note.key)), "{key}: {played:?}");
        }
    }
}

#[test]
fn the_last_chord_waits_for_her_and_home_comes_with_her_tonic_and_not_with_one_in_passing() {
    for late_s in [0.0, 0.03, 0.1] {
        let (played, stage) = play(8.0, &[(0.0, State::Final)], true, |now| singing(now, late_s));
        let off_s = arrival(&played) as f64 / RATE - beat_s(8.0);
        assert!((0.0..0.25).contains(&off_s), "{off_s} at {late_s}");
        assert_eq!(stage, CadenceStage::Arrived);
        let before = sounding(&played, arrival(&played) - 1_000);
        assert!([9, 1, 7].iter().all(|class| before.iter().any(|note| note.key % 12 == *class)), "{before:?}");
    }
}

#[test]
fn chords_are_struck_with_her_beats_slow_down_with_her_and_never_come_before_her() {
    let (played, _) = play(8.0, &[(0.0, State::Final)], true, |now| singing(now, 0.04));
    let mut attacks: Vec<u64> = played.iter().filter(|note| note.part == 1).map(|note| note.on).collect();
    attacks.dedup_by_key(|on| *on / 2_400);
    assert!(attacks.len() >= 5, "{attacks:?}");
    let late = |on: u64| {
        let off = |beat: i32| on as f64 / RATE - beat_s(f64::from(beat));
        (0..=8).map(off).min_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap_or(1.0)
    };
    let late: Vec<f64> = attacks.into_iter().map(late).collect();
    assert!(late.iter().all(|late| (0.05..0.13).contains(late)), "{late:?}");
}

#[test]
fn the_closing_chord_is_held_until_she_has_released_her_last_tone_and_nothing_hangs() {
    let states = [(0.0, State::Final), (beat_s(9.0), State::Complete)];
    let line = move |now: u64| {
        let mut meaning = singing(now, 0.03);
        // In the state of completion she begins once more.
        if meaning.sounding && now as f64 / RATE > beat_s(10.5) {
            meaning.sounding_since = Some((beat_s(10.5) * RATE) as u64);
        }
        meaning
    };
    let (played, stage) = play(16.0, &states, true, line);
    let release = (beat_s(12.0) * RATE) as u64;
    let off = played.iter().map(|note| note.off).max().unwrap();
    assert!(off > release + 40_000 && off < release + 12 * 48_000, "{off} {release}");
    assert_eq!(stage, CadenceStage::Done);
    let late = played.iter().filter(|note| note.on > (beat_s(11.5) * RATE) as u64);
    assert!(late.clone().count() <= 2 && late.clone().all(|note| note.key >= 60), "{:?}", late.collect::<Vec<_>>());
}

#[test]
fn the_closing_chord_is_let_go_under_a_client_who_sings_on_and_on() {
    let sings_on = |now: u64| {
        let mut meaning = silent(now);
        (meaning.sounding, meaning.silence_s, meaning.phrase.open) = (true, 0.0, true);
        (meaning.sounding_key, meaning.sounding_since) = (Some(62), Some(0));
        meaning
    };
    let (played, stage) =
        play(40.0, &[(0.0, State::Approach), (8.0, State::Final), (12.0, State::Complete)], true, sings_on);
    assert_eq!(stage, CadenceStage::Done);
    assert!(played.iter().all(|note| (note.off as f64) < 30.0 * RATE), "{played:?}");
}

#[test]
fn without_function_there_is_no_leading_tone() {
    let (played, _) = play(12.0, &[(0.0, State::Approach)], false, silent);
    assert!(!played.is_empty() && played.iter().all(|note| note.key % 12 != 1), "{played:?}");
}

#[test]
fn without_a_key_it_comes_home_to_an_open_fifth_on_what_she_rests_on() {
    let unknown = |now| {
        let mut meaning = silent(now);
        meaning.tonality.key = None;
        meaning
    };
    let (played, _) = play(12.0, &[(0.0, State::Approach)], true, unknown);
    let home: Vec<u8> = sounding(&played, arrival(&played) + 4_800).iter().map(|note| note.key % 12).collect();
    assert!(home.contains(&2) && home.iter().all(|class| [2, 9].contains(class)), "{home:?}");
}

#[test]
fn completion_before_anything_was_heard_is_silent() {
    let nothing = |now| Meaning { now, ..Meaning::default() };
    let (played, stage) = play(4.0, &[(0.0, State::Complete)], true, nothing);
    assert!(played.is_empty());
    assert_eq!(stage, CadenceStage::Done);
}

#[test]
fn called_off_it_fades_at_once() {
    let states = [(0.0, State::Approach), (1.5, State::Holding)];
    let (played, stage) = play(4.0, &states, true, silent);
    assert_eq!(stage, CadenceStage::None);
    assert!(!played.is_empty() && played.iter().all(|note| note.off <= (1.9 * RATE) as u64), "{played:?}");
}

#[test]
fn cut_off_it_counts_as_over() {
    let mut respond = Respond::new(Clock::new(RATE));
    let approach = intent(State::Approach, true);
    for now in [64, 128] {
        respond.process(&silent(now), &approach, &Settings::default(), &mut Orders::new());
    }
    respond.end_all();
    respond.process(&silent(192), &approach, &Settings::default(), &mut Orders::new());
    assert_eq!(respond.answered().cadence, CadenceStage::Done);
}
