//! What the therapist may fix of the music: each left open, or locked to one value that nothing then changes.

use crate::names::named;
use std::fmt;

named! {
    /// The style the music is made in.
    Idiom, "idiom":
    /// None in particular: as key and melody have it.
    Open = "open", "Open";
    /// Five tones without semitones over a ground of root and fifth: nothing sounds wrong.
    Pentatonic = "pentatonic", "Pentatonic";
    /// 1 b2 4 5 b6: still, with open fourths and fifths.
    Japanese = "japanese", "Japanese";
    /// 1 b2 3 4 5 b6 b7 over a drone.
    MiddleEastern = "middle_eastern", "Middle Eastern";
    /// Phrygian, with the bass going down 4 b3 b2 1.
    Spanish = "spanish", "Spanish";
    /// Fourths, fifths and octaves beside her line, slow.
    Organum = "organum", "Organum";
    /// Minor with a bright sixth.
    Dorian = "dorian", "Dorian";
    /// Minor with a dark second.
    Phrygian = "phrygian", "Phrygian";
    /// Major with a bright fourth.
    Lydian = "lydian", "Lydian";
    /// Major with a soft seventh.
    Mixolydian = "mixolydian", "Mixolydian";
    /// Rich chords with suspensions.
    Romantic = "romantic", "Romantic";
    /// Twelve bars of sevenths, swung.
    Blues = "blues", "Blues";
    /// Rocking in three, soft.
    Lullaby = "lullaby", "Lullaby";
    /// Bass on one, chords on two and three.
    Waltz = "waltz", "Waltz";
    /// Bass and chord in two, firm.
    March = "march", "March";
}

named! {
    /// The feeling that the improvisation is given by the therapist. The ceiling holds whatever it is.
    Feeling, "feeling":
    /// None is named.
    None = "none", "None named";
    /// Strong, short, rough.
    Anger = "anger", "Anger";
    /// Soft, slow, low, minor.
    Sadness = "sadness", "Sadness";
    /// Soft, short, uneven, unresolved.
    Fear = "fear", "Fear";
    /// Light, quick, high, major.
    Joy = "joy", "Joy";
    /// Soft, long, warm.
    Tenderness = "tenderness", "Tenderness";
    /// Even, sparse, open.
    Calm = "calm", "Calm";
}

named! {
    /// Beats a bar.
    Metre, "metre":
    /// As the client or the host has it.
    Heard = "heard", "As heard";
    /// Two.
    Two = "2", "Two beats";
    /// Three.
    Three = "3", "Three beats";
    /// Four.
    Four = "4", "Four beats";
    /// Six.
    Six = "6", "Six beats";
}

impl Metre {
    /// Beats a bar, if fixed.
    pub fn beats(self) -> Option<u8> {
        match self {
            Self::Heard => None,
            Self::Two => Some(2),
            Self::Three => Some(3),
            Self::Four => Some(4),
            Self::Six => Some(6),
        }
    }
}

named! {
    /// How bars make a whole.
    Form, "form":
    /// As the client's phrases have it.
    Heard = "heard", "As heard";
    /// Four bars, over and over.
    Four = "four", "Four bars";
    /// Eight bars, over and over.
    Eight = "eight", "Eight bars";
    /// Four times four bars: A A B A.
    Aaba = "aaba", "A A B A";
}

named! {
    /// Who plays when.
    Turns, "turn order":
    /// As the goal has it.
    Goal = "goal", "As the goal has it";
    /// One after the other, the client first.
    Alternate = "alternate", "One after the other";
    /// Both at once.
    Together = "together", "Together";
}

named! {
    /// How loud the improvisation becomes as it goes on.
    Dynamics, "dynamic plan":
    /// As the client does.
    Heard = "heard", "As the client does";
    /// Soft throughout.
    Soft = "soft", "Soft";
    /// The same throughout.
    Level = "level", "Level";
    /// Slowly louder.
    Rise = "rise", "Slowly louder";
    /// Slowly softer.
    Fade = "fade", "Slowly softer";
}

/// Tempi that can be fixed, beats a minute.
pub const TEMPO_LIMITS_BPM: (u8, u8) = (40, 200);

/// The tempo: as heard, or fixed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TempoChoice {
    /// As the client or the host has it.
    #[default]
    Heard,
    /// So many beats a minute, within [`TEMPO_LIMITS_BPM`].
    Locked(u8),
}

impl TempoChoice {
    /// How many choices there are.
    pub const COUNT: usize = (TEMPO_LIMITS_BPM.1 - TEMPO_LIMITS_BPM.0) as usize + 2;

    /// The choice at `index`: 0 as heard, then from slow to fast; the last one if there is none.
    pub fn at(index: usize) -> Self {
        match index.min(Self::COUNT - 1) {
            0 => Self::Heard,
            index => Self::Locked(TEMPO_LIMITS_BPM.0 + (index - 1) as u8),
        }
    }

    /// Its index.
    pub fn index(self) -> usize {
        match self {
            Self::Heard => 0,
            Self::Locked(bpm) => {
                usize::from(bpm.clamp(TEMPO_LIMITS_BPM.0, TEMPO_LIMITS_BPM.1) - TEMPO_LIMITS_BPM.0) + 1
            }
        }
    }

    /// Reads `heard` or beats a minute.
    pub fn parse(text: &str) -> Result<Self, TempoError> {
        let text = text.trim();
        let number = text.to_ascii_lowercase();
        let number = number.trim_end_matches("bpm").trim_end();
        if number == "heard" {
            return Ok(Self::Heard);
        }
        let limits = TEMPO_LIMITS_BPM.0..=TEMPO_LIMITS_BPM.1;
        let bpm = number.parse().ok().filter(|bpm| limits.contains(bpm));
        bpm.map(Self::Locked).ok_or_else(|| TempoError(text.to_owned()))
    }
}

impl fmt::Display for TempoChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Heard => f.write_str("heard"),
            Self::Locked(bpm) => write!(f, "{bpm}"),
        }
    }
}

/// What was given is no tempo.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("tempo is heard, or a number from {low} to {high}, not '{0}'", low = TEMPO_LIMITS_BPM.0, high = TEMPO_LIMITS_BPM.1)]
pub struct TempoError(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tempo_has_its_index_and_its_text() {
        for index in 0..TempoChoice::COUNT {
            let choice = TempoChoice::at(index);
            assert_eq!(choice.index(), index);
            assert_eq!(TempoChoice::parse(&choice.to_string()), Ok(choice));
        }
        assert_eq!(TempoChoice::at(9_999), TempoChoice::Locked(TEMPO_LIMITS_BPM.1));
    }

    #[test]
    fn what_is_no_tempo_is_refused_with_the_range() {
        for text in ["", "39", "201", "fast", "-60", "96.5"] {
            let message = TempoChoice::parse(text).unwrap_err().to_string();
            assert!(message.contains("from 40 to 200"), "{message}");
        }
    }
}
