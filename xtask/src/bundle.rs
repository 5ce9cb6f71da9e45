//! The plugin as files that DAWs load.

use anyhow::{Context, Result};
use std::path::PathBuf;

/// The plugin's name in `bundler.toml`.
const NAME: &str = "Antiphon";

/// Where the bundles are.
pub(crate) struct Bundles {
    /// The CLAP: a file, on macOS a folder.
    pub clap: PathBuf,
    /// The VST3: a folder.
    pub vst3: PathBuf,
}

/// Builds the plugin with `options` for `cargo build`. Changes the current directory to the workspace's root.
pub(crate) fn bundle(options: Vec<String>) -> Result<Bundles> {
    let command = ["bundle", "antiphon"].map(str::to_owned).into_iter().chain(options);
    nice_plug_xtask::main_with_args("cargo xtask", command)?;
    let target = target_dir()?;
    let at = |extension: &str| target.join("bundled").join(NAME).with_extension(extension);
    Ok(Bundles { clap: at("clap"), vst3: at("vst3") })
}

/// Cargo's target folder: this program was built into a folder of it.
fn target_dir() -> Result<PathBuf> {
    let program = std::env::current_exe().context("this program does not know where it lies")?;
    let target = program.ancestors().find(|dir| dir.join("bundled").exists());
    target.map(PathBuf::from).context("the bundles are not where this program was built; run it as `cargo xtask`")
}
