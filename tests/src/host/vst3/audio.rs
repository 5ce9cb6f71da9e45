//! The part of a VST3 host that may live on an audio thread of its own.

use super::objects::{Changes, Handler, InEvents, OutEvents};
use super::{object, ok};
use crate::host::{Buffers, Input, Outbox, PLUGIN_CHANNELS, Setup, Transport};
use anyhow::{Context, Result, ensure};
use std::cell::RefCell;
use std::mem::zeroed;
use vst3::Steinberg::Vst::Event_::EventTypes_::{kNoteOffEvent, kNoteOnEvent};
use vst3::Steinberg::Vst::ProcessContext_::StatesAndFlags_::{
    kCycleActive, kCycleValid, kPlaying, kProjectTimeMusicValid, kTempoValid, kTimeSigValid,
};
use vst3::Steinberg::Vst::{
    AudioBusBuffers, Event, IAudioProcessor, IAudioProcessorTrait, IEditController, IEventList, IMidiMapping,
    IMidiMappingTrait, IParameterChanges, NoteOffEvent, NoteOnEvent, ProcessContext, ProcessData, ProcessModes_,
    SymbolicSampleSizes_,
};
use vst3::Steinberg::kResultOk;
use vst3::{ComPtr, ComWrapper};

/// Processes blocks; can be sent to another thread while the rest of the host stays.
pub struct Vst3Audio {
    pub(super) processor: ComPtr<IAudioProcessor>,
    controller: ComPtr<IEditController>,
    handler: ComWrapper<Handler>,
    in_events: (ComWrapper<InEvents>, ComPtr<IEventList>),
    out_events: (ComWrapper<OutEvents>, ComPtr<IEventList>),
    changes: (ComWrapper<Changes>, ComPtr<IParameterChanges>),
    pub(super) outbox: Box<Outbox>,
    pub(super) active: Option<(Setup, Buffers)>,
}

// SAFETY: the lists are reached through this alone, and by the plugin during calls that this makes; what is shared with
// the rest of the host, the handler, is behind a lock.
unsafe impl Send for Vst3Audio {}

impl Vst3Audio {
    pub(super) fn new(
        processor: ComPtr<IAudioProcessor>,
        controller: ComPtr<IEditController>,
        handler: ComWrapper<Handler>,
    ) -> Result<Self> {
        Ok(Self {
            processor,
            controller,
            handler,
            in_events: object(InEvents::new())?,
            out_events: object(OutEvents(RefCell::new(None)))?,
            changes: object(Changes::new())?,
            outbox: Box::new(Outbox::new()),
            active: None,
        })
    }

    /// What came out so far.
    pub fn outbox(&mut self) -> &mut Outbox {
        &mut self.outbox
    }

    /// Stops processing and starts again without deactivating.
    pub fn restart(&mut self) -> Result<()> {
        // SAFETY: plain calls.
        unsafe {
            ok(self.processor.setProcessing(0), "stop processing")?;
            ok(self.processor.setProcessing(1), "start processing")
        }
    }

    pub(super) fn flush(&mut self, inputs: &[Input]) -> Result<()> {
        self.fill(inputs)?;
        // SAFETY: process data without buffers is VST3's parameter flush; the lists outlive the call.
        unsafe {
            let mut data: ProcessData = zeroed();
            data.symbolicSampleSize = SymbolicSampleSizes_::kSample32 as i32;
            data.inputParameterChanges = self.changes.1.as_ptr();
            ok(self.processor.process(&mut data), "flush")
        }
    }

    /// As [`Host::process`](crate::host::Host::process).
    pub fn process(&mut self, block: &[&[f32]], inputs: &[Input], transport: Option<Transport>) -> Result<&[Vec<f32>]> {
        self.fill(inputs)?;
        self.pass_edits_on()?;
        let (setup, buffers) = self.active.as_mut().context("the plugin is not active")?;
        let samples = buffers.fill(block)?;
        self.outbox.open(samples);
        let mut context = transport.map(|t| vst3_context(&t, setup.rate_hz));
        let mut pointers = [[std::ptr::null_mut(); 2]; 2];
        for (place, channel) in pointers[0].iter_mut().zip(&mut buffers.input) {
            *place = channel.as_mut_ptr();
        }
        for (place, channel) in pointers[1].iter_mut().zip(&mut buffers.output) {
            *place = channel.as_mut_ptr();
        }
        let mut buses = pointers.each_mut().map(|channels| {
            // SAFETY: a bus is plain data, for which all zeros is a value.
            let mut bus: AudioBusBuffers = unsafe { zeroed() };
            bus.numChannels = PLUGIN_CHANNELS as i32;
            bus.__field0.channelBuffers32 = channels.as_mut_ptr();
            bus
        });
        let [input, output] = &mut buses;
        let mut data = ProcessData {
            processMode: ProcessModes_::kRealtime as i32,
            symbolicSampleSize: SymbolicSampleSizes_::kSample32 as i32,
            numSamples: samples as i32,
            numInputs: 1,
            numOutputs: 1,
            inputs: input,
            outputs: output,
            inputParameterChanges: self.changes.1.as_ptr(),
            outputParameterChanges: std::ptr::null_mut(),
            inputEvents: self.in_events.1.as_ptr(),
            outputEvents: self.out_events.1.as_ptr(),
            processContext: context.as_mut().map_or(std::ptr::null_mut(), |context| context),
        };
        let outbox = std::mem::take(&mut self.outbox);
        *self.out_events.0.0.borrow_mut() = Some(outbox);
        // SAFETY: everything that the data points to lives until the call has returned.
        let result = unsafe { self.processor.process(&mut data) };
        if let Some(outbox) = self.out_events.0.0.borrow_mut().take() {
            self.outbox = outbox;
        }
        ok(result, "process")?;
        self.outbox.close();
        Ok(buffers.heard())
    }

    /// Puts `inputs` into the lists the plugin reads.
    fn fill(&mut self, inputs: &[Input]) -> Result<()> {
        self.changes.0.clear();
        self.in_events.0.0.borrow_mut().clear();
        for input in inputs {
            match *input {
                Input::Param { at, id, value } => {
                    ensure!(self.changes.0.add(at, id, value), "too many parameters change within a block");
                }
                Input::Note { at, channel, key, velocity } => self.note(at, channel, key, velocity),
                Input::Transport { .. } => {}
                Input::Midi { at, bytes: [status, first, second] } => match status & 0xF0 {
                    0x90 => self.note(at, status & 0x0F, first, second),
                    0x80 => self.note(at, status & 0x0F, first, 0),
                    0xB0 => {
                        if let Some(id) = self.controller_param(status & 0x0F, first) {
                            self.changes.0.add(at, id, f64::from(second) / 127.0);
                        }
                    }
                    _ => {}
                },
            }
        }
        Ok(())
    }

    fn note(&self, at: u32, channel: u8, key: u8, velocity: u8) {
        // SAFETY: an event is plain data, for which all zeros is a value.
        let mut event: Event = unsafe { zeroed() };
        event.sampleOffset = at as i32;
        let (channel, pitch, level) = (i16::from(channel), i16::from(key), f32::from(velocity) / 127.0);
        if velocity > 0 {
            event.r#type = kNoteOnEvent as u16;
            event.__field0.noteOn = NoteOnEvent { channel, pitch, tuning: 0.0, velocity: level, length: 0, noteId: -1 };
        } else {
            event.r#type = kNoteOffEvent as u16;
            event.__field0.noteOff = NoteOffEvent { channel, pitch, velocity: 0.5, noteId: -1, tuning: 0.0 };
        }
        self.in_events.0.0.borrow_mut().push(event);
    }

    /// The parameter that stands for a MIDI controller, if the plugin has one.
    fn controller_param(&self, channel: u8, controller: u8) -> Option<u32> {
        let mapping: ComPtr<IMidiMapping> = self.controller.cast()?;
        let mut id = 0;
        // SAFETY: the plugin writes one id.
        let found = unsafe { mapping.getMidiControllerAssignment(0, channel.into(), i16::from(controller), &mut id) };
        (found == kResultOk).then_some(id)
    }

    /// What the panel changed since the last block goes to the plugin as the host's own changes do.
    fn pass_edits_on(&mut self) -> Result<()> {
        let edits = self.handler.edits.lock().map(|mut edits| std::mem::take(&mut *edits)).unwrap_or_default();
        for (id, value) in edits {
            ensure!(self.changes.0.add(0, id, value), "too many parameters change within a block");
            let _ = self.outbox.change(0, id, value);
        }
        Ok(())
    }
}

fn vst3_context(transport: &Transport, rate_hz: f64) -> ProcessContext {
    // SAFETY: a context is plain data, for which all zeros is a value.
    let mut context: ProcessContext = unsafe { zeroed() };
    let flags = [
        (kPlaying, transport.playing),
        (kTempoValid, true),
        (kTimeSigValid, true),
        (kProjectTimeMusicValid, true),
        (kCycleActive, transport.looped.is_some()),
        (kCycleValid, transport.looped.is_some()),
    ];
    // The constants are signed on one system and not on another.
    context.state = flags.iter().filter(|(_, on)| *on).fold(0, |state, (flag, _)| state | i64::from(*flag)) as u32;
    let (start, end) = transport.looped.unwrap_or_default();
    context.sampleRate = rate_hz;
    context.projectTimeSamples = transport.position;
    context.projectTimeMusic = transport.beats(transport.position, rate_hz);
    context.cycleStartMusic = transport.beats(start, rate_hz);
    context.cycleEndMusic = transport.beats(end, rate_hz);
    context.tempo = transport.tempo_bpm;
    (context.timeSigNumerator, context.timeSigDenominator) = (4, 4);
    context
}
