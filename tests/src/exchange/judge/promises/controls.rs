//! What must not happen is noticed when it does, and what may is let pass.

use super::super::automatic::places;
use super::super::control::control;
use super::super::therapist::therapist;
use super::super::{Verdict, across::across};
use super::constructed::exchange;
use crate::exchange::files::Music;
use crate::exchange::rig::{Exchange, therapist_expects};
use crate::exchange::take::{Cueing, Piece};

/// The names of the criteria of a piece that are not met.
fn failing(piece: Piece, cueing: Cueing, change: impl FnOnce(&mut Exchange)) -> Vec<&'static str> {
    let mut whole = exchange();
    (whole.take.piece, whole.take.cueing) = (piece, cueing);
    change(&mut whole);
    control(&whole).iter().filter(|criterion| !criterion.passes()).map(|criterion| criterion.name).collect()
}

/// The client's and our own part end in the middle of a line; what the state is then.
fn stopped(whole: &mut Exchange, line: usize, state: &str) -> f64 {
    let stop_s = whole.beat_s(whole.beats(line).0 + 8.0);
    whole.truth.notes.retain(|note| note.onset_s < stop_s - 0.1);
    whole.files.played.retain(|note| note.on_s < stop_s);
    whole.files.music.retain(|row| row.time_s < stop_s);
    whole.files.music.push(Music { time_s: stop_s + 3.0, state: state.to_owned(), ..Music::default() });
    whole.length_s = stop_s + 20.0;
    stop_s
}

#[test]
fn who_thins_to_holding_when_the_client_stops_passes_and_who_plays_on_does_not() {
    let thins = |whole: &mut Exchange| {
        stopped(whole, 7, "holding");
    };
    assert_eq!(failing(Piece::StopsInBuild, Cueing::Named, thins), [""; 0]);
    let plays_on = |whole: &mut Exchange| {
        let stop_s = stopped(whole, 7, "build");
        for step in 0..40 {
            let on_s = stop_s + 0.4 * f64::from(step);
            super::constructed::chord(whole, on_s, on_s + 0.2, &[41, 57], 90.0);
        }
    };
    assert_eq!(failing(Piece::StopsInBuild, Cueing::Named, plays_on).len(), 4);
}

#[test]
fn a_repetition_claimed_of_a_new_melody_is_noticed() {
    assert_eq!(failing(Piece::NoRepetition, Cueing::Named, |_| ()), ["similarity of a new melody"]);
    assert_eq!(failing(Piece::NoRepetition, Cueing::Automatic, |_| ()), ["solidify claimed"]);
    let unlike = |whole: &mut Exchange| whole.files.music.iter_mut().for_each(|row| row.similarity = Some(0.4));
    assert_eq!(failing(Piece::NoRepetition, Cueing::Named, unlike), [""; 0]);
}

#[test]
fn a_key_claimed_of_drums_is_noticed() {
    let all = ["rows with a key", "containing, share of the time"];
    assert_eq!(failing(Piece::Chaos, Cueing::Automatic, |_| ()), all);
    let contained = |whole: &mut Exchange| {
        for row in &mut whole.files.music {
            (row.key, row.state) = (String::new(), "containing".to_owned());
        }
    };
    assert_eq!(failing(Piece::Chaos, Cueing::Automatic, contained), [""; 0]);
}

#[test]
fn strange_keys_for_a_flat_client_and_music_for_one_who_left_are_noticed() {
    let strange = |whole: &mut Exchange| whole.files.music.iter_mut().for_each(|row| row.key = "E:maj".to_owned());
    assert_eq!(failing(Piece::Flat, Cueing::Automatic, strange), ["a strange key claimed, share of the time"]);
    assert_eq!(failing(Piece::Flat, Cueing::Automatic, |_| ()), [""; 0]);
    let left = |whole: &mut Exchange| whole.truth.notes.truncate(13);
    assert!(failing(Piece::Leaves, Cueing::Automatic, left).contains(&"attacks from 10 s on"));
}

#[test]
fn a_loud_client_answered_softly_is_noticed() {
    let softly = |whole: &mut Exchange| whole.files.played.iter_mut().for_each(|note| note.velocity = 25);
    assert!(failing(Piece::Loud, Cueing::Automatic, softly).contains(&"median velocity against the client's"));
    assert_eq!(failing(Piece::Loud, Cueing::Automatic, |_| ()), [""; 0]);
}

#[test]
fn a_state_two_lines_from_its_place_is_noticed_and_one_line_is_not() {
    let not = |verdicts: &[Verdict]| verdicts.iter().filter(|v| !v.passes()).map(|v| v.of).collect::<Vec<_>>();
    let mut whole = exchange();
    assert_eq!(not(&places(&whole)), [""; 0]);
    let renamed = |whole: &mut Exchange, from: &str, to: &str| {
        whole.files.music.iter_mut().filter(|row| row.state == from).for_each(|row| row.state = to.to_owned());
    };
    renamed(&mut whole, "swing", "pulse");
    assert_eq!(not(&places(&whole)), ["swing"]);
    let second_s = whole.window(6).from_s;
    whole.files.music.iter_mut().filter(|row| row.time_s == second_s).for_each(|row| row.state = "swing".to_owned());
    assert_eq!(not(&places(&whole)), [""; 0]);
    renamed(&mut whole, "echo", "swing");
    assert_eq!(not(&places(&whole)), ["echo", "swing"]);
}

#[test]
fn acts_not_obeyed_and_tones_that_outlast_a_panic_are_noticed() {
    let mut whole = exchange();
    let panic_s = whole.window(10).from_s + 2.0;
    whole.cues.push((panic_s, "panic".to_owned(), String::new()));
    let not =
        |whole: &Exchange| therapist(whole).into_iter().filter(|c| !c.passes()).map(|c| c.name).collect::<Vec<_>>();
    assert_eq!(not(&whole).len(), 4, "{:?}", not(&whole));
    for (line, state) in therapist_expects() {
        let window = whole.window(line);
        whole
            .files
            .music
            .iter_mut()
            .filter(|row| window.holds(row.time_s))
            .for_each(|row| row.state = state.to_owned());
    }
    whole.files.played.retain(|note| note.on_s < panic_s);
    whole.files.played.iter_mut().for_each(|note| note.off_s = note.off_s.min(panic_s + 0.01));
    let last = whole.files.played.last_mut().expect("notes");
    last.off_s = panic_s + 0.01;
    assert_eq!(not(&whole), [""; 0]);
}

#[test]
fn a_late_answer_to_a_cue_or_too_many_attacks_are_noticed_across_all() {
    let not = |whole: &Exchange| across(whole).into_iter().filter(|c| !c.passes()).map(|c| c.name).collect::<Vec<_>>();
    let mut whole = exchange();
    whole.files.music.iter_mut().for_each(|row| row.chord = "Db:maj".to_owned());
    assert_eq!(not(&whole), ["chord of music.csv sounds, share"]);
    let mut whole = exchange();
    whole.files.music.iter_mut().filter(|row| row.state == "echo").for_each(|row| row.state = "rest".to_owned());
    assert_eq!(not(&whole), ["slowest cue obeyed after, s"]);
    let mut whole = exchange();
    whole.files.played.retain(|note| note.on_s < 30.0);
    assert!(not(&whole).contains(&"attacks per client's note"));
}
