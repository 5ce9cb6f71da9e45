//! Fits the tables of the tonality from lead sheets: which chords a key uses, how they follow one another, what is sung
//! over them, and where in the bar they change.
//!
//! Lead sheets seldom name their key, so it is a hidden variable: a forward-backward pass over 24 keys (Rabiner 1989)
//! weighs every beat in every key, and what is counted in one round is believed in the next.

use anyhow::{Context, Result, ensure};
use clap::Args;
use serde::Deserialize;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Fit the tables of the tonality from lead sheets and write them as source
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Lead sheets, one JSON object a line: notes and chords in frames, frames_per_quarter, frames_per_bar, frames
    input: PathBuf,
    /// Where the source goes
    #[arg(long, default_value = "plugin/engine/src/understand/tonality/tables.rs")]
    out: PathBuf,
}

/// A lead sheet. Notes are (from, to, MIDI key), chords (from, to, root, pitch classes); times in frames.
#[derive(Deserialize)]
struct Song {
    frames: usize,
    frames_per_quarter: usize,
    frames_per_bar: usize,
    notes: Vec<(i64, i64, u8)>,
    chords: Vec<(i64, i64, usize, Vec<usize>)>,
}

/// Families of chords: major, dominant seventh, minor, diminished.
const FAMILIES: usize = 4;
const FAMILY_NAMES: [&str; FAMILIES] = ["Major", "Dominant", "Minor", "Diminished"];
/// Every root in every family.
const CHORDS: usize = 12 * FAMILIES;
/// Chords kept a mode: 97 % of what the sheets use.
const FUNCTIONS: usize = 24;
/// Rounds of weighing and counting; the last ones change nothing that is printed.
const ROUNDS: usize = 8;
/// Chance that the key stays from beat to beat while fitting.
const KEY_STAYS: f64 = 0.995;
/// Chords and notes are not independent witnesses: each counts half.
const EVIDENCE: f64 = 0.5;
/// Beats of prior belief in what a family and a scale say together, against what was counted over one chord.
const SUNG_PRIOR_BEATS: f64 = 30.0;
/// Changes of prior belief in how usual a chord is, against the changes counted from one chord.
const NEXT_PRIOR_CHANGES: f64 = 8.0;

/// Where rounds begin: shares of the degrees in melodies, Albrecht and Shanahan (2013), Music Perception 31(1).
const SUNG_AT_FIRST: [[f64; 12]; 2] = [
    [0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081],
    [0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052],
];
/// Where rounds begin: the chords of textbooks by (mode, degree, family), with weights; all others have 0.05.
const CHORDS_AT_FIRST: [(usize, usize, usize, f64); 17] = [
    (0, 0, 0, 10.0),
    (0, 5, 0, 4.0),
    (0, 7, 0, 4.0),
    (0, 7, 1, 5.0),
    (0, 2, 2, 2.0),
    (0, 9, 2, 2.0),
    (0, 4, 2, 1.0),
    (0, 11, 3, 0.3),
    (0, 2, 1, 0.5),
    (1, 0, 2, 10.0),
    (1, 5, 2, 4.0),
    (1, 7, 0, 2.0),
    (1, 7, 1, 5.0),
    (1, 3, 0, 2.0),
    (1, 8, 0, 2.0),
    (1, 10, 0, 2.0),
    (1, 2, 3, 1.0),
];

/// A quarter of a song: its chord as root * FAMILIES + family, how long each pitch class is sung, 0-1, and where in the
/// bar it lies: 0 the downbeat, 1 the middle, 2 elsewhere.
struct Beat {
    chord: Option<usize>,
    sung: [f64; 12],
    place: usize,
}

pub(crate) fn tables(arguments: &Arguments) -> Result<()> {
    let text = fs::read_to_string(&arguments.input).with_context(|| format!("{}", arguments.input.display()))?;
    let songs = text
        .lines()
        .enumerate()
        .map(|(line, song)| serde_json::from_str(song).with_context(|| format!("line {}", line + 1)))
        .collect::<Result<Vec<Song>>>()?;
    ensure!(!songs.is_empty(), "{} has no songs", arguments.input.display());
    let songs: Vec<Vec<Beat>> = songs.iter().map(beats).collect();
    let name = arguments.input.file_name().unwrap_or_default().to_string_lossy();
    fs::write(&arguments.out, source(&fit(&songs), &name))?;
    ensure!(Command::new("rustfmt").arg(&arguments.out).status()?.success(), "rustfmt refused the tables");
    Ok(())
}

fn family(root: usize, classes: &[usize]) -> usize {
    let has = |above: usize| classes.contains(&((root + above) % 12));
    match (has(4), has(10), has(3), has(6) && !has(7)) {
        (true, true, ..) => 1,
        (false, _, true, true) => 3,
        (false, _, true, false) => 2,
        _ => 0,
    }
}

fn beats(song: &Song) -> Vec<Beat> {
    let mut chords = vec![None; song.frames];
    let mut sung = vec![None; song.frames];
    let frames = |from: i64, to: i64| from.max(0) as usize..(to.max(0) as usize).min(song.frames);
    for (from, to, root, classes) in &song.chords {
        frames(*from, *to).for_each(|frame| chords[frame] = Some(root % 12 * FAMILIES + family(root % 12, classes)));
    }
    for &(from, to, key) in &song.notes {
        frames(from, to).for_each(|frame| sung[frame] = Some(usize::from(key % 12)));
    }
    let quarter = song.frames_per_quarter;
    let per_bar = (song.frames_per_bar / quarter).max(1);
    let beat = |index: usize| {
        let range = index * quarter..(index + 1) * quarter;
        let mut length = [0; CHORDS];
        chords[range.clone()].iter().flatten().for_each(|&chord: &usize| length[chord] += 1);
        let chord = (0..CHORDS).rev().max_by_key(|&chord| length[chord]).filter(|&chord| length[chord] > 0);
        let mut shares = [0.0; 12];
        sung[range].iter().flatten().for_each(|&class: &usize| shares[class] += 1.0 / quarter as f64);
        let place = match index % per_bar {
            0 => 0,
            place if per_bar > 2 && 2 * place == per_bar => 1,
            _ => 2,
        };
        Beat { chord, sung: shares, place }
    };
    (0..song.frames / quarter).map(beat).collect()
}

/// What is counted, per mode: chords, changes from chord to chord, degrees, degrees over each chord; and, per place in
/// the bar, beats on which the chord stayed and changed.
struct Counts {
    chords: [[f64; CHORDS]; 2],
    changes: Box<[[[f64; CHORDS]; CHORDS]; 2]>,
    degrees: [[f64; 12]; 2],
    over: [[[f64; 12]; CHORDS]; 2],
    places: [[f64; 2]; 3],
}

fn fit(songs: &[Vec<Beat>]) -> Counts {
    let mut chords = [[0.05; CHORDS]; 2];
    for (mode, degree, family, weight) in CHORDS_AT_FIRST {
        chords[mode][degree * FAMILIES + family] = weight;
    }
    let mut degrees = SUNG_AT_FIRST;
    let mut counts = count(songs, &chords.map(|row| shares(row, 0.0)), &degrees);
    for _ in 1..ROUNDS {
        chords = counts.chords.map(|row| shares(row, 1.0));
        degrees = counts.degrees.map(|row| shares(row, 1.0));
        counts = count(songs, &chords, &degrees);
    }
    counts
}

/// `row` with `more` added to each, as shares of the whole.
fn shares<const N: usize>(row: [f64; N], more: f64) -> [f64; N] {
    let sum = row.iter().sum::<f64>() + more * N as f64;
    row.map(|value| (value + more) / sum)
}

/// `chord` as it stands in `key`, 0-23: major keys, then minor ones.
fn within(chord: usize, key: usize) -> usize {
    (chord / FAMILIES + 12 - key % 12) % 12 * FAMILIES + chord % FAMILIES
}

fn count(songs: &[Vec<Beat>], chords: &[[f64; CHORDS]; 2], degrees: &[[f64; 12]; 2]) -> Counts {
    let mut counts = Counts {
        chords: [[0.0; CHORDS]; 2],
        changes: Box::new([[[0.0; CHORDS]; CHORDS]; 2]),
        degrees: [[0.0; 12]; 2],
        over: [[[0.0; 12]; CHORDS]; 2],
        places: [[0.0; 2]; 3],
    };
    for beats in songs {
        let keys = weigh_keys(beats, chords, degrees);
        for (index, beat) in beats.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|before| beats[before].chord);
            for (key, &weight) in keys[index].iter().enumerate() {
                let mode = key / 12;
                let chord = beat.chord.map(|chord| within(chord, key));
                for (class, share) in beat.sung.iter().enumerate() {
                    let degree = (class + 12 - key % 12) % 12;
                    counts.degrees[mode][degree] += weight * share;
                    if let Some(chord) = chord {
                        counts.over[mode][chord][degree] += weight * share;
                    }
                }
                if let Some(chord) = chord {
                    counts.chords[mode][chord] += weight;
                    if let Some(before) = before.filter(|&before| Some(before) != beat.chord) {
                        counts.changes[mode][within(before, key)][chord] += weight;
                    }
                }
            }
            if beat.chord.is_some() && before.is_some() {
                counts.places[beat.place][usize::from(before != beat.chord)] += 1.0;
            }
        }
    }
    counts
}

/// The probability of each key at each beat, given the whole song.
fn weigh_keys(beats: &[Beat], chords: &[[f64; CHORDS]; 2], degrees: &[[f64; 12]; 2]) -> Vec<[f64; 24]> {
    let speaks = |beat: &Beat| -> [f64; 24] {
        std::array::from_fn(|key| {
            let chord = beat.chord.map_or(0.0, |chord| chords[key / 12][within(chord, key)].max(1e-4).ln());
            let degree = |class: usize| (degrees[key / 12][(class + 12 - key % 12) % 12] + 0.01).ln();
            let sung: f64 = (0..12).map(|class| beat.sung[class] * degree(class)).sum();
            (EVIDENCE * (chord + sung)).exp()
        })
    };
    let likelihoods: Vec<[f64; 24]> = beats.iter().map(speaks).collect();
    let leaks = (1.0 - KEY_STAYS) / 24.0;
    let mut forward = Vec::with_capacity(beats.len());
    let mut belief = [1.0 / 24.0; 24];
    for likelihood in &likelihoods {
        belief = shares(std::array::from_fn(|key| (KEY_STAYS * belief[key] + leaks) * likelihood[key]), 0.0);
        forward.push(belief);
    }
    let mut backward = [1.0 / 24.0; 24];
    for (belief, likelihood) in forward.iter_mut().zip(&likelihoods).rev() {
        *belief = shares(std::array::from_fn(|key| belief[key] * backward[key]), 0.0);
        let heard: [f64; 24] = std::array::from_fn(|key| backward[key] * likelihood[key]);
        let all: f64 = heard.iter().sum();
        backward = shares(heard.map(|heard| KEY_STAYS * heard + leaks * all), 0.0);
    }
    forward
}

fn source(counts: &Counts, input: &str) -> String {
    let mut text = format!(
        "//! What lead sheets say of keys and chords. Generated by `cargo xtask tables {input}`; edit the command.\n\n\
         use super::filter::ModeTables;\nuse crate::chord::Family::{{Diminished, Dominant, Major, Minor}};\n\n\
         /// Chance that the chord changes on the downbeat, in the middle of the bar, and on other beats, per mille.\n\
         pub(super) const CHANGES: [u16; 3] = {:?};\n\n\
         /// Major keys and minor keys.\npub(super) const MODES: [ModeTables; 2] = [",
        counts.places.map(|[stayed, changed]| per_mille(changed / (stayed + changed).max(1.0)))
    );
    for mode in 0..2 {
        write_mode(&mut text, counts, mode);
    }
    text.push_str("];\n");
    text
}

fn write_mode(text: &mut String, counts: &Counts, mode: usize) {
    let (chords, degrees) = (shares(counts.chords[mode], 1.0), shares(counts.degrees[mode], 1.0));
    let mut functions: Vec<usize> = (0..CHORDS).collect();
    functions.sort_by(|&a, &b| chords[b].total_cmp(&chords[a]));
    functions.truncate(FUNCTIONS);
    let beats: f64 = (0..2).flat_map(|mode| counts.chords[mode]).sum();
    let share = counts.chords[mode].iter().sum::<f64>() / beats;
    let names: Vec<String> = functions
        .iter()
        .map(|function| format!("({}, {})", function / FAMILIES, FAMILY_NAMES[function % FAMILIES]))
        .collect();
    let kept: f64 = functions.iter().map(|&function| chords[function]).sum();
    let usual: Vec<u16> = functions.iter().map(|&function| per_mille(chords[function] / kept)).collect();
    // What is sung over any chord of the family, whatever its root.
    let mut by_family = [[0.0; 12]; FAMILIES];
    for (chord, over) in counts.over[mode].iter().enumerate() {
        for (degree, weight) in over.iter().enumerate() {
            by_family[chord % FAMILIES][(degree + 12 - chord / FAMILIES) % 12] += weight;
        }
    }
    let by_family = by_family.map(|row| shares(row, 1.0));
    let sung = |&function: &usize| {
        let of_family = |degree: usize| by_family[function % FAMILIES][(degree + 12 - function / FAMILIES) % 12];
        let prior = shares(std::array::from_fn::<f64, 12, _>(|degree| of_family(degree) * degrees[degree].sqrt()), 0.0);
        let over = counts.over[mode][function];
        shares(std::array::from_fn::<f64, 12, _>(|degree| over[degree] + SUNG_PRIOR_BEATS * prior[degree]), 0.0)
            .map(per_mille)
    };
    let next = |&function: &usize| {
        let changes = counts.changes[mode][function];
        let row: Vec<f64> = functions
            .iter()
            .map(|&to| if to == function { 0.0 } else { changes[to] + NEXT_PRIOR_CHANGES * chords[to] })
            .collect();
        let sum: f64 = row.iter().sum();
        row.iter().map(|value| per_mille(value / sum)).collect::<Vec<_>>()
    };
    let sung: Vec<[u16; 12]> = functions.iter().map(sung).collect();
    let next: Vec<Vec<u16>> = functions.iter().map(next).collect();
    let _ = write!(
        text,
        "ModeTables {{ share: {}, functions: [{}], usual: {usual:?}, next: {next:?}, sung: {sung:?} }},",
        per_mille(share),
        names.join(", ")
    );
}

fn per_mille(share: f64) -> u16 {
    (1_000.0 * share).round() as u16
}
