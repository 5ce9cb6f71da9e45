//! Cadence: heads for the tonic, closes, and is silent (shaping and completing, Bruscia 1987).
//!
//! Structured sessions close with predominant, dominant seventh and tonic; the others with the plagal or the modal
//! step home. Unsure of the key it claims none: root and fifth of the tone the client rests on.

use super::plan::{Behaviour, Order, Orders, PlannedNote, Voice};
use super::{CadenceStage, Moment, loudness};
use crate::chance::{Chance, Stream};
use crate::intend::intent::State;
use crate::key::{Key, KeyChoice, Mode, PitchClass};
use crate::settings::Settings;
use crate::time::SampleTime;
use crate::understand::meaning::MotifNote;

/// A chord of four voices, bass to soprano, in semitones above the tonic of the bass octave.
type Chord = [u8; 4];

/// Every pair of chords below moves by step or stays in the upper voices, leads the leading tone up and the seventh
/// down, and has no parallel fifths or octaves; [`fitted`] lowers what the scale has low.
const PREDOMINANT: Chord = [5, 21, 26, 29];
const DOMINANT_SEVENTH: Chord = [7, 19, 23, 29];
const SUBDOMINANT: Chord = [5, 21, 24, 29];
const SUBTONIC: Chord = [10, 22, 26, 29];
const TONIC: Chord = [12, 19, 24, 28];

/// The way home for a key: chords before the tonic, first to last.
fn way_home(key: Key, functional: bool) -> &'static [Chord] {
    match (functional, key.mode) {
        (true, Mode::Major | Mode::Minor | Mode::Lydian) => &[PREDOMINANT, DOMINANT_SEVENTH],
        (_, Mode::Mixolydian | Mode::Dorian | Mode::Phrygian) => &[SUBDOMINANT, SUBTONIC],
        (false, _) => &[SUBDOMINANT],
    }
}

/// Beat of the cadence, s: the client's own median time between onsets, within these.
const BEAT_S: (f32, f32) = (0.5, 0.85);
/// Beats that a chord before the tonic lasts.
const CHORD_BEATS: f32 = 2.0;
/// Each chord is this much longer than the one before (a ritardando of about a third, Friberg and Sundberg 1999).
const RITARD: f32 = 1.2;
/// How long the closing tonic is held, s.
const CLOSE_S: f32 = 5.0;
/// The voices of a chord begin one after another from the bass, s apart: a soft roll.
const ROLL_S: (f32, f32) = (0.012, 0.03);
/// The cadence is this much softer than the answer at its end, MIDI velocity.
const DIMINUENDO: f32 = 8.0;
/// Fade of a cadence that is called off, s.
const WITHDRAW_S: f64 = 0.3;
/// Colour from which the therapist's choice of major or minor decides the closing third.
const DECIDED_COLOUR: f32 = 0.5;
/// Where the tonic below the bass lies best, MIDI key: the bass then goes from about F2 to C3, the top voice stays near
/// C4 to F4, under most singers.
const TONIC_KEY: i32 = 34;

/// The cadence.
#[derive(Default)]
pub struct Cadence {
    plan: Option<Plan>,
    /// The cadence was called off in mid-way.
    broken: bool,
}

#[derive(Clone, Copy)]
struct Plan {
    arrival: SampleTime,
    end: SampleTime,
}

impl Cadence {
    /// How far it has come.
    pub fn stage(&self, now: SampleTime) -> CadenceStage {
        match self.plan {
            _ if self.broken => CadenceStage::Done,
            None => CadenceStage::None,
            Some(plan) if now >= plan.end => CadenceStage::Done,
            Some(plan) if now >= plan.arrival => CadenceStage::Arrived,
            Some(_) => CadenceStage::Heading,
        }
    }

    /// Everything was ended from outside: a cadence that was going on counts as over.
    pub fn break_off(&mut self) {
        self.broken |= self.plan.take().is_some();
    }

    /// Plans for one hop.
    pub fn process(&mut self, moment: &Moment, orders: &mut Orders) {
        let Moment { clock, meaning, intent, .. } = *moment;
        let closing = matches!(intent.state, State::Approach | State::Slowing | State::Final);
        if closing && self.plan.is_none() && !self.broken {
            self.plan = Some(plan(moment, orders));
        }
        let over = matches!(self.stage(meaning.now), CadenceStage::None | CadenceStage::Done);
        if !closing {
            if !over && intent.state != State::Complete {
                orders.push(Order::Withdraw { behaviour: Behaviour::Cadence, within: clock.samples(WITHDRAW_S) });
            }
            *self = Self::default();
        }
    }
}

fn plan(moment: &Moment, orders: &mut Orders) -> Plan {
    let Moment { clock, meaning, intent, settings, .. } = *moment;
    let mut chance = Chance::new(settings.seed, Stream::Cadence, meaning.phrase.number.into());
    let loudness = loudness(moment);
    let beat_s = beat_s(&meaning.motif);
    let key = meaning.tonality.key;
    let tonic = key.map(|key| key.tonic).or(meaning.tonality.anchor).unwrap_or(2);
    let root = tonic_key(tonic, settings);
    let third = third(key, settings);
    let chords: &[Chord] = key.map_or(&[], |key| way_home(key, intent.character.functional));
    let steps = chords.len() as f32 + 1.0;
    let mut at_s = 0.0;
    let mut chord_s = CHORD_BEATS * beat_s;
    let mut play = |chord: Chord, from_s: f32, length_s: f32, softer: f32| {
        let mut roll_s = 0.0;
        for (line, above) in (0_u8..).zip(chord) {
            let Some(above) = fitted(above, &chord, key, third) else { continue };
            let (voice, part) = if line == 0 { (Voice::Bass, 1) } else { (Voice::Harmony, line) };
            orders.push(Order::Play(PlannedNote {
                on: meaning.now + clock.samples(f64::from(from_s + roll_s)),
                off: meaning.now + clock.samples(f64::from(from_s + length_s)),
                key: root.saturating_add(above),
                velocity: loudness - softer - if line == 0 { 0.0 } else { 3.0 },
                voice,
                part,
                behaviour: Behaviour::Cadence,
            }));
            roll_s += chance.between(ROLL_S.0, ROLL_S.1);
        }
    };
    for (index, &chord) in chords.iter().enumerate() {
        play(chord, at_s, chord_s, DIMINUENDO * (index as f32 + 1.0) / steps);
        at_s += chord_s;
        chord_s *= RITARD;
    }
    play(TONIC, at_s, CLOSE_S, DIMINUENDO);
    Plan {
        arrival: meaning.now + clock.samples(at_s.into()),
        end: meaning.now + clock.samples(f64::from(at_s + CLOSE_S)),
    }
}

/// Where the chords are built from: the key of `tonic` nearest to [`TONIC_KEY`] from which they fit the register whole;
/// in a register too narrow for that, `speak` folds what lies outside.
fn tonic_key(tonic: PitchClass, settings: &Settings) -> u8 {
    let lowest = i32::from(settings.register_low) - i32::from(PREDOMINANT[0]);
    let highest = i32::from(settings.register_high) - i32::from(PREDOMINANT[3]);
    let of_tonic = (0..=127_i32).filter(|key| key % 12 == i32::from(tonic % 12));
    let fits = |key: &i32| (lowest..=highest).contains(key);
    let distance = |key: &i32| ((!fits(key)), (key - TONIC_KEY).abs());
    of_tonic.min_by_key(distance).unwrap_or(TONIC_KEY) as u8
}

/// The third of the closing tonic, semitones: the key's, or the therapist's colour where no key is locked; none while
/// the key is unknown and no colour is chosen.
fn third(key: Option<Key>, settings: &Settings) -> Option<u8> {
    let locked = settings.key != KeyChoice::Auto;
    match settings.colour {
        colour if colour >= DECIDED_COLOUR && !locked => Some(4),
        colour if colour <= -DECIDED_COLOUR && !locked => Some(3),
        _ => key.map(|key| key.mode.scale()[2]),
    }
}

/// A chord tone as the key has it: the second and sixth are lowered where the scale has them low, but not in the
/// dominant, whose leading tone leads in minor as well; the third above the tonic is `third`, or left out.
fn fitted(above: u8, chord: &Chord, key: Option<Key>, third: Option<u8>) -> Option<u8> {
    let class = above % 12;
    let lowers = |scale: [u8; 7]| matches!(class, 2 | 9) && !scale.contains(&class) && *chord != DOMINANT_SEVENTH;
    match key {
        _ if class == 4 => third.map(|third| above - 4 + third),
        Some(key) => Some(above - u8::from(lowers(key.mode.scale()))),
        None => Some(above),
    }
}

/// The client's own beat: the median time between the onsets of her last phrase.
fn beat_s(motif: &[MotifNote]) -> f32 {
    let mut steps: arrayvec::ArrayVec<f32, { crate::understand::meaning::PHRASE_NOTES }> =
        motif.windows(2).map(|pair| pair[1].onset_s - pair[0].onset_s).collect();
    steps.sort_unstable_by(f32::total_cmp);
    let median = steps.get(steps.len() / 2).copied().unwrap_or(BEAT_S.1);
    median.clamp(BEAT_S.0, BEAT_S.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Named;

    fn chords(key: Key, functional: bool) -> Vec<Vec<i32>> {
        let mut all: Vec<Chord> = way_home(key, functional).to_vec();
        all.push(TONIC);
        all.iter()
            .map(|chord| {
                chord
                    .iter()
                    .filter_map(|&a| fitted(a, chord, Some(key), Some(key.mode.scale()[2])))
                    .map(i32::from)
                    .collect()
            })
            .collect()
    }

    fn every_way_home() -> Vec<(Mode, Vec<Vec<i32>>)> {
        let ways = |functional| Mode::ALL.iter().map(move |&mode| (mode, chords(Key { tonic: 0, mode }, functional)));
        ways(true).chain(ways(false)).collect()
    }

    #[test]
    fn no_way_home_has_parallel_fifths_or_octaves() {
        for (mode, chords) in every_way_home() {
            for pair in chords.windows(2) {
                for low in 0..4 {
                    for high in low + 1..4 {
                        let before = (pair[0][high] - pair[0][low]).rem_euclid(12);
                        let after = (pair[1][high] - pair[1][low]).rem_euclid(12);
                        let both_move = pair[0][low] != pair[1][low] && pair[0][high] != pair[1][high];
                        let parallel = before == after && matches!(after, 0 | 7) && both_move;
                        assert!(!parallel, "{mode:?} {pair:?} voices {low} {high}");
                    }
                }
            }
        }
    }

    #[test]
    fn upper_voices_move_by_a_third_at_most() {
        for (mode, chords) in every_way_home() {
            for pair in chords.windows(2) {
                for voice in 1..4 {
                    assert!((pair[0][voice] - pair[1][voice]).abs() <= 4, "{mode:?} {pair:?}");
                }
            }
        }
    }

    #[test]
    fn the_close_is_minor_in_minor_keys_and_has_no_third_while_the_key_is_unknown() {
        let close = |key, colour| {
            let settings = Settings { colour, ..Settings::default() };
            fitted(28, &TONIC, key, third(key, &settings))
        };
        let (minor, major) = (Key { tonic: 2, mode: Mode::Minor }, Key { tonic: 5, mode: Mode::Major });
        assert_eq!([close(Some(minor), 0.0), close(Some(major), 0.0), close(None, 0.0)], [Some(27), Some(28), None]);
        assert_eq!(
            [close(Some(minor), 1.0), close(Some(major), -1.0), close(None, -1.0)],
            [Some(28), Some(27), Some(27)]
        );
    }

    #[test]
    fn colour_never_changes_a_locked_key() {
        let minor = Key { tonic: 2, mode: Mode::Minor };
        let settings = Settings { colour: 1.0, key: KeyChoice::Locked(minor), ..Settings::default() };
        assert_eq!(third(Some(minor), &settings), Some(3));
    }

    #[test]
    fn the_leading_tone_leads_in_minor_too() {
        assert_eq!(fitted(23, &DOMINANT_SEVENTH, Some(Key { tonic: 2, mode: Mode::Minor }), Some(3)), Some(23));
    }
}
