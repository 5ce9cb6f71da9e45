//! When music.csv is due another row: whenever something changed, and at least twice a second.

use super::chord::chord_name;
use super::{Moment, PlayedNote, is_chordal};
use antiphon_engine::time::{Clock, SampleTime};

/// Longest time between two rows, s: the contract's.
const ROWS_AT_LEAST_EVERY_S: f64 = 0.5;

/// A confidence or a feeling has changed when it has moved by this: below it, it drifts with every hop.
const CHANGE: f32 = 0.05;

/// A tempo has changed when it has moved by this share: the smallest change of tempo that listeners tell (2 %).
const TEMPO_CHANGE: f32 = 0.02;

/// A row: what was understood and decided, and the chord that sounded.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub moment: Moment,
    pub chord: String,
}

impl Row {
    fn differs(&self, other: &Self) -> bool {
        let (own, its) = (&self.moment, &other.moment);
        let moved = |a: Option<f32>, b: Option<f32>| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() >= CHANGE,
            (a, b) => a.is_some() != b.is_some(),
        };
        let new_tempo = match (own.grid, its.grid) {
            (Some(a), Some(b)) => (a.tempo_bpm - b.tempo_bpm).abs() >= TEMPO_CHANGE * b.tempo_bpm,
            (a, b) => a.is_some() != b.is_some(),
        };
        (own.key, own.phrase, own.state) != (its.key, its.phrase, its.state)
            || self.chord != other.chord
            || moved(Some(own.key_confidence), Some(its.key_confidence))
            || new_tempo
            || moved(Some(own.clarity), Some(its.clarity))
            || moved(own.similarity, its.similarity)
            || moved(own.arousal, its.arousal)
            || moved(own.valence, its.valence)
    }
}

/// Decides which instants become rows. Each is asked about once everything that belongs to it is known: when the next
/// begins.
#[derive(Debug)]
pub(crate) struct Rows {
    /// Longest time between two rows, samples.
    interval: SampleTime,
    now: Row,
    /// The instant that `now` belongs to, until everything of that instant is known.
    waiting: Option<SampleTime>,
    written: Option<(SampleTime, Row)>,
}

impl Rows {
    pub fn new(clock: Clock) -> Self {
        let interval = clock.samples(ROWS_AT_LEAST_EVERY_S) - clock.hop() as SampleTime;
        let now = Row { moment: Moment::BEGINNING, chord: chord_name(std::iter::empty()) };
        Self { interval, now, waiting: None, written: None }
    }

    /// Takes in the decision of a hop; what begins to sound at the same instant still joins its row. Gives the row of an
    /// earlier instant, if it is due.
    pub fn hop(&mut self, moment: &Moment) -> Option<(SampleTime, Row)> {
        let due = self.finish();
        self.now.moment = *moment;
        self.waiting = Some(moment.now);
        due
    }

    /// What happens at `time` comes next: what came before is complete.
    pub fn reach(&mut self, time: SampleTime) -> Option<(SampleTime, Row)> {
        self.waiting.is_some_and(|waiting| waiting < time).then(|| self.finish()).flatten()
    }

    /// From `time` on, `sounding` sounds.
    pub fn sound(&mut self, time: SampleTime, sounding: &[PlayedNote]) {
        let chordal = sounding.iter().filter(|note| is_chordal(note));
        self.now.chord = chord_name(chordal.map(|note| note.key));
        self.waiting = Some(time);
    }

    /// The row of the last instant, if it is due.
    pub fn finish(&mut self) -> Option<(SampleTime, Row)> {
        let time = self.waiting.take()?;
        let due = match &self.written {
            Some((last, row)) => time.saturating_sub(*last) >= self.interval || self.now.differs(row),
            None => true,
        };
        due.then(|| self.written.insert((time, self.now.clone())).clone())
    }
}
