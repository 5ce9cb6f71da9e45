//! A vulnerable client is never startled, never left alone and never played on over, whatever the therapist chose.
//! `cargo xtask courtesy` judges recordings, of more clients than can be heard with every run.

use antiphon_engine::names::Named as _;
use antiphon_engine::respond::plan::Behaviour;
use antiphon_engine::settings::{Approach, Goal, Settings};
use antiphon_tests::courtesy::{ABSENT_S, Take, judge, play};
use antiphon_tests::parallel::in_order;
use antiphon_tests::singer::{Performance, Sound, Timing, sing};
use antiphon_tests::tunes::Tune;
use std::path::{Path, PathBuf};

/// Quarters a minute, and of how many bars at most a client sings.
const BPM: f64 = 96.0;
const BARS: u32 = 12;
/// Silence after the client, s.
const TAIL_S: f64 = 8.0;
const RATE_HZ: f64 = 48_000.0;

/// Two clients, one who sings and bends the time and one who plucks, each a song, in `dir`.
fn clients(dir: &Path) -> Vec<PathBuf> {
    let of =
        [(1, Sound::HighVoice, Timing::Rubato { cv: 0.08 }), (4, Sound::Plucked, Timing::Jitter { up_to_s: 0.02 })];
    let write = |(index, (song, sound, timing)): (usize, (usize, Sound, Timing))| {
        let mut tune = Tune::all()[song].clone();
        tune.notes.retain(|note| note.end <= BARS * tune.frames_per_bar);
        let take = sing(&tune.sung(BPM), &Performance { sound, timing, ..Performance::default() }, RATE_HZ);
        let path = dir.join(format!("{index}.wav"));
        take.write(&path).unwrap();
        path
    };
    of.into_iter().enumerate().map(write).collect()
}

#[test]
fn in_no_goal_and_approach_is_a_client_startled_left_alone_or_played_on_over() {
    let dir = tempfile::tempdir().unwrap();
    let clients = clients(dir.path());
    let under = |index: usize| {
        let (client, index) = (index % clients.len(), index / clients.len());
        let goal = Goal::ALL[index / Approach::ALL.len()];
        let approach = Approach::ALL[index % Approach::ALL.len()];
        let settings = Settings { goal, approach, ..Settings::default() };
        let take = play(&clients[client], TAIL_S, &|_| settings).unwrap();
        let name = format!("client {client}, {}, {}", goal.name(), approach.name());
        (name, take.attacks.len(), judge(&take, &[], ABSENT_S).lines)
    };
    let mut wrong = Vec::new();
    in_order(clients.len() * Goal::ALL.len() * Approach::ALL.len(), under, |_, (name, notes, lines)| {
        wrong.extend(lines.into_iter().map(|line| format!("{name}: {line}")));
        if notes == 0 {
            wrong.push(format!("{name}: nothing was played"));
        }
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The therapist asks for the cadence at these instants, in the middle of a line, s.
const ASKED_S: [f64; 3] = [9.0, 12.3, 15.1];

#[test]
fn the_cadence_that_the_therapist_asks_for_is_heard_within_a_beat_in_mid_song() {
    let dir = tempfile::tempdir().unwrap();
    let clients = clients(dir.path());
    let asked = |index: usize| {
        let (client, at_s) = (&clients[index % clients.len()], ASKED_S[index / clients.len()]);
        let press = |now_s: f64| Settings { cadence: (at_s..at_s + 0.1).contains(&now_s), ..Settings::default() };
        let with = play(client, TAIL_S, &press).unwrap();
        let without = play(client, TAIL_S, &|_| Settings::default()).unwrap();
        (format!("client {} at {at_s} s", index % clients.len()), turns_s(&with, &without, at_s))
    };
    let mut late = Vec::new();
    in_order(clients.len() * ASKED_S.len(), asked, |_, (name, turns_s)| {
        if turns_s.is_none_or(|turns_s| turns_s > 60.0 / BPM) {
            late.push(format!("{name}: {turns_s:?} s"));
        }
    });
    assert!(late.is_empty(), "{late:#?}");
}

/// How long after `at_s` the first note of the way home is heard that would not have been without the act, s.
fn turns_s(with: &Take, without: &Take, at_s: f64) -> Option<f64> {
    let would_be = |on_s: f64, key: u8| without.attacks.iter().any(|note| note.on_s == on_s && note.key == key);
    let new = with.attacks.iter().filter(|note| note.on_s >= at_s && !would_be(note.on_s, note.key));
    new.filter(|note| note.behaviour == Behaviour::Cadence).map(|note| note.on_s - at_s).reduce(f64::min)
}
