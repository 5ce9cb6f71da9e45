//! `antiphon export`.

use crate::room::Room;
use antiphon_session::journal::{EXPORTED, Entry, Header, How, Journal, Names, VERSION};
use antiphon_session::record::Played;

/// A session file of two notes and a mark, ended or broken off.
fn session(room: &Room, name: &str, ended: bool) {
    let header = Header {
        version: VERSION,
        written_by: "0.1.0".to_owned(),
        begun: "2026-05-04T14:02:11+02:00".to_owned(),
        names: Names::default(),
    };
    let file = std::fs::File::create(room.path(name)).unwrap();
    let mut journal = Journal::begin(file, &header, u64::MAX).unwrap();
    let played = |time, velocity| Entry::from(&Played { time, channel: 0, key: 50, velocity, label: None });
    let mark = Entry::Mark { time: 30_000, text: "a smile".to_owned() };
    for entry in [Entry::Begin(48_000.0), played(4_800, 70), mark, played(48_000, 0), played(50_000, 60)] {
        journal.append(&entry).unwrap();
    }
    journal.flush().unwrap();
    if ended {
        journal.end(96_000, How::Stopped).unwrap();
    }
}

#[test]
fn a_session_is_exported_and_summed_up() {
    let room = Room::new();
    session(&room, "s.antiphon", true);
    let output = room.run(&["export", "s.antiphon", "-o", "out"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("2026-05-04T14:02:11") && said.contains("2 notes"), "{said}");
    assert!(EXPORTED.iter().all(|file| room.path("out").join(file).exists()));
    let played = room.rows("out/played.csv");
    assert_eq!((played[0]["on_s"].as_str(), played[1]["off_s"].as_str()), ("0.100000000", "2.000000000"));
    assert_eq!(room.rows("out/markers.csv")[0]["text"], "a smile");
}

#[test]
fn a_session_that_broke_off_is_exported_up_to_there_and_left_as_it_is() {
    let room = Room::new();
    session(&room, "s.antiphon", false);
    let before = room.bytes("s.antiphon");
    let output = room.run(&["export", "s.antiphon"]);
    assert!(output.status.success() && String::from_utf8_lossy(&output.stderr).contains("broke off"));
    assert_eq!((room.rows("s/played.csv").len(), room.bytes("s.antiphon") == before), (2, true));
}

#[test]
fn what_is_no_session_is_refused_in_words() {
    let room = Room::new();
    room.write("empty.antiphon", "");
    room.write("song.wav", "RIFF");
    for name in ["empty.antiphon", "song.wav"] {
        let said = room.refusal(&["export", name]);
        assert!(said.contains(name) && said.contains("cannot be read as a session"), "{said}");
        assert!(!room.path(name).with_extension("").exists(), "nothing is made of it");
    }
    assert!(room.refusal(&["export", "nowhere.antiphon"]).contains("cannot read"));
}
