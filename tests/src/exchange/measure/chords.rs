//! Which chord sounds when, from the keys of bass and harmony.

use crate::exchange::files::Note;
use antiphon_engine::key::PITCH_NAMES;
use antiphon_session::record::chord_name;

/// A chord that sounds for less than this is on its way to another, s.
const PASSING_S: f64 = 0.15;

/// A chord as it is told from others: by its root and its third.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chord {
    /// Root, 0 = C.
    pub root: u8,
    /// The third is minor; `None` if there is no third.
    pub minor: Option<bool>,
}

/// A chord and how long it sounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Segment {
    /// From when, s.
    pub from_s: f64,
    /// Until the next chord, s.
    pub to_s: f64,
    /// Which.
    pub chord: Chord,
}

/// The tones above the root that a name like `min7` stands for; none for an unknown one.
pub fn tones(quality: &str) -> &'static [u8] {
    match quality {
        "1" => &[0],
        "5" => &[0, 7],
        "maj" => &[0, 4, 7],
        "min" => &[0, 3, 7],
        "7" => &[0, 4, 7, 10],
        "min7" => &[0, 3, 7, 10],
        "maj7" => &[0, 4, 7, 11],
        "sus4" => &[0, 5, 7],
        "sus2" => &[0, 2, 7],
        "dim" => &[0, 3, 6],
        "aug" => &[0, 4, 8],
        "maj6" => &[0, 4, 7, 9],
        "min6" => &[0, 3, 7, 9],
        "hdim7" => &[0, 3, 6, 10],
        "dim7" => &[0, 3, 6, 9],
        "minmaj7" => &[0, 3, 7, 11],
        "9" => &[0, 2, 4, 7, 10],
        _ => &[],
    }
}

/// Root and what stands on it, from a name like `A:min7`.
pub fn parts(name: &str) -> Option<(u8, &str)> {
    let (root, quality) = name.split_once(':')?;
    let root = PITCH_NAMES.iter().position(|name| *name == root)?;
    Some((root as u8, quality))
}

/// The chord of a name; `None` for `N`, one tone, or a fifth.
fn chord(name: &str) -> Option<Chord> {
    let (root, quality) = parts(name)?;
    let has = |above: u8| tones(quality).contains(&above);
    match quality {
        "1" | "5" => None,
        _ => Some(Chord { root, minor: has(3).then_some(true).or(has(4).then_some(false)) }),
    }
}

/// The name of what bass and harmony sound at an instant.
pub fn name_at(played: &[Note], time_s: f64) -> String {
    chord_name(played.iter().filter(|note| note.is_chordal() && note.sounds_at(time_s)).map(|note| note.key))
}

/// The chord that bass and harmony sound at an instant.
pub fn chord_at(played: &[Note], time_s: f64) -> Option<Chord> {
    chord(&name_at(played, time_s))
}

/// The chords from `from_s` to `to_s`. One lasts until the next, however it is broken up; single tones, fifths and what
/// sounds for less than 0.15 s are no new chord. It begins when its third does.
pub fn segments(played: &[Note], from_s: f64, to_s: f64) -> Vec<Segment> {
    let mut instants: Vec<f64> = played
        .iter()
        .filter(|note| note.is_chordal() && note.on_s < to_s && note.off_s > from_s)
        .flat_map(|note| [note.on_s, note.off_s])
        .filter(|time_s| (from_s..to_s).contains(time_s))
        .chain([from_s, to_s])
        .collect();
    instants.sort_by(f64::total_cmp);
    let mut segments: Vec<Segment> = Vec::new();
    // The chord that may be coming: since when, and how long it has sounded.
    let mut coming: Option<(Chord, f64, f64)> = None;
    for pair in instants.windows(2).filter(|pair| pair[1] > pair[0]) {
        let Some(chord) = chord_at(played, 0.5 * (pair[0] + pair[1])) else { continue };
        if segments.last().is_some_and(|last| last.chord == chord) {
            coming = None;
            continue;
        }
        let (since, sounded) = match coming {
            Some((before, since, sounded)) if before == chord => (since, sounded),
            _ => (pair[0], 0.0),
        };
        let sounded = sounded + pair[1] - pair[0];
        if sounded < PASSING_S {
            coming = Some((chord, since, sounded));
            continue;
        }
        if let Some(last) = segments.last_mut() {
            last.to_s = since;
        }
        segments.push(Segment { from_s: since, to_s, chord });
        coming = None;
    }
    segments
}

/// The chord of the segment at an instant.
pub fn segment_at(segments: &[Segment], time_s: f64) -> Option<Chord> {
    segments.iter().find(|segment| (segment.from_s..segment.to_s).contains(&time_s)).map(|segment| segment.chord)
}

/// A chord of a beat is looked up so far into it: what comes with the beat has begun by then.
const INTO_BEAT: f64 = 0.75;

/// The chord of each of the beats whose instants are given, the last of which only ends the one before.
pub fn by_beat(played: &[Note], beats_s: &[f64]) -> Vec<Option<Chord>> {
    let (Some(first), Some(last)) = (beats_s.first(), beats_s.last()) else { return Vec::new() };
    let segments = segments(played, first - 4.0, *last);
    let sounds = |time_s: f64| played.iter().any(|note| note.is_chordal() && note.sounds_at(time_s));
    beats_s
        .windows(2)
        .map(|beat| {
            let heard = crate::exchange::measure::sounding::instants(beat[0], beat[1]).any(sounds);
            segment_at(&segments, beat[0] + INTO_BEAT * (beat[1] - beat[0])).filter(|_| heard)
        })
        .collect()
}

/// Share of the places at which both have the same chord.
pub fn alike(a: &[Option<Chord>], b: &[Option<Chord>]) -> f64 {
    let same = a.iter().zip(b).filter(|(a, b)| a.is_some() && a == b).count();
    same as f64 / a.len().min(b.len()) as f64
}
