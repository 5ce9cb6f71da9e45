//! From beat to beat, or from note to note where there is no beat: what is believed of key and chord.
//!
//! A step is closed at the next beat, but its notes may still be revised for a moment: then what followed from it is
//! worked out anew, so that no note counts twice or wrongly.

use super::super::meaning::PulseSense;
use super::super::recent::Recent;
use super::filter::{Filter, KEYS, Place, Sung};
use super::spans::Spans;
use crate::time::{Clock, SampleTime};

/// Without a beat, a note begins a new step after this long, s: notes faster than this share a chord.
const FREE_STEP_S: f64 = 0.4;
/// Without a beat, a note of this length weighs as much as one of a beat, s: 100 beats a minute, near the median of
/// sung songs (124, 79-184).
const FREE_BEAT_S: f64 = 0.6;
/// A note counts for this many beats at most in one step.
const LONGEST_BEATS: f32 = 1.5;
/// A note softer than her last ones counts less, this at least: what ears mistake for a note is mostly soft.
const SOFT_WEIGHT: f32 = 0.5;
/// How long after its end a step may still be revised, s: the ears settle a note within 0.2 s.
const REVISED_S: f64 = 0.3;

/// Hypotheses of the key: the keys, and none.
pub(super) const HYPOTHESES: usize = KEYS + 1;
/// Share of "no key" before the first note and after a change.
const NO_KEY: f32 = 0.7;
/// Chance, a step, that the key which is claimed has changed to any other: slower than what the chords believe.
const CLAIM_CHANGES: f32 = 0.01;
/// What chord and key together say of the key claimed counts so much, beside the degrees alone: the chords know a
/// cadence, the degrees know a tonic that is dwelt on. What the chords say is softened already; this makes it whole.
const BY_CHORDS: f32 = 1.1;
const BY_DEGREES: f32 = 2.0;
/// Share of each degree in major and minor melodies: Albrecht and Shanahan (2013), Music Perception 31(1).
const PROFILES: [[f32; 12]; 2] = [
    [0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081],
    [0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052],
];
/// Added to every share before the logarithm, so that one strange note rules out no key. 0.003 to 0.03 score alike.
const PROFILE_FLOOR: f32 = 0.03;

/// What is believed at an instant.
#[derive(Clone)]
pub(super) struct Stand {
    /// Key and chord together.
    pub spans: Spans,
    /// The key to be claimed: every key, and none.
    pub keys: [f32; HYPOTHESES],
}

impl Stand {
    /// What is believed as the next step begins.
    fn move_on(&self, filter: &Filter, place: Place) -> Self {
        Self { spans: self.spans.move_on(filter, place), keys: claim_on(&self.keys) }
    }
}

/// What she sang up to now.
pub(super) struct Sang<'a> {
    pub now: SampleTime,
    pub recent: &'a Recent,
    /// The pitch of the note that sounds is still on its way: it says nothing yet.
    pub glides: bool,
    pub pulse: &'a PulseSense,
}

/// The steps.
pub(super) struct Steps {
    clock: Clock,
    /// What was believed as the last step began, and when it did.
    last: Option<(Stand, SampleTime)>,
    /// What was believed as the present step began.
    before: Stand,
    start: SampleTime,
    place: Place,
    /// The note that sounded in the hop before was still on its way.
    glided: bool,
    /// What is believed with all that was heard in the present step.
    pub now: Stand,
}

impl Steps {
    pub fn new(clock: Clock, filter: &Filter) -> Self {
        let before = Stand { spans: Spans::new(filter), keys: no_key() };
        Self { clock, last: None, now: before.clone(), before, start: 0, place: Place::Unknown, glided: false }
    }

    /// Follows one hop; after a changed lock it begins anew. `true` if what is believed has changed.
    pub fn process(&mut self, sang: &Sang<'_>, filter: &Filter, relocked: bool) -> bool {
        let arrived = std::mem::replace(&mut self.glided, sang.glides) && !sang.glides;
        let changed = sang.recent.changed() || arrived;
        if relocked {
            (self.before.spans, self.last) = (Spans::new(filter), None);
        }
        let next = self.boundary(sang.recent, sang.pulse);
        if let Some((start, place)) = next {
            let closed = self.hear(&self.before, self.start, start, sang, filter);
            let before = closed.move_on(filter, place);
            self.last = Some((std::mem::replace(&mut self.before, before), self.start));
            (self.start, self.place) = (start, place);
        } else if changed
            && let Some((stand, from)) = &self.last
            && self.clock.between(self.start, sang.now) <= REVISED_S
        {
            let closed = self.hear(stand, *from, self.start, sang, filter);
            self.before = closed.move_on(filter, self.place);
        }
        let changes = next.is_some() || changed || relocked;
        if changes {
            let end = sang.pulse.grid.map_or(SampleTime::MAX, |grid| grid.next_beat);
            self.now = self.hear(&self.before, self.start, end, sang, filter);
        }
        changes
    }

    /// Where a new step begins in this hop, if it does.
    fn boundary(&self, recent: &Recent, pulse: &PulseSense) -> Option<(SampleTime, Place)> {
        match pulse.grid {
            Some(grid) => {
                let begins = pulse.beat && grid.last_beat > self.start;
                begins.then(|| (grid.last_beat, Place::new(grid.number, grid.per_bar)))
            }
            None => {
                let onset = recent.notes().last()?.heard.onset;
                let begins = recent.changed() && self.clock.between(self.start, onset) >= FREE_STEP_S;
                begins.then_some((onset, Place::Unknown))
            }
        }
    }

    /// What `stand` becomes by what was sung from `from` to `to`. A note that still sounds is taken to last until `to`,
    /// or a beat where that is open.
    fn hear(&self, stand: &Stand, from: SampleTime, to: SampleTime, sang: &Sang<'_>, filter: &Filter) -> Stand {
        let Sang { recent, pulse, .. } = *sang;
        let on_its_way = recent.sounding().filter(|_| sang.glides).map(|note| note.id);
        let beat_s = pulse.grid.map_or(FREE_BEAT_S, |grid| self.clock.between(grid.last_beat, grid.next_beat));
        let beat = self.clock.samples(beat_s).max(1);
        let velocities: f32 = recent.notes().iter().map(|note| f32::from(note.heard.velocity)).sum();
        let mean = velocities / recent.notes().len().max(1) as f32;
        let mut sung: Sung = [0.0; 12];
        for note in recent.notes().iter().filter(|note| on_its_way != Some(note.heard.id)) {
            let begin = note.heard.onset.max(from);
            let lasts = if to == SampleTime::MAX { begin + beat } else { to };
            let end = note.heard.offset.unwrap_or(lasts).min(to);
            let beats = end.saturating_sub(begin) as f32 / beat as f32;
            sung[usize::from(recent.key(&note.heard) % 12)] +=
                beats.min(LONGEST_BEATS) * (f32::from(note.heard.velocity) / mean).clamp(SOFT_WEIGHT, 1.0);
        }
        if sung == [0.0; 12] {
            return stand.clone();
        }
        let (spans, foretold) = stand.spans.weigh(filter, &sung);
        let (was, is) = (stand.spans.belief.keys(), spans.belief.keys());
        let mut keys = stand.keys;
        for (index, (was, is)) in was.iter().zip(is).enumerate() {
            let by_chords = ((foretold * is).max(f32::MIN_POSITIVE) / was.max(f32::MIN_POSITIVE)).ln();
            let by_degrees: f32 = (0..12).map(|class| sung[class] * degree_speaks(index, class)).sum();
            keys[index] *= (BY_CHORDS * by_chords + BY_DEGREES * by_degrees).exp();
        }
        normalise(&mut keys);
        Stand { spans, keys }
    }
}

/// Logarithm of the share of `class` in melodies in `key`, against all being alike.
fn degree_speaks(key: usize, class: usize) -> f32 {
    let share = PROFILES[key / 12][(class + 12 - key % 12) % 12];
    (12.0 * (share + PROFILE_FLOOR) / (1.0 + 12.0 * PROFILE_FLOOR)).ln()
}

/// The claimed key as the next step begins: it may have changed.
fn claim_on(keys: &[f32; HYPOTHESES]) -> [f32; HYPOTHESES] {
    let prior = no_key();
    std::array::from_fn(|key| keys[key] + CLAIM_CHANGES * (prior[key] - keys[key]))
}

/// What is believed of the key before anything was heard.
fn no_key() -> [f32; HYPOTHESES] {
    std::array::from_fn(|key| if key < KEYS { (1.0 - NO_KEY) / KEYS as f32 } else { NO_KEY })
}

fn normalise(keys: &mut [f32; HYPOTHESES]) {
    let sum: f32 = keys.iter().sum();
    keys.iter_mut().for_each(|key| *key /= sum);
}
