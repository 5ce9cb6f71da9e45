//! What the music does and why, in one plain sentence for the panel. Allocates: never on the audio thread.

use super::intent::{Reason, State};
use crate::key::PITCH_NAMES;
use crate::respond::plan::Voice;

/// One sentence on `state`, in which the music is for `reason`, while MIDI keys sound in their voices.
pub fn sentence(state: State, reason: Reason, sounding: impl IntoIterator<Item = (u8, Voice)>) -> String {
    let (answer, ground): (Vec<_>, Vec<_>) = sounding.into_iter().partition(|(_, voice)| *voice == Voice::Counter);
    let tones = tones(ground.iter().map(|(key, _)| *key));
    match (state, reason) {
        (State::Silent, Reason::Invites) => "Inviting the client with a few notes of the client's own.".to_owned(),
        (State::Waiting, Reason::AwaitsTherapist) => "Waiting for you to begin.".to_owned(),
        (State::Waiting | State::Silent, Reason::Stopped) => "Stopped; waiting for the next phrase.".to_owned(),
        (State::Waiting | State::Silent, Reason::StoppedWhileGuided) => {
            "Stopped; waiting for you to press Next.".to_owned()
        }
        (State::Waiting | State::Silent, Reason::StoppedWhileHeld) => {
            "Stopped; waiting for you to release Hold.".to_owned()
        }
        (State::Waiting, _) => "Waiting for the client to begin.".to_owned(),
        (State::Silent, Reason::TherapistAsked) => "Silent, as you asked.".to_owned(),
        (State::Silent, _) => "Silent with the client.".to_owned(),
        (State::Complete, _) if tones.is_none() => "Complete; leaving the silence.".to_owned(),
        (State::Dialogue | State::Song, Reason::ClientReturned) => {
            "Making room as the client comes back in.".to_owned()
        }
        (State::Dialogue, Reason::ClientRests | Reason::PhraseEnded) if !answer.is_empty() => {
            "Answering the client's phrase, then leaving room.".to_owned()
        }
        _ => format!("{}{}.", doing(state, tones.as_deref()), because(reason)),
    }
}

/// What the music does, `tones` sounding. On the beat nothing sounds between two strokes, and it goes on all the same.
fn doing(state: State, tones: Option<&str>) -> String {
    let or_listening = |doing: &str| tones.map_or("Listening".to_owned(), |_| doing.to_owned());
    let of_tones = |verb: &str, silent: &str| tones.map_or(silent.to_owned(), |tones| format!("{verb} {tones}"));
    match state {
        State::Waiting | State::Silent => "Silent".to_owned(),
        State::Tones => or_listening("Single soft tones"),
        State::Minor => or_listening("A minor colour"),
        State::Rest => tones.map_or("Resting".to_owned(), |tones| format!("Letting {tones} ring")),
        State::Echo => or_listening("Echoing softly"),
        State::Pulse => "A soft pulse".to_owned(),
        State::Swing => "A gentle swing".to_owned(),
        State::Song => "Playing it as a song".to_owned(),
        State::Build => "Building up".to_owned(),
        State::Solidify => "The same chords again".to_owned(),
        State::Approach => "Heading home".to_owned(),
        State::Slowing => "Slowing down".to_owned(),
        State::Final => "Coming to a close".to_owned(),
        State::Complete => of_tones("Letting go of", "Complete"),
        State::Grounding => "A plain, firm beat".to_owned(),
        State::Holding | State::Dialogue => of_tones("Holding", "Listening"),
        State::Containing => "Firm and steady".to_owned(),
        State::Mirroring => or_listening("Playing alongside"),
        State::Calming => or_listening("Becoming slow and soft"),
        State::Withdrawing => or_listening("Stepping back"),
    }
}

/// Why, as the end of a sentence.
fn because(reason: Reason) -> &'static str {
    match reason {
        Reason::NothingHeard => " until the client begins",
        Reason::AwaitsTherapist => " until you go on",
        Reason::ClientSounds => " with the client",
        Reason::ClientRests => " while the client rests",
        Reason::PhraseEnded => " as a phrase ends",
        Reason::PhraseBegan => " with the client's next phrase",
        Reason::DarkLine => " because the melody is dark",
        Reason::PulseFound => " because there is a beat",
        Reason::NoPulse => " because there is no beat",
        Reason::ClientGrows => " because the client gives more",
        Reason::ClientRepeats => " because the melody came back",
        Reason::ClientWild => " around loud, free playing",
        Reason::ClientSlows => " because the client slows down",
        Reason::ClientReturned => " as the client comes back in",
        Reason::ClientSilent => " because the client is silent",
        Reason::Invites => ", inviting the client",
        Reason::TherapistPlays => " behind what you play",
        Reason::TherapistAsked => ", as you asked",
        Reason::TherapistHolds => ", as you asked to stay here",
        Reason::ClientCloses => " because the client slows and closes",
        Reason::Arrived => " on the closing chord",
        Reason::Finished => " as the music ends",
        Reason::Stopped | Reason::StoppedWhileGuided | Reason::StoppedWhileHeld => " after the stop",
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
        for &state in State::ALL {
            for &reason in Reason::ALL {
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
