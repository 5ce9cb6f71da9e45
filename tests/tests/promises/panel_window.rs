//! The panel in a real window, touched by a real pointer, while audio is processed on another thread.
//!
//! It needs Xvfb, an X server without a screen; where there is none the test says so and passes. With `ANTIPHON_SHOT`
//! set to the path of an image, ImageMagick's `import` takes the panel's picture there while Antiphon plays, and those of
//! the other rooms and of the light theme beside it.

use crate::client::sung_stereo;
use crate::play::clap;
use antiphon_tests::host::clap::{ClapAudio, ClapHost};
use antiphon_tests::host::{Host, PlayedEvent, Setup, ShowsPanel, Transport};
use antiphon_tests::window::{Band, Desk, PATIENCE, Screen, ended};
use anyhow::{Result, bail, ensure};
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

/// Times the panel is opened and closed.
const ROUNDS: usize = 20;
const RATE_HZ: f64 = 48_000.0;
const BLOCK: usize = 256;
/// How long all of it may take before it counts as hanging.
const ALL_OF_IT: Duration = Duration::from_secs(240);

#[test]
fn the_panel_opens_resizes_is_clicked_and_closes_20_times_while_audio_is_processed() {
    let Some(screen) = Screen::start().expect("Xvfb starts, where there is one") else {
        // Written past the test's own capture: who runs the tests is to see it.
        let _ = writeln!(std::io::stderr(), "SKIPPED: the panel in a window was not tested, there is no Xvfb here");
        return;
    };
    let this = std::env::current_exe().expect("this program has a path");
    let one_test = ["--exact", "panel_window::on_the_display_given", "--ignored", "--nocapture"];
    let mut child = Command::new(this).args(one_test).env("DISPLAY", &screen.display).spawn().expect("it runs");
    let status = ended(&mut child, ALL_OF_IT).expect("the panel does not hang");
    assert!(status.success(), "the panel failed: {status}");
}

#[test]
#[ignore = "needs a display of its own; the test above starts one and runs this"]
fn on_the_display_given() {
    open_and_close().expect("the panel keeps its promises");
}

fn open_and_close() -> Result<()> {
    let mut host = clap();
    host.activate(Setup { rate_hz: RATE_HZ, longest_block: BLOCK, channels: 2 })?;
    let goal = host.param("goal")?.id;
    let desk = Desk::new()?;
    let [left, right] = <[Vec<f32>; 2]>::try_from(sung_stereo(RATE_HZ, 40.0)).expect("two channels");
    let band = Band::start(host.detach()?, [left, right], RATE_HZ, BLOCK, |_| vec![]);
    let threads_before = threads();
    let shot = std::env::var_os("ANTIPHON_SHOT");
    let mut clicked = Vec::new();
    for round in 0..ROUNDS {
        let (width, height) = host.open_panel(desk.window)?;
        desk.resize(width, height)?;
        desk.wait_for(&mut host, "the panel's window appears", || Ok(!desk.children()?.is_empty()))?;
        if let (0, Some(path)) = (round, &shot) {
            play_until_notes_sound(&mut host, &band, Duration::from_secs(20));
            take_pictures(&mut host, &desk, Path::new(path))?;
        }
        let (wider, higher) = host.resize_panel(width + 100, height + 60)?;
        ensure!((wider, higher) == (width + 100, height + 60), "the panel resized to {wider}x{higher}");
        desk.resize(wider, higher)?;
        // The goals stand in a column on the left; two of them in turn.
        let place = if round % 2 == 0 { 0.35 } else { 0.75 };
        let value = click_until_heard(&mut host, &desk, &band, goal, (120, (place * f64::from(higher)) as i16))?;
        ensure!(clicked.last() != Some(&value), "round {round}: the goal is {value} again");
        clicked.push(value);
        host.resize_panel(width, height)?;
        host.close_panel()?;
        desk.wait_for(&mut host, "the panel's window is gone", || Ok(desk.children()?.is_empty()))?;
    }
    wait_for_the_panels_threads(threads_before);
    let blocks = band.blocks.load(Ordering::SeqCst);
    ensure!(blocks > 500, "only {blocks} blocks were processed meanwhile");
    host.join(band.stop()?);
    let now = host.value(goal)?;
    ensure!(Some(&now) == clicked.last(), "the last click chose {clicked:?}, the plugin stands at {now}");
    host.deactivate()?;
    let (open, closed) = (heard_and_played(Some(&desk))?, heard_and_played(None)?);
    ensure!(open.1.len() >= 8, "there was music: {:?}", open.1);
    ensure!(open.1 == closed.1, "other notes are played with the panel open");
    ensure!(open.0 == closed.0, "the sound is another with the panel open");
    Ok(())
}

/// Places of the tabs and of the theme's button in a panel of the usual size.
const PLAY: (i16, i16) = (176, 25);
const SHAPE: (i16, i16) = (264, 25);
const SESSION: (i16, i16) = (352, 25);
const THEME: (i16, i16) = (790, 25);

/// Pictures of every room in both themes, at `path` and beside it; the room *Play* in the dark last.
fn take_pictures(host: &mut ClapHost, desk: &Desk, path: &Path) -> Result<()> {
    for (place, name) in [
        (SESSION, Some("session")),
        (SHAPE, Some("shape")),
        (THEME, Some("shape-light")),
        (SESSION, Some("session-light")),
        (PLAY, Some("light")),
        (THEME, None),
    ] {
        desk.point(place)?;
        desk.rest(host, Duration::from_millis(300));
        desk.click(place)?;
        desk.rest(host, Duration::from_millis(300));
        // The pointer would call up a hint.
        desk.point((4, 638))?;
        desk.rest(host, Duration::from_millis(600));
        let beside = name.map(|name| {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            path.with_file_name(format!("{stem}-{name}.png"))
        });
        let path = beside.as_deref().unwrap_or(path);
        let status = Command::new("import").args(["-window", &desk.window.to_string()]).arg(path).status()?;
        ensure!(status.success(), "import took no picture");
    }
    Ok(())
}

/// Everything that comes out of a plugin for twenty seconds of a song: the sound bit by bit, and the notes. With a desk, the
/// panel is open there and its rooms and theme are changed all the while.
fn heard_and_played(desk: Option<&Desk>) -> Result<(Vec<u32>, Vec<PlayedEvent>)> {
    let mut host = clap();
    host.activate(Setup { rate_hz: RATE_HZ, longest_block: BLOCK, channels: 2 })?;
    if let Some(desk) = desk {
        let (width, height) = host.open_panel(desk.window)?;
        desk.resize(width, height)?;
        desk.wait_for(&mut host, "the panel's window appears", || Ok(!desk.children()?.is_empty()))?;
    }
    let client = sung_stereo(RATE_HZ, 20.0);
    let (mut heard, mut played) = (Vec::new(), Vec::new());
    let mut places = [SHAPE, THEME, SESSION, PLAY, THEME].into_iter().cycle();
    for (block, (left, right)) in client[0].chunks_exact(BLOCK).zip(client[1].chunks_exact(BLOCK)).enumerate() {
        let transport = Transport::rolling((block * BLOCK) as i64);
        let out = host.process(&[left, right], &[], Some(transport))?;
        heard.extend(out.iter().flatten().map(|sample| sample.to_bits()));
        played.extend(host.outbox().take_played());
        if let (Some(desk), 0) = (desk, block % 100) {
            desk.click(places.next().unwrap_or(PLAY))?;
            desk.rest(&mut host, Duration::from_millis(60));
        }
    }
    if let Some(desk) = desk {
        host.close_panel()?;
        desk.wait_for(&mut host, "the panel's window is gone", || Ok(desk.children()?.is_empty()))?;
    }
    host.deactivate()?;
    Ok((heard, played))
}

/// How many threads this process has; 0 where the system does not tell.
fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count)
}

/// A panel's threads end a little after its window, and a process that ends before them has been seen to die within the
/// graphics driver. Waits until no more than `expected` threads are left, or none has ended for a while.
fn wait_for_the_panels_threads(expected: usize) {
    let (mut left, mut since) = (threads(), Instant::now());
    while left > expected && since.elapsed() < Duration::from_secs(1) {
        thread::sleep(Duration::from_millis(20));
        let now = threads();
        if now < left {
            (left, since) = (now, Instant::now());
        }
    }
}

/// Clicks at `place` until the host sees parameter `id` change; gives its value. The first frames may come late, and two
/// clicks be heard at once.
fn click_until_heard(
    host: &mut ClapHost,
    desk: &Desk,
    band: &Band<ClapAudio>,
    id: u32,
    place: (i16, i16),
) -> Result<f64> {
    while band.changes.try_recv().is_ok() {}
    let begin = Instant::now();
    while begin.elapsed() < PATIENCE {
        desk.click(place)?;
        let pause = Instant::now();
        while pause.elapsed() < Duration::from_millis(400) {
            host.idle();
            if let Ok((changed, value)) = band.changes.recv_timeout(Duration::from_millis(10)) {
                ensure!(changed == id, "the click changed parameter {changed}, not {id}");
                return Ok(value);
            }
        }
    }
    bail!("no click at {place:?} changed anything")
}

/// Lets the band play for this long at least, and on until the plugin plays two notes at once.
fn play_until_notes_sound(host: &mut ClapHost, band: &Band<ClapAudio>, least: Duration) {
    let begin = Instant::now();
    let sounds = || band.sounding.load(Ordering::SeqCst) >= 2;
    while begin.elapsed() < least || (!sounds() && begin.elapsed() < 2 * PATIENCE) {
        host.idle();
        thread::sleep(Duration::from_millis(10));
    }
    // The panel draws thirty times a second.
    thread::sleep(Duration::from_millis(200));
}
