//! Which states an exchange leads through.

use super::super::goals::goal_row;
use super::super::state::State;
use super::super::states::ARC;
use crate::settings::Settings;
use crate::understand::meaning::Meaning;

/// Where the host gives beat and bars, there is a song already, hers or a band's: she is accompanied in it from the
/// first phrase on, and led home when it ends.
const WITH_THE_SONG: [State; 5] = [State::Dialogue, State::Approach, State::Slowing, State::Final, State::Complete];

/// The states that the client may be led through.
pub(super) fn journey(meaning: &Meaning, settings: &Settings) -> &'static [State] {
    if meaning.pulse.grid.is_some_and(|grid| grid.from_host) { &WITH_THE_SONG } else { goal_row(settings.goal).journey }
}

/// The state after `state` in the arc.
pub(super) fn after(state: State) -> Option<State> {
    let place = ARC.iter().position(|&other| other == state)?;
    ARC.get(place + 1).copied()
}
