//! Which exchange: who performs what, in what time, and who moves the states.

use crate::singer::{Sound, Timing};
use std::fmt;
use std::str::FromStr;

/// The thirteen states in the order of the lines.
pub const STATES: [&str; 13] = [
    "tones", "minor", "rest", "echo", "pulse", "swing", "song", "build", "solidify", "approach", "slowing", "final",
    "complete",
];

/// Declares an enum of choices with their words.
macro_rules! choices {
    ($(#[$outer:meta])* $name:ident: $($(#[$inner:meta])* $value:ident = $word:literal;)+) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$inner])* $value),+ }

        impl $name {
            /// Every choice.
            pub const ALL: &'static [Self] = &[$(Self::$value),+];

            /// Its word.
            pub fn name(self) -> &'static str {
                match self { $(Self::$value => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(word: &str) -> Result<Self, String> {
                let known = || Self::ALL.iter().map(|one| one.name()).collect::<Vec<_>>().join(", ");
                let found = Self::ALL.iter().find(|one| one.name() == word).copied();
                found.ok_or_else(|| format!("'{word}' is none of {}", known()))
            }
        }
    };
}

choices! {
    /// How time is kept.
    Keeping:
    /// As written.
    Metronomic = "metronomic";
    /// Inter-onset intervals vary by 12 %.
    Rubato = "rubato";
    /// Every onset is off by up to 30 ms.
    Jitter = "jitter";
}

impl Keeping {
    /// The singer's timing.
    pub fn timing(self) -> Timing {
        match self {
            Self::Metronomic => Timing::Metronomic,
            Self::Rubato => Timing::Rubato { cv: 0.12 },
            Self::Jitter => Timing::Jitter { up_to_s: 0.03 },
        }
    }

    /// A limit for each way of keeping time.
    pub fn limit(self, metronomic: f64, rubato: f64, jitter: f64) -> f64 {
        match self {
            Self::Metronomic => metronomic,
            Self::Rubato => rubato,
            Self::Jitter => jitter,
        }
    }
}

choices! {
    /// Who performs.
    Player:
    /// A high voice.
    High = "high";
    /// A low voice, an octave lower.
    Low = "low";
    /// A bowed string.
    Bowed = "bowed";
    /// A flute.
    Blown = "blown";
    /// A plucked string.
    Plucked = "plucked";
}

impl Player {
    /// The singer's sound.
    pub fn sound(self) -> Sound {
        match self {
            Self::High => Sound::HighVoice,
            Self::Low => Sound::LowVoice,
            Self::Bowed => Sound::Bowed,
            Self::Blown => Sound::Blown,
            Self::Plucked => Sound::Plucked,
        }
    }

    /// Semitones from the written lines.
    pub fn transposed(self) -> i8 {
        if self == Self::Low { -12 } else { 0 }
    }
}

choices! {
    /// Who moves the states.
    Cueing:
    /// The therapist names each state, 0.25 s before its line; free guidance, which the cues override.
    Named = "named";
    /// `state,tones`, then `next` before each line; free guidance.
    Next = "next";
    /// Guided: `next` before each line, the first from waiting.
    Guided = "guided";
    /// Nobody; free guidance.
    Automatic = "automatic";
}

choices! {
    /// What is performed.
    Piece:
    /// The thirteen lines.
    Whole = "whole";
    /// The thirteen lines, line 9 with a melody of its own.
    NoRepetition = "no-repetition";
    /// Silence for 20 s from the middle of line 5 on.
    StopsInPulse = "stops-in-pulse";
    /// The same, from the middle of line 6 on.
    StopsInSwing = "stops-in-swing";
    /// The same, from the middle of line 7 on.
    StopsInSong = "stops-in-song";
    /// The same, from the middle of line 8 on.
    StopsInBuild = "stops-in-build";
    /// The same, from the middle of line 9 on.
    StopsInSolidify = "stops-in-solidify";
    /// Nine lines, as loud as it goes from first to last.
    Loud = "loud";
    /// Nine lines, softly from first to last.
    Quiet = "quiet";
    /// The thirteen lines, 40 cents flat throughout.
    Flat = "flat";
    /// Two lines, then silence for 60 s.
    Leaves = "leaves";
    /// Drums without a beat for 40 s.
    Chaos = "chaos";
    /// Two voices with melodies of their own at once.
    Two = "two";
    /// The thirteen lines while the therapist holds, skips, recalls, rests and stops.
    Therapist = "therapist";
}

impl Piece {
    /// The index of the line in whose middle the client stops.
    pub fn stops_in(self) -> Option<usize> {
        let stops =
            [Self::StopsInPulse, Self::StopsInSwing, Self::StopsInSong, Self::StopsInBuild, Self::StopsInSolidify];
        stops.iter().position(|&piece| piece == self).map(|place| place + 4)
    }
}

/// One exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Take {
    /// What is performed.
    pub piece: Piece,
    /// By whom.
    pub player: Player,
    /// How time is kept.
    pub keeping: Keeping,
    /// The performer's seed and the engine's.
    pub seed: u32,
    /// Who moves the states.
    pub cueing: Cueing,
}

impl Default for Take {
    /// The thirteen lines, a high voice in strict time, each state named.
    fn default() -> Self {
        Self { piece: Piece::Whole, player: Player::High, keeping: Keeping::Metronomic, seed: 1, cueing: Cueing::Named }
    }
}

impl fmt::Display for Take {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { piece, player, keeping, seed, cueing } = self;
        write!(f, "{piece}-{player}-{keeping}-{cueing}-{seed}")
    }
}
