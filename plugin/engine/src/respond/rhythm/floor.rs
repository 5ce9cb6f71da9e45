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

#[cfg(test)]
mod tests {
    use super::super::Rhythm;
    use super::super::promises::{BEAT, D, HOP, RATE, attacks, meaning, play_along};
    use super::*;
    use crate::intend::body;
    use crate::intend::intent::{Intent, State};
    use crate::respond::follow::Follow;
    use crate::settings::Settings;
    use crate::time::Clock;

    #[test]
    fn a_floor_is_steadier_than_she_is_and_has_a_beat_of_its_own_where_she_has_none() {
        let steady = |notes: &[PlannedNote]| {
            let ons = attacks(notes);
            let steps: Vec<f64> = ons.windows(2).map(|pair| (pair[1] - pair[0]) as f64).collect();
            let mean = steps.iter().sum::<f64>() / steps.len() as f64;
            let deviation = (steps.iter().map(|step| (step - mean).powi(2)).sum::<f64>() / steps.len() as f64).sqrt();
            (mean / RATE as f64, deviation / mean)
        };
        let wild = play_along(State::Containing, 40, &Settings::default(), |now| {
            let mut meaning = meaning(now, D, 69, 4);
            meaning.pulse = Default::default();
            (meaning.tonality, meaning.chords) = Default::default();
            meaning.energy.density = 5.0;
            meaning
        });
        let (period_s, spread) = steady(&wild);
        assert!((60.0 / 110.0..=1.0).contains(&period_s) && spread < 0.01, "{period_s} {spread}");
        assert!(wild.iter().all(|note| [2, 9].contains(&(note.key % 12)) && (74.0..=80.0).contains(&note.velocity)));
        let spiky = play_along(State::Grounding, 40, &Settings::default(), |now| {
            let mut meaning = meaning(now, D, 69, 4);
            let spike = now / BEAT % 8 == 5;
            if let Some(grid) = meaning.pulse.grid.as_mut().filter(|_| spike) {
                (grid.tempo_bpm, grid.next_beat) = (130.0, grid.last_beat + BEAT * 10 / 13);
            }
            meaning
        });
        assert!(steady(&spiky).1 <= 0.03, "{:?}", steady(&spiky));
    }

    #[test]
    fn a_floor_that_is_left_does_not_ring_on_to_its_next_beat() {
        let (mut rhythm, settings) = (Rhythm::default(), Settings::default());
        let intent = Intent { state: State::Grounding, body: body(State::Grounding), ..Intent::default() };
        let mut withdrawn = Vec::new();
        for now in (HOP..8 * BEAT).step_by(HOP as usize) {
            let meaning = &meaning(now, D, 69, 4);
            let clock = Clock::new(RATE as f64);
            let moment = Moment {
                clock,
                meaning,
                intent: &intent,
                settings: &settings,
                voiced: None,
                follow: &Follow::default(),
            };
            let mut orders = Orders::new();
            rhythm.process(&moment, now < 6 * BEAT, &mut orders);
            withdrawn.extend(orders.into_iter().filter_map(|order| match order {
                Order::Withdraw { behaviour: Behaviour::Grounding, within } => Some((now, within)),
                _ => None,
            }));
        }
        let [(now, within)] = withdrawn[..] else { panic!("{withdrawn:?}") };
        assert!(now < 6 * BEAT + HOP && within < BEAT, "{now} {within}");
    }
}
