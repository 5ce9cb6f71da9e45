//! What is heard of a client, hop by hop, and what is understood of it: for drawing it and for measuring it.

pub mod agreement;
mod summary;
mod understanding;

pub use understanding::{Beat, From, Phrase, Understanding};

use crate::problem::Problem;
use crate::source::Source;
use antiphon_engine::listen::Listen;
use antiphon_engine::listen::downmix::Downmix;
use antiphon_engine::listen::heard::{HeardNote, KeyMessage, NoteChange, Onset, PitchReading, Player};
use antiphon_engine::settings::Settings;
use antiphon_engine::time::{Clock, SampleTime};
use std::collections::BTreeMap;
use understanding::Mind;

/// Hops that are read from a file at a time.
const HOPS_PER_READ: usize = 64;

/// The level of no sound at all, dBFS.
const SILENCE_DB: f32 = -120.0;

/// What one hop made known, but for onsets and notes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hop {
    /// The last input sample that was needed to know.
    pub available: SampleTime,
    /// Pitch.
    pub pitch: PitchReading,
    /// Short-term level, dBFS; -120 for silence.
    pub level_db: f32,
}

/// Everything that was heard of a client.
#[derive(Clone, Debug, PartialEq)]
pub struct Hearing {
    /// The clock that its times are counted by.
    pub clock: Clock,
    /// Samples heard.
    pub length: SampleTime,
    /// One for each hop; what is left at the end and fills no hop is not heard.
    pub hops: Vec<Hop>,
    /// Beginnings, in the order in which they were found.
    pub onsets: Vec<Onset>,
    /// Notes in their final form, in onset order; the last may have no offset.
    pub notes: Vec<HeardNote>,
    /// What was understood of it.
    pub understood: Understanding,
}

impl Hearing {
    /// Listens to all of `source`. `progress` is told the samples heard.
    pub fn of(source: &mut Source, settings: &Settings, progress: &mut dyn FnMut(SampleTime)) -> Result<Self, Problem> {
        let mut ears = Ears::new(source.rate_hz(), settings);
        let hop = ears.heard.clock.hop();
        let (mut channels, mut samples) = (Vec::new(), Vec::new());
        let (mut next_message, mut next_change) = (0, 0);
        let mut downmix = Downmix::default();
        loop {
            let count = source.read(HOPS_PER_READ * hop, &mut channels)?;
            if count == 0 {
                return Ok(ears.finish());
            }
            samples.resize(count, 0.0);
            downmix.process(&channels, 0, &mut samples);
            for chunk in samples.chunks(hop) {
                let begin = ears.heard.length;
                while let Some(change) = source.song().get(next_change).filter(|change| change.time <= begin) {
                    ears.mind.tell(change.time, &change.transport);
                    next_change += 1;
                }
                let coming = &source.messages()[next_message..];
                let until = coming.partition_point(|message| message.time < begin + chunk.len() as SampleTime);
                let clients = coming[..until].iter().filter(|message| message.by == Player::Client);
                let within = clients.map(|message| KeyMessage {
                    by: Player::Client,
                    offset: message.time.saturating_sub(begin) as u32,
                    key: message.key,
                    velocity: message.velocity,
                });
                ears.hear(chunk, &within.collect::<Vec<_>>());
                next_message += until;
            }
            progress(ears.heard.length);
        }
    }

    /// Listens to `samples` in mono, full scale 1, at `rate_hz`.
    pub fn of_samples(samples: &[f32], rate_hz: f64, settings: &Settings) -> Self {
        let mut ears = Ears::new(rate_hz, settings);
        let mut scrubbed = vec![0.0; samples.len()];
        Downmix::default().process(&[samples], 0, &mut scrubbed);
        scrubbed.chunks(ears.heard.clock.hop()).for_each(|chunk| ears.hear(chunk, &[]));
        ears.finish()
    }

    /// Seconds heard.
    pub fn length_s(&self) -> f64 {
        self.clock.seconds(self.length)
    }

    /// Whether there is any sound; a client at a MIDI keyboard makes none.
    pub fn has_sound(&self) -> bool {
        self.hops.iter().any(|hop| hop.level_db > SILENCE_DB)
    }

    /// When a note began and ended, s; the end of the input where it had no end.
    pub fn span_s(&self, note: &HeardNote) -> (f64, f64) {
        (self.clock.seconds(note.onset), self.clock.seconds(note.offset.unwrap_or(self.length).max(note.onset)))
    }
}

struct Ears {
    listen: Listen,
    settings: Settings,
    mind: Mind,
    notes: BTreeMap<u32, HeardNote>,
    heard: Hearing,
}

impl Ears {
    fn new(rate_hz: f64, settings: &Settings) -> Self {
        let clock = Clock::new(rate_hz);
        let heard = Hearing {
            clock,
            length: 0,
            hops: Vec::new(),
            onsets: Vec::new(),
            notes: Vec::new(),
            understood: Understanding::default(),
        };
        let (listen, mind) = (Listen::new(clock), Mind::new(clock));
        Self { listen, settings: settings.clamped(), mind, notes: BTreeMap::new(), heard }
    }

    /// Hears a hop; one that is not full is counted and not heard.
    fn hear(&mut self, samples: &[f32], midi: &[KeyMessage]) {
        self.heard.length += samples.len() as SampleTime;
        if samples.len() < self.heard.clock.hop() {
            return;
        }
        let facts = self.listen.process(samples, midi, &[], &self.settings);
        self.mind.think(facts, &self.settings);
        let available = facts.now.saturating_sub(1);
        self.heard.hops.push(Hop { available, pitch: facts.pitch, level_db: facts.level_db });
        self.heard.onsets.extend(&facts.onsets);
        for change in &facts.notes {
            match *change {
                NoteChange::Began(note) | NoteChange::Revised(note) | NoteChange::Ended(note) => {
                    self.notes.insert(note.id, note);
                }
                NoteChange::Withdrawn(note) => {
                    self.notes.remove(&note.id);
                }
            }
        }
    }

    fn finish(self) -> Hearing {
        let mut notes: Vec<HeardNote> = self.notes.into_values().collect();
        notes.sort_by_key(|note| (note.onset, note.id));
        Hearing { notes, understood: self.mind.understood, ..self.heard }
    }
}
