//! Calming: a soft chord now and then, which begins at her pace and leads slowly towards slow and soft (the iso principle;
//! calming, Bruscia 1987).
//!
//! The pace begins within reach of hers, falls by 3 % in ten seconds at most, and never below a slow walk. A client who
//! goes the other way is met again where she is, and led anew from there.

use super::drone::{UNTUNED_ROOT, her_tones};
use super::harmony::tension::tensed;
use super::harmony::voicing::{Keys, PARTS, Wanted, voice};
use super::plan::{Behaviour, Order, Orders, PlannedNote, Voice};
use super::{LEAVE_S, Moment, loudness, nearest};
use crate::chance::{Chance, Stream};
use crate::chord::{Chord, Family};
use crate::intend::character::often;
use crate::time::SampleTime;

/// Where the pace leads to, beats a minute: the middle of the 60 to 80 that music for rest is recommended to have.
const CALM_BPM: f32 = 68.0;
/// Most that the pace falls, share in ten seconds.
const FALL_IN_TEN_S: f32 = 0.03;
/// Paces at which she is met, beats a minute: a felt pace outside is halved or doubled.
const MET_BPM: (f32, f32) = (55.0, 120.0);
/// Her pace where no beat is felt, beats a minute.
const UNKNOWN_BPM: f32 = 76.0;
/// She goes the other way when her pace is so much above the one that she was met at.
const FASTER: f32 = 1.05;
/// Beats from chord to chord, and the beat on which the top tone comes again.
const BEATS: u8 = 4;
const AGAIN: u8 = 2;
/// A chord rings over the next one by this much, s.
const RING_S: f64 = 1.0;
/// How much softer it becomes, MIDI velocity, and how long that takes, s.
const SOFTER: f32 = 10.0;
const SOFTER_AFTER_S: f64 = 90.0;
/// It begins this far below the answer's velocity.
const UNDER_THE_ANSWER: f32 = 10.0;
/// She is silent and not just breathing after this long, s: then no more chords begin.
const ALONE_S: f32 = 4.0;
/// Tones come one after another from the bass, s apart.
const ROLL_S: f64 = 0.03;
/// Where top and bass lie best, and the top never above her; the goal of easing pain lies lower yet, from C2 to C5.
const TOP: f32 = 62.0;
const BELOW_HER: f32 = 5.0;
const BASS: f32 = 45.0;
/// How often tones are struck, times the usual: below which a chord lasts twice as long, from which its top comes again,
/// and from which on every beat.
const SLOW: f32 = 0.6;
const USUAL: f32 = 0.75;
const LIVELY: f32 = 1.4;
/// What the therapist's colour is worth at its ends, as a probability of the chord.
const COLOUR: f32 = 0.25;
/// Where no chords are claimed tones come one by one, s apart, and up to so many beats more pass from one set to the next.
const APART_S: (f32, f32) = (0.5, 1.1);
const LATER_BEATS: f32 = 4.99;
/// These ring for such a share of the time; then it is still.
const FREE_SHARE: f64 = 0.35;

/// The calming.
#[derive(Default)]
pub struct Calming {
    pace: Option<Pace>,
    playing: Option<(Chord, Keys)>,
}

/// How fast it goes.
#[derive(Clone, Copy, Debug)]
struct Pace {
    /// Beats a minute now, and hers when she was met.
    bpm: f32,
    met_bpm: f32,
    /// The next beat, its place from the last chord, from 0, and the place of the next one.
    next: SampleTime,
    place: u8,
    beats: u8,
    /// When it began.
    since: SampleTime,
}

impl Calming {
    /// The chord and its keys.
    pub fn voiced(&self) -> Option<(Chord, Keys)> {
        self.playing
    }

    /// Plans for one hop. `wanted`: the state asks for it.
    pub fn process(&mut self, moment: &Moment, wanted: bool, orders: &mut Orders) {
        let Moment { clock, meaning, settings, .. } = *moment;
        if !wanted {
            if self.pace.take().is_some() {
                self.playing = None;
                orders.push(Order::Withdraw { behaviour: Behaviour::Calming, within: clock.samples(LEAVE_S) });
            }
            return;
        }
        let Some(mut pace) = self.pace else {
            if meaning.sounding && !settings.hold {
                let met_bpm = her_bpm(moment);
                self.pace =
                    Some(Pace { bpm: met_bpm, met_bpm, next: meaning.now, place: 0, beats: BEATS, since: meaning.now });
            }
            return;
        };
        if meaning.now < pace.next {
            return;
        }
        let alone = meaning.silence_s >= ALONE_S;
        if alone {
            self.playing = None;
        } else if pace.place == 0 && !settings.hold {
            pace.beats = beats(moment, pace.next);
            self.strike(moment, &pace, orders);
        } else if comes_again(moment, pace.place) {
            self.top_again(moment, &pace, orders);
        }
        pace.place = (pace.place + 1) % pace.beats;
        let beat_s = 60.0 / pace.bpm;
        pace.next += clock.samples(beat_s.into());
        let hers = her_bpm(moment);
        if meaning.pulse.grid.is_some() && hers > FASTER * pace.met_bpm {
            (pace.bpm, pace.met_bpm) = (hers, hers);
        } else {
            let slowest = pace.bpm * (1.0 - FALL_IN_TEN_S * beat_s / 10.0);
            pace.bpm = if pace.bpm > CALM_BPM { slowest.max(CALM_BPM) } else { pace.bpm };
        }
        self.pace = Some(pace);
    }

    fn strike(&mut self, moment: &Moment, pace: &Pace, orders: &mut Orders) {
        let Moment { clock, meaning, settings, .. } = *moment;
        let chord = chord(moment);
        let character = &moment.intent.character;
        let manner = &character.manner;
        let length_s = f64::from(60.0 / pace.bpm) * f64::from(pace.beats) + RING_S;
        if character.her_tones {
            let length_s = FREE_SHARE * length_s;
            let root = nearest(chord.root, BASS + manner.bass(), settings);
            let mut chance = Chance::new(settings.seed, Stream::Calming, pace.next);
            let fifth = root.saturating_add(7);
            let (mut after_s, mut keys) = (0.0, [root, fifth, fifth, fifth]);
            for (part, key) in [root, fifth].into_iter().chain(her_tones(meaning, root)).enumerate() {
                let on = meaning.now + clock.samples(after_s);
                let off = (meaning.now + clock.samples(length_s)).max(on + clock.samples(RING_S));
                orders.push(Order::Play(tone(moment, pace, part, key, on, off)));
                after_s += f64::from(chance.between(APART_S.0, APART_S.1));
                keys[part..].fill(key);
            }
            self.playing = Some((chord, keys));
            return;
        }
        let open = meaning.tonality.key.is_none() || !character.chords;
        let keys = voice(&Wanted {
            chord,
            before: self.playing.or(moment.voiced),
            client: [None, meaning.sounding_key],
            register: (settings.register_low, settings.register_high),
            top: (meaning.energy.centre_key - BELOW_HER).min(TOP + manner.top()),
            bass: BASS + manner.bass(),
            open,
        });
        let keys = if open { keys } else { tensed(keys, chord, moment) };
        let mut before = None;
        for (part, &key) in keys.iter().enumerate().filter(|(_, key)| before.replace(**key) != Some(**key)) {
            let on = meaning.now + clock.samples(ROLL_S * part as f64);
            orders.push(Order::Play(tone(moment, pace, part, key, on, on + clock.samples(length_s))));
        }
        self.playing = Some((chord, keys));
    }

    fn top_again(&self, moment: &Moment, pace: &Pace, orders: &mut Orders) {
        let Some((_, keys)) = self.playing else { return };
        let off = moment.meaning.now + moment.clock.samples(2.0 * f64::from(60.0 / pace.bpm) + RING_S);
        let top = tone(moment, pace, PARTS - 1, keys[PARTS - 1], moment.meaning.now, off);
        orders.push(Order::Play(PlannedNote { velocity: top.velocity - 4.0, ..top }));
    }
}

fn tone(moment: &Moment, pace: &Pace, part: usize, key: u8, on: SampleTime, off: SampleTime) -> PlannedNote {
    let along = (moment.clock.between(pace.since, on) / SOFTER_AFTER_S).min(1.0) as f32;
    let (voice, part) = if part == 0 { (Voice::Bass, 1) } else { (Voice::Harmony, part as u8) };
    let velocity = loudness(moment) - UNDER_THE_ANSWER - SOFTER * along;
    PlannedNote { on, off, key, velocity, voice, part, behaviour: Behaviour::Calming }
}

/// Beats from a set of tones struck at `now` to the next one.
fn beats(moment: &Moment, now: SampleTime) -> u8 {
    let character = &moment.intent.character;
    let usual = if character.lively < SLOW { 2 * BEATS } else { BEATS };
    let later = if character.her_tones {
        Chance::new(moment.settings.seed, Stream::Calming, now)
            .between(0.0, LATER_BEATS / often(moment.settings.density)) as u8
    } else {
        0
    };
    usual + later
}

/// The top comes again at the beat that is `place` beats from the chord.
fn comes_again(moment: &Moment, place: u8) -> bool {
    let lively = moment.intent.character.lively;
    !moment.intent.character.her_tones && (place == AGAIN && lively >= USUAL || place > 0 && lively >= LIVELY)
}

/// Her pace, brought to where she is met.
fn her_bpm(moment: &Moment) -> f32 {
    let mut bpm = moment.meaning.pulse.grid.map_or(UNKNOWN_BPM, |grid| grid.tempo_bpm.max(1.0));
    while bpm > MET_BPM.1 {
        bpm /= 2.0;
    }
    while bpm < MET_BPM.0 {
        bpm *= 2.0;
    }
    bpm
}

/// One of the plainest chords: the tonic, the subdominant or the relative of the key, whichever is likeliest; unsure of
/// the key, the fifth on the tone she rests on; with nothing pitched, the one that the drone stands on.
fn chord(moment: &Moment) -> Chord {
    let tonality = &moment.meaning.tonality;
    let Some(key) = tonality.key else {
        return Chord { root: tonality.anchor.unwrap_or(UNTUNED_ROOT), family: Family::Major };
    };
    let triad = |degree: i32| {
        let root = key.degree(degree);
        let family = if key.contains((root + 4) % 12) { Family::Major } else { Family::Minor };
        Chord { root, family }
    };
    let likely = |chord: &Chord| {
        let bright = if chord.family.is_minor() { -1.0 } else { 1.0 };
        moment.meaning.chords.now[chord.index()] + COLOUR * bright * moment.settings.colour
    };
    let [tonic, others @ ..] = [0, 3, 5].map(triad);
    others.into_iter().fold(tonic, |best, chord| if likely(&chord) > likely(&best) { chord } else { best })
}

#[cfg(test)]
mod tests {
    use super::super::follow::Follow;
    use super::*;
    use crate::intend::intent::Intent;
    use crate::key::{Key, Mode};
    use crate::settings::Settings;
    use crate::time::Clock;
    use crate::understand::meaning::{BeatGrid, Meaning};

    /// The chords struck for a client whose tempo is `bpm` of the time, s: when, how strong, and when they end.
    fn chords(bpm: impl Fn(f64) -> f32, length_s: f64) -> Vec<(f64, f32, f64)> {
        let clock = Clock::new(48_000.0);
        let (mut calming, mut orders, mut chords) = (Calming::default(), Orders::new(), Vec::new());
        let mut intent = Intent::default();
        intent.character.lively = 1.0;
        for hop in 1..clock.hops(length_s) as u64 {
            let now = hop * clock.hop() as u64;
            let grid =
                BeatGrid { tempo_bpm: bpm(clock.seconds(now)), last_beat: now, next_beat: now, ..BeatGrid::default() };
            let mut meaning = Meaning { now, sounding: true, ..Meaning::default() };
            meaning.pulse.grid = Some(grid);
            meaning.tonality.key = Some(Key { tonic: 0, mode: Mode::Major });
            (meaning.energy.velocity, meaning.energy.centre_key) = (80.0, 67.0);
            let moment = Moment {
                clock,
                meaning: &meaning,
                intent: &intent,
                settings: &Settings::default(),
                voiced: None,
                follow: &Follow::default(),
            };
            orders.clear();
            calming.process(&moment, true, &mut orders);
            for order in &orders {
                if let Order::Play(note) = order
                    && note.voice == Voice::Bass
                {
                    chords.push((clock.seconds(note.on), note.velocity, clock.seconds(note.off)));
                }
            }
        }
        chords
    }

    fn paces(chords: &[(f64, f32, f64)]) -> Vec<f64> {
        chords.windows(2).map(|pair| 60.0 * f64::from(BEATS) / (pair[1].0 - pair[0].0)).collect()
    }

    #[test]
    fn it_meets_her_pace_and_leads_down_no_faster_than_three_in_a_hundred_in_ten_seconds() {
        let chords = chords(|_| 110.0, 300.0);
        let paces = paces(&chords);
        assert!((paces[0] / 110.0 - 1.0).abs() < 0.05, "{paces:?}");
        for (pace, chord) in paces.windows(2).zip(chords.windows(2)) {
            let fall = 1.0 - pace[1] / pace[0];
            assert!(fall <= 0.0302 * (chord[1].0 - chord[0].0) / 10.0 + 1e-3, "{paces:?}");
        }
        assert!((60.0..=80.0).contains(paces.last().unwrap()), "{paces:?}");
        assert!(chords.last().unwrap().1 <= chords[0].1 - 9.0);
        assert!(chords.windows(2).all(|pair| pair[0].2 > pair[1].0), "each rings into the next");
    }

    #[test]
    fn a_client_who_goes_the_other_way_is_met_again() {
        let chords = chords(|at_s| if at_s < 60.0 { 90.0 } else { 112.0 }, 120.0);
        let paces = paces(&chords);
        let before = chords.iter().position(|chord| chord.0 > 58.0).unwrap();
        assert!(paces[before - 2] < 85.0 && paces[before + 3] > 105.0, "{paces:?}");
    }
}
