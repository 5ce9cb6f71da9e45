//! Performs an exchange and lets Antiphon answer it, by the path of `antiphon render`.

use super::files::{self, Files};
use super::sung::{Coda, Sung, sung};
use super::take::{Cueing, Piece, STATES, Take};
use crate::singer::{LineTruth, NoteTruth, Truth};
use antiphon_session::cues;
use antiphon_session::render::{BLOCK, Plan, render};
use antiphon_session::source::Source;
use anyhow::{Error, Result};
use std::fs;
use std::path::Path;

/// A cue comes this long before its line, s.
pub const CUE_S: f64 = 0.25;

/// The files that are worth keeping of a render; the sounds are not.
const KEPT: [&str; 6] = ["pitch.csv", "onsets.csv", "notes.csv", "music.csv", "played.csv", "session.mid"];

/// From the cue of a state to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// The cue, s.
    pub from_s: f64,
    /// The next cue, or the end, s.
    pub to_s: f64,
}

impl Window {
    /// An instant lies within.
    pub fn holds(&self, time_s: f64) -> bool {
        (self.from_s..self.to_s).contains(&time_s)
    }

    /// Its length, s.
    pub fn length_s(&self) -> f64 {
        self.to_s - self.from_s
    }
}

/// An exchange: what was performed, and all that was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// Which.
    pub take: Take,
    /// What is true of the performance.
    pub truth: Truth,
    /// The same of everybody else who sounds.
    pub others: Vec<Truth>,
    /// What comes after the last line.
    pub coda: Option<Coda>,
    /// Length, s.
    pub length_s: f64,
    /// The cues, s, name and value.
    pub cues: Vec<(f64, String, String)>,
    /// What was heard and played.
    pub files: Files,
}

impl Exchange {
    /// The line of a state, from 0; `None` if it was not sung.
    pub fn line(&self, state: usize) -> Option<&LineTruth> {
        self.truth.lines.get(state)
    }

    /// The window of a state, from 0: from 0.25 s before its line to as long before the next. The last one ends with
    /// the performance, before anything that comes after it.
    pub fn window(&self, state: usize) -> Window {
        let cue = |state: usize| self.line(state).map(|line| line.start_s - CUE_S);
        let end_s = self.coda.as_ref().map_or(self.length_s, |coda| coda.one_tone_s - CUE_S);
        Window { from_s: cue(state).unwrap_or(end_s), to_s: cue(state + 1).unwrap_or(end_s) }
    }

    /// When a beat of the score, which may lie between beats, comes, s.
    pub fn beat_s(&self, beat: f64) -> f64 {
        let beats = &self.truth.beats_s;
        let before = (beat.floor().max(0.0) as usize).min(beats.len().saturating_sub(2));
        match beats.get(before..before + 2) {
            Some(pair) => pair[0] + (beat - before as f64) * (pair[1] - pair[0]),
            None => f64::NAN,
        }
    }

    /// The first beat of a state's line and of the one after it.
    pub fn beats(&self, state: usize) -> (f64, f64) {
        let first = |state: usize| self.line(state).map(|line| line.first_beat);
        let last = self.truth.beats_s.len().saturating_sub(1) as f64;
        (first(state).unwrap_or(last), first(state + 1).unwrap_or(last))
    }

    /// The client's notes that begin from `from_s` to before `to_s`.
    pub fn sung(&self, from_s: f64, to_s: f64) -> impl Iterator<Item = &NoteTruth> {
        self.truth.notes.iter().filter(move |note| (from_s..to_s).contains(&note.onset_s))
    }

    /// The key the client sings at an instant.
    pub fn sung_key(&self, time_s: f64) -> Option<u8> {
        let notes = &self.truth.notes;
        let after = notes.partition_point(|note| note.onset_s <= time_s);
        notes[..after].last().filter(|note| time_s < note.offset_s).map(|note| note.key)
    }

    /// What the music was at an instant.
    pub fn music(&self, time_s: f64) -> Option<&files::Music> {
        let after = self.files.music.partition_point(|row| row.time_s <= time_s);
        self.files.music[..after].last()
    }

    /// The client's first onset and final release, s.
    pub fn span(&self) -> Window {
        let onset = self.truth.onsets_s.first().copied().unwrap_or(f64::NAN);
        let release = self.truth.notes.last().map(|note| note.offset_s);
        Window { from_s: onset, to_s: release.or(self.truth.onsets_s.last().copied()).unwrap_or(f64::NAN) }
    }
}

/// Performs `take` and lets Antiphon answer, with settings as (name, value). With `out`, the files stay there.
pub fn exchange(take: Take, set: &[(String, String)], out: Option<&Path>) -> Result<Exchange> {
    answered(take, sung(take), set, BLOCK, out)
}

/// Whether Antiphon plays and understands the same to `sung` in blocks of each of these sizes as in blocks of [`BLOCK`].
pub fn same_in_blocks(take: Take, sung: &Sung, set: &[(String, String)], blocks: &[usize]) -> Result<bool> {
    let usual = answered(take, sung.clone(), set, BLOCK, None)?;
    for &block in blocks {
        if answered(take, sung.clone(), set, block, None)?.files != usual.files {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Lets Antiphon answer what was `sung`, in blocks of so many samples.
pub fn answered(
    take: Take,
    sung: Sung,
    set: &[(String, String)],
    block: usize,
    out: Option<&Path>,
) -> Result<Exchange> {
    let dir = tempfile::tempdir()?;
    let input = dir.path().join("client.wav");
    sung.sound.write(&input)?;
    let cues = cues(take, &sung.sound.truth);
    let path = dir.path().join("cues.csv");
    fs::write(
        &path,
        cues.iter().map(|(time_s, name, value)| format!("{time_s:.6},{name},{value}\n")).collect::<String>(),
    )?;
    let mut plan = Plan { cues: cues::read(&path, false)?, block, ..Plan::default() };
    let guidance = if take.cueing == Cueing::Guided { "guided" } else { "free" };
    let own = [("guidance".to_owned(), guidance.to_owned()), ("seed".to_owned(), take.seed.to_string())];
    for (name, value) in own.iter().chain(set) {
        cues::choose(&mut plan.settings, &mut plan.sound, name, value, false).map_err(Error::msg)?;
    }
    let mut source = Source::open(&input)?;
    let render_into = dir.path().join("render");
    render(&mut source, &plan, &render_into, None, &mut |_| ())?;
    let files = files::read(&render_into)?;
    if let Some(out) = out {
        fs::create_dir_all(out)?;
        for name in KEPT {
            fs::copy(render_into.join(name), out.join(name))?;
        }
        fs::copy(&path, out.join("cues.csv"))?;
    }
    let length_s = sung.sound.length_s();
    let Sung { sound, others, coda } = sung;
    Ok(Exchange { take, truth: sound.truth, others, coda, length_s, cues, files })
}

/// The therapist's cues: time in s, name, value.
fn cues(take: Take, truth: &Truth) -> Vec<(f64, String, String)> {
    let starts: Vec<f64> = truth.lines.iter().map(|line| (line.start_s - CUE_S).max(0.0)).collect();
    let cue = |time_s: f64, name: &str, value: &str| (time_s, name.to_owned(), value.to_owned());
    if take.piece == Piece::Therapist {
        return therapist(&starts);
    }
    let each = starts.iter().zip(STATES).enumerate();
    each.filter_map(|(index, (&time_s, state))| match take.cueing {
        Cueing::Automatic => None,
        Cueing::Named => Some(cue(time_s, "state", state)),
        Cueing::Next if index == 0 => Some(cue(time_s, "state", state)),
        Cueing::Next | Cueing::Guided => Some(cue(time_s, "next", "")),
    })
    .collect()
}

/// Acts over the lines that hold, skip, recall, rest and stop: what is expected of each stands beside it in
/// [`therapist_expects`].
fn therapist(starts: &[f64]) -> Vec<(f64, String, String)> {
    let acts = [
        (0, 0.0, "state", "tones"),
        (0, 0.5, "hold", "on"),
        (2, 0.0, "hold", "off"),
        (2, 0.1, "state", "pulse"),
        (4, 0.0, "next", ""),
        (5, 0.0, "state", "song"),
        (6, 0.0, "state", "echo"),
        (7, 0.0, "rest", ""),
        (8, 0.0, "state", "pulse"),
        (9, 0.0, "state", "holding"),
        (10, 2.0, "panic", ""),
    ];
    acts.iter()
        .map(|&(line, later_s, name, value)| (starts[line] + later_s, name.to_owned(), value.to_owned()))
        .collect()
}

/// In which line of [`Piece::Therapist`] which state is wanted.
pub fn therapist_expects() -> [(usize, &'static str); 9] {
    [
        (0, "tones"),
        (1, "tones"),
        (2, "pulse"),
        (4, "swing"),
        (5, "song"),
        (6, "echo"),
        (7, "rest"),
        (8, "pulse"),
        (9, "holding"),
    ]
}
