//! Antiphon's seat in the DAW: hears the track it sits on, passes the sound through untouched, and answers in MIDI
//! and, if wanted, with a sound of its own.
//!
//! This file is glue. The musician is `antiphon-engine`; [`params`] are the therapist's choices, [`endings`] are the
//! host's ways of stopping, [`midi`] and [`transport`] translate, [`sound`] lets the answer be heard, [`telemetry`]
//! shows the panel what happens, [`recorder`] keeps a session when the therapist asks for it. What a window without a DAW
//! needs beside is in `standalone`, under the feature of that name.

pub mod endings;
pub mod midi;
pub mod panel;
pub mod params;
pub mod recorder;
pub mod sound;
#[cfg(feature = "standalone")]
pub mod standalone;
pub mod state;
pub mod telemetry;
pub mod transport;
pub mod worker;

use antiphon_engine::Musician;
use antiphon_engine::listen::downmix::Downmix;
use antiphon_engine::time::Clock;
use endings::Endings;
use midi::{ClientNotes, Stage};
use nice_plug::prelude::*;
use panel::embed::PanelEditor;
use params::AntiphonParams;
use recorder::{Recorder, Tap};
use sound::Speaker;
use std::sync::Arc;
use telemetry::{Telemetry, Window};

/// Samples analysed at a time; any number gives the same events.
const CHUNK_SAMPLES: usize = 1024;

/// The plugin, one a track.
pub struct Antiphon {
    params: Arc<AntiphonParams>,
    /// Made when the host first names a sample rate.
    musician: Option<Box<Musician>>,
    endings: Endings,
    client: ClientNotes,
    downmix: Downmix,
    speaker: Speaker,
    telemetry: Telemetry,
    /// The panel's end of the telemetry, until the panel takes it.
    window: Option<Window>,
    tap: Tap,
    recorder: Recorder,
}

impl Default for Antiphon {
    fn default() -> Self {
        let (telemetry, window) = telemetry::telemetry();
        let (tap, recorder) = recorder::recorder();
        Self {
            params: Arc::default(),
            musician: None,
            endings: Endings::default(),
            client: ClientNotes::default(),
            downmix: Downmix::default(),
            speaker: Speaker::default(),
            telemetry,
            window: Some(window),
            tap,
            recorder,
        }
    }
}

impl Plugin for Antiphon {
    const NAME: &'static str = "Antiphon";
    const VENDOR: &'static str = "Antiphon";
    const URL: &'static str = "";
    const EMAIL: &'static str = "";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    /// Stereo alone. Ardour 7 asks a VST3 plugin on a mono track for one channel and then hands over two, which
    /// nice-plug answers with a panic; told that there is no mono, it puts the track on the left channel.
    const AUDIO_IO_LAYOUTS: &'static [AudioIOLayout] = &[
        between(2, 2),
        // A microphone of one channel and two loudspeakers: in a window of its own alone.
        #[cfg(feature = "standalone")]
        between(1, 2),
    ];
    const MIDI_INPUT: MidiConfig = MidiConfig::Basic;
    const MIDI_OUTPUT: MidiConfig = MidiConfig::MidiCCs;
    const SAMPLE_ACCURATE_AUTOMATION: bool = true;

    type Editor = PanelEditor;
    type SysExMessage = ();
    type BackgroundTask = worker::Rest;

    fn params(&self) -> Arc<dyn Params> {
        self.params.clone()
    }

    fn task_executor(&mut self) -> TaskExecutor<Self> {
        Box::new(worker::Rest::rest)
    }

    fn editor(&mut self, executor: AsyncExecutor<Self>) -> Option<Self::Editor> {
        worker::meet(executor);
        panel::editor(self.params.clone(), self.window.take()?, self.recorder.clone())
    }

    fn filter_state(state: &mut PluginState) {
        state::make_harmless(state);
    }

    fn activate(&mut self, _: &AudioIOLayout, config: &BufferConfig, context: &mut impl ActivateContext<Self>) -> bool {
        if context.plugin_api() == PluginApi::Vst3 {
            worker::keep();
        }
        let rate_hz = f64::from(config.sample_rate);
        let clock = Clock::new(rate_hz);
        match &mut self.musician {
            Some(musician) if musician.clock() == clock => {}
            Some(musician) => {
                let mut heir = Box::new(Musician::new(rate_hz));
                heir.inherit(musician);
                *musician = heir;
            }
            None => self.musician = Some(Box::new(Musician::new(rate_hz))),
        }
        self.speaker.prepare(rate_hz);
        self.endings.prepare(f64::from(config.max_buffer_size) / clock.rate_hz());
        self.reset();
        true
    }

    fn reset(&mut self) {
        if let Some(musician) = &mut self.musician {
            musician.reset();
        }
        self.endings.reset();
        self.client.reset();
        self.downmix = Downmix::default();
        self.tap.reset();
        self.speaker.reset();
    }

    fn process(
        &mut self,
        buffer: &mut Buffer,
        _: &mut AuxiliaryBuffers,
        context: &mut impl ProcessContext<Self>,
    ) -> ProcessStatus {
        // Without a DAW, what the microphone hears goes to the ears alone: played back, loudspeakers would howl.
        let alone = context.plugin_api() == PluginApi::Standalone;
        // A host may hand over fewer channels than were agreed; what is not there cannot be heard or played on.
        if buffer.as_slice_immutable().iter().any(|channel| channel.len() != buffer.samples()) {
            return ProcessStatus::KeepAlive;
        }
        let settings = self.params.settings();
        let bypassed = self.params.bypass.value();
        #[cfg(feature = "standalone")]
        let bypassed = (alone && standalone::block()) || bypassed;
        let ending = self.endings.notice(context.transport(), buffer.samples(), bypassed, self.params.loads());
        scrub(buffer);
        self.speaker.begin_block(&self.params.sound_choice(), ending, settings.panic);
        if let Some(musician) = &mut self.musician {
            if ending {
                musician.end_all();
            }
            let transport = transport::of_host(context.transport());
            musician.transport(transport.as_ref());
            self.tap.block(musician, &settings, transport.as_ref());
            let mut mono = [0.0; CHUNK_SAMPLES];
            let mut from = 0;
            while from < buffer.samples() {
                let until = buffer.samples().min(from + CHUNK_SAMPLES);
                let (until, notes) = self.client.take(from, until, || context.next_event());
                let mono = &mut mono[..until - from];
                self.downmix.process(buffer.as_slice_immutable(), from, mono);
                self.telemetry.hear(mono);
                self.tap.hands(notes);
                let (telemetry, tap, speaker) = (&mut self.telemetry, &mut self.tap, &mut self.speaker);
                let mut stage = Stage { context, telemetry, tap, speaker, from: from as u32, silenced: bypassed };
                musician.process(mono, notes, &settings, &mut stage);
                self.tap.advance(until - from);
                if alone {
                    sound::mute(buffer, from, until);
                }
                self.speaker.add(buffer, from, until);
                from = until;
            }
            self.client.next_block(buffer.samples(), || context.next_event());
            self.telemetry.show(musician, bypassed);
        }
        ProcessStatus::KeepAlive
    }
}

/// A layout of so many channels in and out.
const fn between(inputs: u32, outputs: u32) -> AudioIOLayout {
    AudioIOLayout {
        main_input_channels: NonZeroU32::new(inputs),
        main_output_channels: NonZeroU32::new(outputs),
        ..AudioIOLayout::const_default()
    }
}

/// Leaves every sample as it came, bit for bit, but for those that harm whatever follows: not finite, or subnormal.
fn scrub(buffer: &mut Buffer) {
    for channel in buffer.as_slice() {
        for sample in channel.iter_mut().filter(|sample| !sample.is_normal()) {
            // A zero keeps its sign.
            *sample = if *sample == 0.0 { *sample } else { 0.0 };
        }
    }
}

impl ClapPlugin for Antiphon {
    const CLAP_ID: &'static str = "org.antiphon.antiphon";
    const CLAP_DESCRIPTION: Option<&'static str> =
        Some("Hears a singer or player in a music-therapy session and answers in MIDI");
    const CLAP_MANUAL_URL: Option<&'static str> = None;
    const CLAP_SUPPORT_URL: Option<&'static str> = None;
    const CLAP_FEATURES: &'static [ClapFeature] =
        &[ClapFeature::AudioEffect, ClapFeature::NoteDetector, ClapFeature::Analyzer, ClapFeature::Stereo];
}

impl Vst3Plugin for Antiphon {
    /// Never changes: sessions find the plugin by it.
    const VST3_CLASS_ID: [u8; 16] = *b"AntiphonSession1";
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] = &[Vst3SubCategory::Fx, Vst3SubCategory::Tools];
}

nice_export_clap!(Antiphon);
nice_export_vst3!(Antiphon);
