//! The thirteen lines: one exchange from the first phrase to the last long note, in D minor and F major.

use super::score::Score;
use super::tempo::Ritard;

/// Beats of each line, breath included; bars of four.
pub const LINE_BEATS: [f64; 13] = [8.0, 8.0, 8.0, 8.0, 16.0, 16.0, 16.0, 16.0, 16.0, 12.0, 12.0, 12.0, 12.0];

/// Tempo before the slowing, beats a minute.
const BPM: f64 = 108.0;

/// Consonants, velocity at the ends, and the notes as (key, beats) of each line. Lines 1-4 tell in D minor, 5-9 are a
/// song in F with its relative minor, 8 and 9 the same; 10-12 slow down and come home to D by its
/// leading tone, 13 stays there.
type Written = (&'static str, u8, &'static [(u8, f64)]);

const SONG: [Written; 13] = [
    ("omsttmm", 52, &[(62, 0.5), (65, 1.0), (69, 0.5), (69, 1.0), (67, 1.0), (65, 0.5), (64, 2.0)]),
    ("otmmto", 50, &[(65, 0.5), (70, 1.5), (69, 1.0), (67, 1.0), (65, 0.5), (62, 2.0)]),
    (
        "tmotssomott",
        54,
        &[
            (62, 0.5),
            (62, 0.5),
            (64, 0.5),
            (65, 0.5),
            (67, 0.5),
            (65, 0.5),
            (64, 0.5),
            (62, 0.5),
            (60, 0.5),
            (60, 0.5),
            (64, 1.5),
        ],
    ),
    ("ostoom", 60, &[(69, 1.0), (72, 1.5), (70, 0.5), (69, 1.0), (67, 0.5), (65, 2.0)]),
    (
        "osmtotsottomo",
        66,
        &[
            (65, 1.0),
            (67, 1.0),
            (69, 1.0),
            (65, 1.0),
            (70, 1.0),
            (69, 0.5),
            (67, 0.5),
            (69, 2.0),
            (67, 1.0),
            (69, 1.0),
            (70, 1.0),
            (67, 1.0),
            (72, 2.0),
        ],
    ),
    (
        "tmtsotosmtoott",
        70,
        &[
            (69, 1.0),
            (69, 0.5),
            (67, 0.5),
            (65, 1.0),
            (62, 1.0),
            (65, 1.0),
            (67, 1.0),
            (69, 2.0),
            (69, 1.0),
            (72, 0.5),
            (70, 0.5),
            (69, 1.0),
            (67, 1.0),
            (65, 2.0),
        ],
    ),
    (
        "totsommtost",
        72,
        &[
            (62, 1.0),
            (65, 1.0),
            (69, 1.5),
            (67, 0.5),
            (65, 1.0),
            (64, 1.0),
            (62, 2.0),
            (64, 1.0),
            (65, 1.0),
            (67, 2.0),
            (69, 2.0),
        ],
    ),
    ("mtosmtttosm", 82, CHORUS),
    ("mtosmtttosm", 86, CHORUS),
    ("somttoms", 74, &[(74, 1.0), (72, 1.0), (70, 1.0), (69, 1.0), (67, 1.0), (70, 1.0), (69, 2.0), (64, 2.5)]),
    ("motosmot", 64, &[(65, 1.0), (67, 1.0), (69, 2.0), (70, 1.0), (69, 1.0), (67, 2.0), (65, 1.0), (64, 1.5)]),
    ("omsttmsm", 56, &[(69, 1.0), (69, 1.0), (67, 1.0), (65, 1.0), (62, 1.0), (64, 1.0), (61, 2.0), (62, 2.5)]),
    ("otmts", 50, &[(62, 1.0), (65, 1.0), (69, 1.0), (64, 1.0), (62, 6.0)]),
];

const CHORUS: &[(u8, f64)] = &[
    (69, 1.0),
    (72, 1.0),
    (74, 2.0),
    (72, 1.0),
    (70, 1.0),
    (69, 2.0),
    (67, 1.0),
    (69, 1.0),
    (70, 1.0),
    (72, 1.0),
    (69, 2.0),
];

/// What line 9 is when nothing repeats.
const NEW_CHORUS: &[(u8, f64)] = &[
    (74, 2.0),
    (70, 1.0),
    (67, 1.0),
    (65, 1.5),
    (67, 0.5),
    (64, 2.0),
    (72, 0.5),
    (74, 0.5),
    (72, 2.0),
    (65, 1.0),
    (67, 2.0),
];

/// The thirteen lines for a high voice: C4 to D5; 160 beats at 108 a minute, 8, 18 and 30 % slower at the ends of
/// lines 10, 11 and 12. [`Score::transposed`] by -12 gives them to a low one.
pub fn thirteen_lines() -> Score {
    written(&SONG)
}

/// The thirteen lines with a melody of its own for line 9.
pub fn thirteen_lines_without_repetition() -> Score {
    let mut song = SONG;
    song[8].2 = NEW_CHORUS;
    written(&song)
}

fn written(song: &[Written; 13]) -> Score {
    let mut score =
        song.iter().zip(LINE_BEATS).fold(Score::new(BPM), |score, (&(consonants, velocity, notes), beats)| {
            score.with_line(consonants, velocity, beats, notes)
        });
    let first_beats = |lines: usize| LINE_BEATS[..lines].iter().sum();
    score.ritard = Some(Ritard { from_beat: first_beats(9), to_beat: first_beats(12), w: 0.70, q: 3.0 });
    score
}
