//! The room *Session*: a session is recorded, marked, written about and exported by hand.

use super::{Bench, Opened, SIZES, picture, song};
use crate::panel::look::{Room, SCALES_PERCENT, Theme};
use crate::recorder::{Doing, Home, LIMIT_BYTES, Recorder, Status, Tap, recorder_with};
use antiphon_engine::settings::Settings;
use antiphon_engine::{Audience, Musician, Report, speak};
use antiphon_session::journal::{Entry, How, Session};
use egui::{Vec2, vec2};
use egui_kittest::kittest::NodeT;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A panel over a musician who is recorded.
struct Recorded {
    bench: Bench,
    recorder: Recorder,
    tap: Tap,
    musician: Musician,
    dir: TempDir,
}

struct Feed<'a>(&'a mut Tap);

impl Audience for Feed<'_> {
    fn event(&mut self, _: u32, event: &speak::Spoken) -> Result<(), speak::NoRoom> {
        self.0.play(event);
        Ok(())
    }

    fn hop(&mut self, report: &Report<'_>) {
        self.0.hop(report);
    }
}

impl Recorded {
    fn new(size: Vec2, scale_percent: u16, theme: Theme) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (tap, recorder) = recorder_with(LIMIT_BYTES, Home::of_user);
        recorder.move_to(Home { folder: dir.path().join("sessions"), choice: None });
        let opened = Opened { size, scale_percent, theme, room: Room::Session };
        let bench = Bench::recorded_by(recorder.clone(), opened, song::seen());
        Self { bench, recorder, tap, musician: Musician::new(48_000.0), dir }
    }

    /// Goes on in steps of 20 ms, as a DAW does, until `what`.
    fn until(&mut self, what: impl Fn(&Status) -> bool) -> Arc<Status> {
        let begun = Instant::now();
        loop {
            let settings = Settings::default();
            self.tap.block(&self.musician, &settings, None);
            self.musician.process(&[0.0; 960], &[], &settings, &mut Feed(&mut self.tap));
            self.tap.advance(960);
            let status = self.recorder.status();
            if what(&status) {
                self.bench.harness.run_steps(3);
                return status;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "{status:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn record(&mut self) {
        self.bench.click("Record");
        self.until(|status| matches!(status.doing, Doing::Recording { seconds: 2.., .. }));
    }

    fn write(&mut self, field: &str, text: &str) {
        self.bench.click(field);
        self.bench.harness.event(egui::Event::Text(text.to_owned()));
        self.bench.harness.run_steps(2);
    }

    fn says(&self, words: &str) -> bool {
        let mut nodes = self.bench.harness.root().children_recursive();
        nodes.any(|node| {
            let node = node.accesskit_node();
            [node.label(), node.value()].into_iter().flatten().any(|said| said.contains(words))
        })
    }
}

#[test]
fn a_session_is_recorded_marked_and_exported_in_the_panel() {
    let mut room = Recorded::new(vec2(960.0, 640.0), 100, Theme::Dark);
    assert!(room.says("Nothing is being kept.") && room.says("no sound, no name"));
    room.record();
    assert!(room.says("0:02, "), "the time is told");
    room.write("Marker", "she looked up");
    room.bench.harness.key_press(egui::Key::Enter);
    room.bench.harness.run_steps(2);
    room.until(|status| matches!(status.doing, Doing::Recording { markers: 1, .. }));
    room.bench.click("Mark");
    room.until(|status| matches!(status.doing, Doing::Recording { markers: 2, .. }));
    room.write("Your notes", "calm today");
    room.bench.harness.run_steps(60);
    room.until(|status| status.notes == "calm today");
    room.bench.click("Record");
    let status = room.until(|status| status.doing == Doing::Idle);
    assert!(room.says("Kept as"));
    let path = status.session.clone().unwrap();
    let session = Session::open(&path).unwrap();
    let texts =
        session.entries().filter_map(|entry| if let Entry::Mark { text, .. } = entry { Some(text) } else { None });
    assert!(session.ended() == Some(How::Stopped) && texts.eq(["she looked up", ""]));
    let export = format!("Export {}", super::super::session::name(&path));
    room.bench.click(&export);
    room.until(|status| status.news.as_ref().is_some_and(|news| news.starts_with("Exported")));
    assert!(path.with_extension("").join("report.html").exists());
}

#[test]
fn a_folder_is_typed_and_a_wrong_one_is_told() {
    let mut room = Recorded::new(vec2(960.0, 640.0), 100, Theme::Light);
    let folder = room.dir.path().join("elsewhere");
    room.until(|status| status.folder.ends_with("sessions"));
    for (text, kept) in [("nowhere", false), (folder.to_str().unwrap(), true)] {
        room.bench.click("Folder");
        room.bench.harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
        room.bench.harness.event(egui::Event::Text(text.to_owned()));
        room.bench.harness.run_steps(2);
        room.bench.click("Keep here");
        // What was told of the folder before stands until there is an answer.
        let status = room.until(|status| if kept { status.folder == folder } else { status.problem.is_some() });
        assert_eq!((status.folder == folder, room.says("is not a whole path")), (kept, !kept), "{status:?}");
    }
}

#[test]
fn while_a_session_is_recorded_no_text_is_cut_at_any_size() {
    for (size, scale_percent) in SIZES.iter().flat_map(|&size| SCALES_PERCENT.map(|scale| (size, scale))) {
        let mut room = Recorded::new(size, scale_percent, Theme::Dark);
        room.record();
        super::layout::check_texts(&room.bench, &format!("{size}, {scale_percent} %"));
        super::layout::check_controls(&room.bench, &format!("{size}, {scale_percent} %"));
    }
}

#[test]
#[ignore = "draws the room while it records into the folder that ANTIPHON_PICTURES names"]
fn pictures_of_a_recording() {
    let Some(folder) = std::env::var_os("ANTIPHON_PICTURES") else { return };
    std::fs::create_dir_all(&folder).unwrap();
    let usual = vec2(960.0, 640.0);
    let [dark, light] = [Theme::Dark, Theme::Light];
    for (theme, size, scale_percent) in [
        (dark, usual, 100),
        (light, usual, 100),
        (dark, 2.0 * usual, 200),
        (light, 2.0 * usual, 200),
        (dark, SIZES[0], 100),
    ] {
        let mut room = Recorded::new(size, scale_percent, theme);
        room.record();
        room.write("Your notes", "Sang for the first time.\nCalm at the end.");
        room.write("Marker", "she looked up");
        room.bench.harness.run_steps(30);
        let name = format!("recording-{theme:?}-{}x{}.ppm", size.x, size.y).to_lowercase();
        picture::write(&picture::take(&room.bench), &Path::new(&folder).join(name)).unwrap();
    }
}

#[test]
fn from_every_room_it_is_seen_that_a_session_is_recorded() {
    let mut room = Recorded::new(vec2(960.0, 640.0), 100, Theme::Dark);
    room.bench.click("Play");
    let without = room.bench.harness.output().shapes.len();
    room.recorder.start();
    room.until(|status| matches!(status.doing, Doing::Recording { seconds: 1.., .. }));
    assert!(room.bench.harness.output().shapes.len() > without, "there is a light at the tab");
}
