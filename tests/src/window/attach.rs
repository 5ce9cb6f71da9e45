//! The panel opens and closes while parameters change: what breaks a plugin that is told of a change by one thread while
//! another makes or removes its window.

use super::Desk;
use super::band::Band;
use super::opening::{BLOCK, RATE_HZ, tone};
use crate::host::{Input, Setup, ShowsPanel};
use anyhow::{Result, ensure};
use std::time::Duration;

/// Changes within a block of the audio thread: as many as there are parameters to change, about 4000 a second.
const CHANGES: u64 = 24;

/// How long a panel is open, ms, by turns: from not yet drawn to at rest.
const OPEN_MS: [u64; 4] = [0, 20, 60, 150];

/// Opens and closes the panel of `host` so many times. Every block of the audio thread changes parameters, and so does the
/// main thread before and after each step.
///
/// # Errors
/// The host's or the plugin's; a panel that does not go away.
pub fn open_and_close<H: ShowsPanel>(host: &mut H, desk: &Desk, rounds: usize) -> Result<()> {
    host.activate(Setup { rate_hz: RATE_HZ, longest_block: BLOCK, channels: 2 })?;
    let automatable = |param: &&crate::host::Param| param.automatable && !param.bypass && param.steps != 1;
    let ids: Vec<u32> = host.params().iter().filter(automatable).map(|param| param.id).collect();
    ensure!(!ids.is_empty(), "the plugin has parameters to change");
    let of_main = ids[0];
    let changes = move |block: u64| {
        let change = |i: u64| {
            let at = (i * BLOCK as u64 / CHANGES) as u32;
            let id = ids[(block * CHANGES + i) as usize % ids.len()];
            Input::Param { at, id, value: ((block + i) % 11) as f64 / 10.0 }
        };
        (0..CHANGES).map(change).collect()
    };
    let band = Band::start(host.detach()?, tone(), RATE_HZ, BLOCK, changes);
    let result = (0..rounds).try_for_each(|round| -> Result<()> {
        let mut value = round as f64 / rounds as f64;
        let mut change = |host: &mut H| {
            value = (value + 0.37).fract();
            host.change(of_main, value)
        };
        change(host)?;
        let (width, height) = host.make_panel()?;
        desk.resize(width, height)?;
        change(host)?;
        host.show_panel(desk.window)?;
        change(host)?;
        desk.rest(host, Duration::from_millis(OPEN_MS[round % OPEN_MS.len()]));
        change(host)?;
        host.close_panel()?;
        change(host)?;
        desk.wait_for(host, "the panel's window is gone", || Ok(desk.children()?.is_empty()))
    });
    let audio = band.stop()?;
    host.join(audio);
    result?;
    host.deactivate()
}
