//! A session file into the files that a render writes, those that tell what the therapist did, and a report on it all.

use super::entry::{Entry, Kept};
use super::read::Session;
use super::words::is_button;
use crate::problem::Problem;
use crate::record::table::{Table, instant};
use crate::record::{Played, PlayedNote, Recorder};
use crate::report::{self, Outputs, Report};
use crate::summary::Summary;
use antiphon_engine::respond::plan::Voice;
use antiphon_engine::time::{Clock, SampleTime};
use std::path::Path;

/// The files of an export.
pub const EXPORTED: [&str; 13] = [
    "report.html",
    "report.csv",
    "report.html-data",
    "session.mid",
    "notes.csv",
    "played.csv",
    "music.csv",
    "pitch.csv",
    "onsets.csv",
    "controllers.csv",
    "cues.csv",
    "markers.csv",
    "transport.csv",
];

/// Writes [`EXPORTED`] of `session` into `dir`, which is made if need be. `path` is where the session came from, for
/// messages. What was torn off or lost is told in the warnings.
pub fn export(session: &Session, path: &Path, dir: &Path) -> Result<Summary, Problem> {
    let none = || Problem::NoSession { path: path.to_owned(), why: "it broke off before the first sound".to_owned() };
    let clock = Clock::new(session.rate_hz().ok_or_else(none)?);
    std::fs::create_dir_all(dir).map_err(|error| Problem::write(dir, error))?;
    let mut replay = Replay {
        clock,
        recorder: Recorder::create(dir, clock)?,
        cues: Table::create(dir, "cues.csv", &["time_s", "name", "value"])?,
        markers: Table::create(dir, "markers.csv", &["time_s", "text"])?,
        transport: Table::create(
            dir,
            "transport.csv",
            &["time_s", "playing", "tempo_qpm", "position_quarters", "bar_quarters", "beats_per_bar", "beat_unit"],
        )?,
        reached: 0,
        lost: 0,
    };
    for entry in session.entries() {
        replay.reached = replay.reached.max(entry.latest());
        if let Some(kept) = entry.kept(&session.header.names) {
            replay.take(kept)?;
        }
    }
    let mut warnings = Vec::new();
    if session.ended().is_none() {
        warnings.push("the recording broke off; everything up to there is here".to_owned());
    }
    if session.unread > 0 {
        warnings.push(format!("{} bytes of the file are damaged and were passed over", session.unread));
    }
    if replay.lost > 0 {
        warnings.push(format!("{} events could not be kept while it was recorded", replay.lost));
    }
    let length = replay.reached;
    replay.cues.finish()?;
    replay.markers.finish()?;
    replay.transport.finish()?;
    let recorded = replay.recorder.finish(length)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if let Err(problem) = report_on(session, &name, dir) {
        warnings.push(format!("there is no report: {problem}"));
    }
    Ok(Summary { clock, length, recorded, warnings, differences: 0 })
}

/// Writes the report on `session`, which is called `name`, into `dir`.
fn report_on(session: &Session, name: &str, dir: &Path) -> Result<(), Problem> {
    let Some(told) = report::of_journal(session) else { return Ok(()) };
    let source = name.to_owned();
    let told = report::Session { client_source: source.clone(), accompaniment_source: source, ..told };
    Outputs::prepare(&dir.join("report.html"), &[])?.write(&Report::of(told))
}

struct Replay {
    clock: Clock,
    recorder: Recorder,
    cues: Table,
    markers: Table,
    transport: Table,
    reached: SampleTime,
    lost: u64,
}

impl Replay {
    fn take(&mut self, kept: Kept) -> Result<(), Problem> {
        match kept {
            Kept::Pitch(now, pitch) => self.recorder.pitch(now, &pitch),
            Kept::Onset(onset) => self.recorder.onset(&onset),
            Kept::Note(change) => {
                self.recorder.note(&change);
                Ok(())
            }
            Kept::Moment(moment) => {
                let voice = |note: &PlayedNote| note.label.map_or(Voice::Harmony, |label| label.voice);
                let sounding: Vec<_> = self.recorder.sounding().iter().map(|note| (note.key, voice(note))).collect();
                self.recorder.understand(&moment, sounding)
            }
            Kept::Played(played) => self.recorder.play(&played),
            Kept::Control(control) => {
                self.recorder.control(&control);
                Ok(())
            }
            Kept::Other(entry) => self.act(entry),
        }
    }

    fn act(&mut self, entry: Entry) -> Result<(), Problem> {
        let at = |time| instant(self.clock, time);
        match entry {
            Entry::Choice { time, name, value } => {
                let value = if is_button(&name) { String::new() } else { value };
                self.cues.row(&[at(time), name, value])
            }
            Entry::Mark { time, text } => {
                self.recorder.mark(time, &text);
                self.markers.row(&[at(time), text])
            }
            Entry::Hand { time, key, velocity } => {
                self.recorder.hand(time, key, velocity);
                Ok(())
            }
            Entry::Transport { time, said: None } => self.transport.row(&[&at(time), "", "", "", "", "", ""]),
            Entry::Transport { time, said: Some((playing, tempo, position, bar, beats, unit)) } => {
                let playing = if playing { "yes" } else { "no" }.to_owned();
                let number = |number: f64| format!("{number:.6}");
                let metre = [beats.to_string(), unit.to_string()];
                let [beats, unit] = metre;
                self.transport.row(&[at(time), playing, number(tempo), number(position), number(bar), beats, unit])
            }
            Entry::Anew(time) => {
                self.recorder.end_heard(time);
                Ok(())
            }
            Entry::Lost { time, count } => {
                self.lost += count;
                self.recorder.end_heard(time);
                self.recorder.lift_pedals(time);
                // Ends may be among what was lost.
                let sounding = self.recorder.sounding().to_vec();
                sounding.iter().try_for_each(|note| {
                    let (time, channel, key, label) = (time.max(note.on), note.channel, note.key, note.label);
                    self.recorder.play(&Played { time, channel, key, velocity: 0, label })
                })
            }
            _ => Ok(()),
        }
    }
}
