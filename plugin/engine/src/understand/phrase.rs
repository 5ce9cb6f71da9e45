//! Phrases: where the client begins, where she has ended, how closed the end sounds and whether she slows.

use super::meaning::{PhraseSense, Tonality};
use super::recent::{Recent, RecentNote};
use crate::listen::heard::Heard;
use crate::time::{Clock, SampleTime};
use arrayvec::ArrayVec;

/// A silence this long never ends a phrase, unless the last note already sounded like an end, s. A singer's breath
/// between lines takes 0.6 to 1.5 s.
const PAUSE_MIN_S: f64 = 0.45;

/// A silence this long always ends a phrase, s.
const PAUSE_MAX_S: f64 = 0.9;

/// A pause is longer than the longest gap within the phrase by this factor, so that detached playing is no pause.
const PAUSE_PER_GAP: f64 = 1.8;

/// A pause takes at least this share of the usual time from onset to onset.
const PAUSE_PER_STEP: f64 = 0.8;

/// After a lengthened note on a stable degree this share of the pause is enough.
const PAUSE_AFTER_CLOSE: f64 = 0.65;

/// Onsets from which on the phrase's own pace is known.
const PACE_ONSETS: usize = 3;

/// A last note this many times as long as the usual one is lengthened: 69 % of 2,708 folk tunes' phrases end so (Essen).
const LENGTHENED: f32 = 1.5;

/// Phrases whose pace the present one is held against.
const PACES: usize = 3;

/// Weight of the last degree, of the lengthened last note and of the falling contour in the closure.
const CLOSURE_WEIGHTS: [f32; 3] = [0.5, 0.3, 0.2];

/// Inter-onset intervals needed to tell slowing within a phrase.
const SLOWING_STEPS_MIN: usize = 4;

/// Most onsets of one phrase that its pace is taken from.
const PHRASE_ONSETS: usize = 32;

/// Slowing is limited to this, both ways: beyond it another rhythm is more likely.
const SLOWING_LIMIT: f32 = 0.5;

/// The sense of phrase.
pub struct Phrasing {
    clock: Clock,
    sense: PhraseSense,
    /// The phrase before the open one, should that turn out to be none.
    before: PhraseSense,
    /// The last instant at which anything sounded.
    last_sound: Option<SampleTime>,
    /// Median inter-onset intervals of the last phrases, s, oldest first.
    paces: ArrayVec<f32, PACES>,
}

impl Phrasing {
    /// Before the first phrase.
    pub fn new(clock: Clock) -> Self {
        let sense = PhraseSense::default();
        Self { clock, sense, before: sense, last_sound: None, paces: ArrayVec::new() }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        *self = Self::new(self.clock);
    }

    /// Follows one hop.
    pub fn process(&mut self, heard: &Heard, recent: &Recent, tonality: &Tonality) -> &PhraseSense {
        let now = heard.now;
        (self.sense.began, self.sense.ended) = (false, false);
        if heard.sounding || recent.sounding().is_some() {
            self.last_sound = Some(now);
        }
        let earlier = if self.sense.open { &self.before } else { &self.sense };
        let is_later = |time: &SampleTime| earlier.number == 0 || *time > earlier.end;
        let first_onset = recent.onsets().iter().map(|onset| onset.time).find(is_later);
        match (self.sense.open, first_onset) {
            (false, Some(start)) => self.begin(start, now),
            // What seemed to begin was withdrawn: there was no phrase.
            (true, None) => self.sense = self.before,
            (true, Some(start)) => {
                self.sense.start = self.sense.start.min(start);
                self.follow(now, recent, tonality);
            }
            (false, None) => {}
        }
        &self.sense
    }

    /// Seconds since the client last sounded; infinite before the first sound.
    pub fn silence_s(&self, now: SampleTime) -> f32 {
        self.last_sound.map_or(f32::INFINITY, |last| self.clock.between(last, now) as f32)
    }

    fn begin(&mut self, start: SampleTime, now: SampleTime) {
        self.before = self.sense;
        let number = self.sense.number + 1;
        self.sense = PhraseSense { number, open: true, began: true, start, end: now, ..PhraseSense::default() };
    }

    fn follow(&mut self, now: SampleTime, recent: &Recent, tonality: &Tonality) {
        self.sense.end = self.end(recent);
        let silence_s = self.clock.between(self.sense.end, now);
        let sounds = recent.sounding().is_some() || self.last_sound == Some(now);
        if sounds || silence_s < PAUSE_MIN_S * PAUSE_AFTER_CLOSE {
            return;
        }
        let ending = self.ending(now, recent, tonality);
        if silence_s >= self.pause_s(recent, &ending) {
            self.sense.open = false;
            self.sense.ended = true;
            self.sense.closure = ending.closure();
            self.sense.slowing = self.slowing(recent);
        }
    }

    /// When the last sound of the phrase ended: its last note's end, or the last hit with its ring.
    fn end(&self, recent: &Recent) -> SampleTime {
        let last_onset = recent.onsets().last().map_or(self.sense.start, |onset| onset.time);
        let last_note = recent.notes().iter().filter_map(|note| note.heard.offset).max();
        let last_sound = self.last_sound.unwrap_or(self.sense.start);
        // A note's end is known exactly, but only later than the ears went silent.
        last_note.filter(|&off| off >= last_onset).unwrap_or(last_sound).max(last_onset)
    }

    /// How long a silence must be to end this phrase, s.
    fn pause_s(&self, recent: &Recent, ending: &Ending) -> f64 {
        let steps = self.steps_s(recent);
        let pause_s = if steps.len() + 1 < PACE_ONSETS {
            PAUSE_MAX_S
        } else {
            let step_s = f64::from(median(&steps).unwrap_or(0.0));
            (PAUSE_PER_GAP * self.longest_gap_s(recent)).max(PAUSE_PER_STEP * step_s).clamp(PAUSE_MIN_S, PAUSE_MAX_S)
        };
        if ending.lengthened > 0.0 && ending.stable { pause_s * PAUSE_AFTER_CLOSE } else { pause_s }
    }

    /// The longest silence between two sounds of the phrase, s. Between hits, whose end is not known, half the step.
    fn longest_gap_s(&self, recent: &Recent) -> f64 {
        let notes = self.notes(recent);
        if notes.is_empty() {
            return f64::from(median(&self.steps_s(recent)).unwrap_or(0.0)) / 2.0;
        }
        let gap =
            |pair: &[RecentNote]| pair[0].heard.offset.map_or(0.0, |off| self.clock.between(off, pair[1].heard.onset));
        notes.windows(2).map(gap).fold(0.0, f64::max)
    }

    fn notes<'a>(&self, recent: &'a Recent) -> &'a [RecentNote] {
        let first = recent.notes().partition_point(|note| note.heard.onset < self.sense.start);
        &recent.notes()[first..]
    }

    /// Inter-onset intervals of the phrase, s, in order.
    fn steps_s(&self, recent: &Recent) -> ArrayVec<f32, PHRASE_ONSETS> {
        let first = recent.onsets().partition_point(|onset| onset.time < self.sense.start);
        let onsets = &recent.onsets()[first.max(recent.onsets().len().saturating_sub(PHRASE_ONSETS))..];
        onsets.windows(2).map(|pair| self.clock.between(pair[0].time, pair[1].time) as f32).collect()
    }

    fn ending(&self, now: SampleTime, recent: &Recent, tonality: &Tonality) -> Ending {
        let notes = self.notes(recent);
        let Some((last, earlier)) = notes.split_last() else { return Ending::default() };
        let lengths: ArrayVec<f32, PHRASE_ONSETS> =
            earlier.iter().rev().take(PHRASE_ONSETS).map(|note| recent.length_s(&note.heard, now)).collect();
        let key = recent.key(&last.heard);
        let step = earlier.last().map(|before| i32::from(key) - i32::from(recent.key(&before.heard)));
        let above_tonic = tonality.key.map(|tonality| (key + 12 - tonality.tonic) % 12);
        let degree = match (above_tonic, tonality.anchor) {
            (Some(0), _) => 1.0,
            (Some(3 | 4 | 7), _) => 0.5,
            (Some(_), _) => 0.0,
            (None, anchor) => {
                if anchor == Some(key % 12) {
                    0.6
                } else {
                    0.2
                }
            }
        };
        let longer = median(&lengths).map_or(0.0, |usual| recent.length_s(&last.heard, now) / usual.max(0.02));
        let leading_tone = step == Some(1) && above_tonic == Some(0);
        Ending {
            degree,
            stable: degree >= 0.5,
            lengthened: if longer >= LENGTHENED { (longer - 1.0).min(1.0) } else { 0.0 },
            falling: match step {
                Some(step) if step < 0 || leading_tone => 1.0,
                Some(0) => 0.5,
                _ => 0.0,
            },
        }
    }

    /// 1 - (early / late) inter-onset interval, the mean of what this phrase and what the last phrases say.
    fn slowing(&mut self, recent: &Recent) -> f32 {
        let steps = self.steps_s(recent);
        let slower = |early: f32, late: f32| (1.0 - early / late.max(1e-3)).clamp(-SLOWING_LIMIT, SLOWING_LIMIT);
        let (early, late) = steps.split_at(steps.len() / 2);
        let within = match (median(early), median(late)) {
            (Some(early), Some(late)) if steps.len() >= SLOWING_STEPS_MIN => slower(early, late),
            _ => 0.0,
        };
        let pace = median(&steps);
        let across = match (median(&self.paces), pace) {
            (Some(before), Some(pace)) => slower(before, pace),
            _ => within,
        };
        if let Some(pace) = pace {
            if self.paces.is_full() {
                self.paces.remove(0);
            }
            self.paces.push(pace);
        }
        (within + across) / 2.0
    }
}

/// How a phrase ends, each 0-1.
#[derive(Clone, Copy, Debug, Default)]
struct Ending {
    /// How restful its last degree is.
    degree: f32,
    /// The degree is one to rest on.
    stable: bool,
    /// How much the last note is lengthened.
    lengthened: f32,
    /// How far the line falls into it.
    falling: f32,
}

impl Ending {
    fn closure(&self) -> f32 {
        let parts = [self.degree, self.lengthened, self.falling];
        parts.iter().zip(CLOSURE_WEIGHTS).map(|(part, weight)| part * weight).sum()
    }
}

/// The middle of at most [`PHRASE_ONSETS`] values, the upper one of two.
fn median(values: &[f32]) -> Option<f32> {
    let mut sorted: ArrayVec<f32, PHRASE_ONSETS> = values.iter().copied().take(PHRASE_ONSETS).collect();
    sorted.sort_unstable_by(f32::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::super::meaning::PhraseSense;
    use super::super::testing::{Sound, end_s, hits, line, notes, understand};
    use crate::settings::Settings;

    /// The phrases that ended, as they stood in that hop, and how often one began.
    fn phrases(sounds: Vec<Sound>) -> (Vec<PhraseSense>, usize) {
        let (mut ended, mut began) = (Vec::new(), 0);
        let seconds = end_s(&sounds) + 2.0;
        understand(sounds, seconds, &Settings::default(), |meaning| {
            ended.extend(meaning.phrase.ended.then_some(meaning.phrase));
            began += usize::from(meaning.phrase.began);
        });
        (ended, began)
    }

    fn closing_line(start_s: f64) -> Vec<Sound> {
        let mut sounds = line(&[60, 64, 67, 65, 64, 62, 60], start_s, 0.35);
        if let Some(last) = sounds.last_mut() {
            last.off_s += 0.6;
        }
        sounds
    }

    #[test]
    fn a_phrase_begins_once_and_ends_once_and_is_counted_from_one() {
        let sounds = [closing_line(0.5), closing_line(4.5)].concat();
        let (ended, began) = phrases(sounds);
        assert_eq!(ended.iter().map(|phrase| phrase.number).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(began, 2);
    }

    #[test]
    fn a_breath_within_a_line_does_not_end_it_and_a_rest_does_within_a_second() {
        let (ended, _) = phrases([line(&[60, 62, 64, 65], 0.0, 0.5), line(&[67, 65, 64, 62], 2.3, 0.5)].concat());
        assert_eq!(ended.len(), 1);
        let (ended, _) = phrases([line(&[60, 62, 64, 65], 0.0, 0.5), line(&[67, 65, 64, 62], 2.95, 0.5)].concat());
        assert_eq!(ended.len(), 2);
    }

    #[test]
    fn drum_hits_make_phrases_too() {
        let (ended, _) = phrases([hits(6, 0.0, 0.4), hits(6, 4.0, 0.4)].concat());
        assert_eq!(ended.len(), 2);
    }

    #[test]
    fn a_long_fall_to_the_tonic_sounds_closed_and_a_rise_to_the_second_does_not() {
        let rising = line(&[60, 64, 67, 65, 64, 60, 62], 4.5, 0.35);
        let (ended, _) = phrases([closing_line(0.5), rising].concat());
        assert!(ended[0].closure > 0.8 && ended[1].closure < 0.2, "{ended:?}");
    }

    #[test]
    fn slowing_is_noticed_and_a_steady_pace_is_not_called_slowing() {
        let steady = [closing_line(0.0), closing_line(4.0), closing_line(8.0)].concat();
        let (ended, _) = phrases(steady.clone());
        assert!(ended.iter().all(|phrase| phrase.slowing.abs() < 0.05), "{ended:?}");
        let mut slow = Vec::new();
        let (mut at, mut step) = (12.0, 0.37);
        for key in [60, 64, 67, 65, 64, 62, 60] {
            slow.extend(notes(&[(key, at, at + 0.9 * step, 70)]));
            at += step;
            step *= 1.07;
        }
        let (ended, _) = phrases([steady, slow].concat());
        assert!(ended[3].slowing > 0.12, "{ended:?}");
    }
}
