//! A VST3 host in this process.

mod audio;
mod objects;
#[cfg(target_os = "linux")]
mod panel;

pub use audio::Vst3Audio;

use super::{Buffers, Host, Input, Outbox, Param, Setup, Transport};
use anyhow::{Context, Result, ensure};
use objects::{Application, Handler, Stream};
use std::ffi::c_void;
use std::mem::zeroed;
#[cfg(target_os = "linux")]
use std::path::Path;
use vst3::Steinberg::Vst::BusDirections_::{kInput, kOutput};
use vst3::Steinberg::Vst::MediaTypes_::{kAudio, kEvent};
use vst3::Steinberg::Vst::ParameterInfo_::ParameterFlags_::{kCanAutomate, kIsBypass, kIsHidden};
use vst3::Steinberg::Vst::{
    IAudioProcessorTrait, IComponent, IComponentHandler, IComponentTrait, IEditController, IEditControllerTrait,
    IHostApplication, ParameterInfo, ProcessModes_, ProcessSetup, SpeakerArr, String128, SymbolicSampleSizes_,
    kSpeakerL,
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
    /// The view, while it is open.
    #[cfg(target_os = "linux")]
    panel: Option<panel::View>,
    component: ComPtr<IComponent>,
    controller: ComPtr<IEditController>,
    params: Vec<Param>,
    /// Known to the plugin as long as it lives.
    _application: ComPtr<IHostApplication>,
    _handler: ComPtr<IComponentHandler>,
    /// Here, unless it was sent to another thread.
    audio: Option<Vst3Audio>,
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
                #[cfg(target_os = "linux")]
                panel: None,
                params: read_params(&controller)?,
                audio: Some(Vst3Audio::new(
                    component.cast().context("no audio processor")?,
                    controller.clone(),
                    handler.0,
                )?),
                component,
                controller,
                _application: application,
                _handler: handler.1,
            })
        }
    }

    /// The first plugin of the module, a shared library, at `path`.
    ///
    /// # Safety
    /// The file is a VST3 plugin; its code runs in this process.
    #[cfg(target_os = "linux")]
    pub unsafe fn from_file(path: &Path) -> Result<Self> {
        // SAFETY: passed on to the caller; the library is never unloaded.
        unsafe {
            let library = Box::leak(Box::new(libloading::Library::new(path)?));
            Self::from_entry(*library.get::<ModuleEntry>(b"ModuleEntry")?, *library.get(b"GetPluginFactory")?)
        }
    }

    /// Takes the audio side away, for another thread; give it back with [`Vst3Host::join`].
    pub fn detach(&mut self) -> Result<Vst3Audio> {
        self.audio.take().context("the audio side is on another thread")
    }

    /// Takes back what [`Vst3Host::detach`] gave away.
    pub fn join(&mut self, audio: Vst3Audio) {
        self.audio = Some(audio);
    }

    /// The audio side.
    pub fn audio(&mut self) -> Result<&mut Vst3Audio> {
        self.audio.as_mut().context("the audio side is on another thread")
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
        if self.audio.as_ref().is_none_or(|audio| audio.active.is_none()) {
            for input in inputs {
                if let Input::Param { id, value, .. } = *input {
                    // SAFETY: a plain call.
                    ok(unsafe { self.controller.setParamNormalized(id, value) }, "set parameter")?;
                }
            }
            return Ok(());
        }
        self.audio()?.flush(inputs)
    }

    fn activate(&mut self, setup: Setup) -> Result<()> {
        let component = self.component.clone();
        let audio = self.audio()?;
        ensure!(audio.active.is_none(), "the plugin is active already");
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
            ok(audio.processor.setBusArrangements(&mut inputs, 1, &mut outputs, 1), "bus arrangement")?;
            if setup.channels == 1 {
                // As Ardour does: it asks, takes no notice of the answer, and hands over two channels all the same.
                audio.processor.setBusArrangements(&mut mono_inputs, 1, &mut mono_outputs, 1);
            }
            ok(audio.processor.setupProcessing(&mut process_setup), "set up processing")?;
            for (media, direction) in [(kAudio, kInput), (kAudio, kOutput), (kEvent, kInput), (kEvent, kOutput)] {
                let (media, direction) = (media as i32, direction as i32);
                for bus in 0..component.getBusCount(media, direction) {
                    ok(component.activateBus(media, direction, bus, 1), "activate bus")?;
                }
            }
            ok(component.setActive(1), "activate")?;
            ok(audio.processor.setProcessing(1), "start processing")?;
        }
        audio.active = Some((setup, Buffers::new(setup)));
        Ok(())
    }

    fn deactivate(&mut self) -> Result<()> {
        let component = self.component.clone();
        let audio = self.audio()?;
        ensure!(audio.active.take().is_some(), "the plugin is not active");
        // SAFETY: plain calls.
        unsafe {
            ok(audio.processor.setProcessing(0), "stop processing")?;
            ok(component.setActive(0), "deactivate")
        }
    }

    fn restart(&mut self) -> Result<()> {
        self.audio()?.restart()
    }

    fn reset(&mut self) -> Result<()> {
        // VST3 resets a plugin by stopping and starting it.
        self.audio()?.restart()
    }

    fn process(&mut self, block: &[&[f32]], inputs: &[Input], transport: Option<Transport>) -> Result<&[Vec<f32>]> {
        self.audio()?.process(block, inputs, transport)
    }

    fn outbox(&mut self) -> &mut Outbox {
        let audio = self.audio.as_mut();
        audio.expect("the audio side is on another thread, and its outbox with it").outbox()
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

    fn idle(&mut self) {
        #[cfg(target_os = "linux")]
        if let Some(view) = &self.panel {
            view.run();
        }
    }
}

impl Drop for Vst3Host {
    fn drop(&mut self) {
        #[cfg(target_os = "linux")]
        {
            self.panel = None;
        }
        if self.audio.as_ref().is_some_and(|audio| audio.active.is_some()) {
            let _ = self.deactivate();
        }
        // SAFETY: plain calls; the host application outlives them.
        unsafe {
            self.controller.setComponentHandler(std::ptr::null_mut());
            self.component.terminate();
        }
    }
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
