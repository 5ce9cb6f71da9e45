//! The panel's plain words.

use crate::params::note_name;
use crate::telemetry::{Missing, View};
use antiphon_engine::chord::{Chord, Family};
use antiphon_engine::intend::sentence;
use antiphon_engine::key::{Key, PITCH_NAMES};
use antiphon_engine::names::Named;
use antiphon_engine::settings::{Approach, Channels, Feeling, Goal, Guidance, Idiom, Listen, Pulse};
use antiphon_sound::Instrument;

/// What a goal means for the playing, in one line.
pub fn of_goal(goal: Goal) -> &'static str {
    match goal {
        Goal::Awareness => "Stays at the client's side and gives back what it hears.",
        Goal::Insight => "Holds and reflects, and leaves questions open.",
        Goal::Attention => "Steady and repeating, with small surprises.",
        Goal::Pain => "Meets the client's pace, then slows and softens.",
        Goal::Wellbeing => "Warm, rounded forms to come home to.",
        Goal::Expression => "Open harmony that goes wherever the client goes.",
        Goal::Relationships => "Takes turns: a question, an answer, and room.",
    }
}

/// What an approach means for the playing.
pub fn of_approach(approach: Approach) -> &'static str {
    match approach {
        Approach::Structured => "After Nordoff-Robbins: styles, forms and prepared endings.",
        Approach::Free => "After Alvin: no rules but the client's own.",
        Approach::Analytical => "After Priestley: holds, follows tension, and ends when you or the client end.",
    }
}

/// An approach in a word.
pub fn short_approach(approach: Approach) -> &'static str {
    match approach {
        Approach::Structured => "Structured",
        Approach::Free => "Free",
        Approach::Analytical => "Analytical",
    }
}

/// Who moves the exchange on.
pub fn of_guidance(guidance: Guidance) -> &'static str {
    match guidance {
        Guidance::Free => "What it hears moves the music on.",
        Guidance::Guided => "Only you move the music on, with the buttons below.",
    }
}

/// What a kind of sound means for the listening.
pub fn of_listen(listen: Listen) -> &'static str {
    match listen {
        Listen::Auto => "Finds out by itself what the client plays or sings.",
        Listen::Voice => "Singing or speaking.",
        Listen::Tuned => "An instrument with notes.",
        Listen::Untuned => "Drums, hands, shakers: it hears beats alone.",
    }
}

/// A style in a few words.
pub fn of_idiom(idiom: Idiom) -> &'static str {
    match idiom {
        Idiom::Open => "As the client's melody has it.",
        Idiom::Pentatonic => "Five tones that always go together.",
        Idiom::Japanese => "Five tones, still and spare.",
        Idiom::MiddleEastern => "Winding tones over a drone.",
        Idiom::Spanish => "Dark and proud, the bass stepping down.",
        Idiom::Organum => "Old and bare: fourths, fifths, octaves.",
        Idiom::Dorian => "Minor, with some light in it.",
        Idiom::Phrygian => "Minor at its darkest.",
        Idiom::Lydian => "Major that seems to float.",
        Idiom::Mixolydian => "Major at ease, without much pull home.",
        Idiom::Romantic => "Rich chords that lean on one another.",
        Idiom::Blues => "Twelve bars, swung.",
        Idiom::Lullaby => "Rocking softly.",
        Idiom::Waltz => "In three: one low, two high.",
        Idiom::March => "In two, with a firm step.",
    }
}

/// What naming a feeling means for the playing.
pub fn of_feeling(feeling: Feeling) -> &'static str {
    match feeling {
        Feeling::None => "The music takes its colour from the client alone.",
        Feeling::Anger => "Strong, short, rough; never above the ceiling.",
        Feeling::Sadness => "Soft, slow, low.",
        Feeling::Fear => "Soft, short, unsettled.",
        Feeling::Joy => "Light, lively, bright.",
        Feeling::Tenderness => "Soft, long, warm.",
        Feeling::Calm => "Even and open, with much room.",
    }
}

/// A key as a person says it: `D minor`.
pub fn of_key(key: Key) -> String {
    format!("{} {}", PITCH_NAMES[usize::from(key.tonic % 12)], key.mode.label())
}

/// The key it hears, and how sure it is.
pub fn heard_key(view: &View) -> String {
    match view.key {
        None => "not sure yet".to_owned(),
        Some(key) => {
            let sure = match view.key_confidence {
                c if c >= 0.75 => "sure",
                c if c >= 0.4 => "fairly sure",
                _ => "perhaps",
            };
            format!("{}, {sure}", of_key(key))
        }
    }
}

/// A chord as musicians write it: `Dm`, `A7`.
pub fn of_chord(chord: Chord) -> String {
    let quality = match chord.family {
        Family::Major => "",
        Family::Dominant => "7",
        Family::Minor => "m",
        Family::Diminished => "dim",
    };
    format!("{}{quality}", PITCH_NAMES[usize::from(chord.root % 12)])
}

/// The chord now, and the one that is likely to come.
pub fn chords(view: &View) -> (String, String) {
    match (view.chord, view.next_chord) {
        (None, _) => ("–".to_owned(), "no chord".to_owned()),
        (Some(now), Some(next)) if next != now => (of_chord(now), format!("next {}", of_chord(next))),
        (Some(now), _) => (of_chord(now), "stays".to_owned()),
    }
}

/// The tempo, and whose it is.
pub fn tempo(view: &View) -> (String, String) {
    match view.beat {
        None => ("free".to_owned(), "no beat".to_owned()),
        Some(beat) => {
            let whose = if beat.from_host { "the DAW's beat" } else { "the client's beat" };
            (format!("{:.0}", beat.tempo_bpm), whose.to_owned())
        }
    }
}

/// Whose beat it keeps.
pub fn of_pulse(pulse: Pulse) -> &'static str {
    match pulse {
        Pulse::Heard => "The client's own beat, once there is one.",
        Pulse::Host => "The tempo and bars of your DAW.",
    }
}

/// What a layout of channels means for the instruments.
pub fn of_channels(channels: Channels) -> &'static str {
    match channels {
        Channels::One => "One instrument plays everything.",
        Channels::Voices => "Bass 1, harmony 2, countermelody 3, pulse 4: an instrument each.",
    }
}

/// What an instrument sounds like.
pub fn of_instrument(instrument: Instrument) -> &'static str {
    match instrument {
        Instrument::Piano => "Felt hammers, near and soft.",
        Instrument::Pad => "Swells and holds, like a choir far off.",
        Instrument::Strings => "Between harp and guitar.",
    }
}

/// Where the client's phrase stands.
pub fn heard_phrase(view: &View) -> String {
    match (view.phrase, view.phrase_open) {
        (0, _) => "none yet".to_owned(),
        (number, true) => format!("{number}, going on"),
        (number, false) if view.silence_s >= 1.0 => format!("{number} ended, resting {:.0} s", view.silence_s),
        (number, false) => format!("{number} ended"),
    }
}

/// The client's note as a person writes it, and how far off it is.
pub fn heard_note(view: &View) -> (String, String) {
    let Some(pitch) = view.pitch else { return ("–".to_owned(), "no note".to_owned()) };
    let cents = match pitch.cents.round() as i32 {
        -4..=4 => "in tune".to_owned(),
        cents if cents > 0 => format!("{cents} cents high"),
        cents => format!("{} cents low", -cents),
    };
    (note_name(pitch.key.into()), cents)
}

/// What it plays and why, in one sentence.
pub fn sentence(view: &View) -> String {
    match view.missing {
        Missing::Nothing => {}
        Missing::Microphone => {
            return "No microphone was found. Connect one, then close this window and open it again.".to_owned();
        }
        Missing::Sound => {
            return "No microphone and no loudspeaker was found. Connect them, then close this window and open it again."
                .to_owned();
        }
    }
    if view.bypassed {
        return "Bypassed: listening, and playing nothing.".to_owned();
    }
    sentence::sentence(view.state, view.reason, view.played.iter().map(|note| (note.key, note.voice)))
}
