//! What the plugin may ask of the host, and how the host remembers it until it has time.

use clack_extensions::gui::{GuiSize, HostGui, HostGuiImpl};
use clack_extensions::latency::{HostLatency, HostLatencyImpl};
use clack_extensions::params::{
    HostParams, HostParamsImplMainThread, HostParamsImplShared, ParamClearFlags, ParamRescanFlags,
};
use clack_extensions::state::{HostState, HostStateImpl};
use clack_host::prelude::*;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

/// The host's side of one plugin instance.
pub(super) struct Handlers;

impl HostHandlers for Handlers {
    type Shared<'a> = Wishes;
    type MainThread<'a> = MainThread<'a>;
    type AudioProcessor<'a> = ();

    fn declare_extensions(builder: &mut HostExtensions<Self>, _shared: &Wishes) {
        builder.register::<HostParams>().register::<HostState>().register::<HostGui>().register::<HostLatency>();
    }
}

/// What the plugin wishes, from any thread.
#[derive(Default)]
pub(super) struct Wishes {
    /// To be called on the main thread.
    pub callback: AtomicBool,
    /// To have its parameter changes fetched.
    pub flush: AtomicBool,
    /// To be activated anew.
    pub restart: AtomicBool,
    /// How often it said that its state has changed.
    pub dirty: AtomicUsize,
    /// The size its panel wants to have, width in the upper half; 0 for none.
    pub panel_size: AtomicU64,
}

impl SharedHandler<'_> for Wishes {
    fn request_restart(&self) {
        self.restart.store(true, Ordering::SeqCst);
    }

    fn request_process(&self) {}

    fn request_callback(&self) {
        self.callback.store(true, Ordering::SeqCst);
    }
}

impl HostParamsImplShared for Wishes {
    fn request_flush(&self) {
        self.flush.store(true, Ordering::SeqCst);
    }
}

impl HostGuiImpl for Wishes {
    fn resize_hints_changed(&self) {}

    fn request_resize(&self, size: GuiSize) -> Result<(), HostError> {
        self.panel_size.store(u64::from(size.width) << 32 | u64::from(size.height), Ordering::SeqCst);
        Ok(())
    }

    fn request_show(&self) -> Result<(), HostError> {
        Ok(())
    }

    fn request_hide(&self) -> Result<(), HostError> {
        Ok(())
    }

    fn closed(&self, _was_destroyed: bool) {}
}

/// The same, on the main thread alone.
pub(super) struct MainThread<'a>(pub &'a Wishes);

impl<'a> MainThreadHandler<'a> for MainThread<'a> {}

impl HostParamsImplMainThread for MainThread<'_> {
    fn rescan(&self, _flags: ParamRescanFlags) {}

    fn clear(&self, _param: ClapId, _flags: ParamClearFlags) {}
}

impl HostStateImpl for MainThread<'_> {
    fn mark_dirty(&self) {
        self.0.dirty.fetch_add(1, Ordering::SeqCst);
    }
}

impl HostLatencyImpl for MainThread<'_> {
    fn changed(&self) {}
}
