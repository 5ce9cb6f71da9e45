//! What is kept of the music at one instant of decision.

use antiphon_engine::Report;
use antiphon_engine::intend::intent::{Reason, State};
use antiphon_engine::key::Key;
use antiphon_engine::time::SampleTime;
use antiphon_engine::understand::meaning::BeatGrid;

/// What was understood and decided in a hop, as far as files tell of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// The instant of the decision.
    pub now: SampleTime,
    /// The key, if claimed.
    pub key: Option<Key>,
    /// How sure of it, 0-1.
    pub key_confidence: f32,
    /// The beats; `None` in free time.
    pub grid: Option<BeatGrid>,
    /// How sure of a beat, 0-1.
    pub clarity: f32,
    /// The client's phrase, from 1; 0 before the first.
    pub phrase: u32,
    /// How alike her phrase is to the best remembered one, 0-1.
    pub similarity: Option<f32>,
    /// A proxy of arousal, 0-1.
    pub arousal: Option<f32>,
    /// A proxy of valence, 0-1.
    pub valence: Option<f32>,
    /// Where the exchange stands.
    pub state: State,
    /// Why.
    pub reason: Reason,
}

impl Moment {
    /// Before anything was heard.
    pub const BEGINNING: Self = Self {
        now: 0,
        key: None,
        key_confidence: 0.0,
        grid: None,
        clarity: 0.0,
        phrase: 0,
        similarity: None,
        arousal: None,
        valence: None,
        state: State::Waiting,
        reason: Reason::NothingHeard,
    };

    /// What a hop made known.
    pub fn of(report: &Report<'_>) -> Self {
        let meaning = report.meaning;
        Self {
            now: report.now,
            key: meaning.tonality.key,
            key_confidence: meaning.tonality.confidence,
            grid: meaning.pulse.grid,
            clarity: meaning.pulse.clarity,
            phrase: meaning.phrase.number,
            similarity: meaning.similarity,
            arousal: meaning.energy.arousal,
            valence: meaning.energy.valence,
            state: report.intent.state,
            reason: report.intent.reason,
        }
    }
}
