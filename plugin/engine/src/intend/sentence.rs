//! What the music does and why, in one plain sentence for the panel. Allocates: never on the audio thread.

use super::intent::{Reason, State};
use crate::key::PITCH_NAMES;
use crate::respond::plan::Voice;

/// One sentence on `state`, in which the music is for `reason`, while MIDI keys sound in their voices.
pub fn sentence(state: State, reason: Reason, sounding: impl IntoIterator<Item = (u8, Voice)>) -> String {
    let (answer, ground): (Vec<_>, Vec<_>) = sounding.into_iter().partition(|(_, voice)| *voice == Voice::Counter);
    let answering = !answer.is_empty();
    let tones = tones(ground.iter().map(|(key, _)| *key));
    let holding = match &tones {
        Some(tones) => format!("Holding {tones}"),
        None => "Listening".to_owned(),
    };
    let ringing = |silent: &str| tones.as_ref().map_or(silent.to_owned(), |tones| format!("Letting {tones} ring"));
    match (state, reason) {
        (State::Waiting, Reason::AwaitsTherapist) => "Waiting for you to begin.".to_owned(),
        (State::Waiting | State::Silent, Reason::Stopped) => "Stopped; waiting for the next phrase.".to_owned(),
        (State::Waiting, _) => "Waiting for the client to begin.".to_owned(),
        (State::Holding | State::Dialogue, Reason::TherapistHolds) => format!("{holding}, as you asked to stay here."),
        (State::Dialogue, Reason::ClientReturned) => "Making room as the client comes back in.".to_owned(),
        (State::Dialogue, _) if answering => "Answering the client's phrase, then leaving room.".to_owned(),
        (State::Holding | State::Dialogue, Reason::ClientSounds | Reason::ClientReturned) => match tones {
            Some(tones) => format!("Holding {tones} under the client."),
            None => "Listening while the client goes on.".to_owned(),
        },
        (State::Holding | State::Dialogue, Reason::TherapistAsked) => format!("{holding}, as you asked."),
        (State::Holding | State::Dialogue, _) => format!("{holding} while the client rests."),
        (State::Rest, _) => format!("{} for a rest, as you asked.", ringing("Silent")),
        (State::Approach, Reason::ClientCloses) => "Heading home, because the client slows and closes.".to_owned(),
        (State::Approach, _) => "Heading home, as you asked.".to_owned(),
        (State::Final, _) => format!("{} on the closing chord.", ringing("Arriving")),
        (State::Complete, _) => "Complete; leaving the silence.".to_owned(),
        (State::Silent, Reason::TherapistAsked) => "Silent, as you asked.".to_owned(),
        (State::Silent, _) => "Silent with the client.".to_owned(),
    }
}

/// The names of the pitch classes that sound, lowest note first: "D", "D and A", "D, A and E".
fn tones(sounding: impl Iterator<Item = u8>) -> Option<String> {
    let mut keys: Vec<u8> = sounding.collect();
    keys.sort_unstable();
    let mut names: Vec<&str> = Vec::new();
    for name in keys.iter().map(|key| PITCH_NAMES[usize::from(key % 12)]) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let (last, others) = names.split_last()?;
    Some(if others.is_empty() { (*last).to_owned() } else { format!("{} and {last}", others.join(", ")) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Named;

    #[test]
    fn the_panel_says_what_is_held_and_why() {
        let drone = [(45, Voice::Harmony), (38, Voice::Bass)];
        let said = sentence(State::Holding, Reason::ClientRests, drone);
        assert_eq!(said, "Holding D and A while the client rests.");
        let answer = [drone[0], (62, Voice::Counter)];
        let said = sentence(State::Dialogue, Reason::PhraseEnded, answer);
        assert_eq!(said, "Answering the client's phrase, then leaving room.");
    }

    #[test]
    fn each_state_and_reason_makes_one_short_sentence() {
        use Reason::*;
        let reasons = [
            NothingHeard,
            AwaitsTherapist,
            ClientSounds,
            ClientRests,
            PhraseEnded,
            ClientReturned,
            ClientSilent,
            TherapistAsked,
            TherapistHolds,
            ClientCloses,
            Arrived,
            Finished,
            Stopped,
        ];
        for &state in State::ALL {
            for reason in reasons {
                for sounding in [&[][..], &[(38, Voice::Bass)][..]] {
                    let said = sentence(state, reason, sounding.iter().copied());
                    let one_sentence = said.ends_with('.') && said.matches('.').count() == 1;
                    let begins_well = said.starts_with(|first: char| first.is_uppercase());
                    assert!(one_sentence && begins_well && said.len() < 70 && !said.contains("  "), "{said}");
                }
            }
        }
    }
}
