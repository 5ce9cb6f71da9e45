//! Phrases: where the client begins, where she has ended, how closed the end sounds and whether she slows.

use super::ending::{Cues, Ending};
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

/// A phrase with fewer onsets, and shorter than this share of her usual ones, has hardly ended yet: it takes the longest
/// pause. 5 % of the phrases of folk songs have fewer than 5 notes (Essen).
const EARLY_ONSETS: usize = 5;
const EARLY_SHARE: f32 = 0.5;

/// Onsets from which on the phrase's own pace is known.
const PACE_ONSETS: usize = 3;

/// Phrases whose pace the present one is held against.
const PACES: usize = 3;

/// Where she goes on without a pause, the phrase ended with the note before if it did so with this probability; no phrase
/// is shorter than so many notes then (5 % of folk songs' phrases have fewer than 5, Essen), and the note after has lasted
/// so long, s: until then it may turn out to be none.
const ENDED_BEFORE: f32 = 0.5;
const ENDED_NOTES_MIN: usize = 4;
const GOES_ON_S: f64 = 0.1;

/// What is remembered of her habit of pausing between phrases, from one to the next: some seven phrases. Who always does
/// ends hardly any without a pause: the odds are the habit's to this power, since a phrase that was cut in two by mistake
/// counts on both sides, but no more than so many times as high.
const HABIT_MEMORY: f32 = 0.85;
const HABIT_POWER: f32 = 1.5;
const HABIT_ODDS_MAX: f32 = 2.0;

/// Phrases of each kind that are taken for granted before the first.
const HABIT_DOUBT: f32 = 0.5;

/// Least such note against the usual step: what is hardly lengthened ends no phrase without a pause.
const ENDED_STEPS_MIN: f32 = 1.75;

/// Shortest step that is counted, s.
const STEP_MIN_S: f32 = 0.05;

/// Share of a new phrase in the usual length of phrases.
const USUAL_SHARE: f32 = 0.3;

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
    /// Usual length of her phrases, s.
    usual_s: Option<f32>,
    /// Leaky counts of the phrases that ended with a pause, and of those without.
    ends: [f32; 2],
    /// Median inter-onset intervals of the last phrases, s, oldest first.
    paces: ArrayVec<f32, PACES>,
}

impl Phrasing {
    /// Before the first phrase.
    pub fn new(clock: Clock) -> Self {
        let sense = PhraseSense::default();
        Self { clock, sense, before: sense, last_sound: None, usual_s: None, ends: [0.0; 2], paces: ArrayVec::new() }
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
        if self.went_on(now, recent, tonality) {
            return;
        }
        let (ending, probability) = self.ending(self.notes(recent), now, recent, tonality);
        self.sense.ending = probability;
        self.sense.closure = ending.closure();
        let silence_s = self.clock.between(self.sense.end, now);
        let sounds = recent.sounding().is_some() || self.last_sound == Some(now);
        if sounds || silence_s < PAUSE_MIN_S * PAUSE_AFTER_CLOSE {
            return;
        }
        if silence_s >= self.pause_s(recent, &ending) {
            self.finish(recent, true);
        }
    }

    /// Ends the phrase with the note before the last one, if that is what happened: she lengthened it, and went on
    /// without a pause.
    fn went_on(&mut self, now: SampleTime, recent: &Recent, tonality: &Tonality) -> bool {
        let [before @ .., ending, next] = self.notes(recent) else { return false };
        let (ending, next) = (ending.heard, next.heard);
        if before.len() + 1 < ENDED_NOTES_MIN || self.clock.between(next.onset, now) < GOES_ON_S {
            return false;
        }
        let onsets =
            || before.windows(2).map(|pair| self.clock.between(pair[0].heard.onset, pair[1].heard.onset) as f32);
        let steps: ArrayVec<f32, PHRASE_ONSETS> = onsets().take(PHRASE_ONSETS).collect();
        let step_s = self.clock.between(ending.onset, next.onset) as f32;
        let lengthened = median(&steps).is_some_and(|usual| step_s >= ENDED_STEPS_MIN * usual);
        let notes = &self.notes(recent)[..before.len() + 1];
        let (closing, probability) = self.ending(notes, next.onset, recent, tonality);
        let habit = (self.ends[1] + HABIT_DOUBT) / (self.ends[0] + HABIT_DOUBT);
        let odds = probability / (1.0 - probability).max(f32::EPSILON) * habit.powf(HABIT_POWER).min(HABIT_ODDS_MAX);
        if !lengthened || odds < ENDED_BEFORE / (1.0 - ENDED_BEFORE) {
            return false;
        }
        self.sense.end = ending.offset.unwrap_or(next.onset).min(next.onset - 1);
        (self.sense.ending, self.sense.closure) = (probability, closing.closure());
        self.finish(recent, false);
        true
    }

    /// The phrase has ended, with a pause or without.
    fn finish(&mut self, recent: &Recent, pause: bool) {
        self.ends = self.ends.map(|count| HABIT_MEMORY * count);
        self.ends[usize::from(!pause)] += 1.0;
        self.sense.open = false;
        self.sense.ended = true;
        self.sense.slowing = self.slowing(recent);
        let length_s = self.clock.between(self.sense.start, self.sense.end) as f32;
        self.usual_s = Some(self.usual_s.map_or(length_s, |usual| usual + USUAL_SHARE * (length_s - usual)));
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
        let length_s = self.clock.between(self.sense.start, self.sense.end) as f32;
        let short = self.usual_s.is_some_and(|usual| length_s < EARLY_SHARE * usual);
        if short && steps.len() + 1 < EARLY_ONSETS {
            return PAUSE_MAX_S;
        }
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
        longest_gap_s(self.clock, notes)
    }

    fn notes<'a>(&self, recent: &'a Recent) -> &'a [RecentNote] {
        let first = recent.notes().partition_point(|note| note.heard.onset < self.sense.start);
        &recent.notes()[first..]
    }

    /// Inter-onset intervals of the phrase, s, in order.
    fn steps_s(&self, recent: &Recent) -> ArrayVec<f32, PHRASE_ONSETS> {
        let first = recent.onsets().partition_point(|onset| onset.time < self.sense.start);
        let onsets = &recent.onsets()[first..];
        let onsets = &onsets[..onsets.partition_point(|onset| onset.time <= self.sense.end)];
        let onsets = &onsets[onsets.len().saturating_sub(PHRASE_ONSETS)..];
        onsets.windows(2).map(|pair| self.clock.between(pair[0].time, pair[1].time) as f32).collect()
    }

    /// How the last of `notes` ends, and how probable it is that the phrase ends with it, if nothing began before `until`.
    fn ending(&self, notes: &[RecentNote], until: SampleTime, recent: &Recent, tonality: &Tonality) -> (Ending, f32) {
        let Some((last, earlier)) = notes.split_last() else { return (Ending::default(), 0.0) };
        let earlier = &earlier[earlier.len().saturating_sub(PHRASE_ONSETS)..];
        let lengths: ArrayVec<f32, PHRASE_ONSETS> =
            earlier.iter().map(|note| recent.length_s(&note.heard, until)).collect();
        let ending = Ending::of(notes, recent.length_s(&last.heard, until), median(&lengths), recent, tonality);
        let between = |pair: &[RecentNote]| self.clock.between(pair[0].heard.onset, pair[1].heard.onset) as f32;
        let steps: ArrayVec<f32, PHRASE_ONSETS> =
            notes[notes.len().saturating_sub(PHRASE_ONSETS)..].windows(2).map(between).collect();
        let usual_step = if steps.len() + 1 < PACE_ONSETS { median(&self.paces) } else { median(&steps) };
        let since = |time: SampleTime| self.clock.between(time, until) as f32;
        let probability = ending.probability(&Cues {
            notes: notes.len(),
            steps: usual_step.map_or(0.0, |step| since(last.heard.onset) / step.max(STEP_MIN_S)),
            silence_s: last.heard.offset.map_or(0.0, since),
            longest_gap_s: longest_gap_s(self.clock, notes) as f32,
            usual_phrases: self.usual_s.filter(|_| self.sense.number > 1).map(|usual| since(self.sense.start) / usual),
        });
        (ending, probability)
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

/// The longest silence between two of `notes`, s.
fn longest_gap_s(clock: Clock, notes: &[RecentNote]) -> f64 {
    let gap = |pair: &[RecentNote]| pair[0].heard.offset.map_or(0.0, |off| clock.between(off, pair[1].heard.onset));
    notes.windows(2).map(gap).fold(0.0, f64::max)
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
    use super::super::testing::{Sound, clock, end_s, hits, line, notes, understand};
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
    fn a_lengthened_note_ends_a_phrase_though_she_goes_on_without_a_breath() {
        // The last note of each line lasts three steps, and the next line begins at once.
        let lines: Vec<Sound> = (0..4).flat_map(|n| closing_line(0.5 + 3.15 * f64::from(n))).collect();
        let (ended, _) = phrases(lines);
        assert_eq!(ended.len(), 4, "{ended:?}");
        for (phrase, n) in ended.iter().zip(1_u32..) {
            let end_s = clock().seconds(phrase.end);
            assert!((end_s - (0.5 + 3.15 * f64::from(n) - 0.135)).abs() < 0.3 && phrase.number == n, "{end_s}");
        }
    }

    #[test]
    fn a_long_note_that_rings_out_early_in_a_phrase_does_not_end_it() {
        // The third note is plucked and has died away long before the fourth, as in a client's usual phrases of 12 notes.
        let plucked = |start_s: f64| {
            let mut sounds = line(&[60, 64, 67, 65, 64, 62, 60, 62, 64, 65, 62, 60], start_s, 0.5);
            sounds[3..].iter_mut().for_each(|sound| (sound.on_s, sound.off_s) = (sound.on_s + 0.6, sound.off_s + 0.6));
            sounds
        };
        let (ended, _) = phrases([line(&[60; 12], 0.5, 0.5), plucked(8.5), plucked(17.0)].concat());
        assert_eq!(ended.len(), 3, "{ended:?}");
    }

    #[test]
    fn the_end_is_expected_while_the_last_note_still_sounds_and_not_before() {
        let (mut expected, mut too_early) = (false, false);
        let lines = [closing_line(0.5), closing_line(4.5)].concat();
        understand(lines, 8.0, &Settings::default(), |meaning| {
            let last = meaning.motif.len() == 7;
            let likely = meaning.phrase.open && meaning.phrase.ending >= 0.5;
            expected |= likely && last && meaning.sounding;
            too_early |= likely && !last;
        });
        assert!(expected && !too_early, "{expected} {too_early}");
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
