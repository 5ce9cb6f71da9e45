//! Song form: which chord each beat of the loop had the last time round, and under which phrase of hers.
//!
//! The chords that fitted in the first pass are kept; a phrase that returns brings its own chords back (A-A'-B-A).

use super::count::Tick;
use crate::chord::Chord;
use crate::understand::meaning::Meaning;
use arrayvec::ArrayVec;

/// Bars of the loop: a phrase of a song.
pub(super) const BARS: usize = 4;
/// Most beats a bar that are told apart.
const BEATS: usize = 4;
const PLACES: usize = BARS * BEATS;

/// Passes remembered, as many as memory keeps phrases.
const PASSES: usize = 32;

/// Share of each new beat in how far the chords of before are trusted.
const TRUST_SHARE: f32 = 0.2;
/// Below this her notes contradict them: half of the beats or more were against them.
const TRUST_MIN: f32 = 0.4;
/// And down to here they are kept without question, but for a tone that she holds against them.
const TRUST_WELL: f32 = 0.5;

/// One pass through the loop.
#[derive(Clone, Copy, Debug)]
struct Pass {
    /// Her phrase.
    phrase: u32,
    chords: [Option<Chord>; PLACES],
}

const EMPTY: Pass = Pass { phrase: 0, chords: [None; PLACES] };

/// The form.
pub(super) struct Form {
    /// The bar of the loop and the beat of the bar, from 0; `None` before the first downbeat.
    place: Option<(usize, usize)>,
    /// This pass.
    pass: Pass,
    passes: ArrayVec<Pass, PASSES>,
    oldest: usize,
    /// The chords that are expected, and how much higher she sings than with them, semitones.
    reference: Option<(Pass, i8)>,
    trust: f32,
    /// This bar's half goes its own way.
    departed: bool,
}

impl Default for Form {
    fn default() -> Self {
        Self {
            place: None,
            pass: EMPTY,
            passes: ArrayVec::new(),
            oldest: 0,
            reference: None,
            trust: 1.0,
            departed: false,
        }
    }
}

impl Form {
    /// A song begins with the next downbeat.
    pub fn begin(&mut self) {
        (self.place, self.pass, self.reference, self.trust) = (None, EMPTY, None, 1.0);
    }

    /// The bar of the loop, from 0.
    pub fn bar(&self) -> Option<usize> {
        self.place.map(|(bar, _)| bar)
    }

    /// The last bar, which leads back to the first.
    pub fn turns_around(&self) -> bool {
        self.bar() == Some(BARS - 1)
    }

    /// A beat falls.
    pub fn beat(&mut self, tick: &Tick) {
        self.departed &= !tick.is_strong();
        let beat = usize::from(tick.number.saturating_sub(1)).min(BEATS - 1);
        self.place = match self.place {
            None if beat == 0 => Some((0, 0)),
            None => None,
            Some((bar, _)) if beat == 0 && bar + 1 == BARS => {
                self.keep();
                Some((0, 0))
            }
            Some((bar, _)) if beat == 0 => Some((bar + 1, 0)),
            Some((bar, _)) => Some((bar, beat)),
        };
    }

    /// Her phrase begins, near the beat that fell last or, if `soon`, the next one. One that begins in an odd bar begins
    /// the form anew; in the middle it is its second half.
    pub fn phrase_begins(&mut self, meaning: &Meaning, last: &Tick) {
        if last.number == 1 {
            match self.place {
                None => self.place = Some((0, 0)),
                Some((bar, _)) if bar % 2 == 1 => {
                    let now = self.place.and_then(|(bar, beat)| self.pass.chords[bar * BEATS + beat]);
                    self.keep();
                    self.place = Some((0, 0));
                    self.pass.chords[0] = now;
                }
                Some(_) => {}
            }
        }
        if self.bar().is_none_or(|bar| 2 * bar < BARS || bar + 1 == BARS) {
            self.pass.phrase = meaning.phrase.number;
        }
    }

    /// Her phrase is known to be one of before: its chords come back with it.
    pub fn returns(&mut self, meaning: &Meaning) {
        let Some(returned) = meaning.returns else { return };
        if self.reference.is_some_and(|(pass, _)| pass.phrase == returned.number) {
            return;
        }
        let of_then = self.passes.iter().rfind(|pass| pass.phrase == returned.number);
        if let Some(pass) = of_then {
            (self.reference, self.trust) = (Some((*pass, returned.semitones)), 1.0);
        }
    }

    /// The chord that is expected at this beat.
    pub fn expected(&self) -> Option<Chord> {
        let (bar, beat) = self.place.filter(|_| !self.departed)?;
        let (pass, semitones) = self.reference.filter(|_| self.trust >= TRUST_MIN)?;
        let chord = pass.chords[bar * BEATS + beat]?;
        Some(Chord { root: (i16::from(chord.root) + i16::from(semitones)).rem_euclid(12) as u8, ..chord })
    }

    /// The chord with which the last pass began.
    pub fn first(&self) -> Option<Chord> {
        self.reference.map(|(pass, _)| pass).or(Some(self.pass)).and_then(|pass| pass.chords[0])
    }

    /// This beat has `chord`.
    pub fn write(&mut self, chord: Chord) {
        if let Some((bar, beat)) = self.place {
            self.pass.chords[bar * BEATS + beat] = Some(chord);
        }
    }

    /// Her tone at this beat belongs to the chord that was expected, or does not.
    pub fn hears(&mut self, fits: bool) {
        self.trust += TRUST_SHARE * (f32::from(u8::from(fits)) - self.trust);
    }

    /// The chords of before fit well.
    pub fn is_trusted(&self) -> bool {
        self.trust >= TRUST_WELL
    }

    /// Until the next strong beat the chord is another than the expected one.
    pub fn depart(&mut self) {
        self.departed = true;
    }

    /// The pass is over: it is remembered, and the next one is expected to be like it.
    fn keep(&mut self) {
        if self.pass.chords[0].is_none() {
            return;
        }
        if self.passes.is_full() {
            self.passes[self.oldest] = self.pass;
            self.oldest = (self.oldest + 1) % PASSES;
        } else {
            self.passes.push(self.pass);
        }
        (self.reference, self.trust) = (Some((self.pass, 0)), 1.0);
        self.pass = Pass { phrase: self.pass.phrase, ..EMPTY };
    }
}
