use crate::room::{CADENCE_CUES, Room};

/// A folder with a sung recording and the session that was rendered from it.
fn sung() -> Room {
    let room = Room::new();
    room.sing("song.wav", 44_100, 1, 6 * 44_100);
    room.write("cues.csv", CADENCE_CUES);
    room.render("song.wav", "out", &["--cues", "cues.csv", "--set", "key=A:min"]);
    room
}

/// What the program says when it succeeds: on stdout, and on stderr.
fn report(room: &Room, arguments: &[&str]) -> (String, String) {
    let output = room.run(&[&["report"], arguments].concat());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    (String::from_utf8(output.stdout).unwrap(), said)
}

#[test]
fn a_recording_and_its_accompaniment_become_a_page_a_table_and_a_data_file() {
    let room = sung();
    let arguments = ["song.wav", "out/session.mid", "-o", "report.html", "--title", "Fourth", "--date", "2026-11-20"];
    let (facts, notes) = report(&room, &arguments);
    assert!(facts.starts_with("Session: 2026-11-20, 0:06 long.\nClient (song.wav): "), "{facts}");
    assert!(facts.contains("report.html") && facts.contains("report.csv, report.html-data"), "{facts}");
    assert!(notes.contains("notes are in both files"), "{notes}");
    let page = String::from_utf8(room.bytes("report.html")).unwrap();
    assert!(page.contains("<h1>Fourth</h1>") && page.contains("<td>holding</td>"));
    // The last note-off may lie a fraction of a hop after the recording.
    assert!((6..=7).contains(&room.rows("report.csv").len()));

    report(&room, &["out/session.mid", "-o", "own.html"]);
    report(&room, &["out/session.mid", "-o", "spring/april/own.html"]);
    assert_eq!(room.bytes("spring/april/own.html"), room.bytes("own.html"));
    let (said, _) = report(&room, &["--compare", "report.html-data", "own.html", "-o", "both.html"]);
    assert!(said.contains("Compared 2 sessions"), "{said}");
    assert!(String::from_utf8(room.bytes("both.html")).unwrap().contains("Sessions side by side"));
    assert!(!room.path("both.csv").exists());
}

#[test]
fn silence_is_reported_as_such() {
    let room = sung();
    room.write("silence.wav", room.bytes("song.wav").iter().take(44).copied().chain([0; 88_200]).collect::<Vec<u8>>());
    let (facts, _) = report(&room, &["silence.wav", "out/session.mid", "-o", "report.html"]);
    assert!(facts.contains("Client (silence.wav): nothing was heard."), "{facts}");
}

#[test]
fn what_cannot_be_reported_on_is_refused_and_nothing_is_written() {
    let room = sung();
    room.write("letter.wav", "Dear Ms Turry, this is no recording. ".repeat(100));
    room.write("two.mid", b"MThd\0\0\0\x06\0\x02\0\x01\x01\xe0MTrk\0\0\0\x04\0\xff\x2f\0");
    room.write("taken", "a file, not a folder");
    let cases: [(&[&str], &[&str]); 8] = [
        (&["song.wav", "two.mid", "-o", "x.html"], &["two.mid", "type 2", "type 0 or 1"]),
        (&["letter.wav", "out/session.mid", "-o", "x.html"], &["letter.wav", "cannot be read as audio or MIDI"]),
        (&["song.wav", "-o", "x.html"], &["song.wav", "client alone", "MIDI file beside it"]),
        (&["song.wav", "letter.wav", "-o", "x.html"], &["letter.wav", "is not a MIDI file"]),
        (&["song.wav", "out/session.mid", "-o", "taken/x.html"], &["cannot write 'taken", "Choose a folder"]),
        (&["song.wav", "out/session.mid", "--offset", "1e9", "-o", "x.html"], &["--offset", "less than a day"]),
        (&["--compare", "letter.wav", "taken", "-o", "x.html"], &["letter.wav", "was not written by antiphon report"]),
        (&["--compare", "letter.wav", "-o", "x.html"], &["two data files or more"]),
    ];
    for (arguments, words) in cases {
        let said = room.refusal(&[&["report"], arguments].concat());
        assert!(words.iter().all(|word| said.contains(word)), "{said}");
        assert!(!room.path("x.html").exists());
    }
    let before = room.bytes("song.wav");
    let said = room.refusal(&["report", "song.wav", "out/session.mid", "-o", "song.wav"]);
    assert!(said.contains("song.wav' would be overwritten"), "{said}");
    assert_eq!(room.bytes("song.wav"), before);
}
