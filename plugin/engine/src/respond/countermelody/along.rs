//! A second voice along with hers: long tones against the melody, by contrary and oblique motion, in a range of its
//! own. It comes in once a song has found its beat, is never the louder one, and stops where she breathes.

use super::super::plan::{Behaviour, Order, Orders, PlannedNote, Voice};
use super::super::{Moment, loudness};
use super::counterpoint::{Pair, cost};
use super::{beat, chord_tones};
use crate::intend::idioms::idiom_row;
use crate::settings::Settings;
use crate::time::SampleTime;
use crate::understand::meaning::Meaning;

/// It goes along from this phrase of hers on: before, the song is hers to find.
const FROM_PHRASE: u32 = 3;
/// Goals that ask for so many of our notes for one of hers leave room for a second voice.
const FROM_DENSITY_RATIO: f32 = 0.5;
/// Longest wait after the beat for her tone to be known, s: the ears settle a sung pitch within it.
const WAIT_S: f64 = 0.09;
/// A tone of hers that began this long before a beat belongs to it, s: singers come early.
const EARLY_S: f64 = 0.1;
/// The range of its own lies this far from the middle of hers, semitones, above or below as the goal has it.
const APART: f32 = 9.0;
/// Lowest middle of its range, MIDI key: below it the voice would be a second bass, so it goes above a low voice.
const LOWEST_CENTRE: f32 = 52.0;
/// For each semitone from the middle of its range.
const OFF_CENTRE: f32 = 0.08;
/// A tone outside the chord, on a place where a chord may change.
const OUTSIDE_CHORD: f32 = 1.5;
/// Softer than an answer, MIDI velocity: two voices at once sound louder than one.
const SOFTER: f32 = 8.0;
/// Beats from tone to tone.
const BEATS: u64 = 2;
/// Share of the time between tones that a tone fills.
const ARTICULATION: f64 = 0.97;
/// A tone ends this long after she stops, s.
const RELEASE_S: f64 = 0.25;

/// The second voice.
#[derive(Default)]
pub struct Along {
    /// The beat that waits for its tone.
    place: Option<SampleTime>,
    /// Beats since the last tone.
    beats: u64,
    /// Both voices at the last tone, and when ours ends.
    before: Option<(Pair, SampleTime)>,
}

impl Along {
    /// A tone of it sounds.
    pub fn sounds(&self, now: SampleTime) -> bool {
        self.before.is_some_and(|(_, off)| now < off)
    }

    /// Plans for one hop.
    pub fn process(&mut self, moment: &Moment, orders: &mut Orders) {
        let Moment { clock, meaning, intent, settings, .. } = *moment;
        let now = meaning.now;
        let sings = meaning.sounding && meaning.phrase.open;
        if self.sounds(now) && !sings && meaning.phrase.ended {
            let within = clock.samples(RELEASE_S);
            orders.push(Order::Withdraw { behaviour: Behaviour::Countermelody, within });
            *self = Self::default();
        }
        let goes = meaning.phrase.number >= FROM_PHRASE
            && meaning.phrase.open
            && intent.character.density_ratio >= FROM_DENSITY_RATIO
            && !settings.hold;
        let Some(grid) = meaning.pulse.grid.filter(|_| goes && meaning.tonality.key.is_some()) else {
            (self.place, self.beats) = (None, 0);
            return;
        };
        if meaning.pulse.beat {
            let on_strong = if grid.per_bar >= 2 { grid.number % 2 == 1 } else { self.beats.is_multiple_of(BEATS) };
            self.beats += 1;
            self.place = on_strong.then_some(grid.last_beat).or(self.place);
        }
        let Some(place) = self.place else { return };
        let known = meaning.sounding_since.is_some_and(|since| since + clock.samples(EARLY_S) >= place);
        if !known && clock.between(place, now) < WAIT_S {
            return;
        }
        self.place = None;
        let Some(hers) = meaning.sounding_key else { return };
        let before = self.before.filter(|(_, off)| now <= off + beat(&grid)).map(|(pair, _)| pair);
        let Some(ours) = choose(meaning, settings, intent.character.register_offset, before, hers) else { return };
        let off = now + clock.samples(clock.seconds(BEATS * beat(&grid)) * ARTICULATION);
        self.before = Some((Pair { hers, ours }, off));
        orders.push(Order::Play(PlannedNote {
            on: now,
            off,
            key: ours,
            velocity: loudness(moment) - SOFTER,
            voice: Voice::Counter,
            part: 1,
            behaviour: Behaviour::Countermelody,
        }));
    }
}

/// The tone of the scale in our range that goes best with hers; none if every one breaks a rule.
fn choose(meaning: &Meaning, settings: &Settings, offset: f32, before: Option<Pair>, hers: u8) -> Option<u8> {
    let key = meaning.tonality.key?;
    let chord = chord_tones(meaning);
    let above = offset > 0.0 || meaning.energy.centre_key - APART < LOWEST_CENTRE;
    let centre = meaning.energy.centre_key + if above { APART } else { -APART };
    let range = settings.register_low..=settings.register_high;
    let style = idiom_row(settings.idiom);
    let of_scale = range.filter(|&ours| key.contains(ours % 12) && style.has(ours + 12 - key.tonic));
    let of_side = of_scale.filter(|&ours| if above { ours > hers } else { ours < hers });
    let priced = of_side.filter_map(|ours| {
        let outside = if chord[usize::from(ours % 12)] { 0.0 } else { OUTSIDE_CHORD };
        let far = OFF_CENTRE * (f32::from(ours) - centre).abs();
        Some((ours, cost(before, Pair { hers, ours }, true)? + outside + far))
    });
    priced.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(ours, _)| ours)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{Key, Mode};
    use crate::understand::meaning::Energy;

    /// The second voice to `melody` in the middle of her range, a tone of hers for each of ours.
    fn second_voice(melody: &[u8], offset: f32) -> Vec<Pair> {
        second_voice_to(melody, offset, 67.0)
    }

    fn second_voice_to(melody: &[u8], offset: f32, centre_key: f32) -> Vec<Pair> {
        let mut meaning = Meaning::default();
        meaning.tonality.key = Some(Key { tonic: 0, mode: Mode::Major });
        meaning.energy = Energy { centre_key, ..Energy::default() };
        let mut pairs: Vec<Pair> = Vec::new();
        for &hers in melody {
            let before = pairs.last().copied();
            if let Some(ours) = choose(&meaning, &Settings::default(), offset, before, hers) {
                pairs.push(Pair { hers, ours });
            }
        }
        pairs
    }

    const MELODY: [u8; 16] = [60, 64, 67, 72, 71, 69, 67, 65, 64, 62, 65, 64, 62, 67, 62, 60];

    #[test]
    fn the_second_voice_is_consonant_without_parallels_and_keeps_its_side() {
        for offset in [-6.0, 6.0] {
            let pairs = second_voice(&MELODY, offset);
            assert!(pairs.len() >= MELODY.len() - 1, "{pairs:?}");
            for pair in &pairs {
                let interval = pair.hers.abs_diff(pair.ours) % 12;
                assert!(matches!(interval, 0 | 3 | 4 | 5 | 7 | 8 | 9), "{pairs:?}");
                assert_eq!(pair.ours > pair.hers, offset > 0.0, "{pairs:?}");
            }
            for two in pairs.windows(2) {
                let interval = |pair: Pair| pair.hers.abs_diff(pair.ours) % 12;
                let moved = |a: u8, b: u8| (i16::from(b) - i16::from(a)).signum();
                let (hers, ours) = (moved(two[0].hers, two[1].hers), moved(two[0].ours, two[1].ours));
                let perfect = matches!(interval(two[1]), 0 | 7) && interval(two[0]) == interval(two[1]);
                assert!(!(perfect && hers == ours && hers != 0), "{pairs:?}");
            }
        }
    }

    #[test]
    fn contrary_and_oblique_motion_prevail() {
        let pairs = second_voice(&MELODY, -6.0);
        let moved = |a: u8, b: u8| (i16::from(b) - i16::from(a)).signum();
        let similar = pairs
            .windows(2)
            .filter(|two| {
                let (hers, ours) = (moved(two[0].hers, two[1].hers), moved(two[0].ours, two[1].ours));
                hers != 0 && hers == ours
            })
            .count();
        assert!(2 * similar < pairs.len(), "{similar} of {}: {pairs:?}", pairs.len());
    }

    #[test]
    fn to_a_low_voice_it_sings_above_and_is_no_second_bass() {
        let low: Vec<u8> = MELODY.iter().map(|key| key - 12).collect();
        let pairs = second_voice_to(&low, -6.0, 55.0);
        assert!(!pairs.is_empty() && pairs.iter().all(|pair| pair.ours > pair.hers), "{pairs:?}");
    }
}
