//! One opening of the panel, as DAWs do it: made, left waiting, put into a window and shown.

use super::{Band, Desk};
use crate::host::{Setup, ShowsPanel};
use anyhow::Result;
use std::fmt;
use std::thread;
use std::time::{Duration, Instant};

/// Milliseconds that hosts leave between making the panel and showing it.
pub const DELAYS_MS: [u64; 5] = [0, 5, 20, 100, 500];

/// Samples a second, Hz.
pub(super) const RATE_HZ: f64 = 48_000.0;
/// Samples in a block.
pub(super) const BLOCK: usize = 256;

/// Longest that a panel takes to be drawn: a software renderer under load makes five pictures a second, and the first
/// makes the letters as well.
const DRAWN: Duration = Duration::from_secs(4);

/// How the panel is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Between making the panel and showing it, ms.
    pub delay_ms: u64,
    /// Sound flows meanwhile.
    pub audio: bool,
}

impl Opening {
    /// With and without sound, at every delay.
    pub fn all() -> impl Iterator<Item = Self> {
        DELAYS_MS.into_iter().flat_map(|delay_ms| [false, true].map(|audio| Self { delay_ms, audio }))
    }
}

impl fmt::Display for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ms, {}", self.delay_ms, if self.audio { "sound" } else { "no sound" })
    }
}

/// Two seconds of a tone that swells and fades: what the panel shows moves all the while.
pub(super) fn tone() -> [Vec<f32>; 2] {
    let turn = std::f64::consts::TAU / RATE_HZ;
    let sample = |i: u32| {
        let (tone, swell) = ((220.0 * turn * f64::from(i)).sin(), (0.5 * turn * f64::from(i)).sin());
        (0.3 * tone * swell) as f32
    };
    let channel: Vec<f32> = (0..2 * RATE_HZ as u32).map(sample).collect();
    [channel.clone(), channel]
}

/// Opens the panel of `host` so, and says after how long it was seen painted; `None` if it stayed black.
pub fn open<H: ShowsPanel>(host: &mut H, desk: &Desk, opening: Opening) -> Result<Option<Duration>> {
    host.activate(Setup { rate_hz: RATE_HZ, longest_block: BLOCK, channels: 2 })?;
    let band = if opening.audio { Some(Band::start(host.detach()?, tone(), RATE_HZ, BLOCK, |_| vec![])) } else { None };
    let (width, height) = host.make_panel()?;
    desk.resize(width, height)?;
    desk.rest(host, Duration::from_millis(opening.delay_ms));
    host.show_panel(desk.window)?;
    let painted = wait_until_painted(host, desk)?;
    host.close_panel()?;
    desk.wait_for(host, "the panel's window is gone", || Ok(desk.children()?.is_empty()))?;
    if let Some(band) = band {
        let audio = band.stop()?;
        host.join(audio);
    }
    host.deactivate()?;
    Ok(painted)
}

/// After how long the panel, which is shown now, is painted.
pub fn wait_until_painted(host: &mut impl ShowsPanel, desk: &Desk) -> Result<Option<Duration>> {
    let begin = Instant::now();
    while begin.elapsed() < DRAWN {
        if desk.is_painted()? {
            return Ok(Some(begin.elapsed()));
        }
        host.idle();
        thread::sleep(Duration::from_millis(10));
    }
    Ok(None)
}
