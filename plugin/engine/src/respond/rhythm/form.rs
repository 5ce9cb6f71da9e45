//! Song form: which chord each beat of the loop had the last time round, and under which phrase of hers.
//!
//! The chords that fitted in the first pass are kept; a phrase that returns brings its own chords back (A-A'-B-A).

use super::count::Tick;
use crate::chord::Chord;
use crate::settings::Form as Wanted;
use crate::understand::meaning::Meaning;
use arrayvec::ArrayVec;

/// Bars of the loop where neither the therapist nor her phrases tell: a phrase of a song. And most of them.
const USUAL_BARS: usize = 4;
const BARS: usize = 8;
/// Most beats a bar that are told apart.
const BEATS: usize = 4;
const PLACES: usize = BARS * BEATS;

/// Passes remembered, as many as memory keeps phrases.
const PASSES: usize = 32;

/// Sections of a song in four parts, A A B A: the third is another one.
const SECTIONS: usize = 4;
const OTHER: usize = 2;

/// Share of each new beat in how far the chords of before are trusted: two beats against them are doubt enough.
const TRUST_SHARE: f32 = 0.3;
/// A phrase that is not known to return has to show first that their chords fit; but where it is to be the same again, it
/// has to show that they do not.
const TRUST_UNPROVED: f32 = 0.6;
const TRUST_SAME: f32 = 1.0;
/// Below this her notes contradict them.
const TRUST_MIN: f32 = 0.35;
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
    /// Bars of the loop, and what the therapist wants.
    bars: usize,
    wanted: Wanted,
    /// The section of a song in four parts, and the last passes of A and of B.
    section: usize,
    sections: [Option<Pass>; 2],
    /// This bar's half goes its own way.
    departed: bool,
    /// The form is to be the same again.
    same: bool,
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
            bars: USUAL_BARS,
            wanted: Wanted::Heard,
            section: 0,
            sections: [None; 2],
            departed: false,
            same: false,
        }
    }
}

impl Form {
    /// A song begins with the next downbeat.
    pub fn begin(&mut self, wanted: Wanted) {
        (self.place, self.pass, self.reference, self.trust) = (None, EMPTY, None, 1.0);
        (self.wanted, self.section, self.sections) = (wanted, 0, [None; 2]);
    }

    /// The bar of the loop, from 0.
    pub fn bar(&self) -> Option<usize> {
        self.place.map(|(bar, _)| bar)
    }

    /// The last bar, which leads back to the first.
    pub fn turns_around(&self) -> bool {
        self.bar().is_some_and(|bar| bar + 1 == self.bars)
    }

    /// A beat falls. `heard`: bars of her phrases; `same`: it is to be the same again.
    pub fn beat(&mut self, tick: &Tick, heard: Option<usize>, same: bool) {
        self.same = same;
        if self.place.is_none_or(|(bar, _)| bar == 0) {
            self.bars = match self.wanted {
                Wanted::Heard => heard.unwrap_or(USUAL_BARS).min(BARS),
                Wanted::Four | Wanted::Aaba => USUAL_BARS,
                Wanted::Eight => BARS,
            };
        }
        self.departed &= !tick.is_strong();
        let beat = usize::from(tick.number.saturating_sub(1)).min(BEATS - 1);
        self.place = match self.place {
            None if beat == 0 => Some((0, 0)),
            None => None,
            Some((bar, _)) if beat == 0 && bar + 1 >= self.bars => {
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
        if self.bar().is_none_or(|bar| 2 * bar < self.bars || bar + 1 == self.bars) {
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

    /// The chord that is expected at this beat; `kept`: whatever her notes are.
    pub fn expected(&self, kept: bool) -> Option<Chord> {
        let (bar, beat) = self.place.filter(|_| !self.departed)?;
        let (pass, semitones) = self.reference.filter(|_| kept || self.trust >= TRUST_MIN)?;
        let chord = pass.chords[bar * BEATS + beat]?;
        Some(Chord { root: (i16::from(chord.root) + i16::from(semitones)).rem_euclid(12) as u8, ..chord })
    }

    /// The chord with which the last pass began.
    pub fn first(&self) -> Option<Chord> {
        self.reference.map(|(pass, _)| pass).or(Some(self.pass)).and_then(|pass| pass.chords[0])
    }

    /// On this beat `chord` sounds.
    pub fn write(&mut self, chord: Option<Chord>) {
        if let Some((bar, beat)) = self.place {
            self.pass.chords[bar * BEATS + beat] = chord;
        }
    }

    /// How well her tone at this beat fits the chord that was expected, 0-1.
    pub fn hears(&mut self, fits: f32) {
        self.trust += TRUST_SHARE * (fits - self.trust);
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
        self.reference = match self.wanted {
            Wanted::Aaba => {
                self.sections[usize::from(self.section == OTHER)] = Some(self.pass);
                self.section = (self.section + 1) % SECTIONS;
                self.sections[usize::from(self.section == OTHER)].map(|pass| (pass, 0))
            }
            _ => Some((self.pass, 0)),
        };
        self.trust = if self.same { TRUST_SAME } else { TRUST_UNPROVED };
        self.pass = Pass { phrase: self.pass.phrase, ..EMPTY };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chord::Family;

    /// The chords expected at the downbeats of the `count` bars after `count` bars of which each had a root of its own.
    fn expected(wanted: Wanted, heard: Option<usize>, count: u8) -> Vec<Option<u8>> {
        let mut form = Form::default();
        form.begin(wanted);
        let mut roots = Vec::new();
        for bar in 0..2 * count {
            for number in 1..=4 {
                form.beat(&Tick { at: 0, half: false, number, per_bar: 4, period_s: 0.6 }, heard, false);
                if number == 1 {
                    roots.push(form.expected(true).map(|chord| chord.root));
                }
                form.write(Some(Chord { root: bar % 12, family: Family::Major }));
            }
        }
        roots.split_off(usize::from(count))
    }

    #[test]
    fn the_loop_is_as_long_as_the_therapist_wants_it_or_as_her_phrases_are() {
        assert_eq!(expected(Wanted::Four, Some(3), 4), [0, 1, 2, 3].map(Some));
        assert_eq!(expected(Wanted::Eight, None, 8), [0, 1, 2, 3, 4, 5, 6, 7].map(Some));
        assert_eq!(expected(Wanted::Heard, Some(3), 3), [0, 1, 2].map(Some));
    }

    #[test]
    fn the_third_part_of_a_song_is_another_and_the_fourth_is_the_first_again() {
        let later = expected(Wanted::Aaba, None, 8);
        assert_eq!(later, [None, None, None, None, Some(4), Some(5), Some(6), Some(7)]);
    }
}
