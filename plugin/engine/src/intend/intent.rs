//! What `intend` decided: where the exchange stands, what character the answer has, and why.

pub use super::body::{Body, Counter, Figure, Ground};
pub use super::character::Character;
pub use super::invite::Rung;
pub use super::state::{Act, Reason, State};
use crate::time::SampleTime;

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
    /// The approach lets the music have a beat, and there is one.
    pub metre: bool,
    /// What the answer is like.
    pub character: Character,
    /// Begin an answer to the phrase that just ended, at this instant.
    pub answer_at: Option<SampleTime>,
    /// Give way: end the answer that is going on.
    pub give_way: bool,
    /// Offer this to a client who has fallen silent.
    pub invite: Option<Rung>,
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
            metre: false,
            character: Character::default(),
            answer_at: None,
            give_way: false,
            invite: None,
            stop: false,
            reason: Reason::NothingHeard,
        }
    }
}
