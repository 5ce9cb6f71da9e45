//! The files of a report: whole, self-contained, and read back.

use super::*;
use crate::problem::Problem;
use crate::report::page::page;
use crate::report::read::{Request, read};
use crate::report::session::Marker;
use crate::report::{Data, Outputs, beside, compare};
use roxmltree::{Document, ParsingOptions};

/// A minute in which both play and the states are told.
fn minute() -> Session {
    let line =
        |key: u8, late_s: f64| (0..100).map(|n| note(f64::from(n) * 0.55 + late_s, 0.5, key + wander(n), 80)).collect();
    let marker = |at_s, text: &str| Marker { at_s, text: text.to_owned() };
    let markers = vec![
        marker(0.0, "waiting: Waiting for the client to begin."),
        marker(20.0, "tones: <Listening> & \"waiting\"."),
        marker(30.0, "tones: Still listening."),
        marker(40.0, "smiled"),
    ];
    Session { markers, title: "A <title> & more".to_owned(), ..session(line(60, 0.0), line(48, 0.02), 60.0) }
}

/// Checks that the page is well-formed and stands alone, and answers all its words.
fn check_page(text: &str) -> String {
    for outside in ["http", "src=", "href=", "url(", "@import"] {
        assert!(!text.contains(outside), "{outside}");
    }
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).expect("the page is well-formed");
    let words = document.descendants().filter(|node| node.is_text()).filter_map(|node| node.text());
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn the_page_is_well_formed_stands_alone_and_begins_with_the_facts() {
    let report = Report::of(minute());
    let text = page(&report).unwrap();
    let words = check_page(&text);
    assert!(words.contains("A <title> & more") && words.contains("<Listening> & \"waiting\"."));
    assert!(words.contains(crate::report::facts(&report).trim()));
    assert!(words.contains("Course of the exchange: waiting 0:00, tones 0:20.") && words.contains("0:40 smiled"));
    assert!(text.find("id=\"facts\"").unwrap() < text.find("<svg").unwrap());
    assert!(text.matches("<svg").count() >= 20);
    for title in ["Register", "Dissonance", "Imitation diagram", "Similarity", "Arousal proxy", "Autonomy", "Novelty"] {
        assert!(words.contains(title), "{title}");
    }
    assert!(words.contains("they diagnose nothing"));
}

#[test]
fn silence_and_one_note_are_reported_and_nothing_is_made_up() {
    for (notes, words) in [(vec![], "nothing was heard"), (vec![note(2.0, 1.0, 60, 80)], "1 note from C4 to C4")] {
        for length_s in [0.0, 0.4, 30.0] {
            let report = Report::of(session(notes.clone(), Vec::new(), length_s));
            assert!(check_page(&page(&report).unwrap()).contains(words));
            let told = report.whole.client.iter().chain(&report.whole.together).flatten();
            assert!(told.into_iter().all(|value| value.is_finite()));
            assert_eq!(report.whole.client[place(&PLAYER, "tempo_bpm")], None);
            assert_eq!(report.whole.together[place(&TOGETHER, "asynchrony_s")], None);
        }
    }
}

#[test]
fn the_table_has_a_row_a_second_and_the_data_is_read_back() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("report.html");
    let report = Report::of(minute());
    Outputs::prepare(&path, &[]).unwrap().write(&report).unwrap();
    let [_, table, _] = beside(&path);
    let mut reader = csv::Reader::from_path(table).unwrap();
    let head = reader.headers().unwrap().clone();
    let column = |name: &str| head.iter().position(|other| other == name).unwrap_or_else(|| panic!("{name}"));
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!((rows.len(), &rows[59][column("time_s")]), (60, "60"));
    assert_eq!((&rows[10][column("state")], &rows[59][column("state")]), ("waiting", "tones"));
    assert!(rows[30][column("accompaniment_density")].parse::<f64>().unwrap() > 1.0);
    assert!(rows[30][column("asynchrony_s")].parse::<f64>().unwrap() > 0.01);
    assert_eq!(Data::read(&path).unwrap(), Data::of(&report));
    assert!(std::fs::read_dir(dir.path()).unwrap().count() == 3, "nothing is left lying about");
}

#[test]
fn sessions_stand_side_by_side_with_what_changed() {
    let with = |date: &str, count: u32| {
        let notes = (0..count).map(|n| note(f64::from(n) * 60.0 / f64::from(count), 0.2, 60, 80)).collect();
        Data::of(&Report::of(Session { date: date.to_owned(), ..session(notes, Vec::new(), 60.0) }))
    };
    let text = compare(&[with("2026-04-01", 60), with("2026-04-08", 90), with("2026-04-15", 120)]).unwrap();
    let words = check_page(&text);
    for said in ["2: 2026-04-08", "a second: 1.0, then 2.0", "+1.0", "client 120 notes"] {
        assert!(words.contains(said), "'{said}' is missing from: {words}");
    }
    assert!(compare(&[Data::default(), Data::default()]).is_ok());
}

#[test]
fn files_that_cannot_be_reported_on_are_refused_with_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    write_midi(
        &path("two.mid"),
        Format::Sequential,
        120.0,
        &[Lane { notes: vec![note(0.0, 1.0, 60, 80)], ..Lane::default() }],
    );
    write_midi(
        &path("one.mid"),
        Format::Parallel,
        120.0,
        &[Lane { notes: vec![note(0.0, 1.0, 60, 80)], ..Lane::default() }],
    );
    std::fs::write(path("letter.mid"), "Dear Ms Turry").unwrap();
    let refusal = |client: &str, accompaniment: Option<&str>| {
        let request = Request { client: path(client), accompaniment: accompaniment.map(path), ..Request::default() };
        read(&request, &mut |_| {}).unwrap_err().to_string()
    };
    for (client, accompaniment, words) in [
        ("one.mid", Some("two.mid"), ["two.mid", "type 2", "type 0 or 1"]),
        ("two.mid", None, ["two.mid", "type 2", "type 0 or 1"]),
        ("one.mid", Some("letter.mid"), ["letter.mid", "is not a MIDI file", "export the MIDI"]),
        ("letter.mid", Some("one.mid"), ["letter.mid", "cannot be read as audio or MIDI", "Give a wav"]),
        ("one.mid", Some("none.mid"), ["none.mid", "cannot read", "Check the path"]),
        ("one.mid", None, ["one.mid", "does not tell which notes", "'client'"]),
    ] {
        let said = refusal(client, accompaniment);
        assert!(words.iter().all(|word| said.contains(word)), "{said}");
    }
    assert!(matches!(Data::read(&path("letter.mid")), Err(Problem::NotData { .. })));
}

#[test]
fn what_was_there_stays_when_the_report_cannot_be_written_and_inputs_are_never_written_over() {
    let dir = tempfile::tempdir().unwrap();
    let page = dir.path().join("report.html");
    std::fs::write(&page, "the old one").unwrap();
    let outputs = Outputs::prepare(&page, &[]).unwrap();
    // The table's place is taken by a folder.
    std::fs::create_dir(dir.path().join("report.csv.part")).unwrap();
    let said = outputs.write(&Report::of(minute())).unwrap_err().to_string();
    assert!(said.contains("report.csv") && said.contains("Choose a folder"), "{said}");
    assert_eq!(std::fs::read_to_string(&page).unwrap(), "the old one");
    let input = dir.path().join("input.csv");
    std::fs::write(&input, "").unwrap();
    let refused = Outputs::prepare(&dir.path().join("input.html"), &[&input]);
    assert!(matches!(refused, Err(Problem::WouldOverwrite { .. })));
}

#[test]
fn a_folder_that_is_not_there_is_made_and_goes_again_if_nothing_is_written_into_it() {
    let dir = tempfile::tempdir().unwrap();
    let page = dir.path().join("spring").join("april").join("report.html");
    drop(Outputs::prepare(&page, &[]).unwrap());
    assert_eq!(dir.path().read_dir().unwrap().count(), 0);
    Outputs::prepare(&page, &[]).unwrap().write(&Report::of(minute())).unwrap();
    assert!(beside(&page).iter().all(|file| file.is_file()));
    std::fs::write(dir.path().join("file"), "").unwrap();
    assert!(Outputs::prepare(&dir.path().join("file").join("report.html"), &[]).is_err());
}
