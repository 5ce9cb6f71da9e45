//! Character: the goal, the approach, the feeling, the style and the knobs, resolved to what the answering needs.

use super::approaches::approach_row;
use super::body::Ground;
use super::feelings::feeling_row;
use super::figuration::Figuration;
use super::goals::goal_row;
use super::idioms::{Bass, idiom_row};
use super::manner::{Manner, shade};
use crate::settings::Settings;

/// The goal, the approach and the knobs, resolved to what the answering needs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Character {
    /// Note-ons of ours for each of the client's.
    pub density_ratio: f32,
    /// Velocity against the client's, usually negative.
    pub velocity_offset: f32,
    /// Centre of the answering voice against the client's, semitones.
    pub register_offset: f32,
    /// Seconds from the end of the client's phrase to the answer.
    pub reply_delay_s: f32,
    /// Share of answers that imitate her contour, 0-1; then complement, and the rest contrasts.
    pub imitate: f32,
    /// Share that complement it.
    pub complement: f32,
    /// Share of her phrases left unanswered, 0-1.
    pub silence_share: f32,
    /// Whether cadences are functional (structured) or plagal and modal.
    pub functional: bool,
    /// Whether the client's own closing may begin the cadence.
    pub client_may_close: bool,
    /// How far velocities follow hers, 0-1.
    pub follow: f32,
    /// Chords are claimed; otherwise open fifths and fourths.
    pub chords: bool,
    /// How it plays: goal, approach, feeling and style together.
    pub manner: Manner,
    /// How much of the ground's rising and falling is left out, 0-1.
    pub even: f32,
    /// How often tones are struck by approach, feeling and style, the goal's own share left out, times.
    pub lively: f32,
    /// How held chords are played.
    pub figuration: Figuration,
    /// Share of her phrases that are listened to, 0-1.
    pub listens: f32,
    /// What lies under her comes so long after her, s, where it is not on a beat.
    pub behind_s: f64,
    /// How much louder it plays at the greatest tension of hers than at rest, MIDI velocity.
    pub swell: f32,
    /// Under its figures the lower tones are sustained.
    pub sustains: bool,
    /// The bass stays on the tonic.
    pub pedal: bool,
    /// Our answers have their own chord, for nothing lies under her turns.
    pub turns_alone: bool,
    /// It never sounds before she does.
    pub never_first: bool,
    /// What lies under her takes in tones of her own, for it has no chords.
    pub her_tones: bool,
    /// Added to the therapist's mirror, 0-1.
    pub nearer: f32,
    /// Of her notes that are mirrored, so large a share is.
    pub mirrors: f32,
    /// Her own notes with her are in unison, not an octave away.
    pub in_unison: bool,
}

/// How far the ends of the density knob go beyond the goal's range, times.
const DENSITY_REACH: [f32; 2] = [0.4, 1.6];

/// How much longer than the goal's patient end the reply waits with no responsiveness, times.
const SLOWEST_REPLY: f32 = 2.0;

/// Share of phrases left unanswered with the space knob at its end: now and then there is an answer still.
const MOST_SILENCE: f32 = 0.9;

/// Share of phrases that are listened to at most, the smaller part of the golden section: up to it none follows on another
/// (`is_among`), for who listens to two in a row leaves the client alone.
const MOST_LISTENED: f32 = 0.38;

/// Share of imitating answers with the mirror knob at its end.
const MOST_IMITATION: f32 = 0.95;

/// How much more often the soft grounds are struck with the density knob at 1 than at 0, times.
const SOFT_DENSITY: f32 = 8.0;

/// How much more often than usual the soft grounds are struck with the density knob at `density`, times.
pub fn often(density: f32) -> f32 {
    SOFT_DENSITY.powf(density - Settings::default().density)
}

/// The character of the answering under `settings`. With every knob at its default, it is the tables' alone.
pub fn character(settings: &Settings) -> Character {
    let (goal, approach, usual) = (goal_row(settings.goal), approach_row(settings.approach), Settings::default());
    let (feeling, idiom) = (feeling_row(settings.feeling), idiom_row(settings.idiom));
    let middle = |range: [f32; 2]| (range[0] + range[1]) / 2.0;

    let [sparse, dense] = goal.density_ratio;
    let density = [sparse * DENSITY_REACH[0], middle(goal.density_ratio), dense * DENSITY_REACH[1]];
    let [quick, patient] = goal.reply_delay_s;
    let delay_s = [patient * SLOWEST_REPLY, middle(goal.reply_delay_s), quick];
    let silence_share = (goal.silence_share * approach.silence).min(MOST_SILENCE);
    let table_imitates = (goal.imitate * approach.imitate).min(MOST_IMITATION);

    // Where it is the point that she hears herself answered, no approach listens for longer.
    let listens = if goal.mirror > 0.0 { 0.0 } else { approach.listens + feeling.listens };
    let holds = goal.ground == Some(Ground::Held);
    let imitate = turned(settings.mirror, usual.mirror, [0.0, table_imitates, MOST_IMITATION]);
    // What is not imitated is shared out between complement and contrast as the goal has it.
    let complement = (1.0 - imitate) * goal.complement / (1.0 - goal.imitate).max(0.05);
    Character {
        density_ratio: turned(settings.density, usual.density, density) * approach.density,
        velocity_offset: goal.velocity_offset + approach.velocity,
        register_offset: goal.register_offset,
        reply_delay_s: turned(settings.responsiveness, usual.responsiveness, delay_s) * approach.delay,
        imitate,
        complement: complement.min(1.0 - imitate),
        silence_share: turned(settings.space, usual.space, [0.0, silence_share, MOST_SILENCE]),
        functional: approach.functional,
        client_may_close: approach.client_may_close,
        follow: shade(settings.mirror, goal.mirror, 0.0),
        chords: approach.chords && !feeling.open,
        manner: goal.manner + approach.manner + feeling.manner + idiom.manner,
        even: feeling.even,
        lively: (approach.manner + feeling.manner + idiom.manner).density * often(settings.density),
        figuration: feeling.figuration.or(goal.figuration).or(if holds {
            approach.under_held
        } else {
            Figuration::Held
        }),
        listens: ((goal.listens * approach.silence + listens) * settings.space / usual.space).min(MOST_LISTENED),
        behind_s: approach.behind_s,
        swell: approach.swell,
        sustains: approach.sustains,
        pedal: goal.pedal || idiom.bass == Bass::Pedal,
        turns_alone: goal.turns_alone,
        never_first: !approach.may_begin,
        her_tones: !approach.chords,
        nearer: goal.mirror,
        mirrors: approach.mirrors,
        in_unison: goal.register_offset == 0.0,
    }
}

/// While the therapist plays herself: so much softer, MIDI velocity, and of our notes so many.
const BEHIND_HER_SOFTER: f32 = 8.0;
const BEHIND_HER_DENSITY: f32 = 0.5;

/// Makes way for the therapist, who plays herself.
pub fn step_back(character: &mut Character) {
    character.velocity_offset -= BEHIND_HER_SOFTER;
    character.density_ratio *= BEHIND_HER_DENSITY;
}

/// What a knob at `knob`, 0-1, makes of [at 0, at its default, at 1].
fn turned(knob: f32, usual: f32, [least, normal, most]: [f32; 3]) -> f32 {
    if knob <= usual {
        least + (normal - least) * knob / usual
    } else {
        normal + (most - normal) * (knob - usual) / (1.0 - usual)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Named;
    use crate::settings::{Approach, Goal};

    #[test]
    fn every_goal_and_approach_has_its_row() {
        assert!(Goal::ALL.iter().all(|&goal| goal_row(goal).goal == goal));
        assert!(Approach::ALL.iter().all(|&approach| approach_row(approach).approach == approach));
    }

    #[test]
    fn each_goal_with_each_approach_has_a_character_of_its_own_within_bounds() {
        let mut all: Vec<Character> = Vec::new();
        for &goal in Goal::ALL {
            for &approach in Approach::ALL {
                let character = character(&Settings { goal, approach, ..Settings::default() });
                assert!(!all.contains(&character), "{goal:?} {approach:?}");
                all.push(character);
            }
        }
        for knob in [0.0, 0.5, 1.0] {
            for &goal in Goal::ALL {
                let (responsiveness, mirror, density, space) = (knob, knob, knob, knob);
                let settings = Settings { goal, responsiveness, mirror, density, space, ..Settings::default() };
                let character = character(&settings);
                assert!(character.imitate + character.complement <= 1.0 && character.complement >= 0.0);
                assert!((0.0..=1.0).contains(&character.silence_share) && character.reply_delay_s > 0.0);
            }
        }
    }

    #[test]
    fn each_knob_moves_its_own_and_nothing_else() {
        let usual = character(&Settings::default());
        let space = character(&Settings { space: 0.9, ..Settings::default() });
        assert!(space.silence_share > usual.silence_share);
        assert_eq!(Character { silence_share: usual.silence_share, ..space }, usual);
        let soon = character(&Settings { responsiveness: 1.0, ..Settings::default() });
        assert!(soon.reply_delay_s < usual.reply_delay_s);
        assert_eq!(Character { reply_delay_s: usual.reply_delay_s, ..soon }, usual);
        let dense = character(&Settings { density: 1.0, ..Settings::default() });
        assert!(dense.density_ratio > usual.density_ratio && dense.lively > usual.lively);
        let (density_ratio, lively) = (usual.density_ratio, usual.lively);
        assert_eq!(Character { density_ratio, lively, ..dense }, usual);
    }
}
