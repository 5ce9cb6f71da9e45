//! Suspensions: a tone held over from the last chord, against the new one, that gives way by a step down.
//!
//! Prepared, dissonant, resolved: the three parts of the rule are as old as Tinctoris (1477). The fourth falls to the
//! third, the ninth to the octave; over a third in the bass, the same tone is the seventh that falls to the sixth.

use super::super::Moment;
use super::voicing::{Keys, PARTS};
use super::{Chance, Playing};
use crate::chord::{Chord, Family};
use crate::time::SampleTime;

/// Tones are held over from this tension on.
const TENSION: f32 = 0.35;
/// Without a beat, a tone is held over for so long, s: about a beat of sung songs at their slowest.
const FREE_HOLD_S: f64 = 1.0;
/// With a beat, so long at least, s; else until the beat after: shorter, it is heard as a slip.
const SHORTEST_HOLD_S: f64 = 0.3;
/// The held tone is still there when it resolves, of so many s that a tone lasts at most.
const YOUNG_S: f64 = 4.0;

/// A tone that is held over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Suspension {
    /// Who holds it.
    pub part: usize,
    /// The key that it resolves to.
    pub key: u8,
    /// When.
    pub at: SampleTime,
}

impl Suspension {
    /// Whether it must end now: its time has come, or she sings a semitone beside it.
    pub fn resolves(&self, moment: &Moment, keys: &Keys) -> bool {
        moment.meaning.now >= self.at || moment.meaning.sounding_key.is_some_and(|key| rubs(key, keys[self.part]))
    }
}

/// The tone to hold over where `chord` takes the place of what is `playing`, voiced as `keys`; `None` where none can be
/// prepared, dissonant and resolved down by step.
pub(super) fn suspend(
    moment: &Moment,
    playing: &Playing,
    chord: Chord,
    keys: &Keys,
    chance: Chance,
) -> Option<Suspension> {
    let Moment { clock, meaning, settings, .. } = *moment;
    let is_strong = matches!(chance, Chance::Downbeat | Chance::Note);
    if settings.tension < TENSION || !is_strong || playing.chord.same_triad(&chord) {
        return None;
    }
    let now = meaning.now;
    let at = match &meaning.pulse.grid {
        Some(grid) if clock.between(now, grid.next_beat) >= SHORTEST_HOLD_S => grid.next_beat,
        Some(grid) => 2 * grid.next_beat - grid.last_beat,
        None => now + clock.samples(FREE_HOLD_S),
    };
    let above = |key: u8| (key + 12 - chord.root) % 12;
    let bass = above(keys[0]);
    let third = chord.family.tones()[1];
    let can_hold = |&part: &usize| {
        let (held, resolved) = (playing.keys[part], keys[part]);
        let step_down = (1..=2).contains(&held.saturating_sub(resolved));
        // Fourth to third over the root; ninth to octave over the root, or seventh to sixth over the third.
        let fourth = above(held) == 5 && above(resolved) == third && bass == 0;
        let ninth = above(held) == 2 && above(resolved) == 0 && (bass == 0 || bass == third);
        let others = || (0..PARTS).filter(|&other| other != part).map(|other| keys[other]);
        let alone = !others().any(|key| key == held || rubs(key, held) || fourth && above(key) == third);
        let in_order = keys[part - 1] < resolved && keys.get(part + 1).is_none_or(|&key| held < key);
        let young = clock.between(playing.struck[part], now) < YOUNG_S && playing.struck[part] < now;
        let with_her = meaning.sounding_key.is_none_or(|key| !rubs(key, held) && key % 12 != resolved % 12);
        step_down && (fourth || ninth) && alone && in_order && young && with_her
    };
    let part = (1..PARTS).rev().filter(|_| chord.family != Family::Diminished).find(can_hold)?;
    Some(Suspension { part, key: keys[part], at })
}

/// Two keys a semitone apart, in any octave.
fn rubs(one: u8, other: u8) -> bool {
    matches!(one.abs_diff(other) % 12, 1 | 11)
}
