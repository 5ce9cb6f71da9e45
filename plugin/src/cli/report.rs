//! `antiphon report`: what two players played, as a page to read, print and copy from.

use super::say::{note, say};
use super::{choices, progress};
use antiphon_engine::settings::Settings;
use antiphon_session::report::{Data, Outputs, Report, Request, Session, Step, beside, compare, read};
use antiphon_session::source::Source;
use anyhow::{Result, anyhow, bail};
use clap::Args;
use std::path::{Path, PathBuf};

/// Largest offset, s: beyond a day it is a slip of the pen.
const OFFSET_MAX_S: f64 = 86_400.0;

/// Report on a session: what the client and the accompaniment played, as a page to print
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(super) struct Arguments {
    /// The client's recording (or MIDI) and the accompaniment's MIDI, as a DAW exported them; or one session file
    /// (.antiphon, session.mid); with --compare, the data files of several reports
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The page to write, like report.html; a table (.csv) and a data file (.html-data) are written beside it. Its folder
    /// is made if need be
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,
    /// When the accompaniment's file begins in the client's time, in seconds; may be negative
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    offset: Option<f64>,
    /// What to call the session, on the page; leave the client's name out of it
    #[arg(long, value_name = "TEXT", default_value = "")]
    title: String,
    /// The day of the session, like 2026-11-22; otherwise the session file's, or that on which the client's file was saved
    #[arg(long, value_name = "DAY")]
    date: Option<String>,
    /// How to listen to the recording, like listen=voice; may be given often. All are listed in antiphon render --help
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Put several sessions of one client side by side, in the order given
    #[arg(long)]
    compare: bool,
}

const HELP: &str = "\
The page holds, first, plain facts for a progress note, which can be copied as text; then figures, drawings second by
second, how the two went together, and read-outs. It describes notes and claims nothing about people.

Where the files begin: both are taken to begin at the same instant, unless --offset says otherwise, or the MIDI file has
the client's own notes in a track named 'client' (then they are matched with what is heard), or a marker named 'client'
where the recording begins. The page says which.

  antiphon report CLIENT.wav ACCOMPANIMENT.mid -o report.html
  antiphon report SESSION.antiphon -o report.html
  antiphon report --compare april.html-data may.html-data -o change.html";

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let inputs: Vec<&Path> = arguments.files.iter().map(PathBuf::as_path).collect();
    if arguments.compare { side_by_side(arguments, &inputs) } else { one_session(arguments, &inputs) }
}

fn side_by_side(arguments: &Arguments, inputs: &[&Path]) -> Result<()> {
    if inputs.len() < 2 {
        bail!("--compare needs two data files or more, like april.html-data may.html-data");
    }
    let sessions = inputs.iter().map(|path| Data::read(path)).collect::<Result<Vec<_>, _>>()?;
    let outputs = Outputs::prepare_page(&arguments.out, inputs)?;
    outputs.write_page(compare(&sessions).map_err(|why| anyhow!(why))?)?;
    say(format_args!("Compared {} sessions\nPage     {}", sessions.len(), arguments.out.display()))
}

fn one_session(arguments: &Arguments, inputs: &[&Path]) -> Result<()> {
    let request = request(arguments)?;
    let outputs = Outputs::prepare(&arguments.out, inputs)?;
    // Audio alone takes long.
    let length_s = Source::open(&request.client).ok().filter(|source| !source.is_midi());
    let length_s = length_s.and_then(|source| source.length().map(|length| length as f64 / source.rate_hz()));
    let bar = progress::Bar::listening(length_s);
    let mut step = None;
    let session = read(&request, &mut |now| {
        let (doing, length_s, heard_s) = match now {
            Step::Matching { heard_s, of_s } => ("Finding where the files begin", Some(of_s), heard_s),
            Step::Hearing { heard_s } => ("Listening", length_s, heard_s),
        };
        if step.replace(doing) != Some(doing) {
            bar.over(doing, length_s);
        }
        bar.reach(heard_s);
    })?;
    bar.step("Comparing what was played");
    let (title, date) = (arguments.title.clone(), date(arguments, &session.date));
    let report = Report::of(Session { title, date, ..session });
    bar.step("Drawing the page");
    outputs.write(&report)?;
    drop(bar);
    for assumption in &report.session.assumptions {
        note(format_args!("note: {assumption}"));
    }
    say(antiphon_session::report::facts(&report))?;
    let [page, table, data] = beside(&arguments.out);
    say(format_args!("Page     {}\nBeside   {}, {}", page.display(), table.display(), data.display()))
}

fn request(arguments: &Arguments) -> Result<Request> {
    let [client, rest @ ..] = arguments.files.as_slice() else { bail!("give the client's recording") };
    if rest.len() > 1 {
        bail!("give the client's recording and one MIDI file, or --compare and several data files");
    }
    if let Some(offset) = arguments.offset.filter(|offset| !offset.is_finite() || offset.abs() > OFFSET_MAX_S) {
        bail!("--offset {offset}: give seconds, less than a day");
    }
    let mut settings = Settings::default();
    choices::set(&mut settings, &mut antiphon_sound::Choice::default(), &arguments.set, false)?;
    Ok(Request { client: client.clone(), accompaniment: rest.first().cloned(), offset_s: arguments.offset, settings })
}

/// The day that was given, or that the session file tells, or on which the client's file was last saved.
fn date(arguments: &Arguments, told: &str) -> String {
    let saved = || std::fs::metadata(&arguments.files[0]).and_then(|data| data.modified()).ok();
    let here = |at| Some(jiff::Timestamp::try_from(at).ok()?.to_zoned(jiff::tz::TimeZone::system()));
    let day = || saved().and_then(here).map(|at| at.date().to_string());
    let told = Some(told.to_owned()).filter(|told| !told.is_empty());
    arguments.date.clone().or(told).or_else(day).unwrap_or_default()
}
