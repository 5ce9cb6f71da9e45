//! The seven goals and the three approaches, as a musician may edit them, and how they and the knobs become one
//! [`Character`].
//!
//! The figures are our own musical readings, chosen for the direction that each goal takes in the literature of music
//! therapy (Bruscia 1987, Wigram 2004, Priestley 1994, Nordoff and Robbins 2007); they claim no effect.

use super::intent::Character;
use super::state::State::{
    self, Approach as Approaching, Calming, Complete, Dialogue, Echo, Final, Holding, Minor, Mirroring, Pulse, Rest,
    Slowing, Tones,
};
use super::states::ARC;
use crate::settings::{Approach, Goal, Settings};

/// What a goal asks of the answering. Ranges go from one end of a knob to the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GoalRow {
    /// The goal.
    pub goal: Goal,
    /// Note-ons of ours for each of the client's: sparse, dense.
    pub density_ratio: [f32; 2],
    /// MIDI velocity against hers.
    pub velocity_offset: f32,
    /// Centre of the answering voice against hers, semitones.
    pub register_offset: f32,
    /// Seconds from the end of her phrase to the answer: quick, patient.
    pub reply_delay_s: [f32; 2],
    /// Share of answers that imitate her contour.
    pub imitate: f32,
    /// Share that complement it; the rest contrasts.
    pub complement: f32,
    /// Share of her phrases left unanswered.
    pub silence_share: f32,
    /// From which of her phrases on she is answered; the ones before are held.
    pub answers_from: u32,
    /// The states it leads through, as the client's doing lets it.
    pub journey: &'static [State],
}

/// What an approach makes of the goal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ApproachRow {
    /// The approach.
    pub approach: Approach,
    /// Times the density.
    pub density: f32,
    /// Added to the velocity.
    pub velocity: f32,
    /// Times the reply delay.
    pub delay: f32,
    /// Times the silence share.
    pub silence: f32,
    /// Times the imitating share.
    pub imitate: f32,
    /// Cadences are functional.
    pub functional: bool,
    /// The client's own closing may begin the cadence.
    pub client_may_close: bool,
    /// It may sound before the client does, if the therapist's lead asks for it.
    pub may_begin: bool,
    /// Seconds of the client's silence after which the music stops as well.
    pub patience_s: f32,
    /// How clear her pulse must be before the music has one, 0-1.
    pub metre_clarity: f32,
    /// And for how long it must have been felt, s.
    pub metre_after_s: f64,
}

macro_rules! goals {
    ($($goal:ident: $density:expr, $velocity:expr, $register:expr, $delay:expr, $imitate:expr, $complement:expr,
       $silence:expr, $from:expr, $journey:expr;)+) => {
        [$(GoalRow {
            goal: Goal::$goal,
            density_ratio: $density,
            velocity_offset: $velocity,
            register_offset: $register,
            reply_delay_s: $delay,
            imitate: $imitate,
            complement: $complement,
            silence_share: $silence,
            answers_from: $from,
            journey: $journey,
        }),+]
    };
}

/// Journeys that do not go through the whole arc. All of them end as it does.
const WITH_HER: [State; 8] = [Tones, Mirroring, Echo, Pulse, Approaching, Slowing, Final, Complete];
const HELD: [State; 8] = [Tones, Minor, Rest, Holding, Approaching, Slowing, Final, Complete];
const CALMED: [State; 7] = [Tones, Holding, Calming, Approaching, Slowing, Final, Complete];
const IN_TURNS: [State; 6] = [Tones, Dialogue, Approaching, Slowing, Final, Complete];

/// The goals.
pub const GOALS: [GoalRow; 7] = goals! {
    // goal       density       velocity register  delay         imitate complement silence answers from, journey
    Awareness:     [0.80, 1.00],  -3.0,    0.0,    [0.15, 0.50],  0.60,   0.30,     0.25, 1, &WITH_HER;
    Insight:       [0.30, 0.50], -10.0,  -12.0,    [0.60, 1.50],  0.20,   0.60,     0.45, 2, &HELD;
    Attention:     [0.80, 1.30],   0.0,   12.0,    [0.10, 0.30],  0.30,   0.30,     0.15, 1, &ARC;
    Pain:          [0.30, 0.50], -14.0,   -7.0,    [0.80, 1.60],  0.10,   0.90,     0.30, 3, &CALMED;
    Wellbeing:     [0.60, 0.80], -10.0,   -6.0,    [0.30, 0.70],  0.30,   0.60,     0.20, 1, &ARC;
    Expression:    [0.30, 0.60], -11.0,    5.0,    [0.40, 0.90],  0.15,   0.70,     0.35, 2, &ARC;
    Relationships: [0.70, 0.90],  -3.0,    3.0,    [0.20, 0.70],  0.40,   0.40,     0.25, 1, &IN_TURNS;
};

macro_rules! approaches {
    ($($approach:ident: $density:expr, $velocity:expr, $delay:expr, $silence:expr, $imitate:expr, $functional:expr,
       $may_close:expr, $may_begin:expr, $patience:expr, $clarity:expr, $after:expr;)+) => {
        [$(ApproachRow {
            approach: Approach::$approach,
            density: $density,
            velocity: $velocity,
            delay: $delay,
            silence: $silence,
            imitate: $imitate,
            functional: $functional,
            client_may_close: $may_close,
            may_begin: $may_begin,
            patience_s: $patience,
            metre_clarity: $clarity,
            metre_after_s: $after,
        }),+]
    };
}

/// The approaches.
pub const APPROACHES: [ApproachRow; 3] = approaches! {
    // approach density velocity delay silence imitate functional client may close  may begin  patience metre from
    Structured:  1.0,    0.0,    1.0,   0.9,    1.0,     true,         true,          true,      7.0,     0.0, 0.0;
    Free:        0.85,  -2.0,    1.2,   1.2,    1.1,     false,        false,         false,     6.0,     0.6, 8.0;
    Analytical:  0.9,   -1.0,    1.4,   1.1,    0.8,     false,        false,         true,      8.0,     0.75, 12.0;
};

/// What `goal` asks for.
pub fn goal_row(goal: Goal) -> &'static GoalRow {
    GOALS.iter().find(|row| row.goal == goal).unwrap_or(&GOALS[0])
}

/// What `approach` makes of it.
pub fn approach_row(approach: Approach) -> &'static ApproachRow {
    APPROACHES.iter().find(|row| row.approach == approach).unwrap_or(&APPROACHES[0])
}

/// How far the ends of the density knob go beyond the goal's range, times.
const DENSITY_REACH: [f32; 2] = [0.5, 1.3];

/// How much longer than the goal's patient end the reply waits with no responsiveness, times.
const SLOWEST_REPLY: f32 = 1.5;

/// Share of phrases left unanswered with the space knob at its end: now and then there is an answer still.
const MOST_SILENCE: f32 = 0.9;

/// Share of imitating answers with the mirror knob at its end.
const MOST_IMITATION: f32 = 0.95;

/// The character of the answering under `settings`. With every knob at its default, it is the tables' alone.
pub fn character(settings: &Settings) -> Character {
    let (goal, approach, usual) = (goal_row(settings.goal), approach_row(settings.approach), Settings::default());
    let middle = |range: [f32; 2]| (range[0] + range[1]) / 2.0;

    let [sparse, dense] = goal.density_ratio;
    let density = [sparse * DENSITY_REACH[0], middle(goal.density_ratio), dense * DENSITY_REACH[1]];
    let [quick, patient] = goal.reply_delay_s;
    let delay_s = [patient * SLOWEST_REPLY, middle(goal.reply_delay_s), quick];
    let silence_share = (goal.silence_share * approach.silence).min(MOST_SILENCE);
    let table_imitates = (goal.imitate * approach.imitate).min(MOST_IMITATION);

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
        follow: settings.mirror,
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
        assert!(dense.density_ratio > usual.density_ratio);
        assert_eq!(Character { density_ratio: usual.density_ratio, ..dense }, usual);
    }
}
