//! Screen readers on Linux: what egui tells of the panel goes to AT-SPI, and what they ask for comes back.
//!
//! In this window alone: the thread that speaks AT-SPI never ends, and a DAW that lets go of a plugin takes the thread's
//! code away from under it.

use accesskit_unix::Adapter;
use egui::accesskit::{ActionHandler, ActionRequest, ActivationHandler, DeactivationHandler, TreeUpdate};
use egui::{Context, Event, FullOutput, Plugin, RawInput};
use nice_plug_egui::RepaintNotifier;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

/// What a screen reader does to the panel, from a thread of its own.
#[derive(Clone)]
struct Reader {
    listens: Arc<AtomicBool>,
    asks: Sender<ActionRequest>,
    repaint: RepaintNotifier,
}

impl ActivationHandler for Reader {
    fn request_initial_tree(&mut self) -> Option<TreeUpdate> {
        self.listens.store(true, Relaxed);
        self.repaint.request_repaint();
        // The next frame tells all there is.
        None
    }
}

impl ActionHandler for Reader {
    fn do_action(&mut self, request: ActionRequest) {
        // The window may have closed meanwhile.
        drop(self.asks.send(request));
        self.repaint.request_repaint();
    }
}

impl DeactivationHandler for Reader {
    fn deactivate_accessibility(&mut self) {
        self.listens.store(false, Relaxed);
    }
}

/// Reads the panel to whoever listens.
pub struct ReadAloud {
    adapter: Mutex<Adapter>,
    listens: Arc<AtomicBool>,
    asked: Mutex<Receiver<ActionRequest>>,
}

impl ReadAloud {
    /// Waits for a screen reader, and has the panel drawn anew when it asks for something.
    pub fn new(repaint: RepaintNotifier) -> Self {
        let (asks, asked) = channel();
        let listens = Arc::new(AtomicBool::new(false));
        let reader = Reader { listens: listens.clone(), asks, repaint };
        let adapter = Adapter::new(reader.clone(), reader.clone(), reader);
        Self { adapter: Mutex::new(adapter), listens, asked: Mutex::new(asked) }
    }
}

impl Plugin for ReadAloud {
    fn debug_name(&self) -> &'static str {
        "the panel is read aloud"
    }

    fn input_hook(&mut self, context: &Context, input: &mut RawInput) {
        if self.listens.load(Relaxed) {
            context.enable_accesskit();
        } else {
            context.disable_accesskit();
        }
        if let Ok(asked) = self.asked.get_mut() {
            input.events.extend(asked.try_iter().map(Event::AccessKitActionRequest));
        }
        if let Ok(adapter) = self.adapter.get_mut() {
            adapter.update_window_focus_state(input.viewport().focused.unwrap_or(true));
        }
    }

    fn output_hook(&mut self, _: &Context, output: &mut FullOutput) {
        if let (Some(update), Ok(adapter)) = (output.platform_output.accesskit_update.take(), self.adapter.get_mut()) {
            adapter.update_if_active(|| update);
        }
    }
}
