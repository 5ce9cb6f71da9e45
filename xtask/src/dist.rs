//! The folder of a release: what a therapist needs, and nothing to build.

use crate::bundle::{PACKAGE, PROGRAM, bundle};
use crate::licences::{parts, told};
use anyhow::{Context, Result, bail};
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What goes along as it is.
const BESIDE: [&str; 3] = ["CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"];

/// Licences of what the plugin is built with.
const THIRD_PARTY: &str = "THIRD-PARTY.txt";

/// Build a release: the plugins, the program with its window, the guide, and the licences of everything in it
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The folder to write into; what is in it is replaced
    #[arg(long, value_name = "DIR", default_value = "target/dist")]
    out: PathBuf,
}

pub(crate) fn dist(arguments: &Arguments) -> Result<()> {
    let out = std::path::absolute(&arguments.out)?;
    // Asked before anything is built: what may not be given away is said at once.
    let licences = told(&parts(PACKAGE)?);
    let bundles = bundle(vec!["--release".to_owned()])?;
    let program = window(&bundles.target)?;
    let name = format!("antiphon-{}-{}-{}", env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH);
    let dir = out.join(name);
    if dir.exists() {
        fs::remove_dir_all(&dir).with_context(|| format!("cannot replace {}", dir.display()))?;
    }
    fs::create_dir_all(&dir).with_context(|| format!("cannot make {}; choose another --out", dir.display()))?;
    for from in [&bundles.clap, &bundles.vst3, &program, &PathBuf::from("plugin/guide")] {
        copy(from, &dir.join(from.file_name().context("it has a name")?))?;
    }
    for name in BESIDE {
        copy(Path::new(name), &dir.join(name))?;
    }
    fs::write(dir.join(THIRD_PARTY), licences)?;
    println!("The release lies in {}", dir.display());
    Ok(())
}

/// Builds the program with its window.
fn window(target: &Path) -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--release", "--package", PACKAGE, "--bin", PACKAGE, "--features", "standalone"])
        .status()
        .context("cargo cannot be started")?;
    if !built.success() {
        bail!(
            "the program with its window could not be built; on Linux it needs the headers of ALSA and JACK, see README.md"
        );
    }
    Ok(target.join("release").join(PROGRAM))
}

/// Copies a file, or a folder with all that is in it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    if from.is_dir() {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
        return Ok(());
    }
    fs::copy(from, to).with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    Ok(())
}
