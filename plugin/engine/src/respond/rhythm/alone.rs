//! Alone: she has stopped, and the rhythm with her; a soft chord waits for her a while.

use super::super::plan::{Order, Orders, PlannedNote};
use super::super::{LEAVE_S, Moment};
use super::{Rhythm, behaviour, level, place};
use crate::intend::approaches::approach_row;

/// A chord is held for so many bars.
const BARS: f64 = 2.0;

impl Rhythm {
    /// She has stopped: one soft chord is held, and after a while nothing.
    pub(super) fn hold_alone(&mut self, moment: &Moment, orders: &mut Orders) {
        let Moment { clock, meaning, settings, intent, .. } = *moment;
        let now = meaning.now;
        let Some((_, keys)) = self.playing else { return };
        let bars_s = self.count.last().map_or(4.0, |tick| BARS * f64::from(tick.per_bar) * tick.period_s);
        let due = self.alone.is_none_or(|since| clock.between(since, now) >= bars_s);
        if meaning.silence_s >= approach_row(settings.approach).patience_s {
            if self.sounds(now) {
                self.fall_silent(moment, clock.samples(LEAVE_S), orders);
            }
            return;
        }
        if !due {
            return;
        }
        if self.alone.is_none() {
            self.fall_silent(moment, 0, orders);
        }
        self.alone = Some(now);
        let behaviour = behaviour(intent.body.figure, intent.body.grows);
        let velocity = level::alone(moment);
        for (line, &key) in keys.iter().enumerate() {
            let (voice, part) = place(line);
            if line > 0 && keys[..line].contains(&key) {
                continue;
            }
            let off = now + clock.samples(bars_s);
            self.sounds[line] = off;
            orders.push(Order::Play(PlannedNote { on: now, off, key, velocity, voice, part, behaviour }));
        }
        self.behaviour = Some(behaviour);
    }
}
