//! What is done to the project rather than by it: `cargo xtask bundle`, `install`, `demo`, `exchange`, `knobs`, `portraits`, `score`, `tables`.

mod bundle;
mod demo;
mod exchange;
mod install;
mod knobs;
mod portraits;
mod score;
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
    /// Build the plugin and put it where the DAWs of this user look
    Install,
    Knobs(knobs::Arguments),
    Demo(demo::Arguments),
    Exchange(exchange::Arguments),
    Portraits(portraits::Arguments),
    Score(score::Arguments),
    Tables(tables::Arguments),
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Bundle { options } => bundle::bundle(options).map(|_| ()),
        Command::Install => install::install(),
        Command::Knobs(arguments) => {
            knobs::run(&arguments);
            Ok(())
        }
        Command::Demo(arguments) => demo::demo(&arguments),
        Command::Exchange(arguments) => exchange::run(&arguments),
        Command::Portraits(arguments) => portraits::run(&arguments),
        Command::Score(arguments) => score::score(&arguments),
        Command::Tables(arguments) => tables::tables(&arguments),
    }
}
