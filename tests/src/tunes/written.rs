//! How the songs are written down.

use super::{Tune, TuneChord, TuneNote};

/// Reads songs of three lines each: title with frames a quarter and a bar, notes, chords. Lines that begin with `#` are
/// comments. The text is part of this crate, so what is wrong in it is a defect and ends the program.
pub(super) fn read(text: &str) -> Vec<Tune> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    lines.chunks_exact(3).map(|lines| tune(lines[0], lines[1], lines[2])).collect()
}

fn tune(head: &str, notes: &str, chords: &str) -> Tune {
    let (title, frames) = head.split_once(" | ").expect("a title and its frames");
    let frames: Vec<u32> = frames.split(' ').map(number).collect();
    Tune {
        title: title.to_owned(),
        frames_per_quarter: frames[0],
        frames_per_bar: frames[1],
        notes: notes.split(' ').map(note).collect(),
        chords: chords.split(' ').map(chord).collect(),
    }
}

fn note(word: &str) -> TuneNote {
    let (span, key) = word.split_once(':').expect("a span and a key");
    let (begin, end) = span.split_once('-').expect("begin and end");
    TuneNote { begin: number(begin), end: number(end), key: number(key) as u8 }
}

fn chord(word: &str) -> TuneChord {
    let mut parts = word.split(':');
    let (begin, end) = parts.next().and_then(|span| span.split_once('-')).expect("begin and end");
    let root = parts.next().map(number).expect("a root") as u8;
    let classes = parts.next().expect("pitch classes").split(',').map(|class| number(class) as u8).collect();
    TuneChord { begin: number(begin), end: number(end), root, classes }
}

fn number(word: &str) -> u32 {
    word.parse().unwrap_or_else(|_| panic!("{word} is not a number"))
}
