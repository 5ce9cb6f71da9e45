//! The shape that goal and approach give to what a state's music is made of.

use super::approaches::approach_row;
use super::body::{Body, Counter, Ground};
use super::goals::goal_row;
use super::state::State;
use crate::settings::Settings;

/// What is known when the music of a state is shaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// The state.
    pub state: State,
    /// The approach lets the music have a beat.
    pub metre: bool,
    /// This phrase of hers is listened to.
    pub listens: bool,
    /// Her rests leave room for a turn of ours, at times at least.
    pub room: bool,
}

/// `body`, the music of a state, as goal and approach have it.
pub fn shape(body: Body, given: Given, settings: &Settings) -> Body {
    let (goal, approach) = (goal_row(settings.goal), approach_row(settings.approach));
    let no_metre = body.ground == Ground::Beat && !given.metre && approach.metre_clarity > 0.0;
    let usual = if no_metre { Ground::Chords } else { body.ground };
    let is_held = matches!(usual, Ground::Drone | Ground::Held | Ground::Chords);
    let ground = match usual {
        _ if given.listens && (is_held || usual == Ground::Beat) => Ground::Silent,
        _ if goal.turns_alone && given.room && given.state == State::Dialogue => Ground::Silent,
        _ if is_held => goal.ground.unwrap_or(usual),
        _ => usual,
    };
    let counter = if given.listens { Counter::None } else { body.counter };
    Body { ground, counter, ..body }
}

#[cfg(test)]
mod tests {
    use super::super::body;
    use super::*;
    use crate::names::Named;
    use crate::settings::{Approach, Goal};

    fn given(state: State) -> Given {
        Given { state, metre: false, listens: false, room: true }
    }

    #[test]
    fn the_usual_goal_and_approach_leave_every_state_as_it_is() {
        for &state in State::ALL {
            assert_eq!(shape(body(state), given(state), &Settings::default()), body(state), "{state:?}");
        }
    }

    #[test]
    fn without_a_beat_of_hers_no_approach_but_the_structured_one_has_a_beat() {
        for &goal in Goal::ALL {
            for approach in [Approach::Free, Approach::Analytical] {
                let settings = Settings { goal, approach, ..Settings::default() };
                for &state in State::ALL {
                    assert_ne!(shape(body(state), given(state), &settings).ground, Ground::Beat, "{goal:?} {state:?}");
                }
            }
        }
    }

    #[test]
    fn while_it_listens_nothing_lies_under_her_nor_beside_her() {
        for &goal in Goal::ALL {
            let settings = Settings { goal, ..Settings::default() };
            for state in [State::Holding, State::Dialogue, State::Song, State::Mirroring] {
                let shaped = shape(body(state), Given { listens: true, ..given(state) }, &settings);
                assert_eq!((shaped.ground, shaped.counter), (Ground::Silent, Counter::None));
            }
        }
    }
}
