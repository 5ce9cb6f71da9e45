//! The commands and how they answer.

mod choices;
mod export;
mod hear;
mod progress;
mod render;
mod report;
mod say;
#[cfg(feature = "standalone")]
mod window;

use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::process::ExitCode;

/// Antiphon listens to a singer or player and answers in MIDI.
///
/// This is the musician of the plugin, without a DAW: give it a recording, and it writes down what it heard, what it
/// played and why. Nothing leaves this computer.
#[derive(Debug, Parser)]
#[command(
    name = "antiphon",
    version,
    after_help = "Try: antiphon render SONG.wav --out DIR
     antiphon hear SONG.wav --plot SONG.svg
     antiphon export SESSION.antiphon -o DIR
     antiphon report CLIENT.wav ACCOMPANIMENT.mid -o report.html
Every setting, what cues can do and what each file holds: antiphon render --help"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Render(render::Arguments),
    Hear(hear::Arguments),
    Export(export::Arguments),
    Report(report::Arguments),
    #[cfg(feature = "standalone")]
    Window(window::Arguments),
}

/// Runs the command that was asked for; what goes wrong is said on stderr.
pub fn run() -> ExitCode {
    let done = match Cli::parse_from(words()).command {
        Command::Render(arguments) => render::run(&arguments),
        Command::Hear(arguments) => hear::run(&arguments),
        Command::Export(arguments) => export::run(&arguments),
        Command::Report(arguments) => report::run(&arguments),
        #[cfg(feature = "standalone")]
        Command::Window(arguments) => window::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say::note(format_args!("{error:#}."));
            ExitCode::FAILURE
        }
    }
}

/// The words of the command line. Where there is a window to open, no word means to open it.
fn words() -> Vec<OsString> {
    let mut words: Vec<_> = std::env::args_os().collect();
    if cfg!(feature = "standalone") && words.len() < 2 {
        words.push("window".into());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
