//! A VST3 host in this process.

mod objects;

use super::{Buffers, Host, Input, Outbox, PLUGIN_CHANNELS, Param, Setup, Transport};
use anyhow::{Context, Result, ensure};
use objects::{Application, Changes, Handler, InEvents, OutEvents, Stream};
use std::cell::RefCell;
use std::ffi::c_void;
use std::mem::zeroed;
use vst3::Steinberg::Vst::BusDirections_::{kInput, kOutput};
use vst3::Steinberg::Vst::Event_::EventTypes_::{kNoteOffEvent, kNoteOnEvent};
use vst3::Steinberg::Vst::MediaTypes_::{kAudio, kEvent};
use vst3::Steinberg::Vst::ParameterInfo_::ParameterFlags_::{kCanAutomate, kIsBypass, kIsHidden};
use vst3::Steinberg::Vst::ProcessContext_::StatesAndFlags_::{
    kCycleActive, kCycleValid, kPlaying, kProjectTimeMusicValid, kTempoValid, kTimeSigValid,
};
use vst3::Steinberg::Vst::{
    AudioBusBuffers, Event, IAudioProcessor, IAudioProcessorTrait, IComponent, IComponentHandler, IComponentTrait,
    IEditController, IEditControllerTrait, IEventList, IHostApplication, IMidiMapping, IMidiMappingTrait,
    IParameterChanges, NoteOffEvent, NoteOnEvent, ParameterInfo, ProcessContext, ProcessData, ProcessModes_,
    ProcessSetup, SpeakerArr, String128, SymbolicSampleSizes_, kSpeakerL,
};
use vst3::Steinberg::{
    FUnknown, IBStream, IPluginBaseTrait, IPluginFactory, IPluginFactoryTrait, PClassInfo, kResultOk, tresult,
};
use vst3::com_scrape_types::MakeHeader;
use vst3::{ComPtr, ComWrapper, Interface};

/// What a VST3 module exports as `ModuleEntry` (Linux) or `bundleEntry` (macOS).
pub type ModuleEntry = extern "C" fn(*mut c_void) -> bool;
/// What a VST3 module exports as `GetPluginFactory`.
pub type GetPluginFactory = extern "system" fn() -> *mut c_void;

/// One instance of a VST3 plugin whose processor and controller are one object, and the host around it.
pub struct Vst3Host {
    component: ComPtr<IComponent>,
    processor: ComPtr<IAudioProcessor>,
    controller: ComPtr<IEditController>,
    params: Vec<Param>,
    /// Known to the plugin as long as it lives.
    _application: ComPtr<IHostApplication>,
    handler: (ComWrapper<Handler>, ComPtr<IComponentHandler>),
    in_events: (ComWrapper<InEvents>, ComPtr<IEventList>),
    out_events: (ComWrapper<OutEvents>, ComPtr<IEventList>),
    changes: (ComWrapper<Changes>, ComPtr<IParameterChanges>),
    outbox: Box<Outbox>,
    active: Option<(Setup, Buffers)>,
}

fn ok(result: tresult, what: &str) -> Result<()> {
    ensure!(result == kResultOk, "{what}: the plugin says {result}");
    Ok(())
}

/// A COM object of the host and its interface pointer.
fn object<C, I>(class: C) -> Result<(ComWrapper<C>, ComPtr<I>)>
where
    C: vst3::Class + 'static,
    C::Interfaces: MakeHeader<C, ComWrapper<C>>,
    I: Interface,
{
    let object = ComWrapper::new(class);
    let pointer = object.to_com_ptr::<I>().context("a host object lacks an interface")?;
    Ok((object, pointer))
}

fn from_utf16(text: &String128) -> String {
    let units: Vec<u16> = text.iter().copied().take_while(|&unit| unit != 0).collect();
    String::from_utf16_lossy(&units)
}

impl Vst3Host {
    /// The first plugin of the module that is linked into this program.
    ///
    /// # Safety
    /// The functions are those that a VST3 module exports under these names.
    pub unsafe fn from_entry(entry: ModuleEntry, factory: GetPluginFactory) -> Result<Self> {
        ensure!(entry(std::ptr::null_mut()), "the module refuses to be loaded");
        // SAFETY: the caller vouches for the factory function; what it returns is ours to release.
        let factory =
            unsafe { ComPtr::from_raw(factory().cast::<IPluginFactory>()) }.context("the module has no factory")?;
        // SAFETY: calls into the plugin with places and objects that outlive them, as VST3 asks.
        unsafe {
            let mut class: PClassInfo = zeroed();
            ok(factory.getClassInfo(0, &mut class), "class info")?;
            let mut created = std::ptr::null_mut();
            let made = factory.createInstance(class.cid.as_ptr(), IComponent::IID.as_ptr().cast(), &mut created);
            ok(made, "create instance")?;
            let component =
                ComPtr::from_raw(created.cast::<IComponent>()).context("the factory returned no component")?;
            let application = object::<_, IHostApplication>(Application)?.1;
            let context = application.as_ptr().cast::<FUnknown>();
            ok(component.initialize(context), "initialize")?;
            let controller: ComPtr<IEditController> = component.cast().context("no controller")?;
            let handler = object::<_, IComponentHandler>(Handler::default())?;
            ok(controller.setComponentHandler(handler.1.as_ptr()), "component handler")?;
            Ok(Self {
                processor: component.cast().context("no audio processor")?,
                params: read_params(&controller)?,
                component,
                controller,
                _application: application,
                handler,
                in_events: object(InEvents::new())?,
                out_events: object(OutEvents(RefCell::new(None)))?,
                changes: object(Changes::new())?,
                outbox: Box::new(Outbox::new()),
                active: None,
            })
        }
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
        let edits = self.handler.0.edits.lock().map(|mut edits| std::mem::take(&mut *edits)).unwrap_or_default();
        for (id, value) in edits {
            ensure!(self.changes.0.add(0, id, value), "too many parameters change within a block");
            let _ = self.outbox.change(0, id, value);
        }
        Ok(())
    }
}

impl Host for Vst3Host {
    fn format(&self) -> &'static str {
        "VST3"
    }

    fn params(&self) -> &[Param] {
        &self.params
    }

    fn value(&mut self, id: u32) -> Result<f64> {
        // SAFETY: a plain call.
        Ok(unsafe { self.controller.getParamNormalized(id) })
    }

    fn text(&mut self, id: u32, value: f64) -> Result<String> {
        // SAFETY: the plugin writes into a String128.
        unsafe {
            let mut text: String128 = zeroed();
            ok(self.controller.getParamStringByValue(id, value, &mut text), "value to text")?;
            Ok(from_utf16(&text))
        }
    }

    fn parse(&mut self, id: u32, text: &str) -> Result<Option<f64>> {
        let mut units: Vec<_> = text.encode_utf16().chain([0]).map(|unit| unit as _).collect();
        let mut value = 0.0;
        // SAFETY: the text ends with a zero, the plugin writes one number.
        let parsed = unsafe { self.controller.getParamValueByString(id, units.as_mut_ptr(), &mut value) };
        Ok((parsed == kResultOk).then_some(value))
    }

    fn flush(&mut self, inputs: &[Input]) -> Result<()> {
        if self.active.is_none() {
            for input in inputs {
                if let Input::Param { id, value, .. } = *input {
                    // SAFETY: a plain call.
                    ok(unsafe { self.controller.setParamNormalized(id, value) }, "set parameter")?;
                }
            }
            return Ok(());
        }
        self.fill(inputs)?;
        // SAFETY: process data without buffers is VST3's parameter flush; the lists outlive the call.
        unsafe {
            let mut data: ProcessData = zeroed();
            data.symbolicSampleSize = SymbolicSampleSizes_::kSample32 as i32;
            data.inputParameterChanges = self.changes.1.as_ptr();
            ok(self.processor.process(&mut data), "flush")
        }
    }

    fn activate(&mut self, setup: Setup) -> Result<()> {
        ensure!(self.active.is_none(), "the plugin is active already");
        let [mut inputs, mut outputs] = [SpeakerArr::kStereo; 2];
        let [mut mono_inputs, mut mono_outputs] = [kSpeakerL; 2];
        let mut process_setup = ProcessSetup {
            processMode: ProcessModes_::kRealtime as i32,
            symbolicSampleSize: SymbolicSampleSizes_::kSample32 as i32,
            maxSamplesPerBlock: setup.longest_block as i32,
            sampleRate: setup.rate_hz,
        };
        // SAFETY: calls in the order that VST3 asks for, with places that outlive them.
        unsafe {
            ok(self.processor.setBusArrangements(&mut inputs, 1, &mut outputs, 1), "bus arrangement")?;
            if setup.channels == 1 {
                // As Ardour does: it asks, takes no notice of the answer, and hands over two channels all the same.
                self.processor.setBusArrangements(&mut mono_inputs, 1, &mut mono_outputs, 1);
            }
            ok(self.processor.setupProcessing(&mut process_setup), "set up processing")?;
            for (media, direction) in [(kAudio, kInput), (kAudio, kOutput), (kEvent, kInput), (kEvent, kOutput)] {
                let (media, direction) = (media as i32, direction as i32);
                for bus in 0..self.component.getBusCount(media, direction) {
                    ok(self.component.activateBus(media, direction, bus, 1), "activate bus")?;
                }
            }
            ok(self.component.setActive(1), "activate")?;
            ok(self.processor.setProcessing(1), "start processing")?;
        }
        self.active = Some((setup, Buffers::new(setup)));
        Ok(())
    }

    fn deactivate(&mut self) -> Result<()> {
        ensure!(self.active.take().is_some(), "the plugin is not active");
        // SAFETY: plain calls.
        unsafe {
            ok(self.processor.setProcessing(0), "stop processing")?;
            ok(self.component.setActive(0), "deactivate")
        }
    }

    fn reset(&mut self) -> Result<()> {
        // SAFETY: plain calls; VST3 resets a plugin by stopping and starting it.
        unsafe {
            ok(self.processor.setProcessing(0), "stop processing")?;
            ok(self.processor.setProcessing(1), "start processing")
        }
    }

    fn process(&mut self, block: &[&[f32]], inputs: &[Input], transport: Option<Transport>) -> Result<&[Vec<f32>]> {
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

    fn outbox(&mut self) -> &mut Outbox {
        &mut self.outbox
    }

    fn save(&mut self) -> Result<Vec<u8>> {
        let (stream, pointer) = object::<_, IBStream>(Stream::default())?;
        // SAFETY: the stream outlives the call.
        ok(unsafe { self.component.getState(pointer.as_ptr()) }, "save")?;
        let bytes = stream.bytes.borrow().clone();
        Ok(bytes)
    }

    fn load(&mut self, state: &[u8]) -> Result<()> {
        let (_stream, pointer) = object::<_, IBStream>(Stream::new(state))?;
        // SAFETY: the stream outlives the call.
        ok(unsafe { self.component.setState(pointer.as_ptr()) }, "load")
    }

    fn idle(&mut self) {}
}

impl Drop for Vst3Host {
    fn drop(&mut self) {
        if self.active.is_some() {
            let _ = self.deactivate();
        }
        // SAFETY: plain calls; the host application outlives them.
        unsafe {
            self.controller.setComponentHandler(std::ptr::null_mut());
            self.component.terminate();
        }
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

fn read_params(controller: &ComPtr<IEditController>) -> Result<Vec<Param>> {
    let mut params = Vec::new();
    // SAFETY: the plugin writes into the info it is given.
    unsafe {
        for index in 0..controller.getParameterCount() {
            let mut info: ParameterInfo = zeroed();
            ok(controller.getParameterInfo(index, &mut info), "parameter info")?;
            let has = |flag: i32| info.flags & flag != 0;
            params.push(Param {
                id: info.id,
                name: from_utf16(&info.title),
                default: info.defaultNormalizedValue,
                steps: info.stepCount as u32,
                bypass: has(kIsBypass),
                automatable: has(kCanAutomate),
                hidden: has(kIsHidden),
            });
        }
    }
    Ok(params)
}
