//! The three approaches: what a school of music therapy makes of a goal, and the rules that it cannot break.
//!
//! Structured after Nordoff and Robbins (2007), free after Alvin (1975), analytical after Priestley (1994). The figures
//! are our own musical readings.

use super::figuration::Figuration;
use super::manner::Manner;
use crate::settings::Approach;

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
    /// How clear her pulse must be before the music has one, 0-1; above 1 it has none of itself.
    pub metre_clarity: f32,
    /// And for how long it must have been felt, s.
    pub metre_after_s: f64,
    /// Chords are functional or modal ones; otherwise open fifths and fourths that claim nothing.
    pub chords: bool,
    /// How it plays.
    pub manner: Manner,
    /// What lies under her comes so long after her, s, where it is not on a beat.
    pub behind_s: f64,
    /// How much louder it plays at the greatest tension of hers than at rest, MIDI velocity.
    pub swell: f32,
    /// Added to the share of her phrases that are listened to.
    pub listens: f32,
    /// Under its figures the lower tones are sustained.
    pub sustains: bool,
    /// How chords are played where the goal is to hold.
    pub under_held: Figuration,
    /// Of her notes that are mirrored, so large a share is.
    pub mirrors: f32,
}

macro_rules! approaches {
    ($($approach:ident: $density:expr, $velocity:expr, $delay:expr, $silence:expr, $imitate:expr, $functional:expr,
       $may_close:expr, $may_begin:expr, $patience:expr, $clarity:expr, $after:expr, $chords:expr, $manner:expr,
       $behind:expr, $swell:expr, $listens:expr, $sustains:expr, $under:ident,
       $mirrors:expr;)+) => {
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
            chords: $chords,
            manner: Manner::of($manner),
            behind_s: $behind,
            swell: $swell,
            listens: $listens,
            sustains: $sustains,
            under_held: Figuration::$under,
            mirrors: $mirrors,
        }),+]
    };
}

/// The approaches.
pub const APPROACHES: [ApproachRow; 3] = approaches! {
    // approach density velocity delay silence imitate functional client may close  may begin  patience metre from, chords,
    // manner [velocity, articulation, register, tension, colour, density, spread], after her, swell, listens, sustains, under held, mirrors
    Structured:  1.0,    0.0,    1.0,   0.9,    1.0,     true,         true,          true,      7.0,     0.0, 0.0, true,
        [0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0], 0.0, 0.0, 0.0, false, Framework, 1.0;
    Free:        0.65,  -2.0,    1.2,   1.3,    1.1,     false,        false,         false,     6.0,     0.6, 8.0, false,
        [-12.0, 1.05, 9.0, -0.20, 0.0, 0.60, -5.0], 0.09, 0.0, 0.28, false, Held, 0.8;
    Analytical:  0.8,    0.0,    2.0,   0.9,    0.8,     false,        false,         true,      8.0,     1.1, 0.0, true,
        [4.0, 1.45, -3.0, 0.80, -0.4, 0.45, 8.0], 0.0, 26.0, 0.0, true, Held, 1.0;
};

/// What `approach` makes of it.
pub fn approach_row(approach: Approach) -> &'static ApproachRow {
    APPROACHES.iter().find(|row| row.approach == approach).unwrap_or(&APPROACHES[0])
}
