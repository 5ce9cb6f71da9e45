//! Puts the plugin where the DAWs of this user look, and the program beside cargo. Never needs root.

use crate::bundle::{PROGRAM, bundle};
use anyhow::{Context, Result};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// Builds and copies.
pub(crate) fn install() -> Result<()> {
    let (clap_dir, vst3_dir) = plugin_dirs()?;
    let program_dir = program_dir()?;
    let bundles = bundle(vec!["--release".to_owned()])?;
    let program = bundles.target.join("release").join(PROGRAM);
    for (built, dir) in [(&bundles.clap, clap_dir), (&bundles.vst3, vst3_dir), (&program, program_dir)] {
        let place = put(built, &dir)?;
        println!("Installed {}", place.display());
    }
    println!("Let your DAW scan for plugins again; Antiphon is an audio effect that sends MIDI.");
    Ok(())
}

/// Where cargo puts programs: whoever builds Antiphon finds them there.
fn program_dir() -> Result<PathBuf> {
    let of_cargo = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = env::var_os(if cfg!(windows) { "USERPROFILE" } else { "HOME" }).map(PathBuf::from);
    let cargo = of_cargo.or(home.map(|home| home.join(".cargo")));
    Ok(cargo.context("neither CARGO_HOME nor a home folder is set, so there is no folder to install to")?.join("bin"))
}

/// This user's folders for CLAP and VST3, as both standards name them.
fn plugin_dirs() -> Result<(PathBuf, PathBuf)> {
    let of_user = |variable: &str| {
        let value = env::var_os(variable).map(PathBuf::from);
        value.with_context(|| format!("{variable} is not set, so there is no folder to install to"))
    };
    Ok(if cfg!(target_os = "windows") {
        let common = of_user("LOCALAPPDATA")?.join("Programs").join("Common");
        (common.join("CLAP"), common.join("VST3"))
    } else if cfg!(target_os = "macos") {
        let plugins = of_user("HOME")?.join("Library/Audio/Plug-Ins");
        (plugins.join("CLAP"), plugins.join("VST3"))
    } else {
        let home = of_user("HOME")?;
        (home.join(".clap"), home.join(".vst3"))
    })
}

/// Copies `bundle` into `dir`. The old one is replaced only when the new one lies beside it complete: a DAW may have it
/// open.
fn put(bundle: &Path, dir: &Path) -> Result<PathBuf> {
    let name = bundle.file_name().context("a bundle has a name")?;
    let (place, beside) = (dir.join(name), dir.join(".antiphon-installing"));
    let wrong = || format!("cannot install to {}; make sure that you may write there", dir.display());
    fs::create_dir_all(dir).with_context(wrong)?;
    remove(&beside).with_context(wrong)?;
    copy(bundle, &beside).with_context(wrong)?;
    remove(&place).with_context(wrong)?;
    fs::rename(&beside, &place).with_context(wrong)?;
    Ok(place)
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    if !from.is_dir() {
        return fs::copy(from, to).map(|_| ());
    }
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

fn remove(path: &Path) -> std::io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_bundle_is_replaced_whole_whether_file_or_folder() {
        let room = tempfile::tempdir().unwrap();
        let (built, plugins) = (room.path().join("built"), room.path().join("home/.vst3"));
        let folder = built.join("Antiphon.vst3/Contents/x86_64-linux");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("Antiphon.so"), "new").unwrap();
        fs::write(built.join("Antiphon.clap"), "new").unwrap();
        fs::create_dir_all(plugins.join("Antiphon.vst3/Contents/of-old")).unwrap();
        fs::write(plugins.join("Antiphon.clap"), "old, and longer").unwrap();

        put(&built.join("Antiphon.vst3"), &plugins).unwrap();
        put(&built.join("Antiphon.clap"), &plugins).unwrap();
        assert_eq!(fs::read(plugins.join("Antiphon.vst3/Contents/x86_64-linux/Antiphon.so")).unwrap(), b"new");
        assert_eq!(fs::read(plugins.join("Antiphon.clap")).unwrap(), b"new");
        assert!(!plugins.join("Antiphon.vst3/Contents/of-old").exists());
        assert_eq!(fs::read_dir(&plugins).unwrap().count(), 2, "nothing else is left lying");
    }
}
