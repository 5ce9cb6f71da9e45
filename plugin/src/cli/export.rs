//! `antiphon export`: a session file into a report, MIDI and tables.

use super::say::{note, say};
use antiphon_session::journal::{EXPORTED, Session, export};
use anyhow::{Result, bail};
use clap::Args;
use std::path::PathBuf;

/// Write a report, MIDI and tables of a session that was recorded in the panel
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(super) struct Arguments {
    /// A session file, which ends in .antiphon
    session: PathBuf,
    /// The folder to write into; it is made if need be. Usually one of the session's name beside it
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
}

const HELP: &str = "\
Files in DIR: report.html (a page to read, print and copy from; report.csv and report.html-data beside it), session.mid (the client, each voice and your own hands, the tempo as it was felt, the states with their
reasons and your marks as markers), notes.csv, pitch.csv, onsets.csv, music.csv (heard and understood), played.csv,
controllers.csv (played), cues.csv (what you chose and did, as antiphon render --cues takes it), markers.csv,
transport.csv (where the song of the DAW stood).
A session that broke off is exported up to there; the file itself is left as it is.";

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let path = &arguments.session;
    let session = Session::open(path)?;
    let dir = arguments.out.clone().unwrap_or_else(|| path.with_extension(""));
    if dir == *path {
        bail!("'{}' has no ending to tell its folder from it; say where to write with -o DIR", path.display());
    }
    let summary = export(&session, path, &dir)?;
    for warning in &summary.warnings {
        note(format_args!("note: {warning}."));
    }
    say(format_args!("Begun    {}", session.header.begun))?;
    say(&summary)?;
    say(format_args!("Files    {} in {}", EXPORTED.join(", "), dir.display()))
}
