//! The recorder: on the therapist's word alone, what is heard, what is played and why goes into a session file.
//!
//! The audio thread copies what happens into a ring ([`Tap`]); a thread of the recorder's own takes it out and writes. No
//! sound is recorded. Recording is no parameter: no host, preset or saved session can begin it.

#[cfg(test)]
mod endurance;
mod event;
mod file;
mod home;
mod recording;
mod status;
mod tap;
#[cfg(test)]
mod tests;
mod worker;

pub use home::Home;
pub use status::{Doing, Status};
pub use tap::Tap;

use event::RING;
use std::path::PathBuf;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicU32, AtomicU64};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use worker::Worker;

/// Greatest size of a session file, bytes. Eight hours without a breath take 49 MB
/// (`cargo test -p antiphon-session eight_hours -- --nocapture`).
pub const LIMIT_BYTES: u64 = 64 << 20;

/// What both ends see.
#[derive(Debug, Default)]
struct Shared {
    /// Number of the recording that is wanted; 0 for none.
    wanted: AtomicU32,
    /// Samples recorded, at the rate that the recording began with.
    now: AtomicU64,
}

/// What the recorder's thread is asked for.
#[derive(Debug)]
enum Command {
    Look,
    Start,
    Stop,
    Mark(u64, String),
    Notes(String),
    Folder(String),
    Export(PathBuf),
    ShowFolder,
    MoveTo(Home),
}

/// The recorder's handle, for the panel. Clones are handles of the same recorder; when the last is gone, a recording that
/// goes on is completed.
#[derive(Clone)]
pub struct Recorder(Arc<Inner>);

struct Inner {
    shared: Arc<Shared>,
    status: Arc<Mutex<Arc<Status>>>,
    seat: Mutex<Seat>,
}

/// The thread is begun when the recorder is first asked for anything: a host that only looks at the plugin has none.
struct Seat {
    commands: Option<Sender<Command>>,
    waiting: Option<(Worker, Receiver<Command>)>,
    thread: Option<JoinHandle<()>>,
}

/// Both ends of a recorder that keeps its sessions at the user's own place.
pub fn recorder() -> (Tap, Recorder) {
    recorder_with(LIMIT_BYTES, Home::of_user)
}

/// Both ends of a recorder whose files grow to `limit_bytes` and are kept where `home` says, which is asked when the
/// recorder is first used.
pub fn recorder_with(limit_bytes: u64, home: fn() -> Home) -> (Tap, Recorder) {
    let (producer, consumer) = rtrb::RingBuffer::new(RING);
    let (commands, receiver) = channel();
    let shared = Arc::new(Shared::default());
    let status = Arc::new(Mutex::new(Arc::new(Status::default())));
    let worker = Worker::new(consumer, shared.clone(), status.clone(), limit_bytes, home);
    let seat = Seat { commands: Some(commands), waiting: Some((worker, receiver)), thread: None };
    let recorder = Recorder(Arc::new(Inner { shared: shared.clone(), status, seat: Mutex::new(seat) }));
    #[cfg(feature = "assert_process_allocs")]
    NEWEST.set(Arc::downgrade(&recorder.0));
    (Tap::new(producer, shared), recorder)
}

impl Recorder {
    /// How it stands. The same `Arc` as before if nothing has changed.
    pub fn status(&self) -> Arc<Status> {
        locked(&self.0.status).clone()
    }

    /// The panel is open: completes sessions that broke off, and tells where sessions are kept.
    pub fn look(&self) {
        self.ask(Command::Look);
    }

    /// Begins a recording, unless one goes on.
    pub fn start(&self) {
        self.ask(Command::Start);
    }

    /// Ends the recording.
    pub fn stop(&self) {
        self.ask(Command::Stop);
    }

    /// Marks this moment of the recording.
    pub fn mark(&self, text: &str) {
        self.ask(Command::Mark(self.0.shared.now.load(Relaxed), text.to_owned()));
    }

    /// Keeps the therapist's own notes beside the session, in place of those before.
    pub fn set_notes(&self, text: &str) {
        self.ask(Command::Notes(text.to_owned()));
    }

    /// Keeps sessions in the folder that `text` names from now on; a recording that goes on stays where it is.
    pub fn set_folder(&self, text: &str) {
        self.ask(Command::Folder(text.to_owned()));
    }

    /// Writes the files of a session into a folder of its name beside it.
    pub fn export(&self, session: PathBuf) {
        self.ask(Command::Export(session));
    }

    /// Shows the folder in the system's own way.
    pub fn show_folder(&self) {
        self.ask(Command::ShowFolder);
    }

    /// Lives at another place from now on, which is not remembered.
    pub fn move_to(&self, home: Home) {
        self.ask(Command::MoveTo(home));
    }

    fn ask(&self, command: Command) {
        let mut seat = locked(&self.0.seat);
        if let Some((worker, commands)) = seat.waiting.take() {
            let thread = std::thread::Builder::new().name("antiphon-recorder".to_owned());
            match thread.spawn(move || worker.run(&commands)) {
                Ok(thread) => seat.thread = Some(thread),
                Err(error) => {
                    let problem = Some(format!("The recorder cannot begin: {error}. Restart the DAW."));
                    *locked(&self.0.status) = Arc::new(Status { problem, ..Status::default() });
                }
            }
        }
        // A thread that is gone has said why in the status.
        let _ = seat.commands.as_ref().map(|commands| commands.send(command));
    }
}

impl Drop for Inner {
    /// The thread's code goes with the plugin, so it must have come to its end first.
    fn drop(&mut self) {
        let seat = self.seat.get_mut().unwrap_or_else(PoisonError::into_inner);
        seat.commands = None;
        if let Some(thread) = seat.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What a thread that panicked left is whole all the same: it is replaced in one piece.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(feature = "assert_process_allocs")]
thread_local! {
    static NEWEST: std::cell::RefCell<std::sync::Weak<Inner>> = const { std::cell::RefCell::new(std::sync::Weak::new()) };
}

/// The recorder that was made last in this thread, if it is still there: for tests, which see a plugin from outside.
#[cfg(feature = "assert_process_allocs")]
pub fn newest() -> Option<Recorder> {
    NEWEST.with_borrow(std::sync::Weak::upgrade).map(Recorder)
}
