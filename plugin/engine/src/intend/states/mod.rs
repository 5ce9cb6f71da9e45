//! The states as techniques: when each is entered, what the music of it is made of, when it is left.
//!
//! One file a state; each reads like the description of the technique that it realises.

mod approach;
mod build;
mod calming;
mod complete;
mod containing;
mod dialogue;
mod echo;
mod r#final;
mod grounding;
mod holding;
mod minor;
mod mirroring;
mod pulse;
mod rest;
mod silent;
mod slowing;
mod solidify;
mod song;
mod swing;
mod tones;
mod waiting;
mod withdrawing;

use super::arc::View;
use super::body::Body;
use super::state::{Reason, State};

/// A state as a technique.
pub struct Technique {
    /// The state.
    pub state: State,
    /// What the music is made of.
    pub body: Body,
    /// Asked while the state before it in the arc lasts: may it begin?
    pub enters: fn(&View) -> Turn,
    /// Asked while it lasts: where else does it lead, by what is heard?
    pub leaves: fn(&View) -> Option<(State, Reason)>,
}

/// Whether a state's time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Now, and why.
    Enter(Reason),
    /// Not yet.
    Wait,
    /// Not with this client: on to the one after it.
    PassOver,
}

/// The exchange from the first tone to completion (Turry 2010, pp. 116-172).
pub const ARC: [State; 13] = [
    State::Tones,
    State::Minor,
    State::Rest,
    State::Echo,
    State::Pulse,
    State::Swing,
    State::Song,
    State::Build,
    State::Solidify,
    State::Approach,
    State::Slowing,
    State::Final,
    State::Complete,
];

/// Every state as a technique, in the order of [`State`].
const TECHNIQUES: [&Technique; 22] = [
    &waiting::WAITING,
    &tones::TONES,
    &minor::MINOR,
    &rest::REST,
    &echo::ECHO,
    &pulse::PULSE,
    &swing::SWING,
    &song::SONG,
    &build::BUILD,
    &solidify::SOLIDIFY,
    &approach::APPROACH,
    &slowing::SLOWING,
    &r#final::FINAL,
    &complete::COMPLETE,
    &grounding::GROUNDING,
    &holding::HOLDING,
    &containing::CONTAINING,
    &dialogue::DIALOGUE,
    &mirroring::MIRRORING,
    &calming::CALMING,
    &withdrawing::WITHDRAWING,
    &silent::SILENT,
];

/// `state` as a technique.
pub fn technique(state: State) -> &'static Technique {
    TECHNIQUES.iter().find(|technique| technique.state == state).unwrap_or(&TECHNIQUES[0])
}

/// Only by the therapist, or by the arc's own rules.
fn by_act(_: &View) -> Turn {
    Turn::Wait
}

/// It leads nowhere of itself.
fn stays(_: &View) -> Option<(State, Reason)> {
    None
}

/// When she stops within music that has a beat, it thins to holding.
fn stops(view: &View) -> Option<(State, Reason)> {
    view.has_stopped().then_some((State::Holding, Reason::ClientSilent))
}

/// The body of a state without music.
const STILL: Body = Body {
    ground: super::body::Ground::Silent,
    figure: super::body::Figure::Pulse,
    counter: super::body::Counter::None,
    velocity: 0.0,
    colour: 0.0,
    grows: 0.0,
    same_chords: false,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Named;

    #[test]
    fn every_state_has_its_technique() {
        assert!(State::ALL.iter().all(|&state| technique(state).state == state));
    }
}
