use crate::room::Room;

#[test]
fn what_is_heard_is_told_and_drawn() {
    let room = Room::new();
    room.sing("song.wav", 44_100, 1, 3 * 44_100);
    room.write("truth.csv", "time_s,f0_hz\n0.1,220\n0.2,220\n0.3,220\n0.45,0\n0.6,246.9\n");
    let output = room.run(&["hear", "song.wav", "--set", "listen=voice", "--truth", "truth.csv", "--plot", "out.svg"]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for words in ["Heard    3.0 s: 6 notes from G3 to C4", "Pitch", "Hz", "100.0 % of the true pitch", "out.svg"] {
        assert!(said.contains(words), "'{words}' is missing from: {said}");
    }
    let drawing = String::from_utf8(room.bytes("out.svg")).unwrap();
    assert!(drawing.starts_with("<svg") && drawing.contains("song.wav: 100.0 % of the true pitch within 50 cents"));

    assert!(room.run(&["hear", "song.wav", "--plot", "new/folder/out.svg"]).status.success());
    assert!(room.bytes("new/folder/out.svg").starts_with(b"<svg"));
    let told = room.run(&["hear", "song.wav"]);
    assert!(told.status.success() && String::from_utf8_lossy(&told.stdout).starts_with("Heard    3.0 s"));
}

#[test]
fn what_cannot_be_heard_compared_or_drawn_is_refused_with_what_to_do() {
    let room = Room::new();
    room.sing("song.wav", 44_100, 1, 4_410);
    room.write("letter.wav", "Dear Ms Turry, this is no recording. ".repeat(100));
    room.write("truth.csv", "0,220\n0.1,high\n");
    let before = room.bytes("song.wav");
    let cases: [(&[&str], &[&str]); 7] = [
        (&["missing.wav"], &["missing.wav", "Check the path"]),
        (&["letter.wav"], &["letter.wav", "cannot be read as audio or MIDI", "Give a wav"]),
        (&["song.wav", "--truth", "none.csv"], &["none.csv", "Check the path"]),
        (&["song.wav", "--truth", "truth.csv"], &["truth.csv", "line 2: 'high' is not a number", "time_s,f0_hz"]),
        (&["song.wav", "--set", "listen=drum"], &["--set listen=drum", "auto, voice, tuned, untuned"]),
        (&["song.wav", "--plot", "song.wav/out.svg"], &["cannot write 'song.wav/out.svg", "Choose a folder"]),
        (&["song.wav", "--plot", "song.wav"], &["song.wav", "would be overwritten", "another file"]),
    ];
    for (arguments, words) in cases {
        let said = room.refusal(&[&["hear"], arguments].concat());
        for word in words {
            assert!(said.contains(word), "'{word}' is missing from: {said}");
        }
    }
    assert_eq!(room.bytes("song.wav"), before);
}

#[cfg(unix)]
#[test]
fn whoever_reads_may_have_read_enough() {
    use std::process::Stdio;
    let room = Room::new();
    room.sing("song.wav", 44_100, 1, 44_100);
    // A pipe that nobody reads any more before anything is said.
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = room.command(&["hear", "song.wav"]).stdout(Stdio::from(writer)).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}");
}
