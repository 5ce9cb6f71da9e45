//! The elicitation ladder: what may be offered to a client who has fallen silent, rung by rung, and then no more (making
//! spaces, repeating, extending, Bruscia 1987; eliciting, Nordoff and Robbins 2007).
//!
//! Armed by the therapist alone, with the lead that also lets the ground begin; it needs something of the client's to
//! give back, and one silence is offered the ladder once.

use super::arc::LEAD_THAT_BEGINS;
use super::state::{Reason, State};
use crate::settings::Settings;
use crate::understand::meaning::Meaning;

/// What is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rung {
    /// The beginning of her last phrase.
    Fragment,
    /// The same, left open like a question.
    Question,
    /// One tone of hers.
    Tone,
}

/// The rungs, and after how much silence each comes, s. Before the first there is space alone: lines of a song are 0.6 to
/// 1.5 s apart, and a session's pauses for thought some seconds; the rungs lie further apart the longer she says nothing.
const LADDER: [(f32, Rung); 3] = [(6.0, Rung::Fragment), (14.0, Rung::Question), (24.0, Rung::Tone)];

/// Where on the ladder a silence is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Invite {
    climbed: usize,
}

impl Invite {
    /// The rung that is reached in this hop.
    pub fn process(&mut self, meaning: &Meaning, state: State, reason: Reason, settings: &Settings) -> Option<Rung> {
        if meaning.sounding || meaning.therapist.playing || meaning.phrase.number == 0 {
            self.climbed = 0;
            return None;
        }
        let &(after_s, rung) = LADDER.get(self.climbed)?;
        if meaning.silence_s < after_s {
            return None;
        }
        // A rung that was not armed in its time is not made up for.
        self.climbed += 1;
        let asked_for_silence =
            reason.is_stopped() || matches!(reason, Reason::TherapistAsked | Reason::TherapistHolds);
        let with_her = state.is_music() && state != State::Rest || state == State::Silent;
        let armed = settings.lead >= LEAD_THAT_BEGINS && with_her && !asked_for_silence && !settings.hold;
        armed.then_some(rung)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn silent(seconds: f32) -> Meaning {
        let mut meaning = Meaning { silence_s: seconds, ..Meaning::default() };
        meaning.phrase.number = 1;
        meaning
    }

    fn offered(settings: &Settings, state: State, reason: Reason) -> Vec<(u32, Rung)> {
        let mut invite = Invite::default();
        let at = |second| invite.process(&silent(second as f32), state, reason, settings).map(|rung| (second, rung));
        (0..90).filter_map(at).collect()
    }

    #[test]
    fn an_armed_ladder_has_three_rungs_and_then_leaves_her_alone() {
        let armed = Settings { lead: 1.0, ..Settings::default() };
        let ladder = offered(&armed, State::Silent, Reason::ClientSilent);
        assert_eq!(ladder, [(6, Rung::Fragment), (14, Rung::Question), (24, Rung::Tone)]);
    }

    #[test]
    fn nothing_is_offered_unless_the_therapist_armed_it_nor_into_a_silence_she_asked_for() {
        let armed = Settings { lead: 1.0, ..Settings::default() };
        assert_eq!(offered(&Settings::default(), State::Silent, Reason::ClientSilent), []);
        assert_eq!(offered(&armed, State::Rest, Reason::TherapistAsked), []);
        assert_eq!(offered(&armed, State::Silent, Reason::Stopped), []);
        assert_eq!(offered(&armed, State::Complete, Reason::Finished), []);
        assert_eq!(offered(&Settings { hold: true, ..armed }, State::Holding, Reason::TherapistHolds), []);
    }
}
