//! `antiphon hear`: what the ears alone make of a recording, told and drawn.

use super::say::{note, say};
use super::{choices, progress};
use antiphon_engine::settings::Settings;
use antiphon_session::hearing::Hearing;
use antiphon_session::plot::{self, Truth};
use antiphon_session::source::Source;
use antiphon_sound::Choice;
use anyhow::{Result, bail};
use clap::Args;
use std::path::{Path, PathBuf};

/// Draw what is heard in a recording: pitch, notes, beginnings, level
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A recording (wav, flac, aiff, ogg; mono or stereo; any rate), or a Standard MIDI File
    input: PathBuf,
    /// The drawing to write, as SVG; any browser shows and prints it. Its folder is made if need be
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    /// A setting, like listen=voice; may be given often. All are listed in antiphon render --help
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// What is true of the recording, to compare with: a csv file of lines time_s,f0_hz, or onset_s,offset_s,midi, or
    /// onset_s alone
    #[arg(long, value_name = "FILE")]
    truth: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let mut source = Source::open(&arguments.input)?;
    let truth = arguments.truth.as_deref().map(Truth::read).transpose()?;
    let mut settings = Settings::default();
    choices::set(&mut settings, &mut Choice::default(), &arguments.set, source.is_midi())?;
    if let Some(plot) = &arguments.plot {
        keep(plot, &[Some(&arguments.input), arguments.truth.as_ref()])?;
    }

    let rate_hz = source.rate_hz();
    let bar = progress::Bar::listening(source.length().map(|length| length as f64 / rate_hz));
    let heard = Hearing::of(&mut source, &settings, &mut |samples| bar.reach(samples as f64 / rate_hz));
    drop(bar);
    let heard = heard?;
    if let Some(warning) = source.warning() {
        note(format_args!("note: {warning}."));
    }
    say(&heard)?;
    let agreement = truth.as_ref().map(|truth| truth.agreement(&heard));
    if let Some(agreement) = &agreement {
        say(format_args!("Right    {agreement}"))?;
    }
    if let Some(path) = &arguments.plot {
        let name = arguments.input.file_name().unwrap_or_default().to_string_lossy();
        let title = format!("{name}: {}", agreement.unwrap_or_else(|| heard.notes_told()));
        plot::write(path, &heard, truth.as_ref(), &title)?;
        say(format_args!("Drawn    {}", path.display()))?;
    }
    Ok(())
}

/// Refuses to draw over a file that is read.
fn keep(plot: &Path, read: &[Option<&PathBuf>]) -> Result<()> {
    let place = |path: &Path| path.canonicalize().ok();
    let own = place(plot);
    if own.is_some() && read.iter().flatten().any(|path| place(path) == own) {
        bail!("--plot {}: it is read from and would be overwritten; choose another file", plot.display());
    }
    Ok(())
}
