//! The feelings that the therapist may name, as articulation, register, harmony and rhythm (after the cues by which
//! listeners tell them: Juslin and Laukka 2003, Gabrielsson and Lindstroem 2010).

use super::figuration::Figuration;
use super::manner::Manner;
use crate::settings::Feeling;

/// What a feeling makes of the playing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FeelingRow {
    /// The feeling.
    pub feeling: Feeling,
    /// How it plays.
    pub manner: Manner,
    /// How held chords are played.
    pub figuration: Figuration,
    /// Chords have no thirds.
    pub open: bool,
    /// Added to the share of her phrases that are listened to.
    pub listens: f32,
    /// How much of its rising and falling is left out, 0-1.
    pub even: f32,
}

macro_rules! feelings {
    ($($feeling:ident: $manner:expr, $figuration:ident, $open:expr, $listens:expr,
       $even:expr;)+) => {
        [$(FeelingRow {
            feeling: Feeling::$feeling,
            manner: Manner::of($manner),
            figuration: Figuration::$figuration,
            open: $open,
            listens: $listens,
            even: $even,
        }),+]
    };
}

/// The feelings.
pub const FEELINGS: [FeelingRow; 7] = feelings! {
    // feeling   velocity articulation register tension colour density spread, figuration, open, listens, even
    None:       [  0.0,   1.0,          0.0,     0.0,    0.0,   1.0,   0.0],  Held,     false, 0.0, 0.0;
    Anger:      [ 16.0,   0.40,        -6.0,     0.6,   -0.5,   1.9,   4.0],  Repeated, false, 0.0, 0.0;
    Sadness:    [-12.0,   1.45,        -9.0,     0.2,   -1.0,   0.50,  0.0],  Held,     false, 0.0, 0.6;
    Fear:       [-12.0,   0.30,         9.0,     0.6,   -0.5,   0.9,   2.0],  Uneven,   false, 0.0, 0.0;
    Joy:        [ 12.0,   0.45,        10.0,     0.0,    1.0,   1.9,   3.0],  Broken,   false, 0.0, 0.0;
    Tenderness: [-13.0,   1.35,         8.0,     0.2,    0.6,   0.90, -5.0],  Broken,   false, 0.0, 0.6;
    Calm:       [-15.0,   1.60,        -3.0,    -0.2,    0.0,   0.3,  -4.0],  Held,     true,  0.4, 0.7;
};

/// What `feeling` makes of the playing.
pub fn feeling_row(feeling: Feeling) -> &'static FeelingRow {
    FEELINGS.iter().find(|row| row.feeling == feeling).unwrap_or(&FEELINGS[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Named;

    #[test]
    fn every_feeling_has_its_row_and_a_manner_of_its_own() {
        for (index, row) in FEELINGS.iter().enumerate() {
            assert_eq!(feeling_row(Feeling::ALL[index]).feeling, Feeling::ALL[index]);
            assert!(FEELINGS[..index].iter().all(|other| other.manner != row.manner));
        }
    }
}
