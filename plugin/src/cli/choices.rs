//! Settings as `--set NAME=VALUE` gives them.

use antiphon_engine::settings::Settings;
use antiphon_session::cues::choose;
use antiphon_sound::Choice;
use anyhow::{Result, anyhow};

/// Sets what each of `pairs` names, of the musician or of the sound. `has_tempo`: the input brings tempo and metre along.
pub(super) fn set(settings: &mut Settings, sound: &mut Choice, pairs: &[String], has_tempo: bool) -> Result<()> {
    for pair in pairs {
        let (name, value) = pair
            .split_once('=')
            .ok_or_else(|| anyhow!("--set {pair}: it needs a name and a value, like --set density=0.4"))?;
        choose(settings, sound, name, value, has_tempo).map_err(|why| anyhow!("--set {pair}: {why}"))?;
    }
    Ok(())
}
