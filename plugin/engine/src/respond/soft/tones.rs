//! Single tones: one gentle sustained tone after another builds a harmony around her line (Turry 2010, line 1; holding,
//! Bruscia 1987). Each comes a moment after a note of hers, never with it, and rings; together they are a chord that has
//! room for what she sings.

use super::super::Moment;
use super::super::harmony::voicing::PARTS;
use super::super::lead::late_s;
use super::super::plan::{Behaviour, Orders};
use super::hand::Hand;
use crate::key::PitchClass;
use crate::time::SampleTime;
use crate::understand::meaning::{Meaning, ONE_TONE_S};

/// A tone comes so long after a note of hers, s: heard as an answer to it and before the next one.
const AFTER_HER_S: (f64, f64) = (0.13, 0.3);
/// With the lead knob it comes sooner, so many times as much as a hand on the beat.
const SOONER: f64 = 2.5;
/// In a note she holds, one may come from here on, s.
const HELD_S: f64 = 0.55;
/// Shortest time between two tones, s: while there are fewer than two; where her tone is not among those that ring (with
/// 0.6 to 0.8 it is 0.3 % more of the time than with 1.2, 30 folk tunes); and where it is.
const APART_S: [f64; 3] = [0.5, 0.8, 1.7];
/// Tones of ours for each note of hers.
const TONES_PER_NOTE: f32 = 0.5;
/// A note that she holds counts as one more each time so long has passed, s.
const HELD_COUNTS_S: f64 = 1.8;
/// A pitch class is not begun again for so long, s.
const AGAIN_S: f64 = 2.5;
/// No tone gives way to another before it has sounded so long, s.
const SUSTAINED_S: f64 = 1.6;

// What speaks for a tone, as a share of the certainty that the chord has it.

/// It is the tone that she sings: a tone of ours comes where hers does not ring yet.
const HERS: f32 = 0.75;
/// Its share of her singing so far counts so much.
const OFTEN_HERS: f32 = 0.5;
/// It is not of her key.
const NOT_IN_KEY: f32 = -0.8;
/// A semitone, a whole tone or a tritone from what she sings, in any octave.
const AGAINST_HER: [f32; 3] = [-0.5, -0.15, -0.25];
/// The same against a tone that rings; the semitone spread to a seventh is soft, and has its own cost below.
const AGAINST_OURS: [f32; 3] = [-0.2, -0.15, -0.3];
/// A manner's tension at its end turns the cost of these into as much and more for them.
const BITES: f32 = 3.0;
/// A minor second, or one an octave wider, among our own.
const RUBS: f32 = -1.0;
/// A fifth or a third from what rings.
const JOINS: f32 = 0.1;

/// Our tones stay so far from hers, semitones: below the lowest of her phrase, and above where it may yet rise to.
const BELOW_HER: i32 = 5;
const ABOVE_HER: i32 = 4;
const HER_COMPASS: i32 = 9;
/// So many of the client's last notes tell where they are: an instrument that plays on without a rest goes everywhere in time.
const RANGE_NOTES: usize = 8;
/// Where the first tone lies best, and the later ones: a foundation, then the tenor.
const FOUNDATION: f32 = 43.0;
const TENOR: f32 = 55.0;
/// Lowest key of a single tone, and the highest above a low voice.
const LOWEST: i32 = 38;
const HIGHEST: i32 = 69;
/// Tones below this key go to the bass.
const BASS_BELOW: u8 = 48;
/// A semitone from where it lies best.
const AWAY: f32 = 0.018;
/// Narrower than a fifth under C3 sounds muddy; for each semitone.
const MUDDY: f32 = 0.12;
const MUDDY_WITHIN: u8 = 7;
/// Nearer to another tone than a third.
const CROWDED: f32 = 0.4;

/// The tones.
#[derive(Debug, Default)]
pub struct Tones {
    /// Tones begun in this state.
    begun: u32,
    /// Her notes in this state, and the onset of the last one.
    notes: u32,
    her_onset: Option<SampleTime>,
    /// The onset of what may be another one.
    begins: Option<SampleTime>,
    /// Her onsets, pitched or not, when the state was entered.
    onsets: u32,
    /// When the last tone began.
    last: Option<SampleTime>,
    /// When each pitch class began last.
    classes: [Option<SampleTime>; 12],
}

impl Tones {
    /// The state begins anew: notes of a phrase that is going on count.
    pub fn enter(&mut self, meaning: &Meaning) {
        let notes = if meaning.phrase.open && meaning.sounding { meaning.motif.len() as u32 } else { 0 };
        let onsets = meaning.onsets.saturating_sub(notes);
        let her_onset = meaning.sounding_since;
        *self = Self { notes, onsets, her_onset, begins: her_onset, ..Self::default() };
    }

    /// Plans for one hop.
    pub fn process(&mut self, moment: &Moment, hand: &mut Hand, orders: &mut Orders) {
        let Moment { clock, meaning, settings, .. } = *moment;
        let now = meaning.now;
        self.count(moment);
        let her_class = meaning.sounding_key.map(|key| key % 12);
        let rings = her_class.is_none_or(|class| hand.has(class));
        let few = hand.ringing().count() < 2;
        let apart_s = moment.patience() * APART_S[if few { 0 } else { 1 + usize::from(rings) }];
        let is_apart = self.last.is_none_or(|last| clock.between(last, now) >= apart_s);
        if !self.has_room(moment) || !is_apart || !self.is_her_moment(moment) || settings.hold {
            return;
        }
        let Some(key) = self.choose(moment, hand) else { return };
        let Some(line) = line(moment, hand, key) else { return };
        hand.weigh(moment);
        hand.play(moment, line, key, 0.0, Behaviour::Tones, orders);
        self.classes[usize::from(key % 12)] = Some(now);
        (self.last, self.begun) = (Some(now), self.begun + 1);
    }

    /// Counts her note once it has lasted, or is over and was one: what a consonant or a glide was taken for is none.
    fn count(&mut self, moment: &Moment) {
        let Moment { clock, meaning, .. } = *moment;
        if meaning.sounding_since.is_some() && meaning.sounding_since != self.begins {
            self.begins = meaning.sounding_since;
        }
        let Some(begins) = self.begins else { return };
        let is_another = self.her_onset.is_none_or(|last| clock.between(last, begins) >= ONE_TONE_S);
        let lasts = meaning.sounding_since == self.begins && clock.between(begins, meaning.now) >= ONE_TONE_S;
        let was = || {
            let start_s = clock.between(meaning.phrase.start, begins) as f32;
            meaning.motif.iter().any(|note| (note.onset_s - start_s).abs() < ONE_TONE_S as f32 / 2.0)
        };
        if is_another && (lasts || meaning.sounding_since != self.begins && was()) {
            self.notes += 1;
            self.her_onset = self.begins;
        }
    }

    /// She sang enough for another tone; the first two may come a little before that.
    fn has_room(&self, moment: &Moment) -> bool {
        let Moment { clock, meaning, .. } = *moment;
        let held_s = meaning.sounding_since.map_or(0.0, |since| clock.between(since, meaning.now));
        let pitched = self.notes + (held_s / HELD_COUNTS_S) as u32;
        let notes = if self.her_onset.is_some() { pitched } else { meaning.onsets.saturating_sub(self.onsets) };
        let ahead = u32::from(self.begun < 2 && notes >= 2);
        // However seldom they come, the first does not keep her waiting.
        let (patience, begun) = (moment.patience(), f64::from(self.begun));
        begun * patience + patience.min(1.0) <= f64::from(TONES_PER_NOTE * (notes + ahead) as f32)
    }

    /// A moment after her onset, or within a tone she holds.
    fn is_her_moment(&self, moment: &Moment) -> bool {
        let Moment { clock, meaning, .. } = *moment;
        // Who leads answers sooner.
        let promptness = f64::from(moment.promptness());
        let [first_s, last_s, held_s] = [AFTER_HER_S.0, AFTER_HER_S.1, HELD_S].map(|seconds| seconds / promptness);
        let soonest_s = first_s + SOONER * late_s(moment.settings.lead).min(0.0);
        match meaning.sounding_since {
            Some(since) => {
                let age_s = clock.between(since, meaning.now);
                (soonest_s..=last_s).contains(&age_s) || age_s >= held_s
            }
            // A stroke, and a tone of a detached touch, is over as soon as it is heard.
            None => (first_s..=last_s).contains(&f64::from(meaning.silence_s)),
        }
    }

    /// The key that fits best.
    fn choose(&self, moment: &Moment, hand: &Hand) -> Option<u8> {
        let Moment { clock, meaning, settings, .. } = *moment;
        let again = clock.samples(AGAIN_S);
        let begun_lately = |class: u8| self.classes[usize::from(class)].is_some_and(|at| meaning.now < at + again);
        let open = open_fifth(meaning);
        let (lowest, highest) = her_range(meaning);
        let manner = &moment.intent.character.manner;
        let target = if hand.is_empty() { FOUNDATION + manner.bass() } else { TENOR + manner.top() };
        let highest_of_all = HIGHEST + manner.top().max(0.0) as i32;
        let bite = 1.0 - BITES * manner.tension.max(0.0);
        let value = |key: u8| {
            let class = key % 12;
            let fits = match open {
                Some([root, fifth]) => {
                    if class == root || class == fifth {
                        1.0
                    } else {
                        -1.0
                    }
                }
                None => fitness(class, meaning),
            };
            let mut value = fits - AWAY * (f32::from(key) - target).abs();
            for tone in hand.ringing() {
                let apart = key.abs_diff(tone.key);
                value += match apart % 12 {
                    1 | 11 if apart == 11 => bite * AGAINST_OURS[0],
                    1 | 11 => RUBS,
                    2 | 10 => bite * AGAINST_OURS[1],
                    6 => bite * AGAINST_OURS[2],
                    _ => JOINS,
                };
                let low = key.min(tone.key) < BASS_BELOW && apart < MUDDY_WITHIN;
                value -= if low { MUDDY * f32::from(MUDDY_WITHIN - apart) } else { 0.0 };
                value -= if apart < 3 { CROWDED } else { 0.0 };
            }
            value
        };
        let clear_of = |at: i32, [lowest, highest]: [i32; 2]| at <= lowest - BELOW_HER || at >= highest + ABOVE_HER;
        let possible = LOWEST..=highest_of_all;
        // Where the client's notes leave no room around them, it is enough to keep clear of the one that sounds.
        let has_room = possible.clone().any(|at| clear_of(at, [lowest, highest]));
        let now = meaning.sounding_key.map_or(lowest, i32::from);
        let range = if has_room { [lowest, highest] } else { [now; 2] };
        let is_free = |key: &u8| {
            let at = i32::from(*key);
            let clear = clear_of(at, range);
            clear && possible.contains(&at) && !hand.has(key % 12) && !begun_lately(key % 12)
        };
        let keys = (settings.register_low..=settings.register_high).filter(is_free);
        keys.map(|key| (value(key), key))
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .filter(|best| best.0 > -0.5)
            .map(|best| best.1)
    }
}

/// Root and fifth to stay with where nothing pitched is heard: the therapist's key, or D.
fn open_fifth(meaning: &Meaning) -> Option<[PitchClass; 2]> {
    let pitched = meaning.tonality.profile.iter().any(|&share| share > 0.0) || meaning.sounding_key.is_some();
    let root = meaning.tonality.key.map_or(super::UNTUNED_ROOT, |key| key.tonic);
    (!pitched).then_some([root, (root + 7) % 12])
}

/// How well `class` fits the chords that are likely, her tone and her key.
fn fitness(class: PitchClass, meaning: &Meaning) -> f32 {
    let chord: f32 = crate::chord::Chord::all()
        .zip(meaning.chords.now)
        .filter(|(chord, _)| chord.contains(class))
        .map(|(_, share)| share)
        .sum();
    let mut fitness = chord + OFTEN_HERS * meaning.tonality.profile[usize::from(class)];
    if let Some(hers) = meaning.sounding_key {
        fitness += match (class + 12 - hers % 12) % 12 {
            0 => HERS,
            1 | 11 => AGAINST_HER[0],
            2 | 10 => AGAINST_HER[1],
            6 => AGAINST_HER[2],
            _ => 0.0,
        };
    }
    fitness + if meaning.tonality.key.is_some_and(|key| !key.contains(class)) { NOT_IN_KEY } else { 0.0 }
}

/// The lowest key of the client's last notes, and the highest that they may reach.
fn her_range(meaning: &Meaning) -> (i32, i32) {
    let last = meaning.motif.len().saturating_sub(RANGE_NOTES);
    let keys =
        || meaning.motif[last..].iter().map(|note| i32::from(note.key)).chain(meaning.sounding_key.map(i32::from));
    let lowest = keys().min().unwrap_or(meaning.energy.centre_key as i32 - HER_COMPASS / 2);
    (lowest, keys().max().unwrap_or(lowest).max(lowest + HER_COMPASS))
}

/// The line for `key`: a free one, or that of the tone that has sounded longest.
fn line(moment: &Moment, hand: &Hand, key: u8) -> Option<usize> {
    let Moment { clock, meaning, .. } = *moment;
    let tones = hand.tones();
    let lines = if key < BASS_BELOW { 0..1 } else { 1..PARTS };
    if let Some(free) = lines.clone().chain(1..PARTS).find(|&line| tones[line].is_none()) {
        return Some(free);
    }
    let oldest = lines.min_by_key(|&line| tones[line].map_or(0, |tone| tone.on))?;
    let sounded_s = tones[oldest].map_or(f64::INFINITY, |tone| clock.between(tone.on, meaning.now));
    (sounded_s >= SUSTAINED_S).then_some(oldest)
}
