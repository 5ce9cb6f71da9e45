//! Two voices at once: what a tone of ours costs against hers (species counterpoint, Fux 1725; the motions of two
//! voices as listeners tell them apart, Huron 2001).

/// Her tone and ours at one moment, MIDI keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Hers.
    pub hers: u8,
    /// Ours.
    pub ours: u8,
}

impl Pair {
    /// Semitones between the voices within an octave, whichever is higher.
    fn interval(self) -> u8 {
        self.hers.abs_diff(self.ours) % 12
    }

    /// Unison, octave or fifth.
    fn is_perfect(self) -> bool {
        matches!(self.interval(), 0 | 7)
    }
}

// Costs in units of one similar motion.

/// Fourth between the voices: with a bass below it is a consonance, but a weak one.
const FOURTH: f32 = 0.8;
/// Fifth, octave: consonant and hollow.
const PERFECT: f32 = 0.5;
/// Unison: the voices melt into one.
const UNISON: f32 = 1.5;
/// A dissonance on a weak place, reached and left by step.
const PASSING: f32 = 0.8;
/// Both voices in one direction.
const SIMILAR: f32 = 1.0;
/// Into a fifth or an octave in one direction, by step in our voice.
const HIDDEN: f32 = 1.5;
/// One voice stays.
const OBLIQUE: f32 = 0.1;
/// The same tone again.
const REPEATED: f32 = 0.7;
/// For each semitone of ours beyond a second.
const LEAP: f32 = 0.2;
/// Farthest leap, semitones: a sixth.
const LEAP_LIMIT: u8 = 9;
/// Widest step, semitones.
const STEP: u8 = 2;

/// What it costs to stand at `after`, coming from `before`; `None` where the rules forbid it: a dissonance on a `strong`
/// place or one that is leapt into, parallel fifths, octaves and unisons, a leap beyond a sixth, crossing voices.
pub fn cost(before: Option<Pair>, after: Pair, strong: bool) -> Option<f32> {
    let standing = standing(after, strong)?;
    let Some(before) = before else {
        return (!is_dissonant(after)).then_some(standing);
    };
    let (hers, ours) = (direction(before.hers, after.hers), direction(before.ours, after.ours));
    let span = before.ours.abs_diff(after.ours);
    let crosses = (before.hers > before.ours) != (after.hers > after.ours);
    let similar = hers != 0 && hers == ours;
    let leapt = is_dissonant(after) && span > STEP;
    let parallel = similar && after.is_perfect() && before.interval() == after.interval();
    if crosses || leapt || parallel || span > LEAP_LIMIT {
        return None;
    }
    let motion = match (hers, ours) {
        (0, 0) | (_, 0) => REPEATED,
        (0, _) => OBLIQUE,
        _ if similar && after.is_perfect() && span > STEP => return None,
        _ if similar && after.is_perfect() => HIDDEN,
        _ if similar => SIMILAR,
        _ => 0.0,
    };
    Some(standing + motion + LEAP * f32::from(span.saturating_sub(STEP)))
}

/// What the interval itself costs; `None` for a dissonance on a `strong` place.
pub fn standing(pair: Pair, strong: bool) -> Option<f32> {
    match pair.interval() {
        0 if pair.hers == pair.ours => Some(UNISON),
        0 | 7 => Some(PERFECT),
        3 | 4 | 8 | 9 => Some(0.0),
        5 => Some(FOURTH),
        _ => (!strong).then_some(PASSING),
    }
}

fn is_dissonant(pair: Pair) -> bool {
    matches!(pair.interval(), 1 | 2 | 6 | 10 | 11)
}

fn direction(from: u8, to: u8) -> i8 {
    (i16::from(to) - i16::from(from)).signum() as i8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(hers: u8, ours: u8) -> Pair {
        Pair { hers, ours }
    }

    #[test]
    fn parallel_fifths_and_octaves_are_forbidden_and_the_same_by_contrary_motion_are_not() {
        assert_eq!(cost(Some(pair(67, 60)), pair(69, 62), true), None);
        assert_eq!(cost(Some(pair(72, 60)), pair(71, 59), true), None);
        assert!(cost(Some(pair(67, 60)), pair(72, 57), true).is_some());
        assert!(cost(Some(pair(67, 60)), pair(67, 60), true).is_some(), "fifths that stay are no parallels");
    }

    #[test]
    fn contrary_motion_is_better_than_oblique_and_oblique_than_similar() {
        let to_sixth = |before| cost(Some(before), pair(72, 64), true).unwrap();
        let (contrary, oblique, similar) = (to_sixth(pair(71, 65)), to_sixth(pair(72, 62)), to_sixth(pair(71, 62)));
        assert!(contrary < oblique && oblique < similar, "{contrary} {oblique} {similar}");
    }

    #[test]
    fn a_dissonance_is_passed_through_on_weak_places_and_never_stood_on() {
        assert_eq!(cost(Some(pair(67, 62)), pair(67, 61), true), None);
        assert!(cost(Some(pair(67, 64)), pair(67, 65), false).is_some());
        assert_eq!(cost(Some(pair(67, 60)), pair(67, 65), false), None, "leapt into");
        assert_eq!(cost(None, pair(67, 66), false), None, "begun on");
    }

    #[test]
    fn voices_do_not_cross() {
        assert_eq!(cost(Some(pair(67, 64)), pair(60, 64), true), None);
    }
}
