//! Chooses what of each hop need be kept, so that the tables which are made of it later are those made at once.

use super::entry::Entry;
use crate::record::rows::Rows;
use crate::record::{Moment, Played, PlayedNote};
use antiphon_engine::intend::intent::{Reason, State};
use antiphon_engine::listen::heard::PitchReading;
use antiphon_engine::time::{Clock, SampleTime};

/// Time between two pitches that are kept, s: five to a period of the fastest vibrato (8 Hz is rare).
const PITCH_EVERY_S: f64 = 0.02;

/// From this probability on there is a pitch.
const VOICED: f32 = 0.5;

/// Passes on what is news.
#[derive(Debug)]
pub struct Thinner {
    rows: Rows,
    sounding: Vec<PlayedNote>,
    /// The last moment, if it was not passed on yet.
    pending: Option<Moment>,
    turn: Option<(State, Reason)>,
    beat: Option<SampleTime>,
    pitch_every: SampleTime,
    /// When a pitch was last passed on, and whether it was one.
    pitch: Option<(SampleTime, bool)>,
}

impl Thinner {
    /// For times counted by `clock`.
    pub fn new(clock: Clock) -> Self {
        Self {
            rows: Rows::new(clock),
            sounding: Vec::new(),
            pending: None,
            turn: None,
            beat: None,
            pitch_every: clock.samples(PITCH_EVERY_S),
            pitch: None,
        }
    }

    /// The pitch known at `now`: each 20 ms while there is one, and once when there is none any more.
    pub fn pitch(&mut self, now: SampleTime, pitch: &PitchReading) -> Option<Entry> {
        let voiced = pitch.voicing >= VOICED;
        let news = match self.pitch {
            Some((last, was)) => voiced != was || (voiced && now - last >= self.pitch_every),
            None => true,
        };
        news.then(|| {
            self.pitch = Some((now, voiced));
            Entry::Pitch { now, time: pitch.time, f0_hz: pitch.f0_hz, voicing: pitch.voicing }
        })
    }

    /// A moment; gives those to keep, in order.
    pub fn moment(&mut self, moment: &Moment) -> impl Iterator<Item = Entry> + use<> {
        let earlier = self.rows.hop(moment).and_then(|_| self.pending.take());
        let turn = Some((moment.state, moment.reason));
        let beat = moment.grid.map(|grid| grid.last_beat);
        let news = turn != self.turn || beat.is_some_and(|beat| self.beat.is_none_or(|last| last < beat));
        (self.turn, self.beat) = (turn, beat.max(self.beat));
        self.pending = (!news).then_some(*moment);
        let now = news.then_some(*moment);
        earlier.into_iter().chain(now).map(|moment| Entry::from(&moment))
    }

    /// A note message, and before it the moment that it belongs to.
    pub fn played(&mut self, played: &Played) -> impl Iterator<Item = Entry> + use<> {
        self.rows.reach(played.time);
        self.sounding.retain(|note| (note.channel, note.key) != (played.channel, played.key));
        if played.velocity > 0 {
            let Played { time: on, channel, key, velocity, label } = *played;
            self.sounding.push(PlayedNote { on, off: on, channel, key, velocity, label });
        }
        self.rows.sound(played.time, &self.sounding);
        self.finish().into_iter().chain([Entry::from(played)])
    }

    /// The last moment, if it was not passed on yet.
    pub fn finish(&mut self) -> Option<Entry> {
        self.pending.take().map(|moment| Entry::from(&moment))
    }
}
