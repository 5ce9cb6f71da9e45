use crate::room::{CADENCE_CUES, Room, number};
use antiphon_engine::time::Clock;

const RATE: u32 = 44_100;

fn rendered(cues: &str) -> Room {
    let room = Room::new();
    room.sing("silence.wav", RATE, 1, 0);
    room.sing("song.wav", RATE, 1, 5 * RATE);
    room.write("cues.csv", cues);
    room.render("song.wav", "out", &["--cues", "cues.csv", "--set", "key=A:min"]);
    room
}

#[test]
fn a_cue_takes_effect_at_the_first_hop_at_or_after_its_time() {
    let clock = Clock::new(f64::from(RATE));
    let hop = clock.hop() as u64;
    // On a hop, a sample after it, and in between.
    for sample in [hop * 500, hop * 500 + 1, hop * 700 + 30] {
        let room = rendered(&format!("{},state,rest\n", clock.seconds(sample)));
        let expected = clock.seconds(sample.div_ceil(hop) * hop);
        let music = room.rows("out/music.csv");
        let rests = music.iter().find(|row| row["state"] == "rest").unwrap();
        assert_eq!(rests["time_s"], format!("{expected:.9}"), "sample {sample}");
    }
}

#[test]
fn panic_ends_every_note_at_once() {
    let room = rendered(&format!("{CADENCE_CUES}1.5,panic,\n"));
    let played = room.rows("out/played.csv");
    assert!(!played.is_empty());
    assert!(played.iter().all(|row| number(row, "off_s") <= 1.5 + 1.0 / f64::from(RATE)), "{played:?}");
}

#[test]
fn a_setting_holds_from_its_cue_on() {
    let room = rendered("0,ceiling,30\n0.5,state,holding\n1,cadence,\n2.5,ceiling,20\n");
    let played = room.rows("out/played.csv");
    assert!(!played.is_empty());
    for row in &played {
        let ceiling = if number(row, "on_s") < 2.5 { 30.0 } else { 20.0 };
        assert!(number(row, "velocity") <= ceiling, "{row:?}");
    }
}

#[test]
fn a_cue_beyond_the_end_is_mentioned() {
    let room = rendered(CADENCE_CUES);
    room.write("late.csv", "60,next,\n");
    let output = room.run(&["render", "song.wav", "--out", "late", "--cues", "late.csv"]);
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("ended before the cue at 60 s"));
}
