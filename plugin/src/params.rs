//! The therapist's choices as the host knows them. A name in lower case with `_` for spaces is the word that files and
//! the command line use, and the text of a value is read back in every form those take.

use crate::panel::look::Look;
use crate::state::Loads;
use antiphon_engine::key::{KeyChoice, PITCH_NAMES, pitch_class};
use antiphon_engine::names::Named;
use antiphon_engine::settings::{
    Approach, Channels, Dynamics, Feeling, Form, Goal, Guidance, Idiom, Listen, Metre, Pulse, SEED_MAX,
    SENSITIVITY_LIMITS_DB, Settings, TempoChoice, Turns,
};
use antiphon_sound::{Choice, Instrument, LEVEL_LIMITS_DB};
use nice_plug::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Every parameter, in the order hosts list them. Ids never change: sessions and automation find parameters by them.
#[derive(Params)]
pub struct AntiphonParams {
    /// What the session is for.
    #[id = "goal"]
    pub goal: IntParam,
    /// The school whose rules hold.
    #[id = "approach"]
    pub approach: IntParam,
    /// Who moves the exchange on.
    #[id = "guidance"]
    pub guidance: IntParam,
    /// What kind of sound the client makes.
    #[id = "listen"]
    pub listen: IntParam,
    /// How far under the usual the softest sound lies that is heard, dB.
    #[id = "sensitivity"]
    pub sensitivity: FloatParam,
    /// Where tempo and metre come from.
    #[id = "pulse"]
    pub pulse: IntParam,
    /// How soon it replies and how fast it adapts, 0 to 1.
    #[id = "responsiveness"]
    pub responsiveness: FloatParam,
    /// How far it follows the client's departures from her average, 0 to 1.
    #[id = "mirror"]
    pub mirror: FloatParam,
    /// Onsets a second while it plays, 0 to 1.
    #[id = "density"]
    pub density: FloatParam,
    /// Share of the time in longer rests, 0 to 1.
    #[id = "space"]
    pub space: FloatParam,
    /// Behind the client or ahead, 0 to 1.
    #[id = "lead"]
    pub lead: FloatParam,
    /// Dissonance, 0 to 1.
    #[id = "tension"]
    pub tension: FloatParam,
    /// Loudest MIDI velocity ever played, 1 to 127.
    #[id = "ceiling"]
    pub ceiling: IntParam,
    /// Lowest MIDI key ever played.
    #[id = "register_low"]
    pub register_low: IntParam,
    /// Highest MIDI key ever played.
    #[id = "register_high"]
    pub register_high: IntParam,
    /// Dark to bright, -1 to 1.
    #[id = "colour"]
    pub colour: FloatParam,
    /// Key lock, as an index of [`KeyChoice::at`].
    #[id = "key"]
    pub key: IntParam,
    /// Style.
    #[id = "idiom"]
    pub idiom: IntParam,
    /// Named feeling.
    #[id = "feeling"]
    pub feeling: IntParam,
    /// Tempo lock, as an index of [`TempoChoice::at`].
    #[id = "tempo"]
    pub tempo: IntParam,
    /// Metre lock.
    #[id = "metre"]
    pub metre: IntParam,
    /// Form lock.
    #[id = "form"]
    pub form: IntParam,
    /// Turn order.
    #[id = "turns"]
    pub turns: IntParam,
    /// Dynamic plan.
    #[id = "dynamics"]
    pub dynamics: IntParam,
    /// How voices are laid on MIDI channels.
    #[id = "channels"]
    pub channels: IntParam,
    /// Whether held tones are joined by the sustain pedal.
    #[id = "pedal"]
    pub pedal: BoolParam,
    /// Seed of every choice left to chance.
    #[id = "seed"]
    pub seed: IntParam,
    /// While on, all stays as it is.
    #[id = "hold"]
    pub hold: BoolParam,
    /// Off to on: go on.
    #[id = "next"]
    pub next: BoolParam,
    /// Off to on: pass over the next state.
    #[id = "skip"]
    pub skip: BoolParam,
    /// Off to on: back to the state before.
    #[id = "recall"]
    pub recall: BoolParam,
    /// Off to on: rest.
    #[id = "rest"]
    pub rest: BoolParam,
    /// Off to on: head for the close.
    #[id = "cadence"]
    pub cadence: BoolParam,
    /// Off to on: silence at once.
    #[id = "panic"]
    pub panic: BoolParam,
    /// Whether the answer is heard through the built-in sound.
    #[id = "sound"]
    pub sound: BoolParam,
    /// Level of the built-in sound, dB.
    #[id = "sound_level"]
    pub sound_level: FloatParam,
    /// What the built-in sound plays on.
    #[id = "instrument"]
    pub instrument: IntParam,
    /// The host's own bypass.
    #[id = "bypass"]
    pub bypass: BoolParam,
    /// Notices when the host loads a state.
    #[persist = "loaded"]
    loads: Loads,
    /// How the therapist likes the panel.
    #[persist = "panel"]
    pub look: Look,
    presses: Arc<Presses>,
}

/// Momentary buttons that were pressed and not yet noticed: a press shorter than a block is a press all the same.
#[derive(Debug, Default)]
struct Presses {
    next: AtomicBool,
    skip: AtomicBool,
    recall: AtomicBool,
    rest: AtomicBool,
    cadence: AtomicBool,
    panic: AtomicBool,
}

impl Default for AntiphonParams {
    fn default() -> Self {
        let (usual, heard) = (Settings::default(), Choice::default());
        let presses = Arc::new(Presses::default());
        Self {
            goal: choice("Goal", usual.goal),
            approach: choice("Approach", usual.approach),
            guidance: choice("Guidance", usual.guidance),
            listen: choice("Listen", usual.listen),
            sensitivity: decibels("Sensitivity", usual.sensitivity, SENSITIVITY_LIMITS_DB),
            pulse: choice("Pulse", usual.pulse),
            responsiveness: share("Responsiveness", usual.responsiveness, 0.0),
            mirror: share("Mirror", usual.mirror, 0.0),
            density: share("Density", usual.density, 0.0),
            space: share("Space", usual.space, 0.0),
            lead: share("Lead", usual.lead, 0.0),
            tension: share("Tension", usual.tension, 0.0),
            ceiling: number("Ceiling", usual.ceiling.into(), 1, 127)
                .with_unit(" vel")
                .with_string_to_value(Arc::new(|text| text.trim_end_matches("vel").trim().parse().ok())),
            register_low: midi_key("Register low", usual.register_low),
            register_high: midi_key("Register high", usual.register_high),
            colour: share("Colour", usual.colour, -1.0),
            key: number("Key", usual.key.index() as i32, 0, KeyChoice::COUNT as i32 - 1)
                .with_value_to_string(Arc::new(|index| KeyChoice::at(index_of(index)).to_string()))
                .with_string_to_value(Arc::new(|text| KeyChoice::parse(text).ok().map(|key| key.index() as i32))),
            idiom: choice("Idiom", usual.idiom),
            feeling: choice("Feeling", usual.feeling),
            tempo: number("Tempo", usual.tempo.index() as i32, 0, TempoChoice::COUNT as i32 - 1)
                .with_value_to_string(Arc::new(|index| TempoChoice::at(index_of(index)).to_string()))
                .with_string_to_value(Arc::new(|text| TempoChoice::parse(text).ok().map(|tempo| tempo.index() as i32))),
            metre: choice("Metre", usual.metre),
            form: choice("Form", usual.form),
            turns: choice("Turns", usual.turns),
            dynamics: choice("Dynamics", usual.dynamics),
            channels: choice("Channels", usual.channels),
            pedal: switch("Pedal", usual.pedal),
            seed: number("Seed", usual.seed as i32, 0, SEED_MAX as i32),
            hold: switch("Hold", usual.hold),
            next: button("Next", &presses, |presses| &presses.next),
            skip: button("Skip", &presses, |presses| &presses.skip),
            recall: button("Recall", &presses, |presses| &presses.recall),
            rest: button("Rest", &presses, |presses| &presses.rest),
            cadence: button("Cadence", &presses, |presses| &presses.cadence),
            panic: button("Panic", &presses, |presses| &presses.panic),
            sound: switch("Sound", heard.on),
            sound_level: decibels("Sound level", heard.level_db, LEVEL_LIMITS_DB),
            instrument: choice("Instrument", heard.instrument),
            bypass: switch("Bypass", false).make_bypass(),
            loads: Loads::default(),
            look: Look::default(),
            presses,
        }
    }
}

impl AntiphonParams {
    /// What the musician goes by. Every value lies in its range, whatever was loaded. For the audio thread alone: a press
    /// is told once.
    pub fn settings(&self) -> Settings {
        let key = |param: &IntParam| param.value().clamp(0, 127) as u8;
        Settings {
            goal: chosen::<Goal>(&self.goal),
            approach: chosen::<Approach>(&self.approach),
            guidance: chosen::<Guidance>(&self.guidance),
            listen: chosen::<Listen>(&self.listen),
            sensitivity: self.sensitivity.value(),
            pulse: chosen::<Pulse>(&self.pulse),
            responsiveness: self.responsiveness.value(),
            mirror: self.mirror.value(),
            density: self.density.value(),
            space: self.space.value(),
            lead: self.lead.value(),
            tension: self.tension.value(),
            ceiling: key(&self.ceiling),
            register_low: key(&self.register_low),
            register_high: key(&self.register_high),
            colour: self.colour.value(),
            key: KeyChoice::at(index_of(self.key.value())),
            idiom: chosen::<Idiom>(&self.idiom),
            feeling: chosen::<Feeling>(&self.feeling),
            tempo: TempoChoice::at(index_of(self.tempo.value())),
            metre: chosen::<Metre>(&self.metre),
            form: chosen::<Form>(&self.form),
            turns: chosen::<Turns>(&self.turns),
            dynamics: chosen::<Dynamics>(&self.dynamics),
            channels: chosen::<Channels>(&self.channels),
            pedal: self.pedal.value(),
            seed: self.seed.value().max(0) as u32,
            hold: self.hold.value(),
            next: self.next.value() | self.presses.next.swap(false, Ordering::Relaxed),
            skip: self.skip.value() | self.presses.skip.swap(false, Ordering::Relaxed),
            recall: self.recall.value() | self.presses.recall.swap(false, Ordering::Relaxed),
            rest: self.rest.value() | self.presses.rest.swap(false, Ordering::Relaxed),
            cadence: self.cadence.value() | self.presses.cadence.swap(false, Ordering::Relaxed),
            panic: self.panic.value() | self.presses.panic.swap(false, Ordering::Relaxed),
        }
        .clamped()
    }

    /// What the built-in sound goes by.
    pub fn sound_choice(&self) -> Choice {
        Choice {
            on: self.sound.value(),
            level_db: self.sound_level.value().clamp(LEVEL_LIMITS_DB.0, LEVEL_LIMITS_DB.1),
            instrument: chosen::<Instrument>(&self.instrument),
        }
    }

    /// States that the host has loaded so far.
    pub fn loads(&self) -> u32 {
        self.loads.count()
    }
}

/// What a parameter made by `choice` stands at.
pub fn chosen<T: Named>(param: &IntParam) -> T {
    T::at(index_of(param.value()))
}

fn index_of(value: i32) -> usize {
    usize::try_from(value).unwrap_or(0)
}

/// One of a table of words; shown by its label, read by word or label.
fn choice<T: Named>(name: &str, usual: T) -> IntParam {
    number(name, usual.index() as i32, 0, T::ALL.len() as i32 - 1)
        .with_value_to_string(Arc::new(|index| T::at(index_of(index)).label().to_owned()))
        .with_string_to_value(Arc::new(|text| T::parse(text).ok().map(|value| value.index() as i32)))
}

fn number(name: &str, usual: i32, min: i32, max: i32) -> IntParam {
    IntParam::new(name, usual, IntRange::Linear { min, max })
}

/// A share up to 1, with two decimals.
fn share(name: &str, usual: f32, min: f32) -> FloatParam {
    FloatParam::new(name, usual, FloatRange::Linear { min, max: 1.0 })
        // Adding 0 makes a minus zero plain.
        .with_value_to_string(Arc::new(|value| format!("{:.2}", (value * 100.0).round() / 100.0 + 0.0)))
        .with_string_to_value(Arc::new(|text| text.trim().parse().ok().filter(|value: &f32| value.is_finite())))
}

/// Decibels with one decimal, read with or without their unit.
fn decibels(name: &str, usual: f32, (min, max): (f32, f32)) -> FloatParam {
    FloatParam::new(name, usual, FloatRange::Linear { min, max })
        .with_unit(" dB")
        .with_value_to_string(Arc::new(|value| format!("{:.1}", (value * 10.0).round() / 10.0 + 0.0)))
        .with_string_to_value(Arc::new(|text| {
            let text = text.trim();
            text.trim_end_matches(['d', 'D', 'B', 'b']).trim_end().parse().ok().filter(|value: &f32| value.is_finite())
        }))
}

fn switch(name: &str, usual: bool) -> BoolParam {
    BoolParam::new(name, usual)
        .with_value_to_string(Arc::new(|on| if on { "on" } else { "off" }.to_owned()))
        .with_string_to_value(Arc::new(|text| match text.trim().to_ascii_lowercase().as_str() {
            "on" | "true" | "1" => Some(true),
            "off" | "false" | "0" => Some(false),
            _ => None,
        }))
}

/// A momentary button; `place` is where its presses are kept.
fn button(name: &str, presses: &Arc<Presses>, place: fn(&Presses) -> &AtomicBool) -> BoolParam {
    let presses = presses.clone();
    switch(name, false).with_callback(Arc::new(move |on| {
        if on {
            place(&presses).store(true, Ordering::Relaxed);
        }
    }))
}

/// A MIDI key, shown as note and number: `C3 (48)`.
fn midi_key(name: &str, usual: u8) -> IntParam {
    number(name, usual.into(), 0, 127)
        .with_value_to_string(Arc::new(|key| format!("{} ({key})", note_name(key))))
        .with_string_to_value(Arc::new(parse_midi_key))
}

/// A MIDI key as a note with its octave; 60 is C4.
pub fn note_name(key: i32) -> String {
    format!("{}{}", PITCH_NAMES[key.rem_euclid(12) as usize], key.div_euclid(12) - 1)
}

/// Reads `48`, `C3`, `c3` or `C3 (48)`.
fn parse_midi_key(text: &str) -> Option<i32> {
    let text = text.trim();
    let text = text.split_once('(').map_or(text, |(_, number)| number.trim_end_matches(')').trim());
    if let Ok(key) = text.parse() {
        return Some(key);
    }
    let octave_at = text.find(|c: char| c == '-' || c.is_ascii_digit())?;
    let (note, octave) = text.split_at(octave_at);
    let octave: i32 = octave.parse().ok().filter(|octave| (-1..=9).contains(octave))?;
    let letter = i32::from(pitch_class(note.get(..1)?)?);
    // Accidentals move away from the letter, so that B#2 is C3.
    let accidentals = (i32::from(pitch_class(note)?) - letter + 6).rem_euclid(12) - 6;
    Some(12 * (octave + 1) + letter + accidentals)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every parameter: id, name, and text of a normalized value, and back.
    fn check_each(check: impl Fn(&str, &ParamPtr)) {
        let params = AntiphonParams::default();
        for (id, param, _) in params.param_map() {
            check(&id, &param);
        }
    }

    #[test]
    fn the_defaults_are_the_engine_s() {
        assert_eq!(AntiphonParams::default().settings(), Settings::default());
        assert_eq!(AntiphonParams::default().sound_choice(), Choice::default());
    }

    #[test]
    fn a_name_in_lower_case_is_the_id_and_the_word_of_files() {
        check_each(|id, param| {
            // SAFETY: `check_each` keeps the parameters alive.
            let name = unsafe { param.name() };
            assert_eq!(name.to_lowercase().replace(' ', "_"), id);
        });
    }

    #[test]
    fn every_text_of_every_value_is_read_back_as_that_value() {
        check_each(|id, param| {
            // SAFETY: `check_each` keeps the parameters alive.
            unsafe {
                let steps = param.step_count().unwrap_or(200).min(2_000);
                for step in 0..=steps {
                    let normalized = step as f32 / steps as f32;
                    for unit in [true, false] {
                        let text = param.normalized_value_to_string(normalized, unit);
                        let back = param.string_to_normalized_value(&text).unwrap_or_else(|| panic!("{id}: {text}"));
                        assert_eq!(param.normalized_value_to_string(back, unit), text, "{id}");
                        assert!((back - normalized).abs() < 0.006, "{id}: {text}");
                    }
                }
                assert_eq!(param.string_to_normalized_value("nonsense"), None, "{id}");
            }
        });
    }

    #[test]
    fn a_choice_is_read_by_its_word_and_by_its_label() {
        let params = AntiphonParams::default();
        let plain = |text| params.goal.string_to_normalized_value(text).map(|n| params.goal.preview_plain(n));
        assert_eq!(plain("wellbeing"), Some(Goal::Wellbeing.index() as i32));
        assert_eq!(plain("Well-being"), Some(Goal::Wellbeing.index() as i32));
    }

    #[test]
    fn a_register_is_read_as_number_note_or_both() {
        for text in ["48", "C3", "c3", "B#2", "C3 (48)"] {
            assert_eq!(parse_midi_key(text), Some(48), "{text}");
        }
        assert_eq!(parse_midi_key("C-1"), Some(0));
        for nonsense in ["", "H3", "C", "3C", "C99999999999", "C3 ("] {
            assert_eq!(parse_midi_key(nonsense), None, "{nonsense}");
        }
    }
}
