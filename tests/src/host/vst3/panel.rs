//! The panel of a VST3 plugin, as hosts on Linux hold it: a view with a frame, and a run loop that the plugin registers with.

use super::{Vst3Host, object, ok};
use crate::host::ShowsPanel;
use anyhow::{Context, Result};
use std::ffi::c_void;
use std::sync::{Mutex, PoisonError};
use vst3::Steinberg::Linux::{
    FileDescriptor, IEventHandler, IEventHandlerTrait, IRunLoop, IRunLoopTrait, ITimerHandler, TimerInterval,
};
use vst3::Steinberg::Vst::IEditControllerTrait;
use vst3::Steinberg::Vst::ViewType::kEditor;
use vst3::Steinberg::{
    IPlugFrame, IPlugFrameTrait, IPlugView, IPlugViewTrait, ViewRect, kNotImplemented, kPlatformTypeX11EmbedWindowID,
    kResultOk, tresult,
};
use vst3::{Class, ComPtr, ComRef, ComWrapper};

/// What the plugin registered: who is to be told, and of which file.
type Registered = (ComPtr<IEventHandler>, FileDescriptor);

/// The host's window around the view.
#[derive(Default)]
struct Frame {
    handlers: Mutex<Vec<Registered>>,
}

impl Class for Frame {
    type Interfaces = (IPlugFrame, IRunLoop);
}

impl IPlugFrameTrait for Frame {
    unsafe fn resizeView(&self, view: *mut IPlugView, size: *mut ViewRect) -> tresult {
        // SAFETY: the plugin passes its view and a rectangle.
        match unsafe { ComRef::from_raw(view) } {
            // SAFETY: as above.
            Some(view) => unsafe { view.onSize(size) },
            None => kNotImplemented,
        }
    }
}

impl IRunLoopTrait for Frame {
    unsafe fn registerEventHandler(&self, handler: *mut IEventHandler, file: FileDescriptor) -> tresult {
        // SAFETY: the plugin passes a handler, which is kept alive here.
        let Some(handler) = (unsafe { ComRef::from_raw(handler) }) else { return kNotImplemented };
        self.handlers.lock().unwrap_or_else(PoisonError::into_inner).push((handler.to_com_ptr(), file));
        kResultOk
    }

    unsafe fn unregisterEventHandler(&self, handler: *mut IEventHandler) -> tresult {
        self.handlers.lock().unwrap_or_else(PoisonError::into_inner).retain(|(known, _)| known.as_ptr() != handler);
        kResultOk
    }

    unsafe fn registerTimer(&self, _: *mut ITimerHandler, _: TimerInterval) -> tresult {
        kNotImplemented
    }

    unsafe fn unregisterTimer(&self, _: *mut ITimerHandler) -> tresult {
        kNotImplemented
    }
}

/// A view of the plugin's, made and perhaps attached.
pub(super) struct View {
    view: ComPtr<IPlugView>,
    frame: ComWrapper<Frame>,
    attached: bool,
}

impl View {
    /// Lets the plugin do on this thread what it asked for.
    pub fn run(&self) {
        let handlers = self.frame.handlers.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for (handler, file) in handlers {
            // SAFETY: a plain call; the plugin reads what there is.
            unsafe { handler.onFDIsSet(file) };
        }
    }
}

impl Drop for View {
    fn drop(&mut self) {
        // SAFETY: plain calls, in the order that VST3 asks for.
        unsafe {
            if self.attached {
                self.view.removed();
            }
            self.view.setFrame(std::ptr::null_mut());
        }
    }
}

impl ShowsPanel for Vst3Host {
    type Audio = super::Vst3Audio;

    fn make_panel(&mut self) -> Result<(u32, u32)> {
        // SAFETY: the plugin hands over a view of its own and writes its size.
        unsafe {
            let view = ComPtr::from_raw(self.controller.createView(kEditor)).context("the plugin has no view")?;
            let mut size = ViewRect { left: 0, top: 0, right: 0, bottom: 0 };
            ok(view.getSize(&mut size), "size of the view")?;
            let (frame, pointer) = object::<_, IPlugFrame>(Frame::default())?;
            ok(view.setFrame(pointer.as_ptr()), "frame of the view")?;
            self.panel = Some(View { view, frame, attached: false });
            Ok(((size.right - size.left) as u32, (size.bottom - size.top) as u32))
        }
    }

    fn show_panel(&mut self, parent: u32) -> Result<()> {
        let panel = self.panel.as_mut().context("the panel was not made")?;
        // SAFETY: the window outlives the view, as the caller promises.
        ok(unsafe { panel.view.attached(parent as usize as *mut c_void, kPlatformTypeX11EmbedWindowID) }, "attach")?;
        panel.attached = true;
        Ok(())
    }

    fn change(&mut self, id: u32, value: f64) -> Result<()> {
        // SAFETY: a plain call.
        ok(unsafe { self.controller.setParamNormalized(id, value) }, "set parameter")
    }

    fn close_panel(&mut self) -> Result<()> {
        self.panel.take().context("the panel is not open").map(drop)
    }

    fn detach(&mut self) -> Result<Self::Audio> {
        Self::detach(self)
    }

    fn join(&mut self, audio: Self::Audio) {
        Self::join(self, audio);
    }
}
