//! What `intend` decided: where the exchange stands, what character the answer has, and why.

pub use super::body::{Body, Counter, Figure, Ground};
pub use super::state::{Act, Reason, State};
use crate::time::SampleTime;

/// The goal, the approach and the knobs, resolved to what the answering needs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Character {
    /// Note-ons of ours for each of the client's.
    pub density_ratio: f32,
    /// Velocity against the client's, usually negative.
    pub velocity_offset: f32,
    /// Centre of the answering voice against the client's, semitones.
    pub register_offset: f32,
    /// Seconds from the end of the client's phrase to the answer.
    pub reply_delay_s: f32,
    /// Share of answers that imitate her contour, 0-1; then complement, and the rest contrasts.
    pub imitate: f32,
    /// Share that complement it.
    pub complement: f32,
    /// Share of her phrases left unanswered, 0-1.
    pub silence_share: f32,
    /// Whether cadences are functional (structured) or plagal and modal.
    pub functional: bool,
    /// Whether the client's own closing may begin the cadence.
    pub client_may_close: bool,
    /// How far velocities follow hers, 0-1.
    pub follow: f32,
}

/// The decision of one hop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Intent {
    /// Where the exchange stands.
    pub state: State,
    /// Since when.
    pub since: SampleTime,
    /// The state was entered in this hop.
    pub entered: bool,
    /// What the music of the state is made of.
    pub body: Body,
    /// The client's phrases that ended in this state.
    pub phrases: u32,
    /// What the answer is like.
    pub character: Character,
    /// Begin an answer to the phrase that just ended, at this instant.
    pub answer_at: Option<SampleTime>,
    /// Give way: end the answer that is going on.
    pub give_way: bool,
    /// Everything off now, whatever the state.
    pub stop: bool,
    /// Why.
    pub reason: Reason,
}

impl Default for Intent {
    fn default() -> Self {
        Self {
            state: State::Waiting,
            since: 0,
            entered: false,
            body: Body::default(),
            phrases: 0,
            character: Character::default(),
            answer_at: None,
            give_way: false,
            stop: false,
            reason: Reason::NothingHeard,
        }
    }
}
