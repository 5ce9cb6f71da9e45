//! A session whose truth is constructed is reported as it is.

use super::*;

/// Notes of a phrase, and the time between phrases, s.
const PHRASE: u32 = 6;
const EVERY_S: f64 = 10.0;

/// Twelve phrases of crotchets at 120 a minute, each imitated an octave lower, 0.6 s after its last note ended.
fn exchange() -> Session {
    let phrases = |from_s: f64, down: u8, velocity: u8| {
        let of = move |n: u32| {
            let on_s = from_s + f64::from(n / PHRASE) * EVERY_S + f64::from(n % PHRASE) * 0.5;
            note(on_s, 0.4, 60 + wander(n) - down, velocity)
        };
        (0..12 * PHRASE).map(of).collect::<Vec<_>>()
    };
    session(phrases(1.0, 0, 90), phrases(1.0 + 2.9 + 0.6, 12, 60), 12.0 * EVERY_S)
}

#[test]
fn density_silence_register_loudness_and_tempo_of_a_constructed_session_are_its_own() {
    let report = Report::of(exchange());
    let whole = &report.whole;
    let mean = f64::from((0..72).map(|n| u32::from(wander(n))).sum::<u32>()) / 72.0;
    check_near("density", client(whole, "density"), 0.6, 1e-9);
    check_near("sounding", client(whole, "sounding"), 0.24, 1e-9);
    check_near("longest rest", client(whole, "longest_rest_s"), 7.1, 1e-9);
    check_near("register", client(whole, "mean_key"), 60.0 + mean, 1e-9);
    check_near("register below", accompaniment(whole, "mean_key"), 48.0 + mean, 1e-9);
    check_near("loudness", client(whole, "velocity"), 90.0, 1e-9);
    check_near("its spread", accompaniment(whole, "velocity_sd"), 0.0, 1e-9);
    check_near("articulation", client(whole, "articulation"), 0.8, 0.05);
    check_near("tempo", client(whole, "tempo_bpm"), 120.0, 1.5);
    for row in report.rows.iter().filter(|row| row.time_s % EVERY_S == 4.0) {
        check_near("density by the second", row.client.feature("density").unwrap(), 6.0 / row.time_s.min(6.0), 1e-9);
    }
}

#[test]
fn turns_gaps_floor_and_imitation_of_a_constructed_session_are_its_own() {
    let report = Report::of(exchange());
    let whole = &report.whole;
    assert_eq!((both(whole, "turns"), both(whole, "answers")), (12.0, 12.0));
    check_near("answer", both(whole, "answer_s"), 0.6, 0.01);
    check_near("return", both(whole, "return_s"), 3.6, 0.01);
    check_near("overlap", both(whole, "overlap"), 0.0, 1e-9);
    check_near("floor", both(whole, "floor"), 0.5, 1e-9);
    check_near("imitation lag", both(whole, "imitation_lag_s"), 3.5, 0.1);
    assert!(both(whole, "imitation") > 0.8 && both(whole, "imitation_asymmetry") > 0.3);
    let autonomy = report.readouts.iter().find(|one| one.name == "Autonomy").unwrap();
    assert_eq!(autonomy.gradient[autonomy.step.unwrap()], "leader");
}

#[test]
fn whoever_is_late_by_thirty_thousandths_follows_by_thirty_thousandths() {
    for (late_s, lead) in [(0.03, 1.0), (-0.03, -1.0)] {
        let line: Vec<Note> = (0..100).map(|n| note(1.0 + f64::from(n) * 0.6, 0.5, 60 + wander(n), 80)).collect();
        let other: Vec<Note> = line.iter().map(|one| note(one.on_s + late_s, 0.5, 55, 60)).collect();
        let report = Report::of(session(line, other, 62.0));
        let whole = &report.whole;
        check_near("asynchrony", both(whole, "asynchrony_s"), late_s, 0.001);
        check_near("its spread", both(whole, "asynchrony_sd_s"), 0.0, 0.001);
        assert_eq!((both(whole, "joint_share"), both(whole, "lead")), (1.0, lead));
        check_near("common tempo", both(whole, "common_bpm"), 100.0, 1.5);
        assert!(both(whole, "common_pulse") > 0.7, "{}", both(whole, "common_pulse"));
    }
}

#[test]
fn major_triads_are_as_rough_as_one_and_in_a_clear_major_key_and_minor_seconds_are_not() {
    let chords = |classes: &[u8]| -> Vec<Note> {
        (0..20).flat_map(|n| classes.iter().map(move |class| note(f64::from(n) * 2.0, 1.9, *class, 70))).collect()
    };
    let sweet = Report::of(session(chords(&[60, 64, 67]), Vec::new(), 40.0)).whole;
    check_near("dissonance", client(&sweet, "roughness"), 1.0, 0.01);
    assert!(client(&sweet, "mode") > 0.0 && client(&sweet, "key_clarity") > 0.7, "{:?}", sweet.client);
    let harsh = Report::of(session(chords(&[60]), chords(&[61]), 40.0)).whole;
    check_near("dissonance of both", both(&harsh, "roughness"), 0.88, 0.02);
    assert_eq!(harsh.client[place(&PLAYER, "roughness")], None, "one tone alone rubs against nothing");
}

#[test]
fn what_changes_from_the_first_third_to_the_last_is_told() {
    let mut notes: Vec<Note> = (0..60).map(|n| note(f64::from(n), 0.5, 55, 50)).collect();
    notes.extend((0..60).map(|n| note(60.0 + f64::from(n) * 0.5, 0.4, 67, 100)));
    let report = Report::of(session(notes, Vec::new(), 90.0));
    let [first, _, last] = &report.thirds;
    assert_eq!((client(first, "density"), client(last, "density")), (1.0, 2.0));
    assert_eq!((client(first, "mean_key"), client(last, "mean_key")), (55.0, 67.0));
    let facts = crate::report::facts(&report);
    for words in [
        "1:30 long",
        "120 notes from G3 to G4",
        "0:00 to 0:30",
        "1:00 to 1:30",
        "Middle of the register: G3, then G4",
        "Loudness (MIDI velocity): 50, then 100",
        "nothing was heard",
    ] {
        assert!(facts.contains(words), "'{words}' is missing from: {facts}");
    }
}

#[test]
fn more_notes_louder_faster_and_higher_are_more_arousal_by_proxy() {
    let mut notes: Vec<Note> = (0..30).map(|n| note(f64::from(n), 0.5, 55, 50)).collect();
    notes.extend((0..60).map(|n| note(30.0 + f64::from(n) * 0.5, 0.4, 67, 100)));
    let rows = Report::of(session(notes, Vec::new(), 60.0)).rows;
    let (calm, lively) = (rows[20].client.arousal.unwrap(), rows[50].client.arousal.unwrap());
    assert!(calm < -0.5 && lively > 0.5, "{calm} {lively}");
}
