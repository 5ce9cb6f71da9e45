//! The plugin as files that DAWs load.

use anyhow::{Context, Result, bail};
use std::path::PathBuf;

/// The plugin's name in `bundler.toml`.
const NAME: &str = "Antiphon";

/// The package of the plugin, and of its program.
pub(crate) const PACKAGE: &str = "antiphon";

/// The program's file.
pub(crate) const PROGRAM: &str = if cfg!(windows) { "antiphon.exe" } else { "antiphon" };

/// Where the bundles are.
pub(crate) struct Bundles {
    /// The CLAP: a file, on macOS a folder.
    pub clap: PathBuf,
    /// The VST3: a folder.
    pub vst3: PathBuf,
    /// Cargo's target folder.
    pub target: PathBuf,
}

/// Builds the plugin with `options` for `cargo build`. Changes the current directory to the workspace's root.
pub(crate) fn bundle(options: Vec<String>) -> Result<Bundles> {
    let command = ["bundle", PACKAGE].map(str::to_owned).into_iter().chain(unnamed(options)?);
    nice_plug_xtask::main_with_args("cargo xtask", command)?;
    let target = target_dir()?;
    let at = |extension: &str| target.join("bundled").join(NAME).with_extension(extension);
    Ok(Bundles { clap: at("clap"), vst3: at("vst3"), target })
}

/// `options` without the name of the package, which may stand first or after -p as in other projects of plugins: there is but one.
fn unnamed(options: Vec<String>) -> Result<Vec<String>> {
    let mut kept = Vec::new();
    let mut words = options.into_iter();
    while let Some(word) = words.next() {
        let package = match word.as_str() {
            "-p" | "--package" => words.next().unwrap_or_default(),
            name if kept.is_empty() && !name.starts_with('-') => name.to_owned(),
            _ => {
                kept.push(word);
                continue;
            }
        };
        if package != PACKAGE {
            bail!(
                "there is no plugin '{package}' here; say `cargo xtask bundle --release` or `cargo xtask bundle {PACKAGE} --release`"
            );
        }
    }
    Ok(kept)
}

/// Cargo's target folder: this program was built into a folder of it.
fn target_dir() -> Result<PathBuf> {
    let program = std::env::current_exe().context("this program does not know where it lies")?;
    let target = program.ancestors().find(|dir| dir.join("bundled").exists());
    target.map(PathBuf::from).context("the bundles are not where this program was built; run it as `cargo xtask`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn the_plugin_may_be_named_as_in_other_projects() {
        for line in ["--release", "antiphon --release", "-p antiphon --release", "--release --package antiphon"] {
            assert_eq!(unnamed(words(line)).unwrap(), ["--release"], "{line}");
        }
        assert_eq!(unnamed(words("antiphon --target x --release")).unwrap(), ["--target", "x", "--release"]);
        let wrong = unnamed(words("another --release")).unwrap_err().to_string();
        assert!(wrong.contains("'another'") && wrong.contains("bundle antiphon --release"), "{wrong}");
    }
}
