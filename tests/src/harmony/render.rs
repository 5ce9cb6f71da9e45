//! What Antiphon plays to a client, read back from the files that a render writes.

use crate::tables::{Row, cell, rows};
use antiphon_session::cues::choose;
use antiphon_session::render::{Plan, render};
use antiphon_session::source::Source;
use anyhow::Result;
use std::path::Path;

/// A note that was played.
#[derive(Clone, Debug, PartialEq)]
pub struct Played {
    /// When it began, s.
    pub on_s: f64,
    /// When it ended, s.
    pub off_s: f64,
    /// Voice.
    pub voice: String,
    /// Line within the voice, like `harmony.1`.
    pub part: String,
    /// MIDI key.
    pub key: u8,
}

impl Played {
    /// It belongs to the harmony: bass, or a tone above it.
    pub fn is_chordal(&self) -> bool {
        matches!(self.voice.as_str(), "bass" | "harmony")
    }
}

/// What the music was, from an instant on.
#[derive(Clone, Debug, PartialEq)]
pub struct Chord {
    /// The instant, s.
    pub time_s: f64,
    /// The key, like `D:min`; empty where none is claimed.
    pub key: String,
    /// The chord that sounds, like `C:maj`, or `N`.
    pub chord: String,
}

/// All that was played to a client.
#[derive(Clone, Debug, PartialEq)]
pub struct Accompaniment {
    /// Notes, in the order of their beginnings.
    pub played: Vec<Played>,
    /// The music, in time order.
    pub music: Vec<Chord>,
}

/// Lets Antiphon accompany the recording or MIDI file `input` with the settings `set`, as (name, value).
pub fn accompany(input: &Path, set: &[(&str, &str)]) -> Result<Accompaniment> {
    let mut plan = Plan::default();
    for (name, value) in set {
        choose(&mut plan.settings, &mut plan.sound, name, value, true).map_err(anyhow::Error::msg)?;
    }
    let dir = tempfile::tempdir()?;
    let mut source = Source::open(input)?;
    render(&mut source, &plan, dir.path(), None, &mut |_| ())?;
    let played = rows(&dir.path().join("played.csv"))?.iter().map(played).collect::<Result<_>>()?;
    let music = rows(&dir.path().join("music.csv"))?.iter().map(chord).collect::<Result<_>>()?;
    Ok(Accompaniment { played, music })
}

fn played(row: &Row) -> Result<Played> {
    Ok(Played {
        on_s: cell(row, "on_s")?.parse()?,
        off_s: cell(row, "off_s")?.parse()?,
        voice: cell(row, "voice")?.to_owned(),
        part: cell(row, "part")?.to_owned(),
        key: cell(row, "key")?.parse()?,
    })
}

fn chord(row: &Row) -> Result<Chord> {
    let (key, chord) = (cell(row, "key")?.to_owned(), cell(row, "chord")?.to_owned());
    Ok(Chord { time_s: cell(row, "time_s")?.parse()?, key, chord })
}
