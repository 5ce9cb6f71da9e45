//! The pictures of the guide, taken from the real panel in a real window while Antiphon plays to a synthetic singer.

use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

/// The picture of the room *Play*; those of the other rooms, and of the light theme, are taken beside it.
const PICTURE: &str = "plugin/guide/panel.png";

/// The test that opens the panel, and takes its picture where this variable names a file.
const TEST: &str = "panel_window::the_panel_opens_resizes_is_clicked_and_closes_20_times_while_audio_is_processed";
const PICTURE_NAME: &str = "ANTIPHON_SHOT";

/// The home that the pictures show.
const NEUTRAL_HOME: &str = "/home/you/.local/share";

/// Programs that are needed: an X server without a screen, and a camera.
const PROGRAMS: [(&str, &str); 2] = [("Xvfb", "xvfb"), ("import", "imagemagick")];

pub(crate) fn shots() -> Result<()> {
    for (program, package) in PROGRAMS {
        let found =
            std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).any(|dir| dir.join(program).is_file());
        ensure!(found, "{program} is needed for pictures, and is not there; install {package}");
    }
    let picture = std::path::absolute(PICTURE)?;
    let before = SystemTime::now();
    let status = Command::new("cargo")
        .args(["test", "--package", "antiphon-tests", "--test", "promises", "--", "--exact", TEST])
        .env(PICTURE_NAME, &picture)
        // The room Session shows where sessions are kept: nobody's own folder is in the guide.
        .envs(["XDG_DATA_HOME", "XDG_CONFIG_HOME"].map(|name| (name, NEUTRAL_HOME)))
        .status()
        .context("cargo cannot be run")?;
    ensure!(status.success(), "the panel could not be opened; what it said stands above");
    let folder = picture.parent().unwrap_or(Path::new("."));
    let mut taken = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_picture = path.extension().is_some_and(|extension| extension == "png");
        if is_picture && fs::metadata(&path)?.modified()? >= before {
            println!("{}", path.display());
            taken += 1;
        }
    }
    ensure!(taken > 0, "the panel was opened, and no picture was taken of it");
    Ok(())
}
