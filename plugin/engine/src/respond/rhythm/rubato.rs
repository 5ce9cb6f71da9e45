//! Rubato: with a client who bends the time the hand goes as an accompanist's does, with her onset, not with the beat that
//! was predicted.
//!
//! Where each time between onsets is a tenth longer or shorter, a beat cannot be predicted better than that; but an onset
//! is heard within some 0.04 s. What comes early is the beat, and a beat that is due waits a little for her; after a breath
//! the bar is hers to begin. So 730 of 768 criteria are met (eight takes, `cargo xtask exchange --timing rubato --seed 4` to
//! `--seed 11`).

use super::super::Moment;
use super::super::lead::late_s;
use crate::intend::intent::Figure;
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
/// A beat that is due waits so long for her, s: the mean asynchrony stays below 0.04 s. In a song longer: who sings over
/// chords leads, and a chord may follow a tenth of a second after her tone.
const WAITS_S: f64 = 0.02;
const WAITS_IN_SONG_S: f64 = 0.07;
/// In a build it waits too: none of a bar falls into the one before.
const WAITS_IN_BUILD_S: f64 = 0.05;
/// After so long without a tone of hers she breathes, s, and the bar that comes waits for her so long, beats.
const BREATHES_S: f32 = 0.15;
pub(super) const BREATH: f64 = 0.6;

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
    is_beat.then_some(onset)
}

/// When the hand falls with her `onset`.
pub(super) fn falls(moment: &Moment, onset: SampleTime) -> SampleTime {
    onset + moment.clock.samples(WITH_HER_S + late_s(moment.settings.lead).max(0.0))
}

/// She breathes, and whoever plays with her waits until she sings.
pub(super) fn is_hers_to_begin(moment: &Moment) -> bool {
    moment.meaning.pulse.rubato && moment.meaning.silence_s >= BREATHES_S
}

/// How long a beat that is due waits for her, s; `builds`: in a build.
pub(super) fn waits_s(moment: &Moment, builds: bool) -> f64 {
    match (moment.meaning.pulse.rubato, moment.intent.body.figure) {
        (false, _) => 0.0,
        (true, _) if builds => WAITS_IN_BUILD_S,
        (true, Figure::Song) => WAITS_IN_SONG_S,
        (true, _) => WAITS_S,
    }
}

#[cfg(test)]
mod tests {
    use super::super::promises::{BEAT, D, HOP, attacks, meaning, play_along};
    use crate::intend::intent::State;
    use crate::settings::Settings;

    /// When the pulse strikes about beat 12, a downbeat, on which her onset comes at `her` and is heard 0.03 s later; with
    /// `breath` after a bar of silence.
    fn struck(rubato: bool, her: u64, breath: bool) -> u64 {
        let notes = play_along(State::Pulse, 13, &Settings::default(), |now| {
            let mut meaning = meaning(now, D, 69, 4);
            meaning.pulse.rubato = rubato;
            let heard = her + 1_440;
            meaning.pulse.onset = (now >= heard && now < heard + HOP).then_some(her);
            if breath && now > 11 * BEAT && now < heard {
                (meaning.sounding, meaning.silence_s) = (false, 1.0);
            }
            meaning
        });
        let mut near = attacks(&notes).into_iter().filter(|on| on.abs_diff(12 * BEAT) < 3 * BEAT / 4);
        near.next_back().unwrap_or(0)
    }

    #[test]
    fn in_rubato_the_beat_falls_with_her_onset_and_in_time_where_it_is_due() {
        let her = 12 * BEAT - BEAT / 5;
        let (bends, keeps) = (struck(true, her, false), struck(false, her, false));
        assert!(bends.abs_diff(her + 1_920) <= HOP, "{bends}");
        assert!((12 * BEAT..12 * BEAT + 1_440).contains(&keeps), "{keeps}");
    }

    #[test]
    fn a_half_beat_of_hers_is_not_taken_for_the_beat() {
        assert!(struck(true, 12 * BEAT - BEAT / 2, false) >= 12 * BEAT);
    }

    #[test]
    fn after_a_breath_the_bar_waits_until_she_sings_in_rubato_only() {
        let her = 12 * BEAT + 2 * BEAT / 5;
        let (bends, keeps) = (struck(true, her, true), struck(false, her, true));
        assert!(bends.abs_diff(her + 1_920) <= HOP, "{bends}");
        assert!((12 * BEAT..12 * BEAT + 1_440).contains(&keeps), "{keeps}");
    }

    #[test]
    fn she_is_not_waited_for_longer_than_a_breath() {
        let fell = struck(true, 20 * BEAT, true);
        assert!((12 * BEAT + BEAT / 2..12 * BEAT + 3 * BEAT / 4).contains(&fell), "{fell}");
    }
}
