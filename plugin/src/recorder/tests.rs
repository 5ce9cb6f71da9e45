//! The recorder with a musician before it and a disk behind it.

use super::*;
use antiphon_engine::listen::heard::{KeyMessage, Player};
use antiphon_engine::settings::Settings;
use antiphon_engine::speak::{NoRoom, Spoken};
use antiphon_engine::time::SampleTime;
use antiphon_engine::transport::Transport;
use antiphon_engine::{Audience, Musician, Report};
use antiphon_session::journal::{Entry, How, Session};
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub(super) const RATE_HZ: f64 = 48_000.0;

pub(super) const BLOCK: usize = 480;

/// A musician who is recorded, in a folder that is gone afterwards.
pub(super) struct Rig {
    dir: TempDir,
    pub musician: Musician,
    pub tap: Tap,
    pub recorder: Recorder,
    settings: Settings,
    /// Samples played.
    at: SampleTime,
}

impl Rig {
    pub fn new() -> Self {
        Self::with_limit(LIMIT_BYTES)
    }

    fn with_limit(limit_bytes: u64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self::in_dir(dir, limit_bytes)
    }

    fn in_dir(dir: TempDir, limit_bytes: u64) -> Self {
        let (tap, recorder) = recorder_with(limit_bytes, Home::of_user);
        recorder.move_to(Home { folder: dir.path().join("sessions"), choice: None });
        let settings = Settings::default();
        Self { dir, musician: Musician::new(RATE_HZ), tap, recorder, settings, at: 0 }
    }

    fn folder(&self) -> PathBuf {
        self.dir.path().join("sessions")
    }

    /// Plays a tune for so long, as fast as the recorder can follow.
    fn play(&mut self, seconds: f64) {
        for block in 0..(seconds * RATE_HZ) as usize / BLOCK {
            self.play_block();
            if block % 500 == 499 {
                std::thread::sleep(Duration::from_millis(60));
            }
        }
    }

    fn play_block(&mut self) {
        let until = self.at + BLOCK as SampleTime;
        let midi: Vec<_> = (0..2 * self.at.div_ceil(12_000) + 4)
            .map(|half| (half / 2 * 24_000 + half % 2 * 20_000, half))
            .filter(|(time, _)| (self.at..until).contains(time))
            .map(|(time, half)| {
                let (key, velocity) =
                    (60 + [0, 2, 4, 5, 7, 9][half as usize / 2 % 6], if half % 2 == 0 { 80 } else { 0 });
                KeyMessage { by: Player::Client, offset: (time - self.at) as u32, key, velocity }
            })
            .collect();
        let position = self.at as f64 / RATE_HZ * 2.0;
        let host =
            Transport { playing: true, tempo_qpm: 120.0, position, bar_start: 0.0, beats_per_bar: 4, beat_unit: 4 };
        self.tap.block(&self.musician, &self.settings, Some(&host));
        self.tap.hands(&midi);
        self.musician.process(&[0.0; BLOCK], &midi, &self.settings, &mut Feed(&mut self.tap));
        self.tap.advance(BLOCK);
        self.at = until;
    }

    /// Waits for `what`, and plays on meanwhile, as a host does.
    fn until(&mut self, what: impl Fn(&Status) -> bool) -> Arc<Status> {
        let begun = Instant::now();
        loop {
            self.play_block();
            let status = self.recorder.status();
            if what(&status) {
                return status;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "{status:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn start(&mut self) -> Arc<Status> {
        self.recorder.start();
        self.until(|status| matches!(status.doing, Doing::Recording { .. }))
    }

    /// Stops; gives the session file.
    fn stop(&mut self) -> PathBuf {
        self.recorder.stop();
        self.until(|status| status.doing == Doing::Idle).session.clone().unwrap()
    }
}

struct Feed<'a>(&'a mut Tap);

impl Audience for Feed<'_> {
    fn event(&mut self, _: u32, event: &Spoken) -> Result<(), NoRoom> {
        self.0.play(event);
        Ok(())
    }

    fn hop(&mut self, report: &Report<'_>) {
        self.0.hop(report);
    }
}

fn sessions(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = folder.read_dir().into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "antiphon"));
    paths.sort();
    paths
}

fn marks(path: &Path) -> Vec<String> {
    let text = |entry| if let Entry::Mark { text, .. } = entry { Some(text) } else { None };
    Session::open(path).unwrap().entries().filter_map(text).collect()
}

#[test]
fn nothing_is_written_until_the_therapist_asks_for_it() {
    let mut rig = Rig::new();
    rig.play(3.0);
    rig.recorder.mark("a mark without a recording");
    rig.recorder.set_notes("nor are there notes");
    rig.recorder.look();
    let folder = rig.folder();
    rig.until(|status| status.folder == folder);
    assert_eq!(rig.dir.path().read_dir().unwrap().count(), 0);
}

#[test]
fn what_is_recorded_is_kept_with_marks_and_notes_and_can_be_exported() {
    let mut rig = Rig::new();
    rig.play(2.0);
    rig.start();
    rig.play(10.0);
    rig.recorder.mark("  she looked up ");
    rig.settings.set("goal", "pain").unwrap();
    rig.play(5.0);
    rig.recorder.set_notes("calm today");
    let path = rig.stop();
    rig.recorder.export(path.clone());
    let status = rig.until(|status| status.news.as_ref().is_some_and(|news| news.starts_with("Exported")));
    let session = Session::open(&path).unwrap();
    assert_eq!((session.ended(), session.unread, status.lost), (Some(How::Stopped), 0, 0));
    let seconds = session.length() as f64 / RATE_HZ;
    assert!((15.0..20.0).contains(&seconds), "{seconds}");
    let dir = path.with_extension("");
    let text = |file: &str| std::fs::read_to_string(dir.join(file)).unwrap();
    assert!(text("markers.csv").contains("she looked up") && text("notes.txt") == "calm today");
    let (first, pain) = ("0.000000000,goal,wellbeing", ",goal,pain\n");
    assert!(text("cues.csv").contains(first) && text("cues.csv").contains(pain), "{}", text("cues.csv"));
    assert!(text("notes.csv").lines().count() > 20 && text("played.csv").lines().count() > 5);
    assert!(text("transport.csv").lines().count() < 5, "a song that goes on is no news: {}", text("transport.csv"));
    assert_eq!(status.sessions, [path]);
}

#[cfg(unix)]
#[test]
fn nobody_but_the_user_can_read_what_is_written() {
    use std::os::unix::fs::PermissionsExt;
    let mut rig = Rig::new();
    rig.start();
    rig.play(1.0);
    rig.recorder.set_notes("private");
    let path = rig.stop();
    rig.recorder.export(path.clone());
    rig.until(|status| status.news.as_ref().is_some_and(|news| news.starts_with("Exported")));
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&rig.folder()), mode(&path.with_extension(""))), (0o700, 0o700));
    assert_eq!((mode(&path), mode(&path.with_extension("txt"))), (0o600, 0o600));
}

#[test]
fn two_instances_at_once_never_mix() {
    let mut one = Rig::new();
    let mut other = Rig::new();
    other.recorder.move_to(Home { folder: one.folder(), choice: None });
    one.start();
    other.start();
    for _ in 0..3 {
        one.play(1.0);
        other.play(1.0);
        one.recorder.mark("one");
        other.recorder.mark("other");
    }
    let paths = [one.stop(), other.stop()];
    assert_ne!(paths[0], paths[1]);
    assert_eq!((marks(&paths[0]), marks(&paths[1])), (vec!["one".to_owned(); 3], vec!["other".to_owned(); 3]));
    assert_eq!(sessions(&one.folder()).len(), 2);
    assert!(one.recorder.status().recovered.is_empty() && other.recorder.status().recovered.is_empty());
}

#[test]
fn each_recording_has_a_file_of_its_own_and_begins_at_zero() {
    let mut rig = Rig::new();
    let paths: Vec<_> = (0..3)
        .map(|_| {
            rig.start();
            rig.play(2.0);
            rig.stop()
        })
        .collect();
    for path in &paths {
        let session = Session::open(path).unwrap();
        let first = session.entries().find(|entry| matches!(entry, Entry::Moment(_))).unwrap();
        assert!(first.latest() < 1_000 && session.length() < 5 * RATE_HZ as u64, "{path:?}");
    }
    assert_eq!(sessions(&rig.folder()).len(), 3);
}

#[test]
fn a_folder_that_will_not_do_is_told_and_the_music_goes_on() {
    let mut rig = Rig::new();
    let file = rig.dir.path().join("a file");
    std::fs::write(&file, "").unwrap();
    rig.recorder.move_to(Home { folder: file.join("sessions"), choice: None });
    rig.recorder.start();
    let status = rig.until(|status| status.problem.is_some());
    assert!(status.problem.as_ref().unwrap().contains("a file") && status.doing == Doing::Idle, "{status:?}");
    let folder = rig.folder();
    rig.recorder.move_to(Home { folder, choice: None });
    rig.start();
    assert!(rig.recorder.status().problem.is_none());
}

#[cfg(unix)]
#[test]
fn a_folder_that_vanishes_is_told_within_a_second() {
    let mut rig = Rig::new();
    rig.start();
    rig.play(1.0);
    std::fs::remove_dir_all(rig.folder()).unwrap();
    let gone = Instant::now();
    let status = rig.until(|status| status.problem.is_some());
    assert!(gone.elapsed() < Duration::from_millis(1_500));
    assert!(status.problem.as_ref().unwrap().contains("has gone") && status.doing == Doing::Idle, "{status:?}");
}

#[test]
fn a_file_that_has_reached_its_greatest_size_is_complete_and_it_is_told() {
    let mut rig = Rig::with_limit(6_000);
    rig.start();
    let status = rig.until(|status| status.problem.is_some());
    assert!(status.problem.as_ref().unwrap().contains("greatest size"), "{status:?}");
    let path = status.session.clone().unwrap();
    assert!(std::fs::metadata(&path).unwrap().len() <= 6_000);
    assert_eq!(Session::open(&path).unwrap().ended(), Some(How::Full));
}

#[test]
fn a_plugin_that_is_closed_completes_its_recording() {
    let mut rig = Rig::new();
    let path = rig.start().session.clone().unwrap();
    rig.play(2.0);
    let Rig { dir, tap, recorder, .. } = rig;
    drop((tap, recorder));
    assert_eq!(Session::open(&path).unwrap().ended(), Some(How::Stopped));
    drop(dir);
}

#[test]
fn the_musician_may_begin_anew_and_at_another_rate_while_it_is_recorded() {
    let mut rig = Rig::new();
    rig.start();
    rig.play(3.2);
    rig.musician.reset();
    rig.tap.reset();
    (rig.musician, rig.at) = (Musician::new(2.0 * RATE_HZ), 0);
    rig.play(6.0);
    let session = Session::open(&rig.stop()).unwrap();
    // Six seconds of samples are three at the double rate.
    let seconds = session.length() as f64 / RATE_HZ;
    assert!((6.2..9.0).contains(&seconds), "{seconds}");
    let moments: Vec<_> =
        session.entries().filter(|entry| matches!(entry, Entry::Moment(_))).map(|entry| entry.latest()).collect();
    assert!(moments.is_sorted() && session.entries().any(|entry| matches!(entry, Entry::Anew(_))));
}

#[test]
fn what_finds_no_room_is_counted_and_nobody_waits() {
    let (producer, mut consumer) = rtrb::RingBuffer::new(8);
    let shared = Arc::new(Shared::default());
    let mut tap = Tap::new(producer, shared.clone());
    let mut musician = Musician::new(RATE_HZ);
    shared.wanted.store(1, Relaxed);
    let mut block = |tap: &mut Tap| {
        tap.block(&musician, &Settings::default(), None);
        musician.process(&[0.0; 6_400], &[], &Settings::default(), &mut Feed(tap));
        tap.advance(6_400);
    };
    block(&mut tap);
    assert_eq!(consumer.slots(), 8);
    while consumer.pop().is_ok() {}
    block(&mut tap);
    // A hop of 64 samples is one event; of the first block's hundred, three tell of the beginning and five found room.
    let lost = std::iter::from_fn(|| consumer.pop().ok()).find_map(|event| match event {
        event::Event::Lost(_, count) => Some(count),
        _ => None,
    });
    assert!(lost.is_some_and(|lost| (90..=99).contains(&lost)), "{lost:?}");
}

/// Set in the program for whose files there is little room: where to record.
const TO_FILL: &str = "ANTIPHON_RECORD_UNTIL_FULL";

#[cfg(unix)]
#[test]
fn a_disk_that_is_full_is_told_and_what_was_recorded_is_whole() {
    let dir = tempfile::tempdir().unwrap();
    let this = std::env::current_exe().unwrap();
    // A limit for each file is to a program what a full disk is; the shell counts in blocks of 512 bytes or of 1024.
    let limited = "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\"";
    let test = ["--exact", "recorder::tests::a_session_goes_on_until_there_is_no_room"];
    let mut command = std::process::Command::new("sh");
    command.args(["-c", limited]).arg(this).args(test).env(TO_FILL, dir.path()).env("RUST_BACKTRACE", "0");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let path = &sessions(dir.path())[0];
    let session = Session::open(path).unwrap();
    assert!(session.unread == 0 && session.length() as f64 > 2.0 * RATE_HZ, "{} samples", session.length());
}

#[test]
fn a_session_goes_on_until_there_is_no_room() {
    let Some(folder) = std::env::var_os(TO_FILL) else { return };
    let mut rig = Rig::new();
    rig.recorder.move_to(Home { folder: folder.into(), choice: None });
    rig.start();
    let status = rig.until(|status| status.problem.is_some());
    let problem = status.problem.as_ref().unwrap();
    assert!(problem.contains("is full") && problem.ends_with("What was recorded before is kept."), "{problem}");
    assert_eq!(status.doing, Doing::Idle);
    // The musician plays on, and the recorder is asked again in vain or not, but answers.
    rig.play(1.0);
    rig.recorder.start();
    rig.until(|status| status.doing != Doing::Idle || status.problem.is_some());
}

/// Set in the program that is to be killed: where to record.
const TO_KILL: &str = "ANTIPHON_RECORD_AND_BE_KILLED";

#[test]
fn a_session_that_is_killed_loses_at_most_its_last_second() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    let dir = tempfile::tempdir().unwrap();
    let this = std::env::current_exe().unwrap();
    let test = ["--exact", "recorder::tests::a_session_goes_on_until_it_is_killed", "--nocapture"];
    let mut command = Command::new(this);
    let mut child = command.args(test).env(TO_KILL, dir.path()).stdout(Stdio::piped()).spawn().unwrap();
    let mut recorded_s = 0.0_f64;
    for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
        recorded_s = line.trim().parse().unwrap_or(recorded_s);
        if recorded_s >= 3.3 {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    assert!(recorded_s >= 3.3, "it recorded");

    let mut next = Rig::new();
    next.recorder.move_to(Home { folder: dir.path().to_owned(), choice: None });
    let status = next.until(|status| !status.recovered.is_empty());
    assert!(status.recovered[0].contains("ended unexpectedly; it is kept"), "{status:?}");
    let session = Session::open(&sessions(dir.path())[0]).unwrap();
    let kept_s = session.length() as f64 / RATE_HZ;
    println!("recorded {recorded_s:.2} s, kept {kept_s:.2} s");
    assert!(kept_s > recorded_s - 1.0 && session.ended() == Some(How::BrokeOff), "{kept_s} of {recorded_s} s");
}

#[test]
fn a_session_goes_on_until_it_is_killed() {
    let Some(folder) = std::env::var_os(TO_KILL) else { return };
    let mut rig = Rig::new();
    rig.recorder.move_to(Home { folder: folder.into(), choice: None });
    rig.start();
    let (begun, from) = (Instant::now(), rig.at);
    loop {
        // In time with the clock, as in a DAW.
        while (rig.at - from) as f64 / RATE_HZ < begun.elapsed().as_secs_f64() {
            rig.play_block();
        }
        println!("{}", rig.recorder.0.shared.now.load(Relaxed) as f64 / RATE_HZ);
        std::thread::sleep(Duration::from_millis(10));
        assert!(begun.elapsed() < Duration::from_secs(60), "nobody killed it");
    }
}
