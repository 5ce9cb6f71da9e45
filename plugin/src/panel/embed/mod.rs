//! The panel as a host holds it: egui's own editor opens the window, and what that leaves undone is done here. On X11 the
//! window gets what hosts look for on it ([`x11`]), and closing waits until it is closed.

#[cfg(target_os = "linux")]
mod keyboard;
#[cfg(target_os = "linux")]
pub mod x11;

use super::Panel;
use crate::worker;
use nice_plug::context::gui::GuiContext;
use nice_plug::editor::dpi::NativeSize;
use nice_plug::editor::{EditorHandle, HostMainThreadCaller, HostMethods, SpawnedEditor};
use nice_plug::prelude::*;
use nice_plug_egui::{EguiEditor, EguiEditorHandle, RepaintNotifier, baseview};
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::thread;
use std::time::{Duration, Instant};

/// Longest that a closing waits for the window to close itself: it does so with its next frame, and a busy machine draws
/// five a second.
const CLOSING: Duration = Duration::from_millis(500);

/// How often it is looked whether it has.
const LOOK: Duration = Duration::from_millis(2);

/// Whether the panel that is open is to close: the host's thread asks, the window's own thread does.
#[derive(Clone, Debug, Default)]
pub struct Door(Arc<AtomicBool>);

impl Door {
    /// Whether the window is to close itself.
    pub fn is_closing(&self) -> bool {
        self.0.load(Relaxed)
    }
}

/// What opens the panel.
pub struct PanelEditor {
    egui: EguiEditor<Panel>,
    door: Door,
    repaint: RepaintNotifier,
}

impl PanelEditor {
    /// One that opens what `egui` opens; `door` is the panel's, `repaint` has it drawn anew.
    pub fn new(egui: EguiEditor<Panel>, door: Door, repaint: RepaintNotifier) -> Self {
        Self { egui, door, repaint }
    }
}

impl Editor for PanelEditor {
    type Handle = PanelHandle;

    fn spawn(
        &self,
        parent: Option<ParentWindowHandle>,
        wait_for_parent: bool,
        fallback_scale_factor: Option<f64>,
        context: GuiContext,
        host: Option<HostMethods>,
    ) -> Result<SpawnedEditor<PanelHandle>, Box<dyn Error>> {
        if context.plugin_api() == PluginApi::Vst3 {
            worker::keep();
            worker::send_to_rest();
        }
        self.door.0.store(false, Relaxed);
        let host = host.map(|HostMethods { callbacks, main_thread_caller }| {
            let door = self.door.clone();
            let main_thread_caller = Box::new(Unless { door, caller: main_thread_caller });
            HostMethods { callbacks, main_thread_caller }
        });
        let SpawnedEditor { handle, window } =
            self.egui.spawn(parent, wait_for_parent, fallback_scale_factor, context, host)?;
        let (door, repaint) = (self.door.clone(), self.repaint.clone());
        Ok(SpawnedEditor { handle: PanelHandle(handle), window: PanelWindow { window: Some(window), door, repaint } })
    }

    fn size(&self) -> NativeSize<u32> {
        // Hosts ask for it before they make the window that the panel is to live in.
        worker::send_to_rest();
        #[cfg(target_os = "linux")]
        x11::know_xembed();
        self.egui.size()
    }

    fn resize_hint(&self) -> ResizeHint {
        self.egui.resize_hint()
    }

    fn track_info_updated(&self, info: TrackInfo) {
        self.egui.track_info_updated(info);
    }

    unsafe fn assume_standalone_in_process(&self) {
        // SAFETY: passed on to the caller.
        unsafe { self.egui.assume_standalone_in_process() }
    }
}

/// Calls the host's main thread, but for a window that the host itself closes: it knows.
struct Unless {
    door: Door,
    caller: Box<dyn HostMainThreadCaller>,
}

impl HostMainThreadCaller for Unless {
    fn call_main_thread(&mut self) {
        if !self.door.is_closing() {
            self.caller.call_main_thread();
        }
    }
}

/// An open panel.
pub struct PanelHandle(EguiEditorHandle);

impl EditorHandle for PanelHandle {
    type Window = PanelWindow;
    type Error = baseview::Error;

    fn run_until_closed(mut window: PanelWindow) -> Result<(), baseview::Error> {
        window.window.take().map_or(Ok(()), baseview::Window::run_until_closed)
    }

    fn set_parent(&self, parent: ParentWindowHandle, window: &PanelWindow) -> Result<(), baseview::Error> {
        window.with(|window| self.0.set_parent(parent, window))
    }

    fn show(&self, window: &PanelWindow) -> Result<(), baseview::Error> {
        window.with(|window| self.0.show(window))
    }

    fn hide(&self, window: &PanelWindow) -> Result<(), baseview::Error> {
        window.with(|window| self.0.hide(window))
    }

    fn set_size(&self, size: NativeSize<u32>, window: &PanelWindow) -> Result<(), baseview::Error> {
        window.with(|window| self.0.set_size(size, window))
    }

    fn host_main_thread_callback(&self, window: &PanelWindow) {
        let _ = window.with(|window| {
            self.0.host_main_thread_callback(window);
            Ok(())
        });
    }

    fn adjust_size(&self, size: NativeSize<u32>, window: &PanelWindow) -> Option<NativeSize<u32>> {
        window.window.as_ref().and_then(|window| self.0.adjust_size(size, window))
    }

    fn set_fallback_scale_factor(&self, factor: f64, window: &PanelWindow) -> Result<(), baseview::Error> {
        window.with(|window| self.0.set_fallback_scale_factor(factor, window))
    }

    fn on_virtual_key_from_host(&self, key: VirtualKeyCode, is_down: bool, modifiers: Modifiers) -> bool {
        self.0.on_virtual_key_from_host(key, is_down, modifiers)
    }

    fn state_changed(&self) {
        self.0.state_changed();
    }

    fn param_value_changed(&self, id: &str, normalized: f32) {
        self.0.param_value_changed(id, normalized);
    }

    fn param_modulation_changed(&self, id: &str, offset: f32) {
        self.0.param_modulation_changed(id, offset);
    }
}

/// The panel's window. Left to itself, baseview 0.4.2 asks a window's thread to end, then asks it once more, reports that
/// it does not answer, and leaves it running: here the window closes itself first, and its thread has ended when the host
/// is told that the panel is gone.
pub struct PanelWindow {
    /// Gone once it runs by itself.
    window: Option<baseview::Window>,
    door: Door,
    repaint: RepaintNotifier,
}

impl PanelWindow {
    fn with(&self, act: impl FnOnce(&baseview::Window) -> Result<(), baseview::Error>) -> Result<(), baseview::Error> {
        self.window.as_ref().map_or(Ok(()), act)
    }
}

impl Drop for PanelWindow {
    fn drop(&mut self) {
        let Some(window) = self.window.take() else { return };
        if cfg!(target_os = "linux") {
            let asked = Instant::now();
            self.door.0.store(true, Relaxed);
            self.repaint.request_repaint();
            while window.is_open() && asked.elapsed() < CLOSING {
                thread::sleep(LOOK);
            }
            if !window.is_open() {
                // Its thread is over, or about to be: this waits for it alone.
                let _ = window.run_until_closed();
            }
        }
    }
}
