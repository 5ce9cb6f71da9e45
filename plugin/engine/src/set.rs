//! Settings by name and word, as the command line and cue files give them.

use crate::key::KeyChoice;
use crate::names::{Named, UnknownName};
use crate::settings::{SEED_MAX, SENSITIVITY_LIMITS_DB, Settings, TempoChoice, TempoError};
use std::ops::RangeInclusive;
use std::str::FromStr;
use thiserror::Error;

/// The names that [`Settings::set`] knows, in the order a person meets them.
pub const SETTING_NAMES: [&str; 34] = [
    "goal",
    "approach",
    "guidance",
    "listen",
    "sensitivity",
    "pulse",
    "responsiveness",
    "mirror",
    "density",
    "space",
    "lead",
    "tension",
    "colour",
    "ceiling",
    "register_low",
    "register_high",
    "key",
    "idiom",
    "feeling",
    "tempo",
    "metre",
    "form",
    "turns",
    "dynamics",
    "channels",
    "pedal",
    "seed",
    "hold",
    "next",
    "skip",
    "recall",
    "rest",
    "cadence",
    "panic",
];

/// Why a setting was refused. A refused setting changes nothing.
#[derive(Debug, Error, PartialEq)]
pub enum SettingError {
    /// No setting has this name.
    #[error("'{0}' is not a setting; it is one of: {known}", known = SETTING_NAMES.join(", "))]
    UnknownSetting(String),
    /// The setting has a table of words, and this is not in it.
    #[error(transparent)]
    UnknownWord(#[from] UnknownName),
    /// It is no tempo.
    #[error(transparent)]
    NoTempo(#[from] TempoError),
    /// The setting is a number within limits.
    #[error("{name} is a number from {low} to {high}, not '{value}'")]
    NotInRange {
        /// The setting.
        name: &'static str,
        /// What was given.
        value: String,
        /// Least value.
        low: f64,
        /// Greatest value.
        high: f64,
    },
    /// The setting is on or off.
    #[error("{name} is on or off, not '{value}'")]
    NotASwitch {
        /// The setting.
        name: &'static str,
        /// What was given.
        value: String,
    },
}

impl Settings {
    /// Sets what `name` names to what `value` says; case and outer spaces do not matter.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), SettingError> {
        let wanted = name.trim().to_ascii_lowercase();
        let known = SETTING_NAMES.iter().find(|known| **known == wanted);
        let Some(&name) = known else {
            return Err(SettingError::UnknownSetting(name.trim().to_owned()));
        };
        let share = || number(name, value, 0.0..=1.0);
        let switch = || switch(name, value);
        match name {
            "goal" => self.goal = Named::parse(value)?,
            "approach" => self.approach = Named::parse(value)?,
            "guidance" => self.guidance = Named::parse(value)?,
            "listen" => self.listen = Named::parse(value)?,
            "sensitivity" => {
                self.sensitivity = number(name, value, SENSITIVITY_LIMITS_DB.0..=SENSITIVITY_LIMITS_DB.1)?;
            }
            "pulse" => self.pulse = Named::parse(value)?,
            "channels" => self.channels = Named::parse(value)?,
            "key" => self.key = KeyChoice::parse(value)?,
            "idiom" => self.idiom = Named::parse(value)?,
            "feeling" => self.feeling = Named::parse(value)?,
            "tempo" => self.tempo = TempoChoice::parse(value)?,
            "metre" => self.metre = Named::parse(value)?,
            "form" => self.form = Named::parse(value)?,
            "turns" => self.turns = Named::parse(value)?,
            "dynamics" => self.dynamics = Named::parse(value)?,
            "responsiveness" => self.responsiveness = share()?,
            "mirror" => self.mirror = share()?,
            "density" => self.density = share()?,
            "space" => self.space = share()?,
            "lead" => self.lead = share()?,
            "tension" => self.tension = share()?,
            "colour" => self.colour = number(name, value, -1.0..=1.0)?,
            "ceiling" => self.ceiling = number(name, value, 1..=127)?,
            "register_low" => self.register_low = number(name, value, 0..=127)?,
            "register_high" => self.register_high = number(name, value, 0..=127)?,
            "seed" => self.seed = number(name, value, 0..=SEED_MAX)?,
            "pedal" => self.pedal = switch()?,
            "hold" => self.hold = switch()?,
            "next" => self.next = switch()?,
            "skip" => self.skip = switch()?,
            "recall" => self.recall = switch()?,
            "rest" => self.rest = switch()?,
            "cadence" => self.cadence = switch()?,
            _ => self.panic = switch()?,
        }
        Ok(())
    }
}

/// Reads a number that lies in `range`; `name` is the setting, for the message.
pub fn number<T>(name: &'static str, value: &str, range: RangeInclusive<T>) -> Result<T, SettingError>
where
    T: FromStr + PartialOrd + Copy + Into<f64>,
{
    let refused = || SettingError::NotInRange {
        name,
        value: value.trim().to_owned(),
        low: (*range.start()).into(),
        high: (*range.end()).into(),
    };
    value.trim().parse().ok().filter(|number| range.contains(number)).ok_or_else(refused)
}

/// Reads `on` or `off`; `name` is the setting, for the message.
pub fn switch(name: &'static str, value: &str) -> Result<bool, SettingError> {
    match value.trim().to_ascii_lowercase().as_str() {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(SettingError::NotASwitch { name, value: value.trim().to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Goal;

    #[test]
    fn every_name_sets_something_and_says_what_would_do_when_it_is_nonsense() {
        for name in SETTING_NAMES {
            let mut settings = Settings::default();
            let message = settings.set(name, "nonsense").unwrap_err().to_string();
            assert!(message.contains("nonsense"), "{message}");
            assert_eq!(settings, Settings::default(), "a refused setting changes nothing");
        }
    }

    #[test]
    fn words_and_numbers_arrive_where_they_belong() {
        let mut settings = Settings::default();
        for (name, value) in
            [("goal", "Pain"), ("ceiling", "60"), ("colour", "-0.5"), ("key", "E:phrygian"), ("hold", "on")]
        {
            settings.set(name, value).unwrap();
        }
        assert_eq!((settings.goal, settings.ceiling, settings.colour, settings.hold), (Goal::Pain, 60, -0.5, true));
        assert_eq!(settings.key.to_string(), "E:phrygian");
    }

    #[test]
    fn what_is_out_of_range_or_no_number_is_refused_with_the_range() {
        for value in ["1.5", "-0.1", "NaN", "inf", ""] {
            let message = Settings::default().set("density", value).unwrap_err().to_string();
            assert!(message.starts_with("density is a number from 0 to 1"), "{message}");
        }
    }

    #[test]
    fn an_unknown_setting_is_answered_with_those_there_are() {
        let message = Settings::default().set("mood", "joy").unwrap_err().to_string();
        assert!(message.contains("'mood' is not a setting") && message.contains("register_low"), "{message}");
    }
}
