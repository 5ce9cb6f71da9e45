//! One recording: events into entries, entries into the file.

use super::event::Event;
use super::file::SessionFile;
use antiphon_engine::settings::Settings;
use antiphon_engine::time::{Clock, SampleTime};
use antiphon_session::journal::{Entry, Header, How, Journal, Names, Thinner, VERSION, choices, first_choices};
use jiff::Zoned;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What happened is handed to the system this often: a plugin that is killed loses no more.
const FLUSH: Duration = Duration::from_millis(250);

/// And settled on the disk this often: a computer that loses its power loses no more.
const SETTLE: Duration = Duration::from_millis(500);

/// A recording that goes on.
pub(super) struct Recording {
    /// Its number.
    pub session: u32,
    /// Its file.
    pub path: PathBuf,
    /// Markers so far.
    pub markers: u32,
    /// Events that found no room.
    pub lost: u64,
    /// The audio thread has told its end.
    pub over: bool,
    /// No entry fits into the file any more.
    pub full: bool,
    journal: Journal<SessionFile>,
    /// From the first sample on: the clock, and what chooses.
    begun: Option<(Clock, Thinner)>,
    settings: Option<Settings>,
    latest: SampleTime,
    flushed: Instant,
    settled: Instant,
}

impl Recording {
    /// Begins the recording `session` in a new file in `folder`.
    pub fn begin(session: u32, folder: &Path, limit_bytes: u64) -> io::Result<Self> {
        let now = Zoned::now();
        let file = SessionFile::create(folder, &now.strftime("%Y-%m-%d_%H-%M-%S").to_string())?;
        let header = Header {
            version: VERSION,
            written_by: env!("CARGO_PKG_VERSION").to_owned(),
            begun: now.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            names: Names::default(),
        };
        let path = file.path().to_owned();
        let journal = Journal::begin(file, &header, limit_bytes).inspect_err(|_| {
            // An empty file would be taken for a session.
            let _ = std::fs::remove_file(&path);
        })?;
        let (flushed, settled) = (Instant::now(), Instant::now());
        Ok(Self {
            session,
            path,
            markers: 0,
            lost: 0,
            over: false,
            full: false,
            journal,
            begun: None,
            settings: None,
            latest: 0,
            flushed,
            settled,
        })
    }

    /// Takes an event down; what belongs to no recording or another is passed over.
    pub fn take(&mut self, event: Event) -> io::Result<()> {
        if let Event::Begin(session, rate_hz) = event {
            if session == self.session && self.begun.is_none() {
                let clock = Clock::new(rate_hz);
                self.begun = Some((clock, Thinner::new(clock)));
                self.keep(Entry::Begin(rate_hz))?;
            }
            return Ok(());
        }
        let Some((_, thinner)) = &mut self.begun else { return Ok(()) };
        match event {
            Event::Begin(..) => Ok(()),
            Event::Hop(moment, pitch) => {
                let moments = thinner.moment(&moment);
                let entries = thinner.pitch(moment.now, &pitch).into_iter().chain(moments);
                self.latest = self.latest.max(moment.now);
                self.keep_all(entries)
            }
            Event::Played(played) => {
                let entries = thinner.played(&played);
                self.keep_all(entries)
            }
            Event::Control(control) => self.keep(Entry::from(&control)),
            Event::Onset(onset) => self.keep(Entry::from(&onset)),
            Event::Note(change) => self.keep(Entry::from(&change)),
            Event::Hand(time, key, velocity) => self.keep(Entry::Hand { time, key, velocity }),
            Event::Transport(time, said) => self.keep(Entry::transport(time, said.as_ref())),
            Event::Settings(time, settings) => self.choose(time, &settings),
            Event::Anew(time) => self.keep(Entry::Anew(time)),
            Event::Lost(time, count) => {
                self.lost += count;
                self.keep(Entry::Lost { time, count })
            }
            Event::End(session, time) => {
                self.over |= session == self.session;
                self.latest = self.latest.max(time);
                Ok(())
            }
        }
    }

    fn choose(&mut self, time: SampleTime, settings: &Settings) -> io::Result<()> {
        let was = self.settings.replace(*settings);
        let chosen: Vec<_> = match was {
            Some(was) => choices(&was, settings).collect(),
            None => first_choices(settings).collect(),
        };
        self.keep_all(chosen.into_iter().map(|(name, value)| Entry::Choice { time, name: name.to_owned(), value }))
    }

    /// Marks the instant `time`.
    pub fn mark(&mut self, time: SampleTime, text: String) -> io::Result<()> {
        self.markers += 1;
        self.keep(Entry::Mark { time, text })
    }

    fn keep_all(&mut self, entries: impl IntoIterator<Item = Entry>) -> io::Result<()> {
        entries.into_iter().try_for_each(|entry| self.keep(entry))
    }

    fn keep(&mut self, entry: Entry) -> io::Result<()> {
        self.latest = self.latest.max(entry.latest());
        self.full |= !self.journal.append(&entry)?;
        Ok(())
    }

    /// Hands over and settles what is due.
    pub fn flush(&mut self) -> io::Result<()> {
        if self.flushed.elapsed() >= FLUSH {
            self.journal.flush()?;
            self.flushed = Instant::now();
        }
        if self.settled.elapsed() >= SETTLE {
            self.journal.settle()?;
            self.settled = Instant::now();
        }
        Ok(())
    }

    /// Length so far, s.
    pub fn seconds(&self) -> f64 {
        self.begun.as_ref().map_or(0.0, |(clock, _)| clock.seconds(self.latest))
    }

    /// Size so far, bytes.
    pub fn bytes(&self) -> u64 {
        self.journal.length()
    }

    /// Completes the file.
    pub fn end(mut self, how: How) -> io::Result<()> {
        if let Some(last) = self.begun.as_mut().and_then(|(_, thinner)| thinner.finish()) {
            self.keep(last)?;
        }
        self.journal.end(self.latest, how).map(drop)
    }

    /// Completes the file without what could not be written, as far as that is possible.
    pub fn give_up(self) {
        self.journal.give_up(self.latest);
    }
}
