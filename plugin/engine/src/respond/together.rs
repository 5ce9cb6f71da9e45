//! Together: the farther the mirror knob is turned up, the more of what lies under her is struck with tones of hers alone,
//! and as strong as these, so that her rhythm and her strength are heard in it (synchronizing, Bruscia 1987).

use super::Moment;
use super::plan::{Behaviour, Order, Orders, PlannedNote, Voice};
use super::with_her::GROUNDS;
use crate::chance::{Chance, Stream};
use crate::time::SampleTime;
use arrayvec::ArrayVec;

/// Lines that may wait for a tone of hers: bass, six of the harmony, the one that rubs.
const LINES: usize = 8;
/// What was meant this long ago comes with no tone of hers any more, s: the next chord is nearer.
const WAITS_S: f64 = 1.5;
/// What was meant so soon after a tone of hers belongs to it, s.
const BELONGS_S: f64 = 0.2;

/// While she plays twice as densely as on average, so large a share comes without waiting for a tone of hers: what lies
/// under her becomes denser with her, and on average stays as dense as the density knob has it. From 0.3 to 0.6 the
/// correlations with hers are alike (`cargo xtask knobs`).
const LETS_GO: f32 = 0.5;

/// What waits for a tone of hers.
#[derive(Debug, Default)]
pub(super) struct Together {
    waiting: ArrayVec<PlannedNote, LINES>,
    /// When the hand falls with her last tone that it goes with.
    falls: Option<SampleTime>,
    /// Something came with that tone already.
    came: bool,
}

impl Together {
    /// Holds back notes of the ground among the orders from the one at `from` on, and lets those go that `taken`, a tone
    /// of hers that our hand goes with, is the time for: the instant at which it falls.
    pub fn process(&mut self, moment: &Moment, taken: Option<SampleTime>, from: usize, orders: &mut Orders) {
        let Moment { clock, meaning, settings, .. } = *moment;
        let now = meaning.now;
        let share = moment.mirrors();
        if share <= 0.0 {
            *self = Self::default();
            return;
        }
        (self.falls, self.came) = (taken.or(self.falls), self.came && taken.is_none());
        let late = if self.came { 0 } else { clock.samples(BELONGS_S) };
        let belongs = self.falls.filter(|&falls| now <= falls + late);
        // All that falls at one instant is one attack.
        let denser = (moment.follow.density() - 1.0).max(0.0);
        let with_her =
            Chance::new(settings.seed, Stream::Together, now).unit() < share * (1.0 - LETS_GO * denser).max(0.0);
        let mut index = from;
        while index < orders.len() {
            match &mut orders[index] {
                Order::Play(note) if with_her && GROUNDS.contains(&note.behaviour) => {
                    let note = *note;
                    orders.remove(index);
                    self.forget(|waiting| (waiting.voice, waiting.part) == (note.voice, note.part));
                    let _ = self.waiting.try_push(note);
                    continue;
                }
                Order::Withdraw { behaviour, .. } => {
                    let behaviour = *behaviour;
                    self.forget(|waiting| waiting.behaviour == behaviour);
                }
                Order::Rest { voice, part } => {
                    let line: (Voice, u8) = (*voice, *part);
                    self.forget(|waiting| (waiting.voice, waiting.part) == line);
                }
                Order::WithdrawAll { .. } => self.waiting.clear(),
                Order::Play(_) => {}
            }
            index += 1;
        }
        let oldest = now.saturating_sub(clock.samples(WAITS_S));
        self.forget(|waiting| waiting.on < oldest);
        if let Some(falls) = belongs {
            self.came |= !self.waiting.is_empty();
            for note in self.waiting.drain(..) {
                let on = falls.max(now);
                let _ = orders.try_push(Order::Play(PlannedNote { on, off: on + (note.off - note.on), ..note }));
            }
        }
    }

    fn forget(&mut self, which: impl Fn(&PlannedNote) -> bool) {
        self.waiting.retain(|waiting| !which(waiting));
    }
}

/// Whether a note of `behaviour` is as strong as her last tone where the mirror knob asks for it.
pub(super) fn is_as_strong(behaviour: Behaviour) -> bool {
    behaviour == Behaviour::Mirror || GROUNDS.contains(&behaviour)
}
