//! `antiphon window`: the same panel and musician without a DAW, between microphone and loudspeaker.

use super::say::note;
use antiphon::telemetry::Missing;
use antiphon::{Antiphon, standalone};
use anyhow::{Result, bail};
use clap::Args;
use cpal::traits::{DeviceTrait, HostTrait};
use cpal::{Device, SupportedBufferSize};
use nice_plug::prelude::nice_export_standalone_with_args;

/// What drives the sound, in the order in which it is tried.
const JACK: &str = "jack";
const NO_SOUND: &str = "dummy";
const BACKENDS: [&str; 3] = [
    JACK,
    if cfg!(target_os = "macos") {
        "core-audio"
    } else if cfg!(windows) {
        "wasapi"
    } else {
        "alsa"
    },
    NO_SOUND,
];

/// The first microphone of a JACK server.
const JACK_MICROPHONE: &str = "system:capture_1";

/// The layout of one channel in and two out, counted from 1.
const ONE_MICROPHONE: &str = "2";
/// What a device is opened with unless something else is asked for.
const RATE_HZ: u32 = 48_000;
const PERIOD_SAMPLES: u32 = 512;

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
    let named = |names: [&str; 2]| {
        let is_named = |given: &String| names.contains(&given.split('=').next().unwrap_or_default());
        arguments.options.iter().any(is_named)
    };
    if !named(["--connect-jack-inputs"; 2]) {
        options.extend(["--connect-jack-inputs".to_owned(), JACK_MICROPHONE.to_owned()]);
    }
    let as_usual = !named(["--sample-rate", "-r"]) && !named(["--period-size", "-p"]);
    let mut missing = Missing::Nothing;
    if as_usual && !named(["--input-device"; 2]) {
        match microphone() {
            Some(microphone) => {
                options.extend(["--input-device".to_owned(), microphone.name]);
                if microphone.channels == 1 && !named(["--audio-layout", "-l"]) {
                    options.extend(["--audio-layout".to_owned(), ONE_MICROPHONE.to_owned()]);
                }
            }
            // A keyboard is heard without one.
            None if !named(["--midi-input"; 2]) => missing = Missing::Microphone,
            None => {}
        }
    }
    note("her voice is heard, not played back: loudspeakers do not howl.");
    let backends = if named(["--backend", "-b"]) || named(["--help", "-h"]) { &[][..] } else { &BACKENDS };
    let opened = if backends.is_empty() { open(options) } else { first_that_opens(backends, &options, missing) };
    if !opened {
        bail!("the window did not open, or the sound devices did not; antiphon window --help lists the choices");
    }
    Ok(())
}

/// Opens the window with the first of `backends` that there is; the last stands in for them, without any sound.
fn first_that_opens(backends: &[&str], options: &[String], missing: Missing) -> bool {
    for &backend in backends {
        standalone::open_without(match backend {
            JACK => Missing::Nothing,
            NO_SOUND => Missing::Sound,
            _ => missing,
        });
        let mut options = options.to_vec();
        options.extend(["--backend".to_owned(), backend.to_owned()]);
        let done = open(options);
        // What failed once there was sound would fail again.
        if done || standalone::has_run() {
            return done;
        }
        if backend == JACK {
            note("JACK is not running; the system's own sound takes its place.");
        }
    }
    false
}

fn open(options: Vec<String>) -> bool {
    nice_export_standalone_with_args::<Antiphon, _>(options)
}

/// A microphone that can be opened.
struct Microphone {
    name: String,
    channels: u16,
}

/// The system's usual microphone, else the first that can be opened.
///
/// The window finds a device again by its name in the system's list and opens the first so called, so only those count.
/// The usual device stands in the list under another name than by itself wherever a sound server takes its place.
fn microphone() -> Option<Microphone> {
    let host = cpal::default_host();
    let usual = host.default_input_device()?.id().ok();
    let mut listed: Vec<(String, Device)> = Vec::new();
    for device in host.input_devices().ok()? {
        if let Ok(description) = device.description()
            && listed.iter().all(|(name, _)| name != description.name())
        {
            listed.push((description.name().to_owned(), device));
        }
    }
    listed.sort_by_key(|(_, device)| device.id().ok() != usual);
    listed.into_iter().find_map(|(name, device)| Some(Microphone { name, channels: channels(&device)? }))
}

/// How many channels `device` is opened with: two, or one if it has no two.
fn channels(device: &Device) -> Option<u16> {
    let suits = |config: &cpal::SupportedStreamConfigRange| {
        let SupportedBufferSize::Range { min, max } = *config.buffer_size() else { return false };
        (config.min_sample_rate()..=config.max_sample_rate()).contains(&RATE_HZ)
            && (min..=max).contains(&PERIOD_SAMPLES)
    };
    let all = device.supported_input_configs().ok()?.filter(suits).map(|config| config.channels());
    all.filter(|channels| (1..=2).contains(channels)).max()
}
