//! What the therapist chooses of the sound, by name and word as files and the command line give it.

use antiphon_engine::names::Named;
use antiphon_engine::set::{SettingError, number, switch};

/// The names that [`Choice::set`] knows.
pub const CHOICE_NAMES: [&str; 3] = ["sound", "sound_level", "instrument"];

/// Softest and loudest level, dB: from barely there to four times the power that sits beside a voice.
pub const LEVEL_LIMITS_DB: (f32, f32) = (-40.0, 6.0);

/// What bass, harmony and countermelody are played on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Instrument {
    /// Felt piano.
    Piano,
    /// Warm pad.
    Pad,
    /// Plucked strings.
    Strings,
}

impl Named for Instrument {
    const WHAT: &'static str = "instrument";
    const ALL: &'static [Self] = &[Self::Piano, Self::Pad, Self::Strings];

    fn name(self) -> &'static str {
        match self {
            Self::Piano => "piano",
            Self::Pad => "pad",
            Self::Strings => "strings",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Piano => "Soft piano",
            Self::Pad => "Warm pad",
            Self::Strings => "Plucked strings",
        }
    }
}

/// The therapist's choices of the sound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// Whether it sounds.
    pub on: bool,
    /// Level, dB, within [`LEVEL_LIMITS_DB`].
    pub level_db: f32,
    /// Instrument.
    pub instrument: Instrument,
}

impl Default for Choice {
    fn default() -> Self {
        Self { on: true, level_db: 0.0, instrument: Instrument::Piano }
    }
}

impl Choice {
    /// Sets what `name` names to what `value` says, as [`antiphon_engine::settings::Settings::set`] does. A refused value
    /// changes nothing.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), SettingError> {
        match name.trim().to_ascii_lowercase().as_str() {
            "sound" => self.on = switch("sound", value)?,
            "sound_level" => {
                self.level_db = number("sound_level", value, LEVEL_LIMITS_DB.0..=LEVEL_LIMITS_DB.1)?;
            }
            "instrument" => self.instrument = Named::parse(value)?,
            _ => return Err(SettingError::UnknownSetting(name.trim().to_owned())),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_sets_something_and_nonsense_changes_nothing() {
        for name in CHOICE_NAMES {
            let mut choice = Choice::default();
            let message = choice.set(name, "nonsense").unwrap_err().to_string();
            assert!(message.contains("nonsense"), "{message}");
            assert_eq!(choice, Choice::default());
        }
        let mut choice = Choice::default();
        for (name, value) in [("sound", "off"), ("Sound_Level", "-7.5"), ("instrument", "Warm pad")] {
            choice.set(name, value).unwrap();
        }
        assert_eq!(choice, Choice { on: false, level_db: -7.5, instrument: Instrument::Pad });
    }
}
