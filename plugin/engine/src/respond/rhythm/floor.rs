//! Floor: bass octaves and fifths on a beat that is steadier than hers, a floor to stand on (rhythmic grounding, Bruscia
//! 1987; grounding and containing, Wigram 2004).
//!
//! With her beat it goes along, slowly, and does not chase her spikes; without one it has a beat of its own at about her
//! mean rate.

use super::super::plan::{Behaviour, Order, Orders, PlannedNote, Voice};
use super::super::{LEAVE_S, Moment, nearest};
use super::count::Tick;
use super::{level, root};
use crate::time::SampleTime;

/// Tempo of a floor: from a slow walk to a march, beats a minute.
const TEMPO_BPM: (f64, f64) = (60.0, 110.0);
/// Most that a beat may differ from the one before, as a share of it: under what is heard (Friberg and Sundberg 1995
/// found 2.5 % just noticeable in a sequence).
const STEADY: f64 = 0.012;
/// Share of the phase error that each beat corrects, within that.
const PHASE_SHARE: f64 = 0.2;
/// Where the octave's bass lies best.
const BASS_CENTRE: f32 = 41.0;
/// How much of the beat a tone lasts.
const LENGTH: f64 = 0.85;

/// The floor.
#[derive(Default)]
pub(super) struct Floor {
    /// The next beat, and seconds from beat to beat.
    next: Option<SampleTime>,
    period_s: f64,
    beats: u64,
}

impl Floor {
    /// It is over.
    pub fn end(&mut self) {
        *self = Self::default();
    }

    /// Another ground takes over: what it struck last ends within the time to leave.
    pub fn leave(&mut self, moment: &Moment, orders: &mut Orders) {
        if self.next.is_some() {
            let within = moment.clock.samples(LEAVE_S);
            orders.push(Order::Withdraw { behaviour: Behaviour::Grounding, within });
        }
        self.end();
    }

    /// Plans for one hop; returns whether it plays.
    pub fn process(&mut self, moment: &Moment, orders: &mut Orders) -> bool {
        let Moment { clock, meaning, .. } = *moment;
        let now = meaning.now;
        let Some(next) = self.next else {
            self.begin(moment);
            return self.next.is_some();
        };
        if now < next {
            return true;
        }
        self.strike(moment, next, orders);
        self.beats += 1;
        let wanted_s = self.wanted_s(moment);
        let most_s = STEADY * self.period_s;
        self.period_s += (wanted_s - self.period_s).clamp(-0.5 * most_s, 0.5 * most_s);
        let error_s = meaning.pulse.grid.map_or(0.0, |grid| {
            let error = (clock.seconds(grid.next_beat) - clock.seconds(next)) / self.period_s;
            (error - error.round()) * self.period_s
        });
        let corrected_s = (PHASE_SHARE * error_s).clamp(-0.5 * most_s, 0.5 * most_s);
        self.next = Some(next + clock.samples(self.period_s + corrected_s));
        true
    }

    /// With the next beat of hers, or with her next onset at once.
    fn begin(&mut self, moment: &Moment) {
        let meaning = moment.meaning;
        if !meaning.sounding {
            return;
        }
        self.period_s = self.wanted_s(moment);
        self.next = Some(meaning.pulse.grid.map_or(meaning.now, |grid| grid.next_beat.max(meaning.now)));
    }

    /// Seconds a beat: hers, or her mean rate, brought into the tempo of a floor.
    fn wanted_s(&self, moment: &Moment) -> f64 {
        let meaning = moment.meaning;
        if meaning.pulse.grid.is_none() && self.period_s > 0.0 {
            return self.period_s;
        }
        let heard = f64::from(60.0 * meaning.energy.density);
        let mut bpm = meaning.pulse.grid.map_or(heard, |grid| f64::from(grid.tempo_bpm)).max(1.0);
        while bpm > TEMPO_BPM.1 {
            bpm /= 2.0;
        }
        while bpm < 0.5 * (TEMPO_BPM.0 + 0.5 * TEMPO_BPM.1) {
            bpm *= 2.0;
        }
        60.0 / bpm.clamp(TEMPO_BPM.0, TEMPO_BPM.1)
    }

    fn strike(&self, moment: &Moment, at: SampleTime, orders: &mut Orders) {
        let Moment { clock, meaning, settings, .. } = *moment;
        let grid = meaning.pulse.grid.filter(|grid| grid.number > 0);
        let number = grid.map_or((self.beats % 4) as u8 + 1, |grid| grid.number);
        let strong = Tick { at, half: false, number, per_bar: 4, period_s: self.period_s }.is_strong();
        let low = nearest(root(moment), BASS_CENTRE, settings);
        let velocity = level::floor(moment);
        let mut tone = |key: u8, voice, softer: f32| {
            orders.push(Order::Play(PlannedNote {
                on: at.max(meaning.now),
                off: at.max(meaning.now) + clock.samples(LENGTH * self.period_s),
                key,
                velocity: velocity - softer,
                voice,
                part: 1,
                behaviour: Behaviour::Grounding,
            }));
        };
        tone(low, Voice::Bass, 0.0);
        tone(low.saturating_add(if strong { 12 } else { 7 }), Voice::Harmony, 0.0);
    }
}
