//! Countermelody: answers the client's phrase in the rest after it with a motif of its own, and yields when she comes
//! back (interjecting and completing, Bruscia 1987; the dialogue of Wigram 2004). Once a song has found its beat, a
//! second voice goes along with hers.

mod along;
mod counterpoint;
mod line;

use super::plan::{Behaviour, Order, Orders, PlannedNote, Voice};
use super::{LEAVE_S, Moment, loudness};
use crate::chance::{Chance, Stream};
use crate::intend::idioms::idiom_row;
use crate::key::PitchClass;
use crate::settings::{Idiom, Turns};
use crate::time::SampleTime;
use crate::understand::meaning::{BeatGrid, Meaning, MotifNote};
use along::Along;
use line::{Bounds, NOTES_MAX, Place, compose};

/// Fewest and most notes of an answer: an answer is heard as one gesture up to about seven.
const NOTES: (usize, usize) = (3, NOTES_MAX);
/// Shortest and longest time between two of its onsets, s.
const INTER_ONSET_S: (f32, f32) = (0.28, 1.1);
/// Time between onsets where the client's rhythm is not known (one long note), s.
const CALM_INTER_ONSET_S: f32 = 0.6;
/// The last note is this much longer than the ones before (phrase-final lengthening, median 2.0 in Essen folk songs).
const FINAL_LENGTHENING: f32 = 2.0;
/// How much of each time between onsets a note fills; below 1 it breathes.
const ARTICULATION: f32 = 0.92;
/// What still sounds may go on this long once the client is back, s: a release, not a cut.
const YIELD_S: f64 = 0.12;
/// Widest excursion from where the answer began, semitones.
const RANGE_SEMITONES: f32 = 9.0;
/// How far a contour that is not hers goes from note to note, semitones.
const STROLL_SEMITONES: f32 = 2.0;
/// Of her contour so much is taken: an answer is smaller than what it answers.
const SHARE_OF_HERS: f32 = 0.8;
/// A note from this share of the usual time between onsets on is long, and stands on a strong place.
const LONG: f32 = 1.4;
/// Rise and fall of velocity over the answer, MIDI velocity.
const ARC: f32 = 7.0;
/// Chance that a free line turns at a note: about every third, as folk song does between its peaks.
const TURN: f32 = 0.35;
/// An answer is over so long after the client's phrase, s: it is a turn, and the next is the client's.
const OVER_S: f64 = 3.8;
/// Closed enough to need no completing answer.
const CLOSED: f32 = 0.6;

/// The countermelody.
#[derive(Default)]
pub struct Countermelody {
    /// When the answer that is going on will have ended.
    until: SampleTime,
    along: Along,
}

/// How an answer's contour relates to the client's.
#[derive(Clone, Copy, PartialEq)]
enum Contour {
    Imitate,
    Complement,
    Contrast,
}

impl Countermelody {
    /// An answer is planned or sounds.
    pub fn sounds(&self, now: SampleTime) -> bool {
        now < self.until
    }

    /// Forgets what is going on.
    pub fn withdraw(&mut self, within: SampleTime, orders: &mut Orders) {
        orders.push(Order::Withdraw { behaviour: Behaviour::Countermelody, within });
        *self = Self::default();
    }

    /// Plans for one hop. `wanted`: the state has room for a second voice; `mirrored`: while she sings it is her own line.
    pub fn process(&mut self, moment: &Moment, wanted: bool, mirrored: bool, orders: &mut Orders) {
        let Moment { clock, meaning, intent, .. } = *moment;
        let yields = self.sounds(meaning.now) && intent.give_way;
        let leaves = !wanted && (self.sounds(meaning.now) || self.along.sounds(meaning.now));
        if yields || leaves {
            self.withdraw(clock.samples(if yields { YIELD_S } else { LEAVE_S }), orders);
        }
        let in_turns = moment.settings.turns == Turns::Alternate || intent.character.turns_alone;
        match intent.answer_at {
            Some(at) if !self.sounds(meaning.now) => self.answer(at, moment, orders),
            _ if wanted && !mirrored && !in_turns && !self.sounds(meaning.now) => self.along.process(moment, orders),
            _ => {}
        }
    }

    fn answer(&mut self, at: SampleTime, moment: &Moment, orders: &mut Orders) {
        let Moment { clock, meaning, intent, settings, .. } = *moment;
        let mut chance = Chance::new(settings.seed, Stream::Countermelody, meaning.phrase.number.into());
        let tones = tones(meaning, settings.idiom);
        let Some(last) = meaning.motif.last().filter(|_| tones.contains(&true)) else { return };
        let character = &intent.character;
        let wanted = (meaning.motif.len() as f32 * character.density_ratio).round() as usize;
        let count = wanted.clamp(NOTES.0, NOTES.1);
        let contour = match chance.unit() {
            draw if draw < character.imitate => Contour::Imitate,
            draw if draw < character.imitate + character.complement => Contour::Complement,
            _ => Contour::Contrast,
        };
        // Where nothing closes of itself, an answer may end on any tone.
        let home = home(meaning, &mut chance).filter(|_| character.functional);
        let start = (f32::from(last.key) + character.register_offset + character.manner.register)
            .clamp(settings.register_low.into(), settings.register_high.into());
        let latest = meaning.phrase.end + clock.samples(OVER_S);
        let rhythm = Rhythm::new(at, moment, count);
        let fits = |count: &usize| rhythm.onsets[*count - 1] + clock.samples(INTER_ONSET_S.0.into()) <= latest;
        let in_rest = !meaning.sounding;
        let Some(count) = (1..=count).rev().find(|count| !in_rest || fits(count)) else { return };
        let heights = heights(&meaning.motif, contour, &mut chance);
        let places: arrayvec::ArrayVec<Place, NOTES_MAX> = (0..count)
            .map(|index| Place {
                contour: start + heights[index],
                strong: index == 0 || rhythm.is_strong(index),
                hers: meaning.motif.get(index).map(|note| note.key),
            })
            .collect();
        let register = (settings.register_low, settings.register_high);
        let (chord, held) = (chord_tones(meaning), meaning.sounding_key);
        let keys = compose(&places, &mut Bounds { tones, chord, register, home, held, chance: &mut chance });
        let velocity = loudness(moment);
        for (index, &key) in keys.iter().enumerate() {
            let place = (index as f32 + 0.5) / keys.len() as f32;
            let arc = ARC * ((place * std::f32::consts::PI).sin() - 0.5);
            let (on, step) = (rhythm.onsets[index], rhythm.onsets[index + 1] - rhythm.onsets[index]);
            let off = on + clock.samples(clock.seconds(step) * f64::from(ARTICULATION));
            self.until = if in_rest { off.min(latest) } else { off };
            orders.push(Order::Play(PlannedNote {
                on,
                off: self.until,
                key,
                velocity: velocity + arc,
                voice: Voice::Counter,
                part: 1,
                behaviour: Behaviour::Countermelody,
            }));
        }
    }
}

/// When the notes of an answer begin, and when its last one ends.
struct Rhythm {
    onsets: arrayvec::ArrayVec<SampleTime, { NOTES_MAX + 1 }>,
    grid: Option<BeatGrid>,
}

impl Rhythm {
    /// The client's own rhythm from `at` on, `count` notes; where there is a beat, on it and on its halves.
    fn new(at: SampleTime, moment: &Moment, count: usize) -> Self {
        let Moment { clock, meaning, .. } = *moment;
        let grid = meaning.pulse.grid;
        let mut onset_s = 0.0;
        let mut onsets: arrayvec::ArrayVec<SampleTime, { NOTES_MAX + 1 }> = arrayvec::ArrayVec::new();
        for index in 0..=count {
            let exact = at + clock.samples(f64::from(onset_s));
            let placed = grid.map_or(exact, |grid| on_half_beat(exact, &grid));
            let soonest = onsets.last().map_or(at, |&before| before + clock.samples(INTER_ONSET_S.0.into()));
            onsets.push(placed.max(soonest));
            let lengthening = if index + 1 == count { FINAL_LENGTHENING } else { 1.0 };
            onset_s += inter_onset_s(&meaning.motif, index) * lengthening;
        }
        Self { onsets, grid }
    }

    /// A note that is on the beat, or long.
    fn is_strong(&self, index: usize) -> bool {
        let length = |index: usize| self.onsets[index + 1] - self.onsets[index];
        let usual = (self.onsets[self.onsets.len() - 1] - self.onsets[0]) as f32 / (self.onsets.len() - 1) as f32;
        match self.grid {
            Some(grid) => {
                on_half_beat(self.onsets[index], &grid).abs_diff(grid.next_beat) % beat(&grid) < beat(&grid) / 4
            }
            None => length(index) as f32 >= LONG * usual,
        }
    }
}

/// A beat, samples.
fn beat(grid: &BeatGrid) -> SampleTime {
    (grid.next_beat - grid.last_beat).max(2)
}

/// The half of a beat nearest to `at`.
fn on_half_beat(at: SampleTime, grid: &BeatGrid) -> SampleTime {
    let half = beat(grid) / 2;
    let halves = at.saturating_sub(grid.last_beat) as f64 / half as f64;
    grid.last_beat + halves.round() as SampleTime * half
}

/// Heights of an answer's notes above its first one, semitones.
fn heights(motif: &[MotifNote], contour: Contour, chance: &mut Chance) -> [f32; NOTES_MAX] {
    let mut direction = if chance.unit() < 0.5 { 1.0 } else { -1.0 };
    let mut height = 0.0_f32;
    let strolls: [f32; NOTES_MAX] = std::array::from_fn(|index| {
        if index > 0 {
            direction = if chance.unit() < TURN { -direction } else { direction };
            height = (height + direction * STROLL_SEMITONES).clamp(-RANGE_SEMITONES, RANGE_SEMITONES);
        }
        height
    });
    let hers: [Option<f32>; NOTES_MAX] = std::array::from_fn(|index| {
        let first = motif.first().map(|note| f32::from(note.key));
        motif.get(index % motif.len().max(1)).zip(first).map(|(note, first)| f32::from(note.key) - first)
    });
    std::array::from_fn(|index| {
        let of_hers = |share: f32| hers[index].map(|height| (share * height).clamp(-RANGE_SEMITONES, RANGE_SEMITONES));
        match contour {
            Contour::Imitate => of_hers(SHARE_OF_HERS),
            Contour::Complement => of_hers(-SHARE_OF_HERS),
            Contour::Contrast => None,
        }
        .unwrap_or(strolls[index])
    })
}

/// The client's own rhythm, kept within what sounds calm: her `index`-th time between onsets, over and over.
fn inter_onset_s(motif: &[MotifNote], index: usize) -> f32 {
    let steps = motif.len().saturating_sub(1);
    let heard = if steps == 0 {
        CALM_INTER_ONSET_S
    } else {
        let from = index % steps;
        motif[from + 1].onset_s - motif[from].onset_s
    };
    heard.clamp(INTER_ONSET_S.0, INTER_ONSET_S.1)
}

/// Intervals above a lower tone that sound consonant: unison, thirds, fourth, fifth, sixths.
const CONSONANT: [bool; 12] = [true, false, false, true, true, true, false, true, true, true, false, false];
/// Share of her singing from which a pitch class counts as hers.
const HERS: f32 = 0.06;

/// Which pitch classes an answer may use: of the scale, those consonant with the tonic (the fourth counted in) and with
/// the tone she holds, if she does; unsure of the key, those of her own that are consonant with the tone she rests on.
fn tones(meaning: &Meaning, idiom: Idiom) -> [bool; 12] {
    let (tonality, style) = (&meaning.tonality, idiom_row(idiom));
    let Some(ground) = tonality.key.map(|key| key.tonic).or(tonality.anchor) else { return [false; 12] };
    std::array::from_fn(|class| {
        let above = |low: u8| (class + 12 - usize::from(low % 12)) % 12;
        let fits_ground = CONSONANT[above(ground)];
        // Above or below her tone: an interval and its inversion.
        let with_hers = |held: u8| CONSONANT[above(held)] || CONSONANT[(12 - above(held)) % 12];
        let fits_her = meaning.sounding_key.is_none_or(with_hers);
        let in_key = match tonality.key {
            Some(key) => key.contains(class as PitchClass) && style.has((class as u8 + 12 - key.tonic) % 12),
            None => tonality.profile[class] >= HERS || class == usize::from(ground),
        };
        fits_ground && fits_her && in_key
    })
}

/// The tones of the chord that is likeliest now; all of them where none is known.
fn chord_tones(meaning: &Meaning) -> [bool; 12] {
    std::array::from_fn(|class| meaning.chords.chord.is_none_or(|chord| chord.contains(class as PitchClass)))
}

/// The pitch class to end on: an open phrase is completed to the tonic, a closed one is left on its fifth or third.
fn home(meaning: &Meaning, chance: &mut Chance) -> Option<PitchClass> {
    let tonality = &meaning.tonality;
    let key = tonality.key?;
    let leave_open = meaning.phrase.closure >= CLOSED;
    Some(match (leave_open, chance.unit() < 0.5) {
        (false, _) => key.tonic,
        (true, true) => key.degree(4),
        (true, false) => key.degree(2),
    })
}
