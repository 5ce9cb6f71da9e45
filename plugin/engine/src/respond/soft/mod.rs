//! The soft grounds: single tones, held chords, a minor colour and the rest. They share one hand, so that what rings in
//! one state is led on into the next.

mod chord;
mod hand;
mod held;
mod joining;
#[cfg(test)]
mod promises;
mod tones;
mod voicing;

use super::Moment;
use super::drone::UNTUNED_ROOT;
use super::harmony::voicing::Keys;
use super::plan::Orders;
use crate::chord::Chord;
use crate::intend::intent::Ground;
use crate::time::SampleTime;
use crate::understand::meaning::Meaning;
use hand::Hand;
use held::Held;
use tones::Tones;

/// In a rest what rings fades after so long, s.
const RINGS_S: f32 = 4.0;
/// After the client has been silent for so long, s, what rings fades tone by tone: longer than a breath between lines, and the
/// last is gone within four seconds.
const FADES_S: f32 = 2.0;
/// What rings waits so long at most, s, for the ground that follows to strike, so that there is no hole between.
const HANDS_OVER_S: f64 = 1.5;

/// The soft grounds.
#[derive(Debug, Default)]
pub struct Soft {
    hand: Hand,
    tones: Tones,
    held: Held,
    /// The ground of the hop before.
    ground: Ground,
    /// Since when this ground lasts.
    since: SampleTime,
    /// It rests at once: what rings fades though she may sing.
    rests_since: Option<SampleTime>,
}

impl Soft {
    /// Something of it rings.
    pub fn sounds(&self) -> bool {
        !self.hand.is_empty()
    }

    /// The keys that ring.
    pub fn keys(&self) -> impl Iterator<Item = u8> + '_ {
        self.hand.ringing().map(|tone| tone.key)
    }

    /// The chord that is held and its keys; single tones have none.
    pub fn voiced(&self) -> Option<(Chord, Keys)> {
        self.held.voiced().filter(|_| self.sounds())
    }

    /// The chord that sounds: the one that is held, or the likeliest that has every single tone that rings.
    pub fn chord(&self, meaning: &Meaning) -> Option<Chord> {
        if let Some((chord, _)) = self.voiced() {
            return Some(chord);
        }
        let fits = |chord: &Chord| self.hand.ringing().filter(|tone| chord.contains(tone.key % 12)).count();
        let likely = |chord: &Chord| meaning.chords.now[chord.index()];
        let best = Chord::all().max_by(|a, b| {
            (fits(a), likely(a)).partial_cmp(&(fits(b), likely(b))).unwrap_or(std::cmp::Ordering::Equal)
        });
        best.filter(|_| self.sounds())
    }

    /// Whether what another ground left sounding may ring on: nothing of this one has come in its place yet.
    pub fn lets_ring(&self, moment: &Moment) -> bool {
        let Moment { clock, meaning, intent, .. } = *moment;
        let rings = match intent.body.ground {
            Ground::Ring => f64::from(RINGS_S),
            Ground::Tones | Ground::Held => HANDS_OVER_S,
            _ => 0.0,
        };
        self.hand.is_empty() && clock.between(self.since, meaning.now) < rings
    }

    /// Plans for one hop. `other`: another ground sounds.
    pub fn process(&mut self, moment: &Moment, other: bool, orders: &mut Orders) {
        let Moment { clock, meaning, intent, .. } = *moment;
        let now = meaning.now;
        self.hand.forget_ended(now);
        let ground = intent.body.ground;
        if intent.entered || ground != self.ground {
            self.enter(moment);
        }
        match ground {
            Ground::Tones => self.tones.process(moment, &mut self.hand, orders),
            Ground::Held | Ground::Ring => self.held.process(moment, &mut self.hand, orders),
            Ground::Silent | Ground::Close => self.hand.leave(moment, orders),
            Ground::Calm | Ground::Drone | Ground::Chords | Ground::Beat => {
                if other || clock.between(self.since, now) >= HANDS_OVER_S {
                    self.hand.leave(moment, orders);
                }
            }
        }
        let rests = self.rests_since.is_some_and(|since| clock.between(since, now) >= f64::from(RINGS_S));
        self.rests_since = self.rests_since.filter(|_| !meaning.phrase.began);
        if meaning.silence_s >= FADES_S || rests {
            self.hand.fade(moment, orders);
        }
        if self.hand.is_empty() {
            self.held.forget();
        }
    }

    fn enter(&mut self, moment: &Moment) {
        let Moment { meaning, intent, .. } = *moment;
        (self.ground, self.since) = (intent.body.ground, meaning.now);
        self.rests_since = None;
        match intent.body.ground {
            Ground::Tones => {
                self.held.forget();
                self.tones.enter(meaning);
            }
            Ground::Held | Ground::Ring => {
                self.held.enter(moment);
                self.rests_since = self.held.rests().then_some(meaning.now);
            }
            _ => {}
        }
    }
}
