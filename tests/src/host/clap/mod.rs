//! A CLAP host in this process.

mod audio;
mod handlers;

pub use audio::ClapAudio;

#[cfg(target_os = "linux")]
use super::ShowsPanel;
use super::{Host, Input, Outbox, Param, Setup, Transport};
use anyhow::{Context, Result};
use audio::{Inbox, Post, read_params};
use clack_extensions::gui::{GuiApiType, GuiConfiguration, GuiSize, PluginGui, Window};
use clack_extensions::latency::PluginLatency;
use clack_extensions::params::PluginParams;
use clack_extensions::state::PluginState;
use clack_host::entry::EntryDescriptor;
use clack_host::prelude::*;
use handlers::{Handlers, MainThread, Wishes};
use std::ffi::{CStr, CString};
use std::path::Path;
use std::sync::atomic::Ordering;

/// One instance of a CLAP plugin, and the host around it.
pub struct ClapHost {
    /// Sounds while the plugin is active, unless it was sent to another thread.
    audio: Option<ClapAudio>,
    /// Kept between activations.
    resting: Option<(Inbox, Box<Outbox>)>,
    instance: PluginInstance<Handlers>,
    params: Vec<Param>,
    param_calls: PluginParams,
}

impl ClapHost {
    /// The first plugin of the entry point that is linked into this program.
    ///
    /// # Safety
    /// `entry` is what a CLAP plugin exports as `clap_entry`.
    pub unsafe fn from_entry(entry: &'static EntryDescriptor) -> Result<Self> {
        // SAFETY: passed on to the caller.
        let entry = unsafe { PluginEntry::load_from_raw(entry, c"in-process") }?;
        Self::new(&entry)
    }

    /// The first plugin of the `.clap` file or bundle at `path`.
    ///
    /// # Safety
    /// The file is a CLAP plugin; its code runs in this process.
    pub unsafe fn from_file(path: &Path) -> Result<Self> {
        // SAFETY: passed on to the caller.
        let entry = unsafe { PluginEntry::load(path) }
            .with_context(|| format!("{} cannot be loaded as a CLAP plugin", path.display()))?;
        Self::new(&entry)
    }

    fn new(entry: &PluginEntry) -> Result<Self> {
        let factory = entry.get_plugin_factory().context("the file holds no plugin factory")?;
        let descriptor = factory.plugin_descriptor(0).context("the factory holds no plugin")?;
        let id = descriptor.id().context("the plugin has no id")?;
        let host = HostInfo::new("Antiphon tests", "Antiphon", "", env!("CARGO_PKG_VERSION"))?;
        let mut instance =
            PluginInstance::<Handlers>::new(|_| Wishes::default(), |wishes| MainThread(wishes), entry, id, &host)?;
        let plugin = instance.plugin_handle();
        let param_calls: PluginParams = plugin.get_extension().context("the plugin has no parameters")?;
        let (params, ranges) = read_params(param_calls, &plugin);
        let resting = Some((Inbox::new(ranges), Box::new(Outbox::new())));
        Ok(Self { audio: None, resting, instance, params, param_calls })
    }

    fn extension<E>(&mut self, what: &str) -> Result<E>
    where
        E: clack_host::extensions::Extension<ExtensionSide = clack_host::extensions::PluginExtensionSide>,
    {
        self.instance.plugin_handle().get_extension().with_context(|| format!("the plugin does not support {what}"))
    }

    /// Takes the audio side away, for another thread; give it back with [`ClapHost::join`].
    pub fn detach(&mut self) -> Result<ClapAudio> {
        self.audio.take().context("the plugin is not active")
    }

    /// Takes back what [`ClapHost::detach`] gave away.
    pub fn join(&mut self, audio: ClapAudio) {
        self.audio = Some(audio);
    }

    /// The audio side, while the plugin is active.
    pub fn audio(&mut self) -> Result<&mut ClapAudio> {
        self.audio.as_mut().context("the plugin is not active")
    }

    /// Samples of delay that the plugin reports.
    pub fn latency(&mut self) -> Result<u32> {
        let latency: PluginLatency = self.extension("latency")?;
        Ok(latency.get(&self.instance.plugin_handle()))
    }

    /// How often the plugin said that its state has changed.
    pub fn times_dirty(&self) -> usize {
        self.instance.access_shared_handler(|wishes: &Wishes| wishes.dirty.load(Ordering::SeqCst))
    }

    /// Opens the panel inside the X11 window `parent`; gives its size in pixels.
    #[cfg(target_os = "linux")]
    pub fn open_panel(&mut self, parent: u32) -> Result<(u32, u32)> {
        let size = self.make_panel()?;
        self.show_panel(parent)?;
        Ok(size)
    }

    /// Resizes the open panel; gives the size it settled on.
    pub fn resize_panel(&mut self, width: u32, height: u32) -> Result<(u32, u32)> {
        let gui: PluginGui = self.extension("a panel")?;
        let plugin = self.instance.plugin_handle();
        anyhow::ensure!(gui.can_resize(&plugin), "the panel cannot be resized");
        let size = gui.adjust_size(&plugin, GuiSize { width, height }).unwrap_or(GuiSize { width, height });
        gui.set_size(&plugin, size)?;
        let now = gui.get_size(&plugin).context("the panel has no size")?;
        Ok((now.width, now.height))
    }
}

#[cfg(target_os = "linux")]
impl ShowsPanel for ClapHost {
    type Audio = ClapAudio;

    fn make_panel(&mut self) -> Result<(u32, u32)> {
        let gui: PluginGui = self.extension("a panel")?;
        let plugin = self.instance.plugin_handle();
        let embedded = GuiConfiguration { api_type: GuiApiType::X11, is_floating: false };
        anyhow::ensure!(gui.is_api_supported(&plugin, embedded), "the panel cannot live in an X11 window");
        gui.create(&plugin, embedded)?;
        let size = gui.get_size(&plugin).context("the panel has no size")?;
        Ok((size.width, size.height))
    }

    fn show_panel(&mut self, parent: u32) -> Result<()> {
        let gui: PluginGui = self.extension("a panel")?;
        let plugin = self.instance.plugin_handle();
        // SAFETY: the caller keeps the window until the panel is closed.
        unsafe { gui.set_parent(&plugin, Window::from_x11_handle(parent.into())) }?;
        // Embedded panels show themselves; one that cannot be shown in addition is no failure.
        let _ = gui.show(&plugin);
        Ok(())
    }

    fn change(&mut self, _: u32, _: f64) -> Result<()> {
        let state = self.save()?;
        self.load(&state)
    }

    fn close_panel(&mut self) -> Result<()> {
        let gui: PluginGui = self.extension("a panel")?;
        gui.destroy(&self.instance.plugin_handle());
        Ok(())
    }

    fn detach(&mut self) -> Result<ClapAudio> {
        Self::detach(self)
    }

    fn join(&mut self, audio: ClapAudio) {
        Self::join(self, audio);
    }
}

impl Host for ClapHost {
    fn format(&self) -> &'static str {
        "CLAP"
    }

    fn params(&self) -> &[Param] {
        &self.params
    }

    fn value(&mut self, id: u32) -> Result<f64> {
        let value = self.param_calls.get_value(&self.instance.plugin_handle(), ClapId::new(id));
        Ok(value.with_context(|| format!("parameter {id} has no value"))? / self.highest(id))
    }

    fn text(&mut self, id: u32, value: f64) -> Result<String> {
        let mut buffer = [0; 256];
        let plain = value * self.highest(id);
        let text = self
            .param_calls
            .value_to_text(&self.instance.plugin_handle(), ClapId::new(id), plain, &mut buffer)
            .with_context(|| format!("parameter {id} cannot write {value}"))?;
        Ok(CStr::from_bytes_until_nul(text)
            .map_or_else(|_| String::from_utf8_lossy(text).into_owned(), |text| text.to_string_lossy().into_owned()))
    }

    fn parse(&mut self, id: u32, text: &str) -> Result<Option<f64>> {
        let text = CString::new(text)?;
        let plain = self.param_calls.text_to_value(&self.instance.plugin_handle(), ClapId::new(id), &text);
        Ok(plain.map(|plain| plain / self.highest(id)))
    }

    fn flush(&mut self, inputs: &[Input]) -> Result<()> {
        if let Some(audio) = &mut self.audio {
            audio.flush(self.param_calls, inputs);
            return Ok(());
        }
        let (inbox, outbox) = self.resting.as_mut().context("the audio side is on another thread")?;
        inbox.fill(inputs, Setup::default().rate_hz);
        outbox.open(1);
        let mut post = Post { outbox, params: &inbox.params };
        let mut plugin = self.instance.inactive_plugin_handle().context("the plugin is active")?;
        self.param_calls.flush(&mut plugin, &inbox.events.as_input(), &mut OutputEvents::from_buffer(&mut post));
        Ok(())
    }

    fn activate(&mut self, setup: Setup) -> Result<()> {
        anyhow::ensure!(self.audio.is_none(), "the plugin is active already");
        let (inbox, outbox) = self.resting.take().context("the audio side is on another thread")?;
        let configuration = PluginAudioConfiguration {
            sample_rate: setup.rate_hz,
            min_frames_count: 1,
            max_frames_count: setup.longest_block as u32,
        };
        let processor = self.instance.activate(|_, _| (), configuration)?;
        self.audio = Some(ClapAudio::new(processor, setup, inbox, outbox)?);
        Ok(())
    }

    fn deactivate(&mut self) -> Result<()> {
        let (processor, inbox, outbox) = self.audio.take().context("the plugin is not active")?.stop();
        self.instance.deactivate(processor);
        self.resting = Some((inbox, outbox));
        Ok(())
    }

    fn reset(&mut self) -> Result<()> {
        self.audio()?.reset();
        Ok(())
    }

    fn restart(&mut self) -> Result<()> {
        self.audio()?.restart()
    }

    fn process(&mut self, block: &[&[f32]], inputs: &[Input], transport: Option<Transport>) -> Result<&[Vec<f32>]> {
        self.audio.as_mut().context("the plugin is not active")?.process(block, inputs, transport)
    }

    fn outbox(&mut self) -> &mut Outbox {
        match (&mut self.audio, &mut self.resting) {
            (Some(audio), _) => audio.outbox(),
            (None, Some((_, outbox))) => outbox,
            (None, None) => panic!("the audio side is on another thread, and its outbox with it"),
        }
    }

    fn save(&mut self) -> Result<Vec<u8>> {
        let state: PluginState = self.extension("state")?;
        let mut bytes = Vec::new();
        state.save(&self.instance.plugin_handle(), &mut bytes)?;
        Ok(bytes)
    }

    fn load(&mut self, bytes: &[u8]) -> Result<()> {
        let state: PluginState = self.extension("state")?;
        state.load(&self.instance.plugin_handle(), &mut &bytes[..])?;
        Ok(())
    }

    fn idle(&mut self) {
        let asked =
            self.instance.access_shared_handler(|wishes: &Wishes| wishes.callback.swap(false, Ordering::SeqCst));
        if asked {
            self.instance.call_on_main_thread_callback();
        }
    }
}

impl ClapHost {
    fn highest(&self, id: u32) -> f64 {
        self.params.iter().find(|p| p.id == id).map_or(1.0, |p| f64::from(p.steps.max(1)))
    }
}

impl Drop for ClapHost {
    fn drop(&mut self) {
        if self.audio.is_some() {
            let _ = self.deactivate();
        }
    }
}
