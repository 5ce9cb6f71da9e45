//! Voicing: the keys of bass and three upper voices for a chord, by a bounded search over all that lie in reach.
//!
//! Costs are in semitones of motion: what a musician would accept a leap of so many semitones for. The rules are those of
//! four-part writing; their anchor is Bach's chorales (0.3 parallel fifths and octaves and 2.3 crossings in 100 steps,
//! upper voices moving 1.1 to 1.5 semitones).

use crate::chord::{Chord, Family};
use crate::key::PitchClass;
use arrayvec::ArrayVec;

/// Parts: the bass and three above it.
pub(in crate::respond) const PARTS: usize = 4;

/// Keys from the bass up.
pub(in crate::respond) type Keys = [u8; PARTS];

/// Widest reach of the upper voices below their highest key, semitones.
const REACH: i32 = 19;
/// How far the bass reaches above its lowest key.
const BASS_REACH: i32 = 17;
/// Most keys weighed for one part: four chord tones in an octave and a half.
const CANDIDATES: usize = 8;

/// What a voicing is wanted for.
#[derive(Clone, Copy, Debug)]
pub(in crate::respond) struct Wanted {
    /// The chord.
    pub chord: Chord,
    /// The chord before and how it was voiced.
    pub before: Option<(Chord, Keys)>,
    /// What the client sang then, and sings now, MIDI keys.
    pub client: [Option<u8>; 2],
    /// Lowest and highest key allowed.
    pub register: (u8, u8),
    /// Where the top voice lies best.
    pub top: f32,
    /// Where the bass lies best.
    pub bass: f32,
    /// Only root and fifth: the third is not sure.
    pub open: bool,
}

impl Wanted {
    /// Whether a key is one of the tones to be played.
    fn has(&self, key: u8) -> bool {
        let above = (key % 12 + 12 - self.chord.root) % 12;
        let tones = self.chord.family.tones();
        tones.contains(&above) && (!self.open || above == 0 || above == tones[2])
    }
}

/// The best voicing, ascending. Where the register leaves no room, parts meet in unison.
pub(in crate::respond) fn voice(wanted: &Wanted) -> Keys {
    let (low, high) = (i32::from(wanted.register.0), i32::from(wanted.register.1));
    let usual = (wanted.top.round() as i32 + TOP_ABOVE).clamp((low + REACH).min(high), high);
    // A leading tone at the edge still has room to rise.
    let highest = wanted.before.map_or(usual, |(_, keys)| usual.max((i32::from(keys[PARTS - 1]) + 1).min(high)));
    let bass_low = (wanted.bass.round() as i32 - BASS_REACH / 2).clamp(low, high - 12);
    let bass_rises = wanted.before.map_or(0, |(_, keys)| i32::from(keys[0]) + 1);
    let basses = candidates(wanted, bass_low, (bass_low + BASS_REACH).max(bass_rises).min(highest));
    let uppers = candidates(wanted, (highest - REACH).max(low), highest);
    let mut search = Search { wanted, basses, uppers, best: (f32::INFINITY, [wanted.register.0; PARTS]) };
    search.place(0, &mut [0; PARTS], 0.0);
    search.best.1
}

/// Branch and bound over the parts from the bass up: no cost is negative, so that what already costs as much as the best
/// voicing found cannot become better (Land and Doig 1960).
struct Search<'a> {
    wanted: &'a Wanted,
    basses: Candidates,
    uppers: Candidates,
    /// Cost and keys of the best so far.
    best: (f32, Keys),
}

/// The keys in reach of a part.
type Candidates = ArrayVec<u8, CANDIDATES>;

impl Search<'_> {
    /// Tries all keys of `part` above those below it, which cost `so_far`; those that cost least first.
    fn place(&mut self, part: usize, keys: &mut Keys, so_far: f32) {
        let all = if part == 0 { &self.basses } else { &self.uppers };
        let mut ways: ArrayVec<(f32, u8), CANDIDATES> = ArrayVec::new();
        let lowest = if part == 0 { 0 } else { keys[part - 1] };
        for &key in all.iter().filter(|&&key| key >= lowest) {
            keys[part] = key;
            ways.push((so_far + alone(part, key, self.wanted) + beside(part, keys, self.wanted.open), key));
        }
        ways.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        for (cost, key) in ways {
            if cost >= self.best.0 {
                return;
            }
            keys[part] = key;
            if part + 1 < PARTS {
                self.place(part + 1, keys, cost);
            } else {
                self.complete(keys, cost);
            }
        }
    }

    /// Weighs what all parts do together; dearer rules first.
    fn complete(&mut self, keys: &Keys, so_far: f32) {
        let mut cost = so_far + balance(keys, self.wanted);
        let Some((chord, before)) = self.wanted.before.filter(|_| cost < self.best.0) else {
            self.keep(keys, cost);
            return;
        };
        cost += overlaps(&before, keys) + resolution(chord, &before, self.wanted.chord, keys);
        if cost < self.best.0 {
            cost += parallels(&before, keys, self.wanted.client);
            self.keep(keys, cost);
        }
    }

    fn keep(&mut self, keys: &Keys, cost: f32) {
        if cost < self.best.0 {
            self.best = (cost, *keys);
        }
    }
}

/// How far the top voice may rise above where it lies best.
const TOP_ABOVE: i32 = 5;

fn candidates(wanted: &Wanted, low: i32, high: i32) -> Candidates {
    let keys = (low.max(0)..=high.min(127)).map(|key| key as u8);
    keys.filter(|&key| wanted.has(key)).take(CANDIDATES).collect()
}

/// What it costs that `part` has `key`, whatever the others do.
fn alone(part: usize, key: u8, wanted: &Wanted) -> f32 {
    place(part, key, wanted) + wanted.before.map_or(0.0, |(_, before)| motion(part, before[part], key))
}

const NO_THIRD: f32 = 300.0;
const NO_ROOT: f32 = 300.0;
const NO_SEVENTH: f32 = 250.0;
const NO_FIFTH: f32 = 11.0;
const TWO_THIRDS: f32 = 3.0;
/// A doubled third that may have to lead up twice leads into parallel octaves.
const TWO_LEADING_THIRDS: f32 = 25.0;
const TWO_LEADING_TONES: f32 = 25.0;
const TWO_SEVENTHS: f32 = 25.0;
const FIRST_INVERSION: f32 = 5.0;
const SECOND_INVERSION: f32 = 14.0;
const THIRD_INVERSION: f32 = 12.0;
/// Without a third, a fifth below would be heard as the root.
const OPEN_ON_FIFTH: f32 = 150.0;
/// A diminished triad stands better on its third.
const DIMINISHED_ON_ROOT: f32 = 3.0;

/// Which tones are there, how often, and which is lowest.
fn balance(keys: &Keys, wanted: &Wanted) -> f32 {
    let chord = wanted.chord;
    let count = |above: u8| keys.iter().filter(|&&key| key % 12 == (chord.root + above) % 12).count();
    let tones = chord.family.tones();
    let leads = chord.family == Family::Dominant;
    let mut cost = match count(tones[1]) {
        0 if wanted.open => 0.0,
        0 => NO_THIRD,
        1 => 0.0,
        _ if leads => TWO_LEADING_TONES,
        _ if chord.family == Family::Diminished => 0.0,
        _ if chord.family == Family::Major => TWO_LEADING_THIRDS,
        _ => TWO_THIRDS,
    };
    cost += match count(0) {
        0 => NO_ROOT,
        1 => 0.0,
        _ if chord.family == Family::Diminished => TWO_LEADING_TONES,
        _ => 0.0,
    };
    cost += if count(tones[2]) == 0 { NO_FIFTH } else { 0.0 };
    if let Some(&seventh) = tones.get(3).filter(|_| !wanted.open) {
        cost += [NO_SEVENTH, 0.0, TWO_SEVENTHS, TWO_SEVENTHS, TWO_SEVENTHS][count(seventh)];
    }
    let lowest = (keys[0] + 12 - chord.root) % 12;
    cost + match tones.iter().position(|&tone| tone == lowest) {
        Some(0) if chord.family == Family::Diminished => DIMINISHED_ON_ROOT,
        Some(1) if chord.family == Family::Diminished => 0.0,
        Some(1) => FIRST_INVERSION,
        Some(2) if wanted.open => OPEN_ON_FIFTH,
        Some(2) => SECOND_INVERSION,
        Some(3) => THIRD_INVERSION,
        _ => 0.0,
    }
}

/// Upper voices lie within an octave of each other, wide below and narrow above.
const WIDE_GAP: i32 = 9;
const OCTAVE_GAP: i32 = 12;
const BEYOND_OCTAVE: f32 = 8.0;
/// From the bass to the voice above it.
const BASS_GAP: i32 = 19;
const BEYOND_BASS_GAP: f32 = 0.7;
/// Intervals narrower than a fifth sound muddy under C3 (low interval limits of arranging).
const CLEAR_FROM_KEY: i32 = 48;
const MUDDY_BELOW: i32 = 7;
const MUDDY: f32 = 1.5;
/// Roughness of a second between neighbours (Sethares: minor second 0.88, major third 0.45, relative).
const MINOR_SECOND: f32 = 5.0;
/// Two parts on one key are one part less.
const UNISON: f32 = 14.0;
/// But an open fifth needs no more parts than tones: doubled throughout, it could only move in parallels.
const UNISON_IN_OPEN_FIFTH: f32 = 1.0;
const MAJOR_SECOND: f32 = 1.5;

/// The gap between `part` and the one below it.
fn beside(part: usize, keys: &Keys, open: bool) -> f32 {
    if part == 0 {
        return 0.0;
    }
    let unison = if open { UNISON_IN_OPEN_FIFTH } else { UNISON };
    let (below, key) = (i32::from(keys[part - 1]), i32::from(keys[part]));
    let gap = key - below;
    let mut cost = [unison, MINOR_SECOND, MAJOR_SECOND].get(gap as usize).copied().unwrap_or(0.0);
    if below < CLEAR_FROM_KEY && gap < MUDDY_BELOW {
        cost += MUDDY * (MUDDY_BELOW - gap) as f32;
    }
    cost + match part {
        1 => BEYOND_BASS_GAP * (gap - BASS_GAP).max(0) as f32,
        _ => (gap - WIDE_GAP).max(0) as f32 + if gap > OCTAVE_GAP { BEYOND_OCTAVE } else { 0.0 },
    }
}

/// A semitone away from where top voice and bass lie best.
const TOP_AWAY: f32 = 0.35;
const BASS_AWAY: f32 = 0.15;
/// A semitone of the top voice above the client: she stays on top.
const ABOVE_HER: f32 = 1.2;
/// A voice in her unison hides her; a second beside her rubs.
const UNISON_WITH_HER: f32 = 1.5;
const SECOND_WITH_HER: f32 = 3.0;

/// Register, and distance from the sung pitch.
fn place(part: usize, key: u8, wanted: &Wanted) -> f32 {
    let place = f32::from(key);
    let is_top = part == PARTS - 1;
    let mut cost = match part {
        0 => BASS_AWAY * (place - wanted.bass).abs(),
        _ if is_top => TOP_AWAY * (place - wanted.top).abs(),
        _ => 0.0,
    };
    if let Some(client) = wanted.client[1] {
        cost += if is_top { ABOVE_HER * (place - f32::from(client)).clamp(0.0, 5.0) } else { 0.0 };
        cost += match key.abs_diff(client) {
            0 => UNISON_WITH_HER,
            1 | 2 => SECOND_WITH_HER,
            _ => 0.0,
        };
    }
    cost
}

/// Squared motion counts this much besides plain motion, so that one leap costs more than two steps.
const LEAP: f32 = 0.12;
/// The bass leaps more freely.
const BASS_MOTION: f32 = 0.3;
const BASS_OCTAVE: f32 = 2.0;
/// A voice moves past where its neighbour was.
const OVERLAP: f32 = 4.0;

fn motion(part: usize, before: u8, key: u8) -> f32 {
    let step = f32::from(key.abs_diff(before));
    match part {
        0 => BASS_MOTION * step + if step > 7.0 { BASS_OCTAVE } else { 0.0 },
        _ => step + LEAP * step * step,
    }
}

fn overlaps(before: &Keys, keys: &Keys) -> f32 {
    let overlaps = (1..PARTS).filter(|&part| keys[part - 1] > before[part] || keys[part] < before[part - 1]).count();
    OVERLAP * overlaps as f32
}

/// Parallel fifths or octaves between parts, and with the client; and outer voices leaping alike into them.
const PARALLEL: f32 = 200.0;
const PARALLEL_WITH_HER: f32 = 5.0;
const DIRECT: f32 = 1.5;

fn parallels(before: &Keys, keys: &Keys, client: [Option<u8>; 2]) -> f32 {
    let mut cost = 0.0;
    for low in 0..PARTS {
        for high in low + 1..PARTS {
            let (was, is) = ([before[low], before[high]], [keys[low], keys[high]]);
            let are_two = was[0] != was[1] && is[0] != is[1];
            cost += PARALLEL * f32::from(are_two && are_parallel(was, is));
        }
        if let [Some(sang), Some(sings)] = client {
            cost += PARALLEL_WITH_HER * f32::from(are_parallel([before[low], sang], [keys[low], sings]));
        }
    }
    let (top, bass) = (PARTS - 1, 0);
    let alike = (keys[top] > before[top]) == (keys[bass] > before[bass]) && keys[bass] != before[bass];
    let perfect = matches!((keys[top] - keys[bass]) % 12, 0 | 7);
    if alike && perfect && keys[top].abs_diff(before[top]) > 2 { cost + DIRECT } else { cost }
}

/// Two lines keep a fifth or an octave while both move.
pub(in crate::respond) fn are_parallel(before: [u8; 2], now: [u8; 2]) -> bool {
    let interval = |[low, high]: [u8; 2]| high.abs_diff(low) % 12;
    let both_move = before[0] != now[0] && before[1] != now[1];
    both_move && interval(before) == interval(now) && matches!(interval(now), 0 | 7)
}

const UNRESOLVED_LEADING_TONE: f32 = 600.0;
/// Where the chord does not fall by a fifth, other rules come first.
const UNRESOLVED_ELSEWHERE: f32 = 60.0;
const UNRESOLVED_SEVENTH: f32 = 8.0;

/// The third of a chord that falls by a fifth, and the root of a diminished one, lead up by a semitone where the new
/// chord has that tone; the seventh of a dominant leads down, or stays.
fn resolution(chord: Chord, before: &Keys, next: Chord, keys: &Keys) -> f32 {
    if chord.same_triad(&next) {
        return 0.0;
    }
    let leading = leading_tone(chord).filter(|tone| next.contains((tone + 1) % 12));
    let seventh = (chord.family == Family::Dominant).then_some((chord.root + 10) % 12);
    let mut cost = 0.0;
    for (&was, &is) in before.iter().zip(keys) {
        if Some(was % 12) == leading && is != was + 1 {
            cost += if closes(chord, next) { UNRESOLVED_LEADING_TONE } else { UNRESOLVED_ELSEWHERE };
        }
        if Some(was % 12) == seventh && !(was.saturating_sub(2)..=was).contains(&is) {
            cost += UNRESOLVED_SEVENTH;
        }
    }
    cost
}

/// The step of a cadence: down a fifth, or from the diminished chord that stands for that.
fn closes(chord: Chord, next: Chord) -> bool {
    let up = if chord.family == Family::Diminished { 1 } else { 5 };
    (chord.root + up) % 12 == next.root
}

/// The tone of `chord` that leads up by a semitone, if it has one.
fn leading_tone(chord: Chord) -> Option<PitchClass> {
    match chord.family {
        Family::Major | Family::Dominant => Some((chord.root + 4) % 12),
        Family::Diminished => Some(chord.root),
        Family::Minor => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::{Chance, Stream};

    fn wanted(chord: Chord, before: Option<(Chord, Keys)>) -> Wanted {
        Wanted { chord, before, client: [None, None], register: (36, 84), top: 64.0, bass: 43.0, open: false }
    }

    /// A long walk through random major and minor chords and sevenths, each with its voicing and the one before.
    fn walk(mut each: impl FnMut(Chord, &Keys, Chord, &Keys)) {
        let mut chance = Chance::new(1, Stream::Cadence, 7);
        let mut chord = Chord::at(0);
        let mut keys = voice(&wanted(chord, None));
        for _ in 0..3_000 {
            let next = Chord::at((chance.unit() * crate::chord::CHORDS as f32) as usize);
            if next.same_triad(&chord) || next.family == Family::Diminished {
                continue;
            }
            let voiced = voice(&wanted(next, Some((chord, keys))));
            each(chord, &keys, next, &voiced);
            (chord, keys) = (next, voiced);
        }
    }

    /// What a voicing costs in all.
    fn whole(keys: &Keys, wanted: &Wanted) -> f32 {
        let parts: f32 = (0..PARTS).map(|part| alone(part, keys[part], wanted) + beside(part, keys, wanted.open)).sum();
        let mut search =
            Search { wanted, basses: ArrayVec::new(), uppers: ArrayVec::new(), best: (f32::INFINITY, *keys) };
        search.complete(keys, parts);
        search.best.0
    }

    #[test]
    fn no_voicing_in_reach_is_better_than_the_one_found() {
        let mut left = 100;
        walk(|chord, before, next, keys| {
            left -= i32::from(left > 0);
            if left == 0 {
                return;
            }
            let wanted = wanted(next, Some((chord, *before)));
            let found = whole(keys, &wanted);
            let reach: Vec<u8> = (45..=69).filter(|&key| wanted.has(key)).collect();
            let uppers = reach.iter().filter(|&&key| (50..=69).contains(&key));
            for &first in uppers.clone() {
                for &second in uppers.clone().filter(|&&key| key >= first) {
                    for &third in uppers.clone().filter(|&&key| key >= second) {
                        let other = [keys[0].min(first), first, second, third];
                        assert!(found <= whole(&other, &wanted) + 1e-3, "{keys:?} {other:?}");
                    }
                }
            }
        });
    }

    #[test]
    fn no_two_parts_move_in_parallel_fifths_or_octaves_nor_cross() {
        let (mut steps, mut parallels) = (0, 0);
        walk(|_, before, _, keys| {
            assert!(keys.is_sorted(), "{keys:?}");
            steps += 1;
            for low in 0..PARTS {
                for high in low + 1..PARTS {
                    parallels += usize::from(are_parallel([before[low], before[high]], [keys[low], keys[high]]));
                }
            }
        });
        assert!(parallels * 200 <= steps, "{parallels} in {steps} steps");
    }

    #[test]
    fn upper_voices_move_little_even_between_strange_chords() {
        let (mut steps, mut moved) = (0.0, 0.0);
        walk(|_, before, _, keys| {
            steps += 3.0;
            moved += (1..PARTS).map(|part| f32::from(keys[part].abs_diff(before[part]))).sum::<f32>();
        });
        assert!(moved / steps <= 2.0, "{}", moved / steps);
    }

    #[test]
    fn at_a_cadence_every_leading_tone_rises() {
        walk(|chord, before, next, keys| {
            let leads = leading_tone(chord).filter(|tone| closes(chord, next) && next.contains((tone + 1) % 12));
            for (was, is) in before.iter().zip(keys).filter(|(was, _)| Some(**was % 12) == leads) {
                assert_eq!(*is, was + 1, "{chord} {before:?} to {next} {keys:?}");
            }
        });
    }

    #[test]
    fn every_chord_has_its_root_third_and_seventh_and_no_muddy_bass() {
        walk(|_, _, chord, keys| {
            let has = |above: u8| keys.iter().any(|key| key % 12 == (chord.root + above) % 12);
            let tones = chord.family.tones();
            assert!(has(0) && has(tones[1]) && tones.get(3).is_none_or(|&tone| has(tone)), "{chord} {keys:?}");
            assert!(keys[0] >= 43 || keys[1] - keys[0] >= 5, "{chord} {keys:?}");
        });
    }

    #[test]
    fn every_register_has_a_voicing_of_chord_tones() {
        for span in [12, 19, 40] {
            for low in (0..=127 - span).step_by(5) {
                for chord in Chord::all() {
                    let register = (low, low + span);
                    let keys = voice(&Wanted { register, ..wanted(chord, None) });
                    let fits = |key: &u8| (low..=low + span).contains(key) && chord.contains(key % 12);
                    assert!(keys.iter().all(fits) && keys.is_sorted(), "{chord} in {register:?}: {keys:?}");
                }
            }
        }
    }

    #[test]
    fn unsure_of_the_third_only_root_and_fifth_sound() {
        for chord in Chord::all() {
            let keys = voice(&Wanted { open: true, ..wanted(chord, None) });
            let fifth = chord.family.tones()[2];
            assert!(keys.iter().all(|key| [0, fifth].contains(&((key + 12 - chord.root) % 12))), "{chord} {keys:?}");
        }
    }
}
