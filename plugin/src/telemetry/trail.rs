//! The last seconds, to be drawn as they scroll by: the client's line, notes and phrases, our notes, chords and beats.
//! Filled on the audio thread, in place.

use antiphon_engine::chord::Chord;
use antiphon_engine::respond::plan::Voice;
use antiphon_engine::speak::Sounding;
use antiphon_engine::time::SampleTime;
use arrayvec::ArrayVec;

/// How much of the past is kept, s.
pub const SPAN_S: f64 = 8.0;

/// Time from one point of the client's line to the next, s: ten points to a vibrato of 6 to 7 Hz show it as it is.
pub const STEP_S: f64 = 0.015;

/// Points kept, a little more than the span.
const STEPS: usize = (SPAN_S / STEP_S) as usize + 8;

/// Most of each that is kept: as many as eight busy seconds have.
const OURS: usize = 160;
const HERS: usize = 64;
const MARKS: usize = 64;

/// A note of the client's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sung {
    /// MIDI key.
    pub key: u8,
    /// When it began, s.
    pub on_s: f64,
    /// When it ended, s; infinite while it sounds.
    pub off_s: f64,
}

/// A note of ours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Struck {
    /// MIDI key.
    pub key: u8,
    /// Voice.
    pub voice: Voice,
    /// MIDI velocity, 1-127.
    pub velocity: u8,
    /// When it began, s.
    pub on_s: f64,
    /// When it ended, s; infinite while it sounds.
    pub off_s: f64,
    /// When it began by the engine's clock; tells a note from the same key struck again.
    began: SampleTime,
}

/// A phrase of the client's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// Its number, from 1.
    pub number: u32,
    /// When it began, s.
    pub from_s: f64,
    /// When it ended, s; infinite while it goes on.
    pub to_s: f64,
}

/// A beat.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beat {
    /// When it fell, s.
    pub at_s: f64,
    /// It is the first of a bar.
    pub first: bool,
}

/// What one hop of the engine adds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moment {
    /// The client's pitch, MIDI keys and shares of them.
    pub pitch: Option<f32>,
    /// The key of the note that she sounds.
    pub key: Option<u8>,
    /// Her onsets so far.
    pub onsets: u32,
    /// Her phrase, from 1, and whether it goes on.
    pub phrase: (u32, bool),
    /// A beat fell; whether it is the first of a bar.
    pub beat: Option<bool>,
    /// The chord that is played.
    pub chord: Option<Chord>,
}

/// The last seconds. Times are seconds of processed audio since the plugin was made; they never go back.
#[derive(Clone, Debug)]
pub struct Trail {
    /// Now, s.
    pub now_s: f64,
    /// The client's line, a ring; NaN where it has no pitch.
    pitches: [f32; STEPS],
    /// Points written so far.
    steps: u64,
    /// The client's notes, oldest first.
    pub hers: ArrayVec<Sung, HERS>,
    /// The client's strokes without pitch, s.
    pub hits: ArrayVec<f64, MARKS>,
    /// The client's phrases.
    pub phrases: ArrayVec<Span, MARKS>,
    /// Our notes.
    pub ours: ArrayVec<Struck, OURS>,
    /// Chords with the time they began, s; `None` where none is played.
    pub chords: ArrayVec<(f64, Option<Chord>), MARKS>,
    /// Beats.
    pub beats: ArrayVec<Beat, MARKS>,
    /// Onsets when last looked at.
    onsets: u32,
    /// When anything was last seen, s.
    eventful_s: f64,
}

impl Default for Trail {
    fn default() -> Self {
        Self {
            now_s: 0.0,
            pitches: [f32::NAN; STEPS],
            steps: 0,
            hers: ArrayVec::new(),
            hits: ArrayVec::new(),
            phrases: ArrayVec::new(),
            ours: ArrayVec::new(),
            chords: ArrayVec::new(),
            beats: ArrayVec::new(),
            onsets: 0,
            eventful_s: f64::NEG_INFINITY,
        }
    }
}

/// Adds to a list that forgets its oldest.
fn keep<T, const N: usize>(list: &mut ArrayVec<T, N>, item: T) {
    if list.is_full() {
        list.remove(0);
    }
    list.push(item);
}

impl Trail {
    /// Adds what a hop of `passed_s` seconds made known.
    pub fn follow(&mut self, passed_s: f64, moment: &Moment) {
        self.now_s += passed_s;
        let now_s = self.now_s;
        while (self.steps as f64) * STEP_S <= now_s {
            self.pitches[(self.steps % STEPS as u64) as usize] = moment.pitch.unwrap_or(f32::NAN);
            self.steps += 1;
        }
        let sounding = self.hers.last_mut().filter(|note| note.off_s.is_infinite());
        match (sounding, moment.key) {
            (Some(note), Some(key)) if note.key == key => {}
            (sounding, key) => {
                if let Some(note) = sounding {
                    note.off_s = now_s;
                }
                if let Some(key) = key {
                    keep(&mut self.hers, Sung { key, on_s: now_s, off_s: f64::INFINITY });
                }
            }
        }
        if moment.onsets > self.onsets && moment.key.is_none() && moment.pitch.is_none() {
            keep(&mut self.hits, now_s);
        }
        self.onsets = moment.onsets;
        self.phrase(moment.phrase);
        if let Some(first) = moment.beat {
            keep(&mut self.beats, Beat { at_s: now_s, first });
        }
        if self.chords.last().and_then(|(_, chord)| *chord) != moment.chord {
            keep(&mut self.chords, (now_s, moment.chord));
        }
        let something = moment.pitch.is_some() || moment.key.is_some() || moment.phrase.1 || moment.beat.is_some();
        if something || self.hits.last() == Some(&now_s) {
            self.eventful_s = now_s;
        }
    }

    fn phrase(&mut self, (number, open): (u32, bool)) {
        let now_s = self.now_s;
        match self.phrases.last_mut().filter(|span| span.to_s.is_infinite()) {
            Some(span) if open && span.number == number => return,
            Some(span) => span.to_s = now_s,
            None => {}
        }
        if open {
            keep(&mut self.phrases, Span { number, from_s: now_s, to_s: f64::INFINITY });
        }
    }

    /// Takes in what sounds of ours at the end of a block.
    pub fn play(&mut self, sounding: &[Sounding]) {
        let now_s = self.now_s;
        let same = |struck: &Struck, note: &Sounding| {
            struck.off_s.is_infinite() && (struck.key, struck.voice, struck.began) == (note.key, note.voice, note.on)
        };
        for struck in self.ours.iter_mut().filter(|struck| struck.off_s.is_infinite()) {
            if !sounding.iter().any(|note| same(struck, note)) {
                struck.off_s = now_s;
            }
        }
        for note in sounding {
            if !self.ours.iter().rev().any(|struck| same(struck, note)) {
                let (key, voice, velocity, began) = (note.key, note.voice, note.velocity, note.on);
                keep(&mut self.ours, Struck { key, voice, velocity, on_s: now_s, off_s: f64::INFINITY, began });
            }
        }
        if !sounding.is_empty() {
            self.eventful_s = now_s;
        }
    }

    /// Whether anything of it is on show: then it scrolls.
    pub fn moves(&self) -> bool {
        self.now_s - self.eventful_s <= SPAN_S + 0.1
    }

    /// The client's line, oldest point first: time in s, and pitch in MIDI keys, NaN where there is none.
    pub fn line(&self) -> impl Iterator<Item = (f64, f32)> + '_ {
        (self.steps.saturating_sub(STEPS as u64)..self.steps)
            .map(|step| (step as f64 * STEP_S, self.pitches[(step % STEPS as u64) as usize]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use antiphon_engine::respond::plan::Behaviour;

    fn sounding(key: u8, on: SampleTime) -> Sounding {
        let (voice, behaviour) = (Voice::Bass, Behaviour::Drone);
        Sounding { on, off: on + 999, channel: 0, key, velocity: 64, voice, part: 1, behaviour }
    }

    #[test]
    fn the_line_holds_the_last_eight_seconds_in_order() {
        let mut trail = Trail::default();
        for hop in 0..20_000 {
            trail.follow(0.001, &Moment { pitch: Some(hop as f32), ..Moment::default() });
        }
        let line: Vec<_> = trail.line().collect();
        assert!(line.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1));
        assert!((trail.now_s - line[0].0) >= SPAN_S, "{}", trail.now_s - line[0].0);
        assert!((trail.now_s - line[line.len() - 1].0) < 2.0 * STEP_S);
    }

    #[test]
    fn notes_and_phrases_begin_and_end_where_they_do() {
        let mut trail = Trail::default();
        let moment = |key, phrase| Moment { key, phrase, ..Moment::default() };
        for (key, phrase) in [(None, (0, false)), (Some(60), (1, true)), (Some(62), (1, true)), (None, (1, false))] {
            trail.follow(1.0, &moment(key, phrase));
        }
        let sung = |key, on_s, off_s| Sung { key, on_s, off_s };
        assert_eq!(trail.hers[..], [sung(60, 2.0, 3.0), sung(62, 3.0, 4.0)]);
        assert_eq!(trail.phrases[..], [Span { number: 1, from_s: 2.0, to_s: 4.0 }]);
    }

    #[test]
    fn a_key_struck_again_is_another_note() {
        let mut trail = Trail::default();
        for notes in [&[sounding(48, 0)][..], &[sounding(48, 0)], &[sounding(48, 7)], &[]] {
            trail.follow(1.0, &Moment::default());
            trail.play(notes);
        }
        let times: Vec<_> = trail.ours.iter().map(|note| (note.on_s, note.off_s)).collect();
        assert_eq!(times, [(1.0, 3.0), (3.0, 4.0)]);
    }

    #[test]
    fn it_moves_while_anything_is_on_show_and_not_in_long_silence() {
        let mut trail = Trail::default();
        assert!(!trail.moves());
        trail.follow(1.0, &Moment { pitch: Some(60.0), ..Moment::default() });
        trail.follow(7.0, &Moment::default());
        assert!(trail.moves());
        trail.follow(2.0, &Moment::default());
        assert!(!trail.moves());
    }

    #[test]
    fn more_than_it_has_room_for_makes_it_forget_the_oldest() {
        let mut trail = Trail::default();
        for hop in 0..1_000_u32 {
            trail.follow(0.01, &Moment { beat: Some(hop % 4 == 0), onsets: hop, ..Moment::default() });
        }
        assert_eq!((trail.beats.len(), trail.hits.len()), (MARKS, MARKS));
        assert!((trail.beats[MARKS - 1].at_s - 10.0).abs() < 1e-6);
    }
}
