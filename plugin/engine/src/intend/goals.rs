//! The seven goals, as a musician may edit them.
//!
//! The figures are our own musical readings, chosen for the direction that each goal takes in the literature of music
//! therapy (Bruscia 1987, Wigram 2004, Priestley 1994, Nordoff and Robbins 2007); they claim no effect.

use super::manner::Manner;
use super::state::State::{
    self, Approach as Approaching, Calming, Complete, Dialogue, Echo, Final, Holding, Minor, Mirroring, Pulse, Rest,
    Slowing, Tones,
};
use super::states::ARC;
use crate::settings::Goal;

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
    /// How it plays.
    pub manner: Manner,
    /// The states it leads through, as the client's doing lets it.
    pub journey: &'static [State],
}

macro_rules! goals {
    ($($goal:ident: $density:expr, $velocity:expr, $register:expr, $delay:expr, $imitate:expr, $complement:expr,
       $silence:expr, $from:expr, $manner:expr, $journey:expr;)+) => {
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
            manner: Manner::of($manner),
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
    // goal       density       velocity register  delay         imitate complement silence answers from
    // [velocity, articulation, register, tension, colour, density], journey
    Awareness:     [0.80, 1.00],  -3.0,    0.0,    [0.15, 0.50],  0.60,   0.30,     0.25, 1, [0.0, 0.80, 0.0, 0.00, 0.0, 1.1], &WITH_HER;
    Insight:       [0.30, 0.50], -10.0,  -12.0,    [0.60, 1.50],  0.20,   0.60,     0.45, 2, [0.0, 1.15, -5.0, 0.25, -0.2, 0.6], &HELD;
    Attention:     [0.80, 1.30],   0.0,   12.0,    [0.10, 0.30],  0.30,   0.30,     0.15, 1, [4.0, 0.55, 3.0, 0.10, 0.1, 1.4], &ARC;
    Pain:          [0.30, 0.50], -14.0,   -7.0,    [0.80, 1.60],  0.10,   0.90,     0.30, 3, [-2.0, 1.20, -4.0, -0.10, 0.2, 0.4], &CALMED;
    Wellbeing:     [0.60, 0.80], -10.0,   -6.0,    [0.30, 0.70],  0.30,   0.60,     0.20, 1, [0.0, 1.00, 0.0, 0.00, 0.0, 1.0], &ARC;
    Expression:    [0.30, 0.60], -11.0,    5.0,    [0.40, 0.90],  0.15,   0.70,     0.35, 2, [-1.0, 0.95, 2.0, 0.30, 0.0, 0.8], &ARC;
    Relationships: [0.70, 0.90],  -3.0,    3.0,    [0.20, 0.70],  0.40,   0.40,     0.25, 1, [0.0, 0.85, 1.0, 0.05, 0.0, 0.9], &IN_TURNS;
};

/// What `goal` asks for.
pub fn goal_row(goal: Goal) -> &'static GoalRow {
    GOALS.iter().find(|row| row.goal == goal).unwrap_or(&GOALS[0])
}
