//! Antiphon in a window of its own, which has no host around it: whether there is any sound, and how it ends. One program
//! has one such window, so what is known of it is the program's.

#[cfg(target_os = "linux")]
mod reader;

use crate::telemetry::Missing;
use egui::Plugin;
use nice_plug_egui::RepaintNotifier;
use signal_hook::consts::TERM_SIGNALS;
use std::io;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

#[cfg(target_os = "linux")]
pub use reader::ReadAloud;

/// How often it is looked whether the program is to end, and whether sound still flows.
const WATCH: Duration = Duration::from_millis(100);

/// Sound that has not flowed for so long flows no more: devices pause for less.
const STALLED: Duration = Duration::from_secs(3);

/// Blocks in which the notes end when the window closes, and the longest that it waits for them.
const FAREWELL_BLOCKS: u32 = 3;
const FAREWELL: Duration = Duration::from_millis(300);

/// What there was none of when the window opened.
static MISSING: AtomicU8 = AtomicU8::new(0);
/// No block has been asked for lately.
static STALLS: AtomicBool = AtomicBool::new(false);
/// The window is about to close: whatever sounds ends.
static LEAVING: AtomicBool = AtomicBool::new(false);
/// Blocks processed.
static BLOCKS: AtomicU32 = AtomicU32::new(0);
/// The program was asked to end.
static ENDS: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// The window opens, and `missing` was not found.
pub fn open_without(missing: Missing) {
    MISSING.store(missing as u8, Relaxed);
}

/// What there is none of.
pub fn missing() -> Missing {
    match MISSING.load(Relaxed) {
        _ if STALLS.load(Relaxed) => Missing::Sound,
        missing if missing == Missing::Sound as u8 => Missing::Sound,
        missing if missing == Missing::Microphone as u8 => Missing::Microphone,
        _ => Missing::Nothing,
    }
}

/// A block is processed; whether whatever sounds is to end.
pub fn block() -> bool {
    BLOCKS.fetch_add(1, Relaxed);
    LEAVING.load(Relaxed)
}

/// Whether any block was ever processed: what drives the sound, or stands in for it, has opened.
pub fn has_run() -> bool {
    BLOCKS.load(Relaxed) > 0
}

/// Whether the program was asked to end, by Ctrl+C or by the system.
pub fn ends() -> bool {
    ENDS.get().is_some_and(|ends| ends.load(Relaxed))
}

/// The window is open: watches for an end, and for a sound that stops, and has the panel drawn anew when there is one.
///
/// # Errors
/// The system's, if it does not let the program know of its end.
pub fn watch(repaint: RepaintNotifier) -> io::Result<()> {
    if ENDS.get().is_none() {
        let ends = ENDS.get_or_init(Arc::default);
        for &signal in TERM_SIGNALS {
            // Asked twice, it ends at once, whatever the window does.
            signal_hook::flag::register_conditional_shutdown(signal, 1, ends.clone())?;
            signal_hook::flag::register(signal, ends.clone())?;
        }
    }
    let watching = std::thread::Builder::new().name("antiphon-window".to_owned());
    watching.spawn(move || {
        let (mut told, mut blocks, mut flowed) = ((false, missing()), 0, Instant::now());
        loop {
            std::thread::sleep(WATCH);
            let now = BLOCKS.load(Relaxed);
            if now != blocks {
                (blocks, flowed) = (now, Instant::now());
            }
            STALLS.store(flowed.elapsed() > STALLED, Relaxed);
            let news = (ends(), missing());
            if std::mem::replace(&mut told, news) != news {
                repaint.request_repaint();
            }
        }
    })?;
    Ok(())
}

/// Lives as long as what is drawn in the window: before that is gone, and the sound with it, every note has its end.
pub struct Farewell;

impl Plugin for Farewell {
    fn debug_name(&self) -> &'static str {
        "notes end with the window"
    }
}

impl Drop for Farewell {
    fn drop(&mut self) {
        LEAVING.store(true, Relaxed);
        let (asked, blocks) = (Instant::now(), BLOCKS.load(Relaxed));
        while BLOCKS.load(Relaxed).wrapping_sub(blocks) < FAREWELL_BLOCKS && asked.elapsed() < FAREWELL {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
