//! The recorder's own thread: carries out what it is asked for, and writes what the audio thread tells.

use super::event::Event;
use super::file::{make_folder, write_text};
use super::home::words;
use super::recording::Recording;
use super::status::sentence;
use super::{Command, Doing, Home, Shared, Status, locked};
use antiphon_session::journal::{self, EXTENSION, How, Session};
use antiphon_session::problem::Problem;
use jiff::Zoned;
use rtrb::Consumer;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering::{Relaxed, Release};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The ring is emptied this often while a recording goes on.
const POLL: Duration = Duration::from_millis(20);

/// How long the audio thread may take to tell that it has ended: several of the longest blocks. A host that has stopped
/// processing never tells.
const LAST_WORD: Duration = Duration::from_millis(500);

/// Sessions that are listed.
const LISTED: usize = 20;

/// Longest text of a marker, characters.
const MARK_CHARACTERS: usize = 500;

/// What the thread works with.
pub(super) struct Worker {
    ring: Consumer<Event>,
    shared: Arc<Shared>,
    shown: Arc<Mutex<Arc<Status>>>,
    limit_bytes: u64,
    find_home: fn() -> Home,
    home: Option<Home>,
    status: Status,
    recording: Option<Recording>,
    /// Recordings begun so far.
    sessions: u32,
}

impl Worker {
    pub fn new(
        ring: Consumer<Event>,
        shared: Arc<Shared>,
        shown: Arc<Mutex<Arc<Status>>>,
        limit_bytes: u64,
        find_home: fn() -> Home,
    ) -> Self {
        let (home, status, recording) = (None, Status::default(), None);
        Self { ring, shared, shown, limit_bytes, find_home, home, status, recording, sessions: 0 }
    }

    /// Works until nobody can ask for anything any more.
    pub fn run(mut self, commands: &Receiver<Command>) {
        loop {
            let command = match self.recording {
                Some(_) => commands.recv_timeout(POLL),
                None => commands.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match command {
                Ok(command) => self.carry_out(command),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            self.write();
            self.show();
        }
        self.stop(How::Stopped);
    }

    fn home(&mut self) -> &mut Home {
        self.home.get_or_insert_with(self.find_home)
    }

    fn folder(&mut self) -> PathBuf {
        self.home().folder.clone()
    }

    fn carry_out(&mut self, command: Command) {
        match command {
            Command::Look => self.look(),
            Command::Start => self.start(),
            Command::Stop => self.stop(How::Stopped),
            Command::Mark(time, text) => self.mark(time, &text),
            Command::Notes(text) => self.keep_notes(text),
            Command::Folder(text) => match self.home().choose(&text) {
                Ok(()) => {
                    self.tell(Ok("Sessions are kept in this folder from now on.".to_owned()));
                    self.look();
                }
                Err(problem) => self.tell(Err(problem)),
            },
            Command::Export(session) => self.export(&session),
            Command::ShowFolder => self.show_folder(),
            Command::MoveTo(home) => {
                self.home = Some(home);
                self.look();
            }
        }
    }

    /// Completes what broke off, and lists what there is.
    fn look(&mut self) {
        let (folder, today) = (self.folder(), Zoned::now().strftime("%Y-%m-%d").to_string());
        for path in journal::unfinished(&folder) {
            match journal::recover(&path) {
                Ok(Some(recovered)) => self.status.recovered.push(sentence(&recovered, &today)),
                Ok(None) => {}
                // What holds nothing that can be read is left as it is.
                Err(problem @ Problem::NoSession { .. }) => drop(problem),
                Err(problem) => self.tell(Err(format!("{problem}."))),
            }
        }
        self.list();
    }

    fn list(&mut self) {
        let folder = self.folder();
        let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        let is_session = |path: &PathBuf| path.extension().is_some_and(|extension| extension == EXTENSION);
        let mut sessions: Vec<_> = entries.map(|entry| entry.path()).filter(is_session).collect();
        sessions.sort_by(|a, b| b.cmp(a));
        sessions.truncate(LISTED);
        (self.status.folder, self.status.sessions) = (folder, sessions);
    }

    fn start(&mut self) {
        if self.recording.is_some() {
            return;
        }
        self.look();
        let folder = self.folder();
        self.sessions += 1;
        match Recording::begin(self.sessions, &folder, self.limit_bytes) {
            Ok(recording) => {
                self.status.session = Some(recording.path.clone());
                self.status.notes.clear();
                self.status.lost = 0;
                self.shared.now.store(0, Relaxed);
                self.shared.wanted.store(recording.session, Release);
                self.recording = Some(recording);
                self.tell(Ok("Recording: what is heard and played, no sound.".to_owned()));
                self.list();
            }
            Err(error) => self.tell(Err(words(&error, &folder))),
        }
    }

    /// Takes everything out of the ring, and hands on what is due.
    fn write(&mut self) {
        let Some(mut recording) = self.recording.take() else { return };
        match self.drain(&mut recording) {
            Ok(()) if recording.full => {
                self.recording = Some(recording);
                self.stop(How::Full);
            }
            Ok(()) => self.recording = Some(recording),
            Err(error) => self.give_up(recording, &error),
        }
    }

    fn drain(&mut self, recording: &mut Recording) -> io::Result<()> {
        while let Ok(event) = self.ring.pop() {
            recording.take(event)?;
        }
        recording.flush()
    }

    fn stop(&mut self, how: How) {
        self.shared.wanted.store(0, Release);
        let Some(mut recording) = self.recording.take() else { return };
        let asked = Instant::now();
        while !recording.over && !self.ring.is_abandoned() && asked.elapsed() < LAST_WORD {
            if let Err(error) = self.drain(&mut recording) {
                return self.give_up(recording, &error);
            }
            std::thread::sleep(POLL / 4);
        }
        if let Err(error) = self.drain(&mut recording) {
            return self.give_up(recording, &error);
        }
        let (path, lost) = (recording.path.clone(), recording.lost);
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.status.lost = lost;
        let done = recording.end(how).map_err(|error| stopped(&error, &path)).and_then(|()| match how {
            How::Full => Err(format!(
                "'{name}' has reached its greatest size and is complete. Record again to go on in a new file."
            )),
            _ => Ok(format!("Kept as '{name}'.")),
        });
        self.tell(done);
        self.list();
    }

    fn give_up(&mut self, recording: Recording, error: &io::Error) {
        self.shared.wanted.store(0, Release);
        let problem = stopped(error, &recording.path);
        recording.give_up();
        self.tell(Err(problem));
        self.list();
    }

    fn mark(&mut self, time: u64, text: &str) {
        // What happened before the marker stands before it.
        self.write();
        let text = text.trim().chars().take(MARK_CHARACTERS).collect();
        let Some(mut recording) = self.recording.take() else { return };
        match recording.mark(time, text) {
            Ok(()) => self.recording = Some(recording),
            Err(error) => self.give_up(recording, &error),
        }
    }

    fn keep_notes(&mut self, text: String) {
        let Some(session) = &self.status.session else { return };
        let path = notes_of(session);
        match write_text(&path, &text) {
            Ok(()) => self.status.notes = text,
            Err(error) => self.tell(Err(words(&error, &path))),
        }
    }

    fn export(&mut self, session: &Path) {
        if self.recording.is_some() {
            return self.tell(Err("Stop the recording first; then it can be exported.".to_owned()));
        }
        self.status.doing = Doing::Exporting;
        self.publish();
        let exported = export(session).map(|(dir, warnings)| {
            let warnings: String = warnings.iter().map(|warning| format!(" Note: {warning}.")).collect();
            format!("Exported to '{}'.{warnings}", dir.display())
        });
        self.tell(exported);
    }

    fn show_folder(&mut self) {
        let folder = self.folder();
        if make_folder(&folder).and_then(|()| open::that_detached(&folder)).is_err() {
            self.tell(Err(format!("The folder cannot be shown from here. It is '{}'.", folder.display())));
        }
    }

    fn tell(&mut self, outcome: Result<String, String>) {
        (self.status.news, self.status.problem) = match outcome {
            Ok(news) => (Some(news), None),
            Err(problem) => (None, Some(problem)),
        };
    }

    fn show(&mut self) {
        self.status.doing = match &self.recording {
            Some(recording) => {
                self.status.lost = recording.lost;
                let (seconds, bytes) = (recording.seconds() as u32, recording.bytes());
                Doing::Recording { seconds, bytes, markers: recording.markers }
            }
            None => Doing::Idle,
        };
        self.publish();
    }

    fn publish(&self) {
        let mut shown = locked(&self.shown);
        if **shown != self.status {
            *shown = Arc::new(self.status.clone());
        }
    }
}

/// Why the recording at `path` has stopped.
fn stopped(error: &io::Error, path: &Path) -> String {
    let kept = if error.kind() == io::ErrorKind::NotFound { "" } else { " What was recorded before is kept." };
    let folder = path.parent().unwrap_or(path);
    format!("Recording has stopped. {}{kept}", words(error, folder))
}

/// The therapist's notes beside `session`.
fn notes_of(session: &Path) -> PathBuf {
    session.with_extension("txt")
}

/// Writes the files of `session` into a folder of its name; gives the folder and what should be known.
fn export(session: &Path) -> Result<(PathBuf, Vec<String>), String> {
    let dir = session.with_extension("");
    make_folder(&dir).map_err(|error| words(&error, &dir))?;
    let read = Session::open(session).map_err(|problem| format!("{problem}."))?;
    let summary = journal::export(&read, session, &dir).map_err(|problem| format!("{problem}."))?;
    if let Ok(text) = std::fs::read_to_string(notes_of(session)) {
        write_text(&dir.join("notes.txt"), &text).map_err(|error| words(&error, &dir))?;
    }
    Ok((dir, summary.warnings))
}
