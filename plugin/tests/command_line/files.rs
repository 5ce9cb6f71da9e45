use crate::room::{CADENCE_CUES, Room, number};
use antiphon_engine::time::Clock;

const COLUMNS: [(&str, &str); 6] = [
    ("pitch.csv", "time_s,available_s,f0_hz,voicing"),
    ("onsets.csv", "time_s,available_s,kind,strength"),
    ("notes.csv", "onset_s,available_s,offset_s,midi,cents,velocity"),
    ("music.csv", "time_s,key,key_confidence,chord,tempo_bpm,pulse_clarity,phrase,similarity,arousal,valence,state"),
    ("played.csv", "on_s,off_s,channel,voice,part,key,velocity,behaviour"),
    ("controllers.csv", "time_s,channel,controller,value"),
];

/// A render in which something is heard and something is played.
fn rendered(options: &[&str]) -> Room {
    let room = Room::new();
    room.sing("song.wav", 44_100, 1, 6 * 44_100 + 17);
    room.write("cues.csv", CADENCE_CUES);
    room.render("song.wav", "out", &[&["--cues", "cues.csv", "--set", "key=A:min"], options].concat());
    room
}

#[test]
fn every_table_has_the_columns_of_the_contract_and_times_with_nine_decimals() {
    let room = rendered(&[]);
    for (name, columns) in COLUMNS {
        let text = String::from_utf8(room.bytes(&format!("out/{name}"))).unwrap();
        assert_eq!(text.lines().next(), Some(columns), "{name}");
        for row in room.rows(&format!("out/{name}")) {
            for (column, cell) in row.iter().filter(|(column, _)| column.ends_with("_s")) {
                let decimals = cell.split_once('.').map_or(0, |(_, decimals)| decimals.len());
                assert_eq!(decimals, 9, "{name} {column} {cell}");
            }
        }
    }
}

#[test]
fn pitch_has_one_row_a_hop_that_needs_no_later_sample() {
    let room = rendered(&[]);
    let clock = Clock::new(44_100.0);
    let rows = room.rows("out/pitch.csv");
    assert_eq!(rows.len(), (6 * 44_100 + 17) / clock.hop());
    for (index, row) in rows.iter().enumerate() {
        let last_heard = ((index + 1) * clock.hop() - 1) as u64;
        assert_eq!(row["available_s"], format!("{:.9}", clock.seconds(last_heard)));
        assert!(number(row, "time_s") <= number(row, "available_s"));
        assert!((0.0..=1.0).contains(&number(row, "voicing")) && number(row, "f0_hz") >= 0.0);
    }
}

#[test]
fn music_has_a_row_at_least_every_half_second_in_time_order() {
    let room = rendered(&[]);
    let times: Vec<f64> = room.rows("out/music.csv").iter().map(|row| number(row, "time_s")).collect();
    assert!(times[0] < 0.01 && *times.last().unwrap() > 5.5);
    assert!(times.windows(2).all(|pair| pair[1] > pair[0] && pair[1] - pair[0] <= 0.5));
}

#[test]
fn the_chord_is_what_sounds_and_comes_when_it_begins() {
    let room = rendered(&[]);
    let (played, music) = (room.rows("out/played.csv"), room.rows("out/music.csv"));
    let first = played.iter().map(|row| number(row, "on_s")).fold(f64::INFINITY, f64::min);
    assert!(first.is_finite(), "something is played");
    let begins = music.iter().find(|row| row["chord"] != "N").unwrap();
    assert_eq!(number(begins, "time_s"), first);
}

#[test]
fn every_note_played_lies_in_register_under_the_ceiling_and_within_the_input() {
    let room = rendered(&["--set", "ceiling=40", "--set", "register_low=48", "--set", "register_high=72"]);
    let played = room.rows("out/played.csv");
    assert!(!played.is_empty());
    for row in played {
        assert!((48.0..=72.0).contains(&number(&row, "key")) && number(&row, "velocity") <= 40.0, "{row:?}");
        assert!(number(&row, "on_s") < number(&row, "off_s") && number(&row, "off_s") <= 6.0004, "{row:?}");
        assert!(row["part"].starts_with(&format!("{}.", row["voice"])), "{row:?}");
    }
}

#[test]
fn the_sound_files_have_rate_length_and_channels_of_the_input_and_add_up() {
    for (rate, channels) in [(44_100, 2), (22_050, 1), (96_000, 1)] {
        let room = Room::new();
        room.sing("song.wav", rate, channels, 2 * rate + 3);
        room.write("cues.csv", CADENCE_CUES);
        room.render("song.wav", "out", &["--cues", "cues.csv", "--set", "key=A:min"]);
        let client = hound::WavReader::open(room.path("song.wav")).unwrap();
        let client: Vec<f32> = client.into_samples::<i16>().map(|x| f32::from(x.unwrap()) / 32_768.0).collect();
        let session = room.wav("out/session.wav");
        let accompaniment = room.wav("out/accompaniment.wav");
        assert_eq!((session.0, session.1, session.2.len()), (rate, channels, client.len()));
        assert_eq!((accompaniment.0, accompaniment.1, accompaniment.2.len()), (rate, channels, client.len()));
        assert!(accompaniment.2.iter().any(|x| x.abs() > 0.01), "the accompaniment can be heard");
        assert!(client.iter().zip(&accompaniment.2).zip(&session.2).all(|((c, a), s)| (c + a - s).abs() < 1e-6));
    }
}

#[test]
fn a_tail_adds_silence_and_only_silence() {
    let room = rendered(&["--tail", "2.5"]);
    let (_, _, samples) = room.wav("out/session.wav");
    assert_eq!(samples.len(), 6 * 44_100 + 17 + 110_250);
}

#[test]
fn no_file_depends_on_the_block_size() {
    let files = antiphon_session::render::FILES.map(|name| format!("out/{name}"));
    for options in [&[][..], &["--bleed", "-12,9.5"]] {
        let usual = rendered(options);
        for block in ["1", "7", "64", "441", "16384"] {
            let other = rendered(&[options, &["--block", block]].concat());
            for name in &files {
                assert!(usual.bytes(name) == other.bytes(name), "{name} with --block {block} {options:?}");
            }
        }
    }
}

#[test]
fn session_mid_holds_every_voice_and_each_note_ends_once() {
    let room = rendered(&[]);
    let bytes = room.bytes("out/session.mid");
    let smf = midly::Smf::parse(&bytes).unwrap();
    let mut names = Vec::new();
    let (mut markers, mut begun) = (Vec::new(), 0);
    for track in &smf.tracks {
        let mut sounding = std::collections::BTreeSet::new();
        for event in track {
            match event.kind {
                midly::TrackEventKind::Meta(midly::MetaMessage::TrackName(name)) => names.push(name),
                midly::TrackEventKind::Meta(midly::MetaMessage::Marker(text)) => markers.push(text),
                midly::TrackEventKind::Midi { channel, message: midly::MidiMessage::NoteOn { key, .. } } => {
                    assert!(sounding.insert((channel, key)), "{key} overlaps itself");
                    begun += 1;
                }
                midly::TrackEventKind::Midi { channel, message: midly::MidiMessage::NoteOff { key, .. } } => {
                    assert!(sounding.remove(&(channel, key)), "{key} ends twice");
                }
                _ => {}
            }
        }
        assert!(sounding.is_empty());
    }
    assert_eq!(names, [&b"client"[..], b"bass", b"harmony", b"counter", b"pulse"]);
    assert_eq!(begun, room.rows("out/played.csv").len() + room.rows("out/notes.csv").len());
    assert!(markers.iter().any(|text| text.starts_with(b"holding: ")), "states are told");
}
