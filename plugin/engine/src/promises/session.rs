//! A random session: locks, a client with notes and hits, a therapist with acts and keys; the line from meaning to events.

use crate::chance::{Chance, Stream};
use crate::intend::intent::{Act, Intent, State};
use crate::intend::{Acts, Intend};
use crate::key::{Key, KeyChoice, Mode};
use crate::names::Named;
use crate::respond::Respond;
use crate::respond::plan::Orders;
use crate::settings::{
    Approach, Dynamics, Feeling, Form, Goal, Guidance, Idiom, Listen, Metre, Settings, TempoChoice, Turns,
};
use crate::speak::{NoRoom, Sounding, Speak, Spoken, Take};
use crate::time::SampleTime;
use crate::understand::Understand;
use crate::understand::meaning::Meaning;
use crate::understand::testing::{Ears, Sound, clock};

/// Length of a session, s; each so-manieth is a long one, for what needs time.
const LENGTH_S: (f32, f32) = (2.0, 4.0);
const LONG_S: f32 = 20.0;
const LONG_EACH: u64 = 20;
/// A therapist acts so often, s.
const ACT_EACH_S: (f32, f32) = (0.3, 2.0);
/// States in which a second voice plays: asked for as often as all others.
const TALKS: [State; 3] = [State::Dialogue, State::Echo, State::Mirroring];

/// What happened in one hop.
pub struct Moment<'a> {
    pub now: SampleTime,
    pub settings: &'a Settings,
    pub acts: &'a [Act],
    pub meaning: &'a Meaning,
    pub intent: &'a Intent,
    /// Since when the client sings, if she does.
    pub sings_since: Option<SampleTime>,
    /// What was spoken up to the next hop.
    pub spoken: &'a [Spoken],
    /// What sounds after it.
    pub sounding: &'a [Sounding],
}

/// A session.
pub struct Session {
    pub settings: Settings,
    chance: Chance,
    sounds: Vec<Sound>,
    ears: Ears,
    understand: Understand,
    intend: Intend,
    respond: Respond,
    speak: Speak,
    intent: Intent,
    acts: Acts,
    next_act: SampleTime,
    /// A key that the therapist holds, and until when.
    held: Option<(u8, SampleTime)>,
    length: SampleTime,
    spoken: Tape,
}

#[derive(Default)]
struct Tape(Vec<Spoken>);

impl Take for Tape {
    fn take(&mut self, event: &Spoken) -> Result<(), NoRoom> {
        self.0.push(event.clone());
        Ok(())
    }
}

impl Session {
    pub fn random(number: u64) -> Self {
        let mut chance = Chance::new(1, Stream::Silence, number);
        let length_s = if number.is_multiple_of(LONG_EACH) { LONG_S } else { chance.between(LENGTH_S.0, LENGTH_S.1) };
        let settings = settings(&mut chance);
        let sounds = client(&mut chance, &settings, length_s);
        Self {
            settings,
            sounds: sounds.clone(),
            ears: Ears::new(sounds),
            understand: Understand::new(clock()),
            intend: Intend::new(clock()),
            respond: Respond::new(clock()),
            speak: Speak::new(clock()),
            intent: Intent::default(),
            acts: Acts::new(),
            next_act: clock().samples(chance.between(0.0, ACT_EACH_S.0).into()),
            held: None,
            length: clock().samples(length_s.into()),
            spoken: Tape::default(),
            chance,
        }
    }

    /// The next hop; `None` at the end.
    pub fn hop(&mut self) -> Option<Moment<'_>> {
        let heard = self.ears.hop();
        let now = heard.now;
        if now >= self.length {
            return None;
        }
        self.acts.clear();
        if now >= self.next_act {
            self.next_act = now + clock().samples(self.chance.between(ACT_EACH_S.0, ACT_EACH_S.1).into());
            self.therapist(now);
        }
        if let Some((key, _)) = self.held.filter(|(_, until)| now >= *until) {
            self.understand.guided_by(key, 0);
            self.held = None;
        }
        if self.acts.contains(&Act::Panic) {
            self.speak.end_all();
            self.respond.end_all();
        }
        self.understand.accompanied_by(self.speak.sounding());
        let meaning = self.understand.process(&heard, None, &self.settings);
        self.intent = *self.intend.process(meaning, self.respond.answered(), &self.acts, &self.settings);
        let mut orders = Orders::new();
        self.respond.process(meaning, &self.intent, &self.settings, &mut orders);
        self.speak.process(now, &orders, self.intent.state, &self.settings);
        self.spoken.0.clear();
        self.speak.speak(now, now + clock().hop() as SampleTime, &self.settings, &mut self.spoken);
        let sings = |sound: &&Sound| {
            sound.pitch.is_some() && clock().samples(sound.on_s) < now && now <= clock().samples(sound.off_s)
        };
        let sings_since = self.sounds.iter().filter(sings).map(|sound| clock().samples(sound.on_s)).min();
        Some(Moment {
            now,
            settings: &self.settings,
            acts: &self.acts,
            meaning,
            intent: &self.intent,
            sings_since,
            spoken: &self.spoken.0,
            sounding: self.speak.sounding(),
        })
    }

    /// What still sounds after everything was ended, and what was spoken to end it.
    pub fn leftover(&mut self) -> (Vec<Sounding>, &[Spoken]) {
        self.speak.end_all();
        self.spoken.0.clear();
        self.speak.speak(self.length, self.length + 1, &self.settings, &mut self.spoken);
        (self.speak.sounding().to_vec(), &self.spoken.0)
    }

    /// An act, a key, or a hand on a knob.
    fn therapist(&mut self, now: SampleTime) {
        let act = match self.chance.between(0.0, 18.0) as u32 {
            0..=2 => Act::Go(one(&mut self.chance)),
            3..=5 => Act::Go(TALKS[(self.chance.unit() * TALKS.len() as f32) as usize]),
            6 => Act::Next,
            7 => Act::Skip,
            8 => Act::Recall,
            9 => Act::Rest,
            10 => Act::Cadence,
            11 => Act::Panic,
            12 => {
                self.settings.hold = !self.settings.hold;
                return;
            }
            13 => {
                self.settings.ceiling = self.chance.between(20.0, 127.0) as u8;
                return;
            }
            14 | 15 => {
                let key = self.chance.between(24.0, 84.0) as u8;
                self.understand.guided_by(key, 80);
                let until = now + clock().samples(self.chance.between(0.1, 1.0).into());
                if let Some((before, _)) = self.held.replace((key, until)) {
                    self.understand.guided_by(before, 0);
                }
                return;
            }
            _ => return,
        };
        self.acts.push(act);
    }
}

fn one<T: Named>(chance: &mut Chance) -> T {
    T::at((chance.unit() * T::ALL.len() as f32) as usize)
}

fn settings(chance: &mut Chance) -> Settings {
    let mut often = |share: f32| chance.unit() < share;
    let (key, idiom, tempo, metre, form, turns, dynamics, guided) =
        (often(0.6), often(0.5), often(0.5), often(0.5), often(0.3), often(0.4), often(0.4), often(0.6));
    let locked = Key { tonic: (chance.unit() * 12.0) as u8, mode: one::<Mode>(chance) };
    let low = chance.between(24.0, 60.0) as u8;
    Settings {
        goal: one::<Goal>(chance),
        approach: one::<Approach>(chance),
        guidance: if guided { Guidance::Guided } else { Guidance::Free },
        listen: if chance.unit() < 0.1 { Listen::Untuned } else { Listen::Auto },
        responsiveness: chance.unit(),
        mirror: chance.unit(),
        density: chance.unit(),
        space: chance.unit(),
        lead: chance.unit(),
        tension: chance.unit(),
        colour: chance.between(-1.0, 1.0),
        ceiling: chance.between(20.0, 127.0) as u8,
        register_low: low,
        register_high: low + 12 + chance.between(0.0, 30.0) as u8,
        key: if key { KeyChoice::Locked(locked) } else { KeyChoice::Auto },
        idiom: if idiom { one::<Idiom>(chance) } else { Idiom::Open },
        feeling: one::<Feeling>(chance),
        tempo: if tempo { TempoChoice::Locked(chance.between(40.0, 200.0) as u8) } else { TempoChoice::Heard },
        metre: if metre { one::<Metre>(chance) } else { Metre::Heard },
        form: if form { one::<Form>(chance) } else { Form::Heard },
        turns: if turns { one::<Turns>(chance) } else { Turns::Goal },
        dynamics: if dynamics { one::<Dynamics>(chance) } else { Dynamics::Heard },
        seed: (chance.unit() * 60_000.0) as u32,
        pedal: true,
        ..Settings::default()
    }
}

/// Lines of notes in a key or anywhere, or hits, in time or not, with breaths between.
fn client(chance: &mut Chance, settings: &Settings, length_s: f32) -> Vec<Sound> {
    let key = match settings.key {
        KeyChoice::Locked(key) if chance.unit() < 0.7 => key,
        _ => Key { tonic: (chance.unit() * 12.0) as u8, mode: one::<Mode>(chance) },
    };
    let (drums, anywhere, loose) = (chance.unit() < 0.15, chance.unit() < 0.2, chance.unit() < 0.5);
    let step_s = chance.between(0.15, 0.7);
    let (mut at_s, mut sung, mut sounds) = (chance.between(0.0, 0.4), 60.0 + chance.between(-8.0, 8.0), Vec::new());
    while at_s < length_s {
        let stride_s = step_s * if loose { chance.between(0.4, 2.2) } else { (chance.between(1.0, 3.0) as u32) as f32 };
        sung = (sung + chance.between(-5.0, 5.0)).clamp(45.0, 84.0);
        let in_key = (0..12_u8).map(|up| sung as u8 + up).find(|near| anywhere || key.contains(near % 12));
        let pitch = f32::from(in_key.unwrap_or(60)) + chance.between(-0.2, 0.2);
        sounds.push(Sound {
            pitch: (!drums && chance.unit() < 0.95).then_some(pitch),
            on_s: at_s.into(),
            off_s: (at_s + 0.9 * stride_s).into(),
            velocity: chance.between(20.0, 120.0) as u8,
        });
        at_s += stride_s + if chance.unit() < 0.15 { chance.between(0.5, 3.0) } else { 0.0 };
    }
    sounds
}

/// The state that `act` names.
pub fn named(act: &Act) -> Option<State> {
    if let Act::Go(state) = act { Some(*state) } else { None }
}
