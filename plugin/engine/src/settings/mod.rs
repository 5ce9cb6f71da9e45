//! What the therapist has chosen: one plain struct, read by every stage, changed by none.

mod guided;

pub use guided::{Dynamics, Feeling, Form, Idiom, Metre, TEMPO_LIMITS_BPM, TempoChoice, TempoError, Turns};

use crate::key::KeyChoice;
use crate::names::named;

named! {
    /// What the session is for; the words are the panel's.
    Goal, "goal":
    /// Contingent, imitating, at the client's side.
    Awareness = "awareness", "Awareness of self and others";
    /// Holding and reflecting, unresolved where the client is.
    Insight = "insight", "Personal insight";
    /// Grounded and repeating, with small surprises.
    Attention = "attention", "Holding attention";
    /// Meets the client, then slows and softens.
    Pain = "pain", "Managing pain";
    /// Warm, closed forms.
    Wellbeing = "wellbeing", "Well-being";
    /// Open harmony that follows the client's freedom.
    Expression = "expression", "Self-expression and creativity";
    /// Turns, questions and answers.
    Relationships = "relationships", "Interpersonal relationships";
}

named! {
    /// The school whose rules hold.
    Approach, "approach":
    /// After Nordoff-Robbins: styles, forms, prepared endings.
    Structured = "structured", "Structured (Nordoff-Robbins)";
    /// After Alvin: no rules but the client's.
    Free = "free", "Free (Alvin)";
    /// After Priestley: holding, tension followed, ends when client or therapist ends.
    Analytical = "analytical", "Analytical (Priestley)";
}

named! {
    /// Who moves the arc from state to state.
    Guidance, "guidance":
    /// What is heard moves it.
    Free = "free", "Free";
    /// The therapist's acts alone move it.
    Guided = "guided", "Guided";
}

named! {
    /// What kind of sound the client makes.
    Listen, "listen":
    /// Found out by listening.
    Auto = "auto", "Find out";
    /// Singing or speaking.
    Voice = "voice", "Voice";
    /// An instrument of definite pitch.
    Tuned = "tuned", "Tuned instrument";
    /// Drums, hands, shakers: onsets alone.
    Untuned = "untuned", "Drum or hands";
}

named! {
    /// Where tempo and metre come from.
    Pulse, "pulse":
    /// What the client plays; free time while she plays in no tempo.
    Heard = "heard", "The client's";
    /// The host's transport.
    Host = "host", "The song's";
}

named! {
    /// How voices are laid on MIDI channels.
    Channels, "channel layout":
    /// All on channel 1.
    One = "one", "All on channel 1";
    /// Bass 1, harmony 2, counter 3, pulse 4.
    Voices = "voices", "One channel a voice";
}

/// Least and greatest sensitivity, dB: from a loud room to a whisper.
pub const SENSITIVITY_LIMITS_DB: (f32, f32) = (-24.0, 24.0);

/// Highest seed.
pub const SEED_MAX: u32 = 65_535;

/// The therapist's choices. Shares are 0 to 1 unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Therapeutic goal.
    pub goal: Goal,
    /// School.
    pub approach: Approach,
    /// Free or guided.
    pub guidance: Guidance,
    /// Kind of source.
    pub listen: Listen,
    /// How far the softest sound that is heard lies under the usual, dB, within [`SENSITIVITY_LIMITS_DB`].
    pub sensitivity: f32,
    /// Where tempo and metre come from.
    pub pulse: Pulse,
    /// How soon it replies and how fast it adapts.
    pub responsiveness: f32,
    /// How far velocity, density and contour follow the client's departures from her own average.
    pub mirror: f32,
    /// Onsets a second while it plays.
    pub density: f32,
    /// Share of the time in rests of a second or more.
    pub space: f32,
    /// 0 sounds after the client's onsets and never begins; 1 sounds ahead and may begin.
    pub lead: f32,
    /// Dissonance of the pitch classes that sound together.
    pub tension: f32,
    /// Loudest MIDI velocity ever played, 1-127.
    pub ceiling: u8,
    /// Lowest MIDI key ever played.
    pub register_low: u8,
    /// Highest MIDI key ever played; an octave above the lowest at least.
    pub register_high: u8,
    /// Major against minor, -1 to 1; 0 as heard.
    pub colour: f32,
    /// Key lock.
    pub key: KeyChoice,
    /// Style.
    pub idiom: Idiom,
    /// Named feeling.
    pub feeling: Feeling,
    /// Tempo lock.
    pub tempo: TempoChoice,
    /// Metre lock.
    pub metre: Metre,
    /// Form lock.
    pub form: Form,
    /// Turn order.
    pub turns: Turns,
    /// Dynamic plan.
    pub dynamics: Dynamics,
    /// Channel layout.
    pub channels: Channels,
    /// Held tones are joined by the sustain pedal. Usually off: a host that breaks off in mid-tone ends the notes it knows
    /// of, and may leave an instrument's pedal down.
    pub pedal: bool,
    /// Seed of every choice left to chance, 0 to [`SEED_MAX`].
    pub seed: u32,
    /// While on, the state stays as it is and nothing new begins.
    pub hold: bool,
    /// Off to on: go on to the next state.
    pub next: bool,
    /// Off to on: pass over the next state.
    pub skip: bool,
    /// Off to on: go back to the state before.
    pub recall: bool,
    /// Off to on: rest now.
    pub rest: bool,
    /// Off to on: arm the cadence.
    pub cadence: bool,
    /// Off to on: silence at once.
    pub panic: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            goal: Goal::Wellbeing,
            approach: Approach::Structured,
            guidance: Guidance::Free,
            listen: Listen::Auto,
            sensitivity: 0.0,
            pulse: Pulse::Heard,
            responsiveness: 0.5,
            mirror: 0.5,
            density: 0.5,
            space: 0.3,
            lead: 0.3,
            tension: 0.2,
            ceiling: 90,
            register_low: 36,
            register_high: 84,
            colour: 0.0,
            key: KeyChoice::Auto,
            idiom: Idiom::Open,
            feeling: Feeling::None,
            tempo: TempoChoice::Heard,
            metre: Metre::Heard,
            form: Form::Heard,
            turns: Turns::Goal,
            dynamics: Dynamics::Heard,
            channels: Channels::One,
            pedal: false,
            seed: 1,
            hold: false,
            next: false,
            skip: false,
            recall: false,
            rest: false,
            cadence: false,
            panic: false,
        }
    }
}

/// Smallest distance from the lowest to the highest key, semitones: every pitch class must have a place.
pub const REGISTER_SPAN_MIN: u8 = 12;

impl Settings {
    /// The same settings with every value brought into its range; what is not a number becomes the default.
    pub fn clamped(&self) -> Self {
        let usual = Self::default();
        let within = |value: f32, low: f32, usual: f32| if value.is_finite() { value.clamp(low, 1.0) } else { usual };
        let sensitivity = if self.sensitivity.is_finite() { self.sensitivity } else { usual.sensitivity };
        let low = self.register_low.min(127 - REGISTER_SPAN_MIN);
        Self {
            sensitivity: sensitivity.clamp(SENSITIVITY_LIMITS_DB.0, SENSITIVITY_LIMITS_DB.1),
            responsiveness: within(self.responsiveness, 0.0, usual.responsiveness),
            mirror: within(self.mirror, 0.0, usual.mirror),
            density: within(self.density, 0.0, usual.density),
            space: within(self.space, 0.0, usual.space),
            lead: within(self.lead, 0.0, usual.lead),
            tension: within(self.tension, 0.0, usual.tension),
            colour: within(self.colour, -1.0, usual.colour),
            ceiling: self.ceiling.clamp(1, 127),
            register_low: low,
            register_high: self.register_high.clamp(low + REGISTER_SPAN_MIN, 127),
            key: self.key.clamped(),
            seed: self.seed.min(SEED_MAX),
            ..*self
        }
    }
}
