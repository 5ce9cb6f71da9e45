//! What a render wrote, read back.

use crate::tables::{Row, cell, rows};
use anyhow::Result;
use midly::{MetaMessage, Smf, Timing, TrackEventKind};
use std::path::Path;

/// A note that was played.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// When it began, s.
    pub on_s: f64,
    /// When it ended, s.
    pub off_s: f64,
    /// Channel, 1-16.
    pub channel: u8,
    /// Voice.
    pub voice: String,
    /// Line within the voice, like `harmony.1`.
    pub part: String,
    /// MIDI key.
    pub key: u8,
    /// MIDI velocity.
    pub velocity: u8,
    /// Behaviour.
    pub behaviour: String,
}

impl Note {
    /// It belongs to the harmony: bass, or a tone above it.
    pub fn is_chordal(&self) -> bool {
        matches!(self.voice.as_str(), "bass" | "harmony")
    }

    /// It sounds at an instant, s.
    pub fn sounds_at(&self, time_s: f64) -> bool {
        self.on_s <= time_s && time_s < self.off_s
    }

    /// Pitch class, 0 = C.
    pub fn class(&self) -> u8 {
        self.key % 12
    }
}

/// What the music was, from an instant on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Music {
    /// The instant, s.
    pub time_s: f64,
    /// The key, like `D:min`; empty where none is claimed.
    pub key: String,
    /// The chord that sounds, like `C:maj`, or `N`.
    pub chord: String,
    /// How like the phrase is to the best remembered one, 0-1.
    pub similarity: Option<f64>,
    /// The state.
    pub state: String,
}

/// A note of the client's as it was heard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heard {
    /// When it began, s.
    pub onset_s: f64,
    /// MIDI velocity.
    pub velocity: u8,
}

/// A controller or bend that was played.
#[derive(Clone, Debug, PartialEq)]
pub struct Control {
    /// When, s.
    pub time_s: f64,
    /// Channel, 1-16.
    pub channel: u8,
    /// Which: a number, or `bend`.
    pub controller: String,
    /// Its value.
    pub value: f64,
}

/// A marker of session.mid.
#[derive(Clone, Debug, PartialEq)]
pub struct Marker {
    /// When, s.
    pub time_s: f64,
    /// What it says.
    pub text: String,
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Files {
    /// Notes, in the order of their beginnings.
    pub played: Vec<Note>,
    /// The music, in time order.
    pub music: Vec<Music>,
    /// The client's notes, in onset order.
    pub heard: Vec<Heard>,
    /// Controllers, in time order.
    pub controls: Vec<Control>,
    /// Markers, in time order.
    pub markers: Vec<Marker>,
}

/// Reads what a render wrote into `dir`.
pub fn read(dir: &Path) -> Result<Files> {
    let table = |name: &str| rows(&dir.join(name));
    let markers = std::fs::read(dir.join("session.mid"))?;
    Ok(Files {
        played: table("played.csv")?.iter().map(note).collect::<Result<_>>()?,
        music: table("music.csv")?.iter().map(music).collect::<Result<_>>()?,
        heard: table("notes.csv")?.iter().map(heard).collect::<Result<_>>()?,
        controls: table("controllers.csv")?.iter().map(control).collect::<Result<_>>()?,
        markers: self::markers(&markers)?,
    })
}

fn note(row: &Row) -> Result<Note> {
    Ok(Note {
        on_s: cell(row, "on_s")?.parse()?,
        off_s: cell(row, "off_s")?.parse()?,
        channel: cell(row, "channel")?.parse()?,
        voice: cell(row, "voice")?.to_owned(),
        part: cell(row, "part")?.to_owned(),
        key: cell(row, "key")?.parse()?,
        velocity: cell(row, "velocity")?.parse()?,
        behaviour: cell(row, "behaviour")?.to_owned(),
    })
}

fn music(row: &Row) -> Result<Music> {
    Ok(Music {
        time_s: cell(row, "time_s")?.parse()?,
        key: cell(row, "key")?.to_owned(),
        chord: cell(row, "chord")?.to_owned(),
        similarity: cell(row, "similarity")?.parse().ok(),
        state: cell(row, "state")?.to_owned(),
    })
}

fn heard(row: &Row) -> Result<Heard> {
    Ok(Heard { onset_s: cell(row, "onset_s")?.parse()?, velocity: cell(row, "velocity")?.parse()? })
}

fn control(row: &Row) -> Result<Control> {
    Ok(Control {
        time_s: cell(row, "time_s")?.parse()?,
        channel: cell(row, "channel")?.parse()?,
        controller: cell(row, "controller")?.to_owned(),
        value: cell(row, "value")?.parse()?,
    })
}

/// Markers; microseconds a quarter are 500,000 until the file says otherwise.
fn markers(bytes: &[u8]) -> Result<Vec<Marker>> {
    let smf = Smf::parse(bytes)?;
    let Timing::Metrical(ticks) = smf.header.timing else { return Ok(Vec::new()) };
    let mut us_per_quarter = 500_000.0;
    let mut markers = Vec::new();
    let mut time_s = 0.0;
    for event in smf.tracks.first().into_iter().flatten() {
        time_s += f64::from(event.delta.as_int()) / f64::from(ticks.as_int()) * us_per_quarter / 1e6;
        match event.kind {
            TrackEventKind::Meta(MetaMessage::Tempo(tempo)) => us_per_quarter = f64::from(tempo.as_int()),
            TrackEventKind::Meta(MetaMessage::Marker(text)) => {
                markers.push(Marker { time_s, text: String::from_utf8_lossy(text).into_owned() });
            }
            _ => {}
        }
    }
    Ok(markers)
}
