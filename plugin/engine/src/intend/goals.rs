//! The seven goals, as a musician may edit them.
//!
//! The figures are our own musical readings, chosen for the direction that each goal takes in the literature of music
//! therapy (Bruscia 1987, Wigram 2004, Priestley 1994, Nordoff and Robbins 2007); they claim no effect.

use super::body::Ground;
use super::figuration::Figuration;
use super::manner::Manner;
use super::state::State::{
    self, Approach as Approaching, Build, Calming, Complete, Dialogue, Final, Holding, Mirroring, Pulse, Slowing,
    Solidify, Song, Tones,
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
    /// Added to the therapist's mirror, 0-1.
    pub mirror: f32,
    /// What lies under the client where the state holds something; `None` as the state has it.
    pub ground: Option<Ground>,
    /// How held chords are played.
    pub figuration: Figuration,
    /// Share of her phrases that are listened to: nothing lies under them.
    pub listens: f32,
    /// The bass stays on the tonic.
    pub pedal: bool,
    /// In dialogue nothing lies under her turn; our own has its chord.
    pub turns_alone: bool,
    /// The states it leads through, as the client's doing lets it.
    pub journey: &'static [State],
}

macro_rules! goals {
    ($($goal:ident: $density:expr, $velocity:expr, $register:expr, $delay:expr, $imitate:expr, $complement:expr,
       $silence:expr, $from:expr, $manner:expr, $mirror:expr, $ground:expr, $figuration:expr, $listens:expr, $pedal:expr,
       $turns_alone:expr, $journey:expr;)+) => {
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
            mirror: $mirror,
            ground: $ground,
            figuration: $figuration,
            listens: $listens,
            pedal: $pedal,
            turns_alone: $turns_alone,
            journey: $journey,
        }),+]
    };
}

/// Journeys that do not go through the whole arc. All of them end as it does.
const WITH_HER: [State; 5] = [Mirroring, Approaching, Slowing, Final, Complete];
const HELD: [State; 5] = [Holding, Approaching, Slowing, Final, Complete];
const ON_THE_BEAT: [State; 8] = [Pulse, Song, Build, Solidify, Approaching, Slowing, Final, Complete];
const CALMED: [State; 6] = [Holding, Calming, Approaching, Slowing, Final, Complete];
const FOLLOWED: [State; 5] = [Dialogue, Approaching, Slowing, Final, Complete];
const IN_TURNS: [State; 6] = [Tones, Dialogue, Approaching, Slowing, Final, Complete];

/// The goals.
pub const GOALS: [GoalRow; 7] = goals! {
    // goal       density       velocity register  delay         imitate complement silence answers from
    // [velocity, articulation, register, tension, colour, density, spread], mirror, ground, figuration, listens, pedal, turns alone, journey
    Awareness:     [0.80, 1.00],  -3.0,    0.0,    [0.15, 0.50],  0.60,   0.30,     0.25, 1,
        [0.0, 0.90, 0.0, 0.00, 0.0, 1.0, 0.0], 0.5, Some(Ground::Held), Figuration::Held, 0.15, false, false, &WITH_HER;
    Insight:       [0.25, 0.45], -10.0,   -7.0,    [0.60, 1.50],  0.20,   0.60,     0.50, 2,
        [-3.0, 1.15, -7.0, 0.05, -0.2, 0.5, 0.0], 0.0, Some(Ground::Held), Figuration::Held, 0.50, false, false, &HELD;
    Attention:     [0.80, 1.30],   0.0,    4.0,    [0.10, 0.30],  0.30,   0.30,     0.15, 1,
        [12.0, 0.42, 9.0, 0.05, 0.1, 1.6, 0.0], 0.0, None, Figuration::Ostinato, 0.0, false, false, &ON_THE_BEAT;
    Pain:          [0.30, 0.50], -16.0,   -5.0,    [0.80, 1.60],  0.10,   0.90,     0.30, 3,
        [-6.0, 1.30, -4.0, -0.20, 0.2, 0.45, 0.0], 0.0, Some(Ground::Held), Figuration::Broken, 0.0, true, false, &CALMED;
    Wellbeing:     [0.60, 0.80], -10.0,   -6.0,    [0.30, 0.70],  0.30,   0.60,     0.20, 1,
        [0.0, 1.00, 0.0, 0.00, 0.0, 1.0, 0.0], 0.0, None, Figuration::Held, 0.0, false, false, &ARC;
    Expression:    [0.30, 0.60], -11.0,    3.0,    [0.40, 0.90],  0.15,   0.70,     0.35, 2,
        [-4.0, 1.00, 7.0, 0.20, 0.0, 0.8, 2.0], 0.0, Some(Ground::Chords), Figuration::Following, 0.4, false, false, &FOLLOWED;
    Relationships: [0.70, 0.90],  -3.0,    3.0,    [0.20, 0.70],  0.40,   0.40,     0.10, 1,
        [2.0, 0.90, 0.0, 0.00, 0.0, 0.9, 0.0], 0.0, None, Figuration::Held, 0.0, false, true, &IN_TURNS;
};

/// What `goal` asks for.
pub fn goal_row(goal: Goal) -> &'static GoalRow {
    GOALS.iter().find(|row| row.goal == goal).unwrap_or(&GOALS[0])
}
