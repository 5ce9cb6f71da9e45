//! `antiphon window`: the same panel and musician without a DAW, between microphone and loudspeaker.

use antiphon::Antiphon;
use anyhow::{Result, bail};
use clap::Args;
use cpal::traits::{DeviceTrait, HostTrait};
use nice_plug::prelude::nice_export_standalone_with_args;

/// The first microphone of a JACK server.
const JACK_MICROPHONE: &str = "system:capture_1";

/// Open Antiphon in a window of its own: microphone in, sound and MIDI out (this also happens without any command)
#[derive(Debug, Default, Args)]
#[command(disable_help_flag = true)]
pub(super) struct Arguments {
    /// Devices and how they are driven, like --backend alsa or --input-device NAME; --help lists them all
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    options: Vec<String>,
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let mut options = vec!["antiphon window".to_owned()];
    options.extend(arguments.options.iter().cloned());
    let named = |option: &str| arguments.options.iter().any(|given| given.split('=').next() == Some(option));
    if !named("--connect-jack-inputs") {
        options.extend(["--connect-jack-inputs".to_owned(), JACK_MICROPHONE.to_owned()]);
    }
    if !named("--input-device")
        && let Some(name) = microphone()
    {
        options.extend(["--input-device".to_owned(), name]);
    }
    eprintln!("antiphon: her voice is heard, not played back: loudspeakers do not howl.");
    if !nice_export_standalone_with_args::<Antiphon, _>(options) {
        bail!("the window did not open, or the sound devices did not; antiphon window --help lists the choices");
    }
    Ok(())
}

/// The name of the system's usual microphone.
fn microphone() -> Option<String> {
    let device = cpal::default_host().default_input_device()?;
    device.description().ok().map(|description| description.name().to_owned())
}
