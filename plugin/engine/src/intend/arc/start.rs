//! A real start: what tells a client who begins from a cough, a knock or a chair.

use crate::time::{Clock, SampleTime};
use crate::understand::meaning::{Meaning, ONE_TONE_S};

/// A held tone this long is a real start, s; shorter ones may be a cough.
const START_HELD_S: f64 = 0.8;

/// Onsets that are a real start: notes, and hits, which knocks and steps can be mistaken for.
const START_NOTES: u32 = 2;
const START_HITS: u32 = 3;

/// So many onsets are a start even if no tone lasts: a plucked or struck instrument, a detached touch.
const START_DETACHED: u32 = 4;

/// After a silence this long, counting towards a start begins anew, s.
const START_FORGOTTEN_S: f32 = 4.0;

/// A sound is the client returning once it has lasted this long, s: a breath is over by then, and a beat is not.
const RETURN_S: f64 = 0.08;

/// What counts towards a start.
pub struct Start {
    clock: Clock,
    /// The client's onsets when counting began, and when that was.
    onsets: u32,
    counted: SampleTime,
    /// Her onsets so far, and when the last of them was heard.
    heard: (u32, SampleTime),
    /// Tones of hers since counting began, and when the last of all began.
    tones: u32,
    tone: Option<SampleTime>,
    /// Since when she sounds, and since when a pitch of hers does.
    sounding_since: Option<SampleTime>,
    pitched_since: Option<SampleTime>,
}

impl Start {
    /// Before the first sound.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            onsets: 0,
            counted: 0,
            heard: (0, 0),
            tones: 0,
            tone: None,
            sounding_since: None,
            pitched_since: None,
        }
    }

    /// Follows one hop.
    pub fn process(&mut self, meaning: &Meaning) {
        let now = meaning.now;
        self.sounding_since = self.sounding_since.or(Some(now)).filter(|_| meaning.sounding);
        self.pitched_since = self.pitched_since.or(Some(now)).filter(|_| meaning.sounding_key.is_some());
        // A tone counts once it has lasted so long.
        let is_another = |since: SampleTime| {
            let lasts = self.clock.between(since, now) >= ONE_TONE_S;
            lasts && self.tone.is_none_or(|last| self.clock.between(last, since) >= ONE_TONE_S)
        };
        if let Some(since) = meaning.sounding_since.filter(|since| is_another(*since)) {
            (self.tone, self.tones) = (Some(since), self.tones + 1);
        }
        if meaning.onsets != self.heard.0 {
            self.heard = (meaning.onsets, now);
        }
        // An onset is heard before the silence is over that it ends.
        let since_onset_s = self.clock.between(self.heard.1, now) as f32;
        if meaning.silence_s.min(since_onset_s) > START_FORGOTTEN_S {
            self.count_anew(meaning);
        }
        self.onsets = self.onsets.min(meaning.onsets);
    }

    /// Her doings so far no longer count.
    pub fn count_anew(&mut self, meaning: &Meaning) {
        (self.onsets, self.tones, self.counted) = (meaning.onsets, 0, meaning.now);
    }

    /// She has sounded long enough at `now` to be sure that she is back.
    pub fn is_back(&self, now: SampleTime) -> bool {
        self.sounding_since.is_some_and(|since| self.clock.between(since, now) >= RETURN_S)
    }

    /// She has made a real start since counting began.
    pub fn started(&self, meaning: &Meaning) -> bool {
        let held = self.pitched_since.is_some_and(|since| self.clock.between(since, meaning.now) >= START_HELD_S);
        held || self.woken(meaning)
    }

    /// She has sounded two notes, four detached ones, or three hits, since counting began.
    pub fn woken(&self, meaning: &Meaning) -> bool {
        let onset = |onset_s: f32| meaning.phrase.start + self.clock.samples(onset_s.into());
        let pitched = meaning.motif.last().is_some_and(|note| onset(note.onset_s) >= self.counted);
        let onsets = meaning.onsets.saturating_sub(self.onsets);
        // What begins and ends one tone may be heard as hits besides.
        let tones = onsets.min(self.tones) >= START_NOTES;
        if pitched { tones || onsets >= START_DETACHED } else { onsets >= START_HITS }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::understand::meaning::MotifNote;

    #[test]
    fn two_plucked_tones_after_a_long_silence_are_a_start_though_each_onset_is_heard_within_the_silence() {
        let clock = Clock::new(48_000.0);
        let (mut start, mut meaning) = (Start::new(clock), Meaning::default());
        let mut go_on = |meaning: &mut Meaning, seconds: f64| {
            let until = meaning.now + clock.samples(seconds);
            while meaning.now < until {
                meaning.now += clock.hop() as SampleTime;
                start.process(meaning);
            }
            start.woken(meaning)
        };
        (meaning.silence_s, meaning.onsets) = (10.0, 5);
        go_on(&mut meaning, 10.0);
        let mut woken = Vec::new();
        for _ in 0..2 {
            // The stroke, and a moment later the tone.
            let onset = meaning.now;
            meaning.onsets += 1;
            go_on(&mut meaning, 0.02);
            (meaning.sounding, meaning.sounding_since, meaning.silence_s) = (true, Some(onset), 0.0);
            (meaning.sounding_key, meaning.phrase.start) = (Some(62), onset);
            meaning.motif.push(MotifNote { key: 62, ..MotifNote::default() });
            woken.push(go_on(&mut meaning, 0.3));
            (meaning.sounding, meaning.sounding_since, meaning.sounding_key) = (false, None, None);
            (meaning.silence_s, _) = (0.5, go_on(&mut meaning, 0.1));
        }
        assert_eq!(woken, [false, true]);
    }
}
