use crate::room::Room;

/// Checks that rendering `input` with `options` is refused with each of `words`: what, where, what to do.
fn check_refused(room: &Room, input: &str, options: &[&str], words: &[&str]) {
    let said = room.refusal(&[&["render", input, "--out", "out"], options].concat());
    for word in words {
        assert!(said.contains(word), "'{word}' is missing from: {said}");
    }
}

#[test]
fn an_input_that_cannot_be_heard_is_refused_with_what_where_and_what_to_do() {
    let room = Room::new();
    room.write("empty.wav", "");
    room.write("letter.wav", "Dear Ms Turry, this is no recording. ".repeat(100));
    room.write("cut.mid", b"MThd\0\0\0\x06\0\0\0\x01");
    room.write("quiet.mid", b"MThd\0\0\0\x06\0\0\0\x01\x01\xe0MTrk\0\0\0\x04\0\xff\x2f\0");
    room.sing("no_samples.wav", 44_100, 1, 0);
    room.sing("three.wav", 44_100, 3, 1_000);
    room.sing("slow.wav", 500, 1, 1_000);
    room.sing("whole.wav", 44_100, 1, 44_100);
    room.write("head.wav", &room.bytes("whole.wav")[..40]);
    std::fs::create_dir(room.path("folder")).unwrap();
    let mut no_channels = room.bytes("whole.wav");
    no_channels[22..24].fill(0);
    room.write("no_channels.wav", no_channels);

    for (input, words) in [
        ("missing.wav", &["missing.wav", "Check the path"][..]),
        ("folder", &["folder", "Check the path"]),
        ("empty.wav", &["empty.wav", "is empty", "record it again"]),
        ("no_samples.wav", &["no_samples.wav", "is empty"]),
        ("quiet.mid", &["quiet.mid", "is empty"]),
        ("letter.wav", &["letter.wav", "cannot be read as audio or MIDI", "Give a wav"]),
        ("cut.mid", &["cut.mid", "cannot be read as audio or MIDI"]),
        ("head.wav", &["head.wav"]),
        ("no_channels.wav", &["no_channels.wav", "Give a"]),
        ("three.wav", &["three.wav", "has 3 channels", "mono or a stereo"]),
        ("slow.wav", &["slow.wav", "500 Hz", "from 1000 to 768000 Hz"]),
    ] {
        check_refused(&room, input, &[], words);
    }
    assert!(!room.path("out").exists(), "nothing was written");
}

#[test]
fn a_recording_that_is_cut_off_is_used_as_far_as_it_goes_and_that_is_said() {
    let room = Room::new();
    room.sing("whole.wav", 44_100, 1, 88_200);
    room.write("cut.wav", &room.bytes("whole.wav")[..100_001]);
    let output = room.run(&["render", "cut.wav", "--out", "out"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("cut.wav' is cut off or damaged") && said.contains("of 2.00 s"), "{said}");
    let (_, _, samples) = room.wav("out/session.wav");
    assert!((49_000..50_001).contains(&samples.len()), "{}", samples.len());
}

#[test]
fn a_wrong_option_is_refused_with_what_would_do() {
    let room = Room::new();
    room.sing("song.wav", 44_100, 1, 4_410);
    room.write("cues.csv", "0,goal,pain\n1,goal,flight\n");
    let cases: [(&[&str], &[&str]); 16] = [
        (&["--goal", "happiness"], &["--goal happiness", "'happiness' is not a goal", "awareness, insight"]),
        (&["--approach", "strict"], &["'strict' is not an approach", "structured, free, analytical"]),
        (&["--seed", "-1"], &["seed"]),
        (&["--seed", "70000"], &["seed is a number from 0 to 65535"]),
        (&["--set", "density"], &["--set density", "like --set density=0.4"]),
        (&["--set", "density=2"], &["--set density=2", "density is a number from 0 to 1"]),
        (&["--set", "loudness=2"], &["'loudness' is not a setting", "ceiling"]),
        (&["--set", "key=H:min"], &["'H:min' is not a key", "like D:min"]),
        (&["--set", "pulse=host"], &["pulse=host needs", "MIDI file"]),
        (&["--set", "register_low=60", "--set", "register_high=65"], &["register_low=60", "12 keys"]),
        (&["--cues", "cues.csv"], &["cues.csv", "line 2", "'flight' is not a goal"]),
        (&["--cues", "none.csv"], &["none.csv", "Check the path"]),
        (&["--bleed", "loud"], &["--bleed loud", "like -20,15"]),
        (&["--bleed", "-20,15,99"], &["--bleed -20,15,99", "no room echoes over 10 s"]),
        (&["--tail", "-1"], &["--tail"]),
        (&["--block", "0"], &["--block"]),
    ];
    for (options, words) in cases {
        check_refused(&room, "song.wav", options, words);
    }
}

#[test]
fn a_folder_that_cannot_be_written_to_is_named() {
    let room = Room::new();
    room.sing("song.wav", 44_100, 1, 4_410);
    room.write("taken", "a file, not a folder");
    let said = room.refusal(&["render", "song.wav", "--out", "taken/out"]);
    assert!(said.contains("cannot write 'taken") && said.contains("Choose a folder"), "{said}");
}

#[test]
fn a_render_never_writes_over_its_input() {
    let room = Room::new();
    room.sing("session.wav", 44_100, 1, 4_410);
    let before = room.bytes("session.wav");
    let said = room.refusal(&["render", "session.wav", "--out", "."]);
    assert!(said.contains("session.wav' would be overwritten") && said.contains("another folder"), "{said}");
    assert_eq!(room.bytes("session.wav"), before);
}

#[test]
fn samples_that_are_no_sound_do_no_harm() {
    let room = Room::new();
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: 44_100,
        bits_per_sample: 32,
        sample_format: hound::SampleFormat::Float,
    };
    let mut writer = hound::WavWriter::create(room.path("wild.wav"), spec).unwrap();
    for index in 0..44_100 {
        let wild = [f32::NAN, f32::INFINITY, -1e30, 1e-40, 0.3][index % 5];
        writer.write_sample(wild).unwrap();
        writer.write_sample(0.1).unwrap();
    }
    writer.finalize().unwrap();
    room.render("wild.wav", "out", &[]);
    let (_, _, samples) = room.wav("out/session.wav");
    assert!(samples.len() == 88_200 && samples.iter().all(|x| x.is_finite()));
}

#[test]
fn help_explains_settings_cues_and_files() {
    let said = Room::new().run(&["render", "--help"]);
    let said = String::from_utf8(said.stdout).unwrap();
    for name in antiphon_engine::set::SETTING_NAMES.iter() {
        assert!(said.contains(name), "{name}");
    }
    for name in antiphon_session::render::FILES {
        assert!(said.contains(name), "{name}");
    }
}
