//! music.csv: what was understood and decided, and what sounded then.

use super::chord::chord_name;
use super::table::{Table, hundredths, instant};
use super::{PlayedNote, is_chordal};
use crate::problem::Problem;
use antiphon_engine::Report;
use antiphon_engine::intend::intent::State;
use antiphon_engine::key::Key;
use antiphon_engine::names::Named;
use antiphon_engine::time::{Clock, SampleTime};
use std::path::Path;

/// Longest time between two rows, s: the contract's.
const ROWS_AT_LEAST_EVERY_S: f64 = 0.5;

/// A confidence or a feeling has changed when it has moved by this: below it, it drifts with every hop.
const CHANGE: f32 = 0.05;

/// A tempo has changed when it has moved by this share: the smallest change of tempo that listeners tell (2 %).
const TEMPO_CHANGE: f32 = 0.02;

const COLUMNS: [&str; 11] = [
    "time_s",
    "key",
    "key_confidence",
    "chord",
    "tempo_bpm",
    "pulse_clarity",
    "phrase",
    "similarity",
    "arousal",
    "valence",
    "state",
];

#[derive(Clone, Debug, PartialEq)]
struct Row {
    key: Option<Key>,
    key_confidence: f32,
    chord: String,
    tempo_bpm: Option<f32>,
    pulse_clarity: f32,
    phrase: u32,
    similarity: Option<f32>,
    arousal: Option<f32>,
    valence: Option<f32>,
    state: State,
}

impl Row {
    fn differs(&self, other: &Self) -> bool {
        let moved = |a: Option<f32>, b: Option<f32>| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() >= CHANGE,
            (a, b) => a.is_some() != b.is_some(),
        };
        let named = |row: &Self| (row.key, row.phrase, row.state);
        let new_tempo = match (self.tempo_bpm, other.tempo_bpm) {
            (Some(a), Some(b)) => (a - b).abs() >= TEMPO_CHANGE * b,
            (a, b) => a.is_some() != b.is_some(),
        };
        named(self) != named(other)
            || self.chord != other.chord
            || moved(Some(self.key_confidence), Some(other.key_confidence))
            || new_tempo
            || moved(Some(self.pulse_clarity), Some(other.pulse_clarity))
            || moved(self.similarity, other.similarity)
            || moved(self.arousal, other.arousal)
            || moved(self.valence, other.valence)
    }
}

pub(super) struct Music {
    clock: Clock,
    table: Table,
    /// Longest time between two rows, samples.
    interval: SampleTime,
    now: Row,
    /// The instant that `now` belongs to, until everything of that instant is known and its row is written.
    waiting: Option<SampleTime>,
    written: Option<(SampleTime, Row)>,
}

impl Music {
    pub fn create(dir: &Path, clock: Clock) -> Result<Self, Problem> {
        let now = Row {
            key: None,
            key_confidence: 0.0,
            chord: chord_name(std::iter::empty()),
            tempo_bpm: None,
            pulse_clarity: 0.0,
            phrase: 0,
            similarity: None,
            arousal: None,
            valence: None,
            state: State::Waiting,
        };
        let table = Table::create(dir, "music.csv", &COLUMNS)?;
        let interval = clock.samples(ROWS_AT_LEAST_EVERY_S) - clock.hop() as SampleTime;
        Ok(Self { clock, table, interval, now, waiting: None, written: None })
    }

    /// Takes in the decision of a hop; what begins to sound at the same instant still joins its row.
    pub fn hop(&mut self, report: &Report<'_>) -> Result<(), Problem> {
        self.write_waiting()?;
        let (meaning, chord) = (report.meaning, std::mem::take(&mut self.now.chord));
        self.now = Row {
            key: meaning.tonality.key,
            key_confidence: meaning.tonality.confidence,
            chord,
            tempo_bpm: meaning.pulse.grid.map(|grid| grid.tempo_bpm),
            pulse_clarity: meaning.pulse.clarity,
            phrase: meaning.phrase.number,
            similarity: meaning.similarity,
            arousal: meaning.energy.arousal,
            valence: meaning.energy.valence,
            state: report.intent.state,
        };
        self.waiting = Some(report.now);
        Ok(())
    }

    /// What happens at `time` comes next: what came before is complete.
    pub fn reach(&mut self, time: SampleTime) -> Result<(), Problem> {
        if self.waiting.is_some_and(|waiting| waiting < time) { self.write_waiting() } else { Ok(()) }
    }

    /// From `time` on, `sounding` sounds.
    pub fn sound(&mut self, time: SampleTime, sounding: &[PlayedNote]) {
        let chordal = sounding.iter().filter(|note| is_chordal(note));
        self.now.chord = chord_name(chordal.map(|note| note.key));
        self.waiting = Some(time);
    }

    fn write_waiting(&mut self) -> Result<(), Problem> {
        let Some(time) = self.waiting.take() else { return Ok(()) };
        let due = match &self.written {
            Some((last, row)) => time - last >= self.interval || self.now.differs(row),
            None => true,
        };
        if !due {
            return Ok(());
        }
        let row = &self.now;
        self.table.row(&[
            instant(self.clock, time),
            row.key.map_or_else(String::new, |key| key.to_string()),
            hundredths(Some(row.key_confidence)),
            row.chord.clone(),
            hundredths(row.tempo_bpm),
            hundredths(Some(row.pulse_clarity)),
            row.phrase.to_string(),
            hundredths(row.similarity),
            hundredths(row.arousal),
            hundredths(row.valence),
            row.state.name().to_owned(),
        ])?;
        self.written = Some((time, row.clone()));
        Ok(())
    }

    pub fn finish(mut self) -> Result<(), Problem> {
        self.write_waiting()?;
        self.table.finish()
    }
}
