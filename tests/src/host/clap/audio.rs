//! The part of a CLAP host that may live on an audio thread of its own.

use super::handlers::Handlers;
use crate::host::{Buffers, Input, Outbox, PLUGIN_CHANNELS, Param, Setup, Transport};
use anyhow::{Context, Result};
use clack_extensions::params::PluginParams;
use clack_host::events::event_types::*;
use clack_host::events::io::{OutputEventBuffer, TryPushError};
use clack_host::events::spaces::CoreEventSpace;
use clack_host::events::{EventFlags, Pckn};
use clack_host::prelude::*;
use clack_host::utils::{BeatTime, SecondsTime};

/// Processes blocks; can be sent to another thread while the rest of the host stays.
pub struct ClapAudio {
    processor: PluginAudioProcessor<Handlers>,
    setup: Setup,
    buffers: Buffers,
    ports: (AudioPorts, AudioPorts),
    pub(super) inbox: Inbox,
    pub(super) outbox: Box<Outbox>,
}

impl ClapAudio {
    pub(super) fn new(
        processor: StoppedPluginAudioProcessor<Handlers>,
        setup: Setup,
        inbox: Inbox,
        outbox: Box<Outbox>,
    ) -> Result<Self> {
        let mut processor = PluginAudioProcessor::from(processor);
        processor.start_processing().context("the plugin refuses to start processing")?;
        let ports = || AudioPorts::with_capacity(PLUGIN_CHANNELS, 1);
        Ok(Self { processor, setup, buffers: Buffers::new(setup), ports: (ports(), ports()), inbox, outbox })
    }

    /// Stops processing; gives back what outlives the activation.
    pub(super) fn stop(self) -> (StoppedPluginAudioProcessor<Handlers>, Inbox, Box<Outbox>) {
        (self.processor.into_stopped(), self.inbox, self.outbox)
    }

    /// What came out so far.
    pub fn outbox(&mut self) -> &mut Outbox {
        &mut self.outbox
    }

    /// As [`Host::reset`](crate::host::Host::reset).
    pub fn reset(&mut self) {
        self.processor.reset();
    }

    /// Stops processing and starts again without deactivating.
    pub fn restart(&mut self) -> Result<()> {
        self.processor.ensure_processing_stopped();
        self.processor.start_processing().context("the plugin refuses to start processing")?;
        Ok(())
    }

    /// As [`Host::process`](crate::host::Host::process).
    pub fn process(&mut self, block: &[&[f32]], inputs: &[Input], transport: Option<Transport>) -> Result<&[Vec<f32>]> {
        let samples = self.buffers.fill(block)?;
        self.inbox.fill(inputs, self.setup.rate_hz);
        self.outbox.open(samples);
        let steady_time = self.outbox.now();
        let transport = transport.map(|t| clap_transport(0, &t, self.setup.rate_hz));
        let input = self.ports.0.with_input_buffers([AudioPortBuffer {
            latency: 0,
            channels: AudioPortBufferType::f32_input_only(self.buffers.input.iter_mut().map(InputChannel::variable)),
        }]);
        let mut output = self.ports.1.with_output_buffers([AudioPortBuffer {
            latency: 0,
            channels: AudioPortBufferType::f32_output_only(self.buffers.output.iter_mut().map(Vec::as_mut_slice)),
        }]);
        let mut post = Post { outbox: &mut self.outbox, params: &self.inbox.params };
        self.processor
            .as_started_mut()?
            .process(
                &input,
                &mut output,
                &self.inbox.events.as_input(),
                &mut OutputEvents::from_buffer(&mut post),
                Some(steady_time),
                transport.as_ref(),
            )
            .context("the plugin reports that processing failed")?;
        self.outbox.close();
        Ok(self.buffers.heard())
    }

    pub(super) fn flush(&mut self, params: PluginParams, inputs: &[Input]) {
        self.inbox.fill(inputs, self.setup.rate_hz);
        self.outbox.open(1);
        let mut post = Post { outbox: &mut self.outbox, params: &self.inbox.params };
        params.flush_active(
            &mut self.processor.plugin_handle(),
            &self.inbox.events.as_input(),
            &mut OutputEvents::from_buffer(&mut post),
        );
    }
}

/// A parameter's id and its highest plain value; the lowest is 0.
pub(super) type Range = (u32, f64);

/// The events for one block, allocated ahead.
pub(super) struct Inbox {
    pub events: EventBuffer,
    pub params: Vec<Range>,
}

/// Most events that a test sends within one block.
const INPUTS: usize = 4096;

impl Inbox {
    pub fn new(ranges: Vec<Range>) -> Self {
        Self { events: EventBuffer::with_capacity(INPUTS), params: ranges }
    }

    pub fn fill(&mut self, inputs: &[Input], rate_hz: f64) {
        self.events.clear();
        for input in inputs {
            match *input {
                Input::Param { at, id, value } => {
                    let highest = self.params.iter().find(|(known, _)| *known == id).map_or(1.0, |(_, high)| *high);
                    let event = ParamValueEvent::new(at, ClapId::new(id), Pckn::match_all(), value * highest);
                    self.events.push(&event);
                }
                Input::Note { at, channel, key, velocity } => {
                    let pckn = Pckn::new(0_u16, u16::from(channel), u16::from(key), clack_host::events::Match::All);
                    match velocity {
                        0 => self.events.push(&NoteOffEvent::new(at, pckn, 0.5)),
                        _ => self.events.push(&NoteOnEvent::new(at, pckn, f64::from(velocity) / 127.0)),
                    }
                }
                Input::Midi { at, bytes } => self.events.push(&MidiEvent::new(at, 0, bytes)),
                Input::Transport { at, transport } => self.events.push(&clap_transport(at, &transport, rate_hz)),
            }
        }
    }
}

/// Where the plugin's events go.
pub(super) struct Post<'a> {
    pub outbox: &'a mut Outbox,
    pub params: &'a [Range],
}

impl OutputEventBuffer for Post<'_> {
    fn try_push(&mut self, event: &UnknownEvent) -> Result<(), TryPushError> {
        let at = event.header().time();
        let taken = match event.as_core_event() {
            Some(CoreEventSpace::NoteOn(note)) => {
                self.outbox.note(at, true, note.pckn().raw_channel(), note.pckn().raw_key(), note.velocity())
            }
            Some(CoreEventSpace::NoteOff(note)) => {
                self.outbox.note(at, false, note.pckn().raw_channel(), note.pckn().raw_key(), note.velocity())
            }
            Some(CoreEventSpace::Midi(midi)) => {
                let [status, key, velocity] = midi.data();
                let (channel, key, level) = (i16::from(status & 0x0F), i16::from(key), f64::from(velocity) / 127.0);
                match status & 0xF0 {
                    0x90 if velocity > 0 => self.outbox.note(at, true, channel, key, level),
                    0x80 | 0x90 => self.outbox.note(at, false, channel, key, level),
                    0xB0 => self.outbox.controller(at, status & 0x0F, midi.data()[1], velocity),
                    _ => Ok(()),
                }
            }
            Some(CoreEventSpace::ParamValue(change)) => {
                let id = change.param_id().map_or(0, |id| id.get());
                let highest = self.params.iter().find(|(known, _)| *known == id).map_or(1.0, |(_, high)| *high);
                self.outbox.change(at, id, change.value() / highest)
            }
            _ => Ok(()),
        };
        taken.map_err(|_| TryPushError::new())
    }
}

fn clap_transport(at: u32, transport: &Transport, rate_hz: f64) -> TransportEvent {
    let beats = |samples| BeatTime::from_float(transport.beats(samples, rate_hz));
    let seconds = |samples: i64| SecondsTime::from_float(samples as f64 / rate_hz);
    let (start, end) = transport.looped.unwrap_or_default();
    let mut flags = TransportFlags::HAS_TEMPO
        | TransportFlags::HAS_BEATS_TIMELINE
        | TransportFlags::HAS_SECONDS_TIMELINE
        | TransportFlags::HAS_TIME_SIGNATURE;
    flags.set(TransportFlags::IS_PLAYING, transport.playing);
    flags.set(TransportFlags::IS_LOOP_ACTIVE, transport.looped.is_some());
    TransportEvent {
        header: EventHeader::new_core(at, EventFlags::empty()),
        flags,
        song_pos_beats: beats(transport.position),
        song_pos_seconds: seconds(transport.position),
        tempo: transport.tempo_bpm,
        tempo_inc: 0.0,
        loop_start_beats: beats(start),
        loop_end_beats: beats(end),
        loop_start_seconds: seconds(start),
        loop_end_seconds: seconds(end),
        bar_start: BeatTime::from_int(0),
        bar_number: 0,
        time_signature_numerator: 4,
        time_signature_denominator: 4,
    }
}

/// The plugin's parameters as the host sees them, and the range of each.
pub(super) fn read_params(params: PluginParams, plugin: &PluginMainThreadHandle) -> (Vec<Param>, Vec<Range>) {
    use clack_extensions::params::{ParamInfoBuffer, ParamInfoFlags};
    let mut buffer = ParamInfoBuffer::new();
    let mut found = (Vec::new(), Vec::new());
    for index in 0..params.count(plugin) {
        let Some(info) = params.get_info(plugin, index, &mut buffer) else { continue };
        let stepped = info.flags.contains(ParamInfoFlags::IS_STEPPED);
        found.0.push(Param {
            id: info.id.get(),
            name: String::from_utf8_lossy(info.name).into_owned(),
            default: info.default_value / info.max_value,
            steps: if stepped { info.max_value as u32 } else { 0 },
            bypass: info.flags.contains(ParamInfoFlags::IS_BYPASS),
            automatable: info.flags.contains(ParamInfoFlags::IS_AUTOMATABLE),
            hidden: info.flags.contains(ParamInfoFlags::IS_HIDDEN),
        });
        found.1.push((info.id.get(), info.max_value));
    }
    found
}
