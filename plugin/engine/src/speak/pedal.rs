//! The foot: under tones that are held it presses the sustain pedal as a pianist does in legato pedalling, after the hand
//! has struck, and lifts it as the next tone begins (Banowetz 1985, The Pianist's Guide to Pedaling). It joins; it never
//! lengthens: what is let go is damped within [`GATHERS_S`].

use super::{NoRoom, Sounding, Spoken, Take};
use crate::chance::{Chance, Stream};
use crate::names::Named;
use crate::respond::plan::{Behaviour, Voice};
use crate::settings::{Channels, Settings};
use crate::time::{Clock, SampleTime};
use wmidi::{Channel, ControlFunction, MidiMessage, U7};

/// The foot goes down so long after the last attack, s: clear of what that attack damps, and before the ear misses it.
const AFTER_S: (f32, f32) = (0.06, 0.12);

/// Tones of a chord that are let go within this end together, s: about the spread of a pianist's chord, and short of an
/// echo. Nothing sounds longer than it was played by more.
pub(super) const GATHERS_S: f64 = 0.04;

/// The foot stays up where it would have to come up sooner than this, s: it does not tap.
const SHORTEST_S: f64 = 0.25;

/// Channels that may have a pedal: with one for each voice, those of bass and harmony; else the first.
const CHANNELS: usize = 2;

/// The sustain pedals of the ground, moved by one foot.
pub(super) struct Pedal {
    clock: Clock,
    /// The therapist wants it, and the music of the hop is no rhythm.
    may: bool,
    /// Which channels' pedals are down, and what for.
    down: [Option<Behaviour>; CHANNELS],
    /// When the foot is to go down.
    press: Option<SampleTime>,
    /// When the first tone that it holds was let go.
    let_go: Option<SampleTime>,
    /// It is up by then, whatever sounds.
    up_by: SampleTime,
}

impl Pedal {
    pub fn new(clock: Clock) -> Self {
        Self { clock, may: false, down: [None; CHANNELS], press: None, let_go: None, up_by: SampleTime::MAX }
    }

    /// From `now` on it may be pressed, or is up.
    pub fn allow(&mut self, now: SampleTime, may: bool) {
        self.may = may;
        if !may {
            self.lift_by(now);
        }
    }

    /// Up by `latest`, and nothing is to be pressed.
    pub fn lift_by(&mut self, latest: SampleTime) {
        self.press = None;
        self.up_by = self.up_by.min(latest);
    }

    /// Takes over the pedals that `other` still owes.
    pub fn inherit(&mut self, other: &mut Self) {
        std::mem::swap(&mut self.down, &mut other.down);
        self.lift_by(0);
    }

    /// When it is to go up, with `sounding` under the hand.
    pub fn lift_due(&self, sounding: &[Sounding]) -> Option<SampleTime> {
        let last = |channel: usize| {
            let its = sounding.iter().filter(|note| usize::from(note.channel) == channel);
            its.map(|note| note.off).max().unwrap_or(0)
        };
        let first_silent = (0..CHANNELS).filter(|&channel| self.down[channel].is_some()).map(last).min()?;
        let gathered = self.let_go.map_or(SampleTime::MAX, |at| at + self.clock.samples(GATHERS_S));
        Some(first_silent.min(gathered).min(self.up_by))
    }

    /// When it is to go down, if all is well then.
    pub fn press_due(&self) -> Option<SampleTime> {
        self.press
    }

    /// Before a note of `voice` begins `at`: up, and down again a little later.
    pub fn before(
        &mut self,
        voice: Voice,
        at: SampleTime,
        settings: &Settings,
        out: &mut impl Take,
    ) -> Result<(), NoRoom> {
        if !is_under_foot(voice, settings.channels) {
            return Ok(());
        }
        self.lift(at, out)?;
        self.press_after(at, settings);
        Ok(())
    }

    /// `note` was let go `at`. Once the last of what must not be smeared is over, the foot may go down again.
    pub fn after(&mut self, note: &Sounding, at: SampleTime, settings: &Settings) {
        let is_pedalled = self.down.get(usize::from(note.channel)).is_some_and(Option::is_some);
        if is_pedalled {
            self.let_go.get_or_insert(at);
        } else if !is_held(note) && is_under_foot(note.voice, settings.channels) {
            self.press_after(at, settings);
        }
    }

    fn press_after(&mut self, at: SampleTime, settings: &Settings) {
        let mut chance = Chance::new(settings.seed, Stream::Pedal, at & PLACE_MASK);
        let after_s = chance.between(AFTER_S.0, AFTER_S.1);
        self.press = self.may.then(|| at + self.clock.samples(after_s.into()));
    }

    /// Goes down `at`, if held tones alone lie under the foot and nothing of them changes soon; the next note there
    /// begins at `next_on`.
    pub fn press(
        &mut self,
        at: SampleTime,
        sounding: &[Sounding],
        next_on: Option<SampleTime>,
        settings: &Settings,
        out: &mut impl Take,
    ) {
        self.press = None;
        let until = at + self.clock.samples(SHORTEST_S);
        let under = || sounding.iter().filter(|note| is_under_foot(note.voice, settings.channels));
        let lasts = under().all(|note| is_held(note) && note.off >= until) && next_on.is_none_or(|on| on >= until);
        if !lasts {
            return;
        }
        (self.let_go, self.up_by) = (None, SampleTime::MAX);
        for (channel, down) in self.down.iter_mut().enumerate() {
            let first = under().find(|note| usize::from(note.channel) == channel).map(|note| note.behaviour);
            *down = first.filter(|&what| out.take(&event(at, channel, DOWN, what)).is_ok());
        }
    }

    /// Goes up `at`; what finds no room stays owed.
    pub fn lift(&mut self, at: SampleTime, out: &mut impl Take) -> Result<(), NoRoom> {
        for (channel, down) in self.down.iter_mut().enumerate() {
            if let Some(what) = *down {
                out.take(&event(at, channel, UP, what))?;
                *down = None;
            }
        }
        (self.let_go, self.up_by) = (None, SampleTime::MAX);
        Ok(())
    }
}

const DOWN: U7 = U7::from_u8_lossy(127);
const UP: U7 = U7::from_u8_lossy(0);

/// The bits of a generator's index that an instant may take.
const PLACE_MASK: u64 = (1 << 40) - 1;

/// The voice is the first of the channel's, whose track in a MIDI file comes before those of the others: what goes up with
/// a beginning goes up before it.
fn event(time: SampleTime, channel: usize, value: U7, behaviour: Behaviour) -> Spoken {
    let place = Channel::from_index(channel as u8).unwrap_or(Channel::Ch1);
    let message = MidiMessage::ControlChange(place, ControlFunction::DAMPER_PEDAL, value);
    Spoken { time, message, voice: Voice::at(channel), part: 0, behaviour }
}

/// Whether notes of `voice` share a channel that has a pedal.
pub(super) fn is_under_foot(voice: Voice, channels: Channels) -> bool {
    channels == Channels::One || is_ground(voice)
}

/// A line that answers and a drum are never smeared.
fn is_ground(voice: Voice) -> bool {
    matches!(voice, Voice::Bass | Voice::Harmony)
}

/// A tone of a ground that is held; what is struck on a beat, answers or doubles is none.
fn is_held(note: &Sounding) -> bool {
    let held = match note.behaviour {
        Behaviour::Drone | Behaviour::Harmony | Behaviour::Tones | Behaviour::Holding => true,
        Behaviour::Calming | Behaviour::Cadence => true,
        Behaviour::Pulse | Behaviour::Swing | Behaviour::Song | Behaviour::Build | Behaviour::Grounding => false,
        Behaviour::Countermelody | Behaviour::Echo | Behaviour::Mirror | Behaviour::Inviting => false,
    };
    held && is_ground(note.voice)
}
