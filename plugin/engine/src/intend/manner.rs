//! Manner: how it plays whatever it plays, in few figures that add up over goal, approach, feeling and style.

use crate::settings::Settings;
use std::ops::Add;

/// How it plays.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Manner {
    /// Added to the velocity, MIDI; the ceiling holds.
    pub velocity: f32,
    /// Times the length of tones: under 1 detached, over 1 overlapping.
    pub articulation: f32,
    /// Added to where the accompaniment lies best, semitones.
    pub register: f32,
    /// Added to the therapist's tension, 0-1.
    pub tension: f32,
    /// Added to the therapist's colour, -1 to 1.
    pub colour: f32,
    /// Times how often tones are struck.
    pub density: f32,
    /// How much lower the bass and higher the top lie, semitones; negative: closer.
    pub spread: f32,
}

impl Default for Manner {
    fn default() -> Self {
        Self::of([0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0])
    }
}

/// Both together: what is added is added, what is multiplied multiplied.
impl Add for Manner {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            velocity: self.velocity + other.velocity,
            articulation: self.articulation * other.articulation,
            register: self.register + other.register,
            tension: self.tension + other.tension,
            colour: self.colour + other.colour,
            density: self.density * other.density,
            spread: self.spread + other.spread,
        }
    }
}

impl Manner {
    /// From a row of figures, in the order of the fields.
    pub const fn of([velocity, articulation, register, tension, colour, density, spread]: [f32; 7]) -> Self {
        Self { velocity, articulation, register, tension, colour, density, spread }
    }

    /// How far the bass lies from its usual place, semitones.
    pub fn bass(&self) -> f32 {
        self.register - self.spread
    }

    /// How far the top lies from its usual place, semitones.
    pub fn top(&self) -> f32 {
        self.register + self.spread
    }

    /// `settings` as this manner and the colour of the state, `state_colour`, have them. A knob at its end stays there:
    /// the therapist's word is the last one.
    pub fn tint(&self, settings: &Settings, state_colour: f32) -> Settings {
        Settings {
            tension: shade(settings.tension, self.tension, 0.0),
            colour: shade(settings.colour, self.colour + state_colour, -1.0),
            density: shade(settings.density, DENSITY_SHARE * self.density.max(0.1).log2(), 0.0),
            ..*settings
        }
    }
}

/// `knob`, from `low` to 1, moved `by` so much, unless it is at one of its ends.
pub(crate) fn shade(knob: f32, by: f32, low: f32) -> f32 {
    if knob <= low || knob >= 1.0 { knob } else { (knob + by).clamp(low, 1.0) }
}

/// How far the density knob moves for twice the density.
const DENSITY_SHARE: f32 = 0.3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manner_shades_the_knobs_and_leaves_those_at_their_ends() {
        let dark = Manner { colour: -2.0, tension: 0.3, ..Manner::default() };
        let tinted = dark.tint(&Settings::default(), 0.0);
        assert_eq!(tinted.colour, -1.0);
        assert!((tinted.tension - Settings::default().tension - 0.3).abs() < 1e-6);
        let decided = Settings { colour: 1.0, tension: 0.0, ..Settings::default() };
        assert_eq!(dark.tint(&decided, 0.0), decided);
    }

    #[test]
    fn the_plain_manner_changes_nothing() {
        let settings = Settings::default();
        assert_eq!((Manner::default() + Manner::default()).tint(&settings, 0.0), settings);
    }
}
