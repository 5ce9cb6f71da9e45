//! The command line: the same musician as in the plugin, without a DAW.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
