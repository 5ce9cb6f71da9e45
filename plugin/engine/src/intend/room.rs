//! Room: how long the client usually rests between phrases, so that an answer begins only where it can be finished.

use crate::time::{Clock, SampleTime};
use crate::understand::meaning::PhraseSense;
use arrayvec::ArrayVec;

/// Rests that her habit is taken from: enough to outvote one odd rest, few enough to follow a change of manner.
const RESTS: usize = 3;

/// An answer is worth beginning with this much room for it, s: three notes of a calm motif.
const ANSWER_S: f32 = 1.5;

/// A rest this many times her usual one is meant: she leaves room.
const MEANT: f32 = 1.3;

/// What is known of the client's rests.
pub struct Room {
    clock: Clock,
    /// The last rests, s, oldest first.
    rests_s: ArrayVec<f32, RESTS>,
    /// End of the phrase before the open one.
    phrase_end: Option<SampleTime>,
}

impl Room {
    /// Before the first rest.
    pub fn new(clock: Clock) -> Self {
        Self { clock, rests_s: ArrayVec::new(), phrase_end: None }
    }

    /// Follows one hop.
    pub fn process(&mut self, phrase: &PhraseSense) {
        if phrase.ended {
            self.phrase_end = Some(phrase.end);
        }
        if let Some(end) = self.phrase_end.filter(|_| phrase.began) {
            if self.rests_s.is_full() {
                self.rests_s.remove(0);
            }
            self.rests_s.push(self.clock.between(end, phrase.start) as f32);
            self.phrase_end = None;
        }
    }

    /// Whether one of her last rests left room for an answer that begins `delay_s` after her phrase, or none is known yet.
    pub fn at_times(&self, delay_s: f32) -> bool {
        self.rests_s.is_empty() || self.rests_s.iter().any(|&rest_s| rest_s >= delay_s + ANSWER_S)
    }

    /// Whether an answer that begins `delay_s` after her phrase finds room, `rest_s` into the rest: as far as her habit
    /// tells, or because this rest is already longer than her habit. Before any habit is known it is worth a try.
    pub fn for_answer(&self, delay_s: f32, rest_s: f32) -> bool {
        let mut rests_s = self.rests_s.clone();
        rests_s.sort_unstable_by(f32::total_cmp);
        rests_s.get(rests_s.len() / 2).is_none_or(|&usual_s| {
            let usually_enough = usual_s >= delay_s + ANSWER_S;
            let already_longer = rest_s >= MEANT * usual_s;
            usually_enough || already_longer
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A room that has seen these rests, s.
    fn room(rests_s: &[f64]) -> Room {
        let clock = Clock::new(48_000.0);
        let mut room = Room::new(clock);
        let mut now_s = 1.0;
        for rest_s in rests_s {
            room.process(&PhraseSense { ended: true, end: clock.samples(now_s), ..PhraseSense::default() });
            now_s += rest_s;
            room.process(&PhraseSense { began: true, start: clock.samples(now_s), ..PhraseSense::default() });
            now_s += 3.0;
        }
        room
    }

    #[test]
    fn who_rests_briefly_is_answered_only_once_she_rests_longer_than_usual() {
        let brief = room(&[0.8, 0.9, 0.7]);
        assert!(!brief.for_answer(0.4, 0.5) && !brief.for_answer(0.4, 1.0));
        assert!(brief.for_answer(0.4, 1.1));
    }

    #[test]
    fn one_long_rest_of_a_few_leaves_room_at_times() {
        assert!(room(&[0.8, 2.6, 0.7]).at_times(0.5) && room(&[]).at_times(0.5));
        assert!(!room(&[0.8, 0.9, 0.7]).at_times(0.5));
    }

    #[test]
    fn who_leaves_room_is_answered_at_once_and_so_is_the_first_rest() {
        assert!(room(&[3.0, 2.5, 0.6]).for_answer(0.5, 0.5));
        assert!(room(&[]).for_answer(0.5, 0.5));
    }

    #[test]
    fn a_new_habit_is_learned_within_two_rests() {
        assert!(room(&[0.7, 0.7, 0.7, 3.0, 3.0]).for_answer(0.5, 0.5));
    }
}
