//! What is done to the project rather than by it: bundles, a release, a demo,
//! and what measures it.

mod bundle;
mod courtesy;
mod demo;
mod dist;
mod exchange;
mod install;
mod knobs;
mod licences;
#[cfg(target_os = "linux")]
mod openings;
mod portraits;
mod score;
mod shots;
mod tables;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Build, install and try out Antiphon
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the plugin as .clap and .vst3 into target/bundled
    Bundle {
        /// Options for `cargo build`, like --release
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<String>,
    },
    /// Build the plugin and put it where the DAWs of this user look, and the program `antiphon` where cargo puts programs
    Install,
    Courtesy(courtesy::Arguments),
    Knobs(knobs::Arguments),
    Demo(demo::Arguments),
    Dist(dist::Arguments),
    Exchange(exchange::Arguments),
    #[cfg(target_os = "linux")]
    Openings(openings::Arguments),
    Portraits(portraits::Arguments),
    Score(score::Arguments),
    /// Take the pictures of the guide, from the real panel
    Shots,
    Tables(tables::Arguments),
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Bundle { options } => bundle::bundle(options).map(|_| ()),
        Command::Install => install::install(),
        Command::Courtesy(arguments) => courtesy::run(&arguments),
        Command::Knobs(arguments) => {
            knobs::run(&arguments);
            Ok(())
        }
        Command::Demo(arguments) => demo::demo(&arguments),
        Command::Dist(arguments) => dist::dist(&arguments),
        Command::Exchange(arguments) => exchange::run(&arguments),
        #[cfg(target_os = "linux")]
        Command::Openings(arguments) => openings::run(&arguments),
        Command::Portraits(arguments) => portraits::run(&arguments),
        Command::Score(arguments) => score::score(&arguments),
        Command::Shots => shots::shots(),
        Command::Tables(arguments) => tables::tables(&arguments),
    }
}
