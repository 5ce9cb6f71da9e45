//! Keeps nice-plug's worker away from the panel of a VST3 plugin on Linux.
//!
//! nice-plug 0.4.2 tells the panel of a changed parameter on the host's main thread, or, while the host has no run loop for
//! it yet, on a worker thread that all instances share. The worker borrows the panel's window, which the main thread holds
//! while the panel opens and closes: whichever comes second panics, and a panic that reaches the host aborts it. It may
//! also be the last to let go of an instance, and then waits for itself to end. Nothing that it has to tell is needed: a
//! panel that opens reads every parameter. So before a panel opens the worker is given a rest without end, by an instance
//! that is nobody's and is never let go.

use crate::Antiphon;
use nice_plug::prelude::AsyncExecutor;
#[cfg(target_os = "linux")]
use nice_plug::wrapper::vst3::Wrapper;
use std::cell::Cell;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

/// Longest that the worker takes to come to its rest: it does what was asked of it before.
const COMES: Duration = Duration::from_secs(1);

/// By which the worker is given something to do, through the instance that is nobody's.
static NOBODY: OnceLock<AsyncExecutor<Antiphon>> = OnceLock::new();

thread_local! {
    /// The instance that is being made in this thread is nobody's.
    static MAKING: Cell<bool> = const { Cell::new(false) };
}

/// What the worker is given: a rest without end, that tells when it begins.
pub struct Rest(Sender<()>);

impl Rest {
    /// Rests; on the worker.
    pub fn rest(self) {
        // Who asked may have waited long enough.
        let _ = self.0.send(());
        loop {
            thread::park();
        }
    }
}

/// A VST3 instance is about to be used: from now on the worker is not the last to let go of any.
pub fn keep() {
    #[cfg(target_os = "linux")]
    {
        static MADE: std::sync::Once = std::sync::Once::new();
        MADE.call_once(|| {
            // In a thread of its own, for what is known of the instance that was made last is a thread's.
            let made = thread::spawn(|| {
                MAKING.set(true);
                std::mem::forget(Wrapper::<Antiphon>::new());
            });
            let _ = made.join();
        });
    }
}

/// An instance is made, and `executor` reaches its worker.
pub fn meet(executor: AsyncExecutor<Antiphon>) {
    if MAKING.get() {
        let _ = NOBODY.set(executor);
    }
}

/// The panel is about to open: gives the worker of VST3 its rest, if any of that format has been used here.
pub fn send_to_rest() {
    static BEGUN: Mutex<bool> = Mutex::new(false);
    let Some(executor) = NOBODY.get() else { return };
    let mut begun = BEGUN.lock().unwrap_or_else(PoisonError::into_inner);
    if !std::mem::replace(&mut *begun, true) {
        let (sender, receiver) = channel();
        executor.execute_background(Rest(sender));
        let _ = receiver.recv_timeout(COMES);
    }
}
