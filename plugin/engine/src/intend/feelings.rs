//! The feelings that the therapist may name, as articulation, register, harmony and rhythm (after the cues by which
//! listeners tell them: Juslin and Laukka 2003, Gabrielsson and Lindstroem 2010).

use super::manner::Manner;
use crate::settings::Feeling;

/// What a feeling makes of the playing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FeelingRow {
    /// The feeling.
    pub feeling: Feeling,
    /// How it plays.
    pub manner: Manner,
}

macro_rules! feelings {
    ($($feeling:ident: $manner:expr;)+) => {
        [$(FeelingRow { feeling: Feeling::$feeling, manner: Manner::of($manner) }),+]
    };
}

/// The feelings.
pub const FEELINGS: [FeelingRow; 7] = feelings! {
    // feeling   velocity articulation register tension colour density
    None:       [  0.0,   1.0,          0.0,     0.0,    0.0,   1.0];
    Anger:      [ 14.0,   0.45,        -7.0,     0.6,   -0.4,   1.8];
    Sadness:    [ -8.0,   1.25,        -6.0,     0.1,   -1.0,   0.6];
    Fear:       [-10.0,   0.35,         7.0,     0.6,   -0.5,   0.9];
    Joy:        [  6.0,   0.6,          6.0,    -0.1,    0.8,   1.7];
    Tenderness: [ -7.0,   1.1,          3.0,     0.05,   0.5,   0.7];
    Calm:       [-10.0,   1.2,          0.0,    -0.2,    0.1,   0.4];
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
