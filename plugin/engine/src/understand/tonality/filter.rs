//! The joint filter over key and chord: 24 keys, in each the chords that lead sheets use, moved on beat by beat and
//! weighed by what is sung.
//!
//! A hidden Markov model (Rabiner 1989) whose chords move within a key by functional motion, while the key itself
//! leaks to all others: forgetting matters more than certainty. Evidence is softened: notes that follow one another
//! are not independent witnesses.

use super::tables::{CHANGES, MODES};
use crate::chord::{CHORDS, Chord, Family};
use crate::key::{Key, Mode};

/// What lead sheets say of one mode, shares per mille.
pub(super) struct ModeTables {
    /// How much of all music is in this mode.
    pub share: u16,
    /// Its chords: semitones above the tonic, and family.
    pub functions: [(u8, Family); FUNCTIONS],
    /// How usual each of them is.
    pub usual: [u16; FUNCTIONS],
    /// What follows each of them when the chord changes.
    pub next: [[u16; FUNCTIONS]; FUNCTIONS],
    /// What is sung over each of them, by semitones above the tonic.
    pub sung: [[u16; 12]; FUNCTIONS],
}

/// Chords of a key.
pub(super) const FUNCTIONS: usize = 24;
/// Keys: 12 major, 12 minor.
pub(super) const KEYS: usize = 24;

/// Exponent of the evidence. From 0.5 to 0.8 the chords agree with people's alike (40.8 and 40.2 % of lead sheets, 59.9 and
/// 60.3 % of folk tunes) and fit the melody better (82.1 and 84.2, 77.0 and 78.2 %; sung 71 and 74 %), and a shift of key is
/// followed sooner: at 0.9 the chords fit again in beats 4 to 7 as well as before it (95 to 103 %). At 1 they change more often
/// and what is sung fits no better.
const SOFTENING: f32 = 0.9;
/// Chance that a sung tone has nothing to do with chord and key. 0.005 to 0.05 score alike.
const STRAY: f32 = 0.03;
/// How likely a chord foreign to a locked modal key is against one that belongs to it.
const FOREIGN: f32 = 0.02;

/// Evidence of a stretch of singing: how much of each pitch class, in beats.
pub(super) type Sung = [f32; 12];

/// Where in the bar a beat lies, as far as changes of chord go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Place {
    Downbeat,
    Middle,
    Elsewhere,
    /// Metre unknown.
    Unknown,
}

impl Place {
    /// Of beat `number`, from 1, of `per_bar`; 0 where that is unknown.
    pub fn new(number: u8, per_bar: u8) -> Self {
        match (number, per_bar) {
            (0, _) | (_, 0) => Self::Unknown,
            (1, _) => Self::Downbeat,
            (number, per_bar) if per_bar > 3 && 2 * (number - 1) == per_bar => Self::Middle,
            _ => Self::Elsewhere,
        }
    }

    /// Of the beat after that.
    pub fn after(number: u8, per_bar: u8) -> Self {
        Self::new(if number == 0 { 0 } else { number % per_bar.max(1) + 1 }, per_bar)
    }

    /// Chance that the chord changes here.
    fn change(self) -> f32 {
        let per_mille = |index: usize| f32::from(CHANGES[index]) / 1_000.0;
        match self {
            Self::Downbeat => per_mille(0),
            Self::Middle => per_mille(1),
            Self::Elsewhere => per_mille(2),
            // Of four beats in a bar of four.
            Self::Unknown => (per_mille(0) + per_mille(1) + 2.0 * per_mille(2)) / 4.0,
        }
    }
}

/// A probability for every key and chord; sums to 1.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Belief([[f32; FUNCTIONS]; KEYS]);

/// The filter: its tables, made ready.
pub(super) struct Filter {
    /// Logarithm of the share of each degree over each chord of each mode, by mode, degree and chord, against all being alike.
    speaks: Box<[[[f32; FUNCTIONS]; 12]; 2]>,
    next: Box<[[[f32; FUNCTIONS]; FUNCTIONS]; 2]>,
    /// What is believed of a key before anything was heard in it.
    prior: [[f32; FUNCTIONS]; KEYS],
    /// The key that the prior is locked to.
    locked: Option<Key>,
}

impl Filter {
    pub fn new() -> Self {
        let speaks = |mode: usize, degree: usize, function: usize| {
            let table: f32 = MODES[mode].sung[function].iter().map(|&sung| f32::from(sung)).sum();
            let share = f32::from(MODES[mode].sung[function][degree]) / table;
            SOFTENING * (12.0 * ((1.0 - STRAY) * share + STRAY / 12.0)).ln()
        };
        let next = |mode: usize, from: usize, to: usize| {
            let table: f32 = MODES[mode].next[from].iter().map(|&next| f32::from(next)).sum();
            f32::from(MODES[mode].next[from][to]) / table
        };
        Self { speaks: Box::new(array3(speaks)), next: Box::new(array3(next)), prior: prior(None), locked: None }
    }

    /// From here on the key is `key`, or open again.
    pub fn lock(&mut self, key: Option<Key>) -> bool {
        let changes = self.locked != key;
        if changes {
            self.locked = key;
            self.prior = prior(key);
        }
        changes
    }

    /// What is believed before anything was heard.
    pub fn start(&self) -> Belief {
        Belief(self.prior)
    }

    /// What is believed of the next step, when a chord may change as it does at `place`, and the key with a chance of
    /// `key_changes`.
    pub fn move_on(&self, belief: &Belief, place: Place, key_changes: f32) -> Belief {
        let change = place.change();
        let mut moved = [[0.0; FUNCTIONS]; KEYS];
        for (key, (moved, chords)) in moved.iter_mut().zip(&belief.0).enumerate() {
            for (from, &share) in chords.iter().enumerate() {
                moved[from] += (1.0 - change) * share;
                for (moved, next) in moved.iter_mut().zip(&self.next[key / 12][from]) {
                    *moved += change * share * next;
                }
            }
            for (moved, prior) in moved.iter_mut().zip(&self.prior[key]) {
                // In a locked key only what belongs to it is left, so the chords must be weighed anew.
                let foreign = if *prior == 0.0 { 0.0 } else { 1.0 };
                *moved = foreign * (*moved * (1.0 - key_changes) + key_changes * prior);
            }
        }
        let mut moved = Belief(moved);
        moved.normalise();
        moved
    }

    /// What `sung` says of every key and chord: likelihoods, against all tones being alike.
    pub fn evidence(&self, sung: &Sung) -> Belief {
        let mut evidence = Belief::NONE;
        for (key, chords) in evidence.0.iter_mut().enumerate() {
            for (degree, speaks) in self.speaks[key / 12].iter().enumerate() {
                let weight = sung[(degree + key) % 12];
                if weight > 0.0 {
                    chords.iter_mut().zip(speaks).for_each(|(chord, speaks)| *chord += weight * speaks);
                }
            }
            chords.iter_mut().for_each(|chord| *chord = chord.exp());
        }
        evidence
    }
}

impl Belief {
    /// Brings the sum to 1 and says what it was.
    fn normalise(&mut self) -> f32 {
        let sum: f32 = self.0.iter().flatten().sum();
        if sum > 0.0 {
            let scale = sum.recip();
            self.0.iter_mut().for_each(|chords| chords.iter_mut().for_each(|share| *share *= scale));
        }
        sum
    }

    /// Takes in `evidence`, and says how well it was foretold, against all tones being alike.
    pub fn weigh(&mut self, evidence: &Self) -> f32 {
        for (chords, evidence) in self.0.iter_mut().zip(&evidence.0) {
            chords.iter_mut().zip(evidence).for_each(|(share, evidence)| *share *= evidence);
        }
        self.normalise()
    }

    /// Adds `share` of `other`.
    pub fn add(&mut self, other: &Self, share: f32) {
        for (chords, others) in self.0.iter_mut().zip(&other.0) {
            chords.iter_mut().zip(others).for_each(|(sum, other)| *sum += share * other);
        }
    }

    /// Nothing is believed.
    pub const NONE: Self = Self([[0.0; FUNCTIONS]; KEYS]);

    /// The share of each key.
    pub fn keys(&self) -> [f32; KEYS] {
        self.0.map(|chords| chords.iter().sum())
    }

    /// The share of each chord, whatever the key; in the order of [`Chord::index`].
    pub fn chords(&self) -> [f32; CHORDS] {
        let mut shares = [0.0; CHORDS];
        for (key, chords) in self.0.iter().enumerate() {
            for (&(above, family), share) in MODES[key / 12].functions.iter().zip(chords) {
                let root = (above + (key % 12) as u8) % 12;
                shares[Chord { root, family }.index()] += share;
            }
        }
        shares
    }
}

fn array3<const B: usize, const C: usize>(value: impl Fn(usize, usize, usize) -> f32) -> [[[f32; C]; B]; 2] {
    std::array::from_fn(|a| std::array::from_fn(|b| std::array::from_fn(|c| value(a, b, c))))
}

/// How a mode is heard by the filter: church modes by their third.
fn column(mode: Mode) -> usize {
    usize::from(mode.is_minor())
}

/// The filter's number of `key`.
pub(super) fn key_index(key: Key) -> usize {
    column(key.mode) * 12 + usize::from(key.tonic % 12)
}

/// The key of the filter's number.
pub(super) fn key_at(index: usize) -> Key {
    let mode = if index >= 12 { Mode::Minor } else { Mode::Major };
    Key { tonic: (index % 12) as u8, mode }
}

/// The chords of every key; with a locked key, of that alone, and of its scale above others.
fn prior(locked: Option<Key>) -> [[f32; FUNCTIONS]; KEYS] {
    let mut prior = [[0.0; FUNCTIONS]; KEYS];
    for (index, chords) in prior.iter_mut().enumerate() {
        if locked.is_some_and(|key| key_index(key) != index) {
            continue;
        }
        let tables = &MODES[index / 12];
        // Folk tunes and improvisations are in minor more often than the songs of the sheets: half-way to half.
        let share = (f32::from(tables.share) + 500.0) / 2.0;
        for (function, chord) in chords.iter_mut().enumerate() {
            let (above, family) = tables.functions[function];
            let belongs = locked.is_none_or(|key| belongs(key, above, family));
            *chord = share * f32::from(tables.usual[function]) * if belongs { 1.0 } else { FOREIGN };
        }
    }
    let mut belief = Belief(prior);
    belief.normalise();
    belief.0
}

/// Whether all tones of the chord on `above` lie in the key's scale; in minor the dominant's leading tone does as well.
fn belongs(key: Key, above: u8, family: Family) -> bool {
    let scale = key.mode.scale();
    let is_dominant = key.mode == Mode::Minor && above == 7;
    family
        .tones()
        .iter()
        .map(|tone| (above + tone) % 12)
        .all(|tone| scale.contains(&tone) || (is_dominant && tone == 11))
}
