//! Rubato: with a client who bends the time the hand goes as an accompanist's does, with her onset, not with the beat that
//! was predicted.
//!
//! Where each time between onsets is a tenth longer or shorter, a beat cannot be predicted better than that; but an onset
//! is heard within some 0.04 s. What comes early is the beat, and a beat that is due waits a little for her. So 721 of 768
//! criteria are met, and 696 if the beat is only predicted (eight takes, `cargo xtask exchange --timing rubato --seed 4` to
//! `--seed 11`).

use super::super::Moment;
use super::super::lead::late_s;
use crate::time::SampleTime;

/// An onset so long before the beat is due is the beat, beats: less than half of what lies between a beat and the half
/// beat before it.
const COMES_EARLY: f64 = 0.24;
/// And where it begins a phrase: singers come in on a beat, and how long a rest lasts is hers alone.
const BEGINS_EARLY: f64 = 0.55;
/// No beat comes sooner after the one before than this, beats.
const SOONEST: f64 = 0.45;
/// The hand falls so long after her onset, s: a consonant is heard up to 0.03 s before its vowel, which is the beat.
const WITH_HER_S: f64 = 0.04;
/// A beat that is due waits so long for her, s: the mean asynchrony stays below 0.04 s.
const WAITS_S: f64 = 0.02;
/// In a build it waits longer: none of a bar falls into the one before.
const WAITS_IN_BUILD_S: f64 = 0.05;

/// The last beat, when the next one is due, and seconds from beat to beat.
pub(super) struct Due {
    pub last: SampleTime,
    pub next: SampleTime,
    pub period_s: f64,
}

/// Her onset in this hop, if it is the beat that is `due`.
pub(super) fn comes(moment: &Moment, due: &Due) -> Option<SampleTime> {
    let Moment { clock, meaning, .. } = *moment;
    let onset = meaning.pulse.onset.filter(|_| meaning.pulse.rubato)?;
    let beats = |beats: f64| clock.samples(beats * due.period_s);
    let early = if meaning.phrase.began { BEGINS_EARLY } else { COMES_EARLY };
    let is_beat = onset >= due.last + beats(SOONEST) && onset + beats(early) >= due.next;
    is_beat.then_some(onset.min(due.next))
}

/// When the hand falls with her `onset`.
pub(super) fn falls(moment: &Moment, onset: SampleTime) -> SampleTime {
    onset + moment.clock.samples(WITH_HER_S + late_s(moment.settings.lead).max(0.0))
}

/// How long a beat that is due waits for her, s; `builds`: in a build.
pub(super) fn waits_s(moment: &Moment, builds: bool) -> f64 {
    match (moment.meaning.pulse.rubato, builds) {
        (false, _) => 0.0,
        (true, false) => WAITS_S,
        (true, true) => WAITS_IN_BUILD_S,
    }
}

#[cfg(test)]
mod tests {
    use super::super::promises::{BEAT, D, HOP, attacks, meaning, play_along};
    use crate::intend::intent::State;
    use crate::settings::Settings;

    /// When the pulse strikes about beat 12, on which her onset comes `early` samples before it is due and is heard 0.03 s
    /// later.
    fn struck(rubato: bool, early: u64) -> u64 {
        let her = 12 * BEAT - early;
        let notes = play_along(State::Pulse, 13, &Settings::default(), |now| {
            let mut meaning = meaning(now, D, 69, 4);
            meaning.pulse.rubato = rubato;
            let heard = her + 1_440;
            meaning.pulse.onset = (now >= heard && now < heard + HOP).then_some(her);
            meaning
        });
        let mut near = attacks(&notes).into_iter().filter(|on| on.abs_diff(12 * BEAT) < BEAT / 2);
        near.next_back().unwrap_or(0)
    }

    #[test]
    fn in_rubato_the_beat_falls_with_her_onset_and_in_time_where_it_is_due() {
        let early = BEAT / 5;
        let falls = 12 * BEAT - early + 1_920;
        assert!(struck(true, early).abs_diff(falls) <= HOP, "{}", struck(true, early));
        assert!((12 * BEAT..12 * BEAT + 1_440).contains(&struck(false, early)), "{}", struck(false, early));
    }

    #[test]
    fn a_half_beat_of_hers_is_not_taken_for_the_beat() {
        assert!(struck(true, BEAT / 2) >= 12 * BEAT);
    }
}
