//! The panel in a real window, touched by a real pointer, while audio is processed on another thread.
//!
//! It needs Xvfb, an X server without a screen; where there is none the test says so and passes. With `ANTIPHON_SHOT`
//! set to the path of an image, ImageMagick's `import` takes the panel's picture there while Antiphon plays, and those of
//! the other rooms and of the light theme beside it.

use crate::client::sung_stereo;
use crate::play::clap;
use antiphon_tests::host::clap::{ClapAudio, ClapHost};
use antiphon_tests::host::{Host, PlayedEvent, Setup, Transport};
use anyhow::{Context, Result, bail, ensure};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConfigureWindowAux, ConnectionExt, CreateWindowAux, MOTION_NOTIFY_EVENT,
    WindowClass,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

/// Times the panel is opened and closed.
const ROUNDS: usize = 20;
const RATE_HZ: f64 = 48_000.0;
const BLOCK: usize = 256;
/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long all of it may take before it counts as hanging.
const ALL_OF_IT: Duration = Duration::from_secs(240);

/// An X server of our own.
struct Screen {
    server: Child,
    display: String,
}

impl Screen {
    /// `None` if there is no Xvfb on this machine.
    fn start() -> Result<Option<Self>> {
        let mut command = Command::new("Xvfb");
        // The server chooses a free number and writes it to its standard output.
        command.args(["-displayfd", "1", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]);
        let mut server = match command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn() {
            Ok(server) => server,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).context("Xvfb does not start"),
        };
        let stdout = server.stdout.take().context("Xvfb has no output")?;
        let mut screen = Self { server, display: String::new() };
        let mut number = String::new();
        BufReader::new(stdout).read_line(&mut number)?;
        ensure!(!number.trim().is_empty(), "Xvfb did not say which display it serves");
        screen.display = format!(":{}", number.trim());
        Ok(Some(screen))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

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
    let begin = Instant::now();
    let status = loop {
        match child.try_wait().expect("it can be waited for") {
            Some(status) => break status,
            None if begin.elapsed() > ALL_OF_IT => {
                let _ = child.kill();
                panic!("the panel hangs");
            }
            None => thread::sleep(Duration::from_millis(50)),
        }
    };
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
    let band = Band::start(host.detach()?);
    let threads_before = threads();
    let shot = std::env::var_os("ANTIPHON_SHOT");
    let mut clicked = Vec::new();
    for round in 0..ROUNDS {
        let (width, height) = host.open_panel(desk.window)?;
        desk.resize(width, height)?;
        desk.wait_for(&mut host, "the panel's window appears", || Ok(!desk.children()?.is_empty()))?;
        if let (0, Some(path)) = (round, &shot) {
            band.play_until_notes_sound(&mut host, Duration::from_secs(20));
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
fn click_until_heard(host: &mut ClapHost, desk: &Desk, band: &Band, id: u32, place: (i16, i16)) -> Result<f64> {
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

/// A window for the panel to live in, and a pointer.
struct Desk {
    x: RustConnection,
    root: u32,
    window: u32,
}

impl Desk {
    fn new() -> Result<Self> {
        let (x, screen) = RustConnection::connect(None)?;
        let root = x.setup().roots[screen].root;
        let window = x.generate_id()?;
        let depth = x11rb::COPY_DEPTH_FROM_PARENT;
        let look = CreateWindowAux::new().background_pixel(0);
        x.create_window(depth, window, root, 0, 0, 640, 480, 0, WindowClass::INPUT_OUTPUT, 0, &look)?.check()?;
        x.map_window(window)?.check()?;
        Ok(Self { x, root, window })
    }

    fn resize(&self, width: u32, height: u32) -> Result<()> {
        self.x.configure_window(self.window, &ConfigureWindowAux::new().width(width).height(height))?.check()?;
        Ok(())
    }

    fn children(&self) -> Result<Vec<u32>> {
        Ok(self.x.query_tree(self.window)?.reply()?.children)
    }

    /// Moves the pointer there, presses and lets go, as slowly as a hand.
    fn click(&self, (x, y): (i16, i16)) -> Result<()> {
        let fake = |kind: u8, detail: u8| -> Result<()> {
            self.x.xtest_fake_input(kind, detail, x11rb::CURRENT_TIME, self.root, x, y, 0)?.check()?;
            thread::sleep(Duration::from_millis(40));
            Ok(())
        };
        fake(MOTION_NOTIFY_EVENT, 0)?;
        fake(BUTTON_PRESS_EVENT, 1)?;
        fake(BUTTON_RELEASE_EVENT, 1)
    }

    /// Moves the pointer there.
    fn point(&self, (x, y): (i16, i16)) -> Result<()> {
        self.x.xtest_fake_input(MOTION_NOTIFY_EVENT, 0, x11rb::CURRENT_TIME, self.root, x, y, 0)?.check()?;
        Ok(())
    }

    /// Lets the panel be drawn for a while.
    fn rest(&self, host: &mut ClapHost, pause: Duration) {
        let begin = Instant::now();
        while begin.elapsed() < pause {
            host.idle();
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn wait_for(&self, host: &mut ClapHost, what: &str, done: impl Fn() -> Result<bool>) -> Result<()> {
        let begin = Instant::now();
        while !done()? {
            ensure!(begin.elapsed() < PATIENCE, "not within {PATIENCE:?}: {what}");
            host.idle();
            thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}

/// The audio thread: a client sings in real time.
struct Band {
    thread: JoinHandle<Result<ClapAudio>>,
    over: Arc<AtomicBool>,
    blocks: Arc<AtomicU64>,
    /// Notes of the plugin's that sound now.
    sounding: Arc<AtomicI64>,
    /// Parameters that the panel changed: id, value.
    changes: mpsc::Receiver<(u32, f64)>,
}

impl Band {
    fn start(mut audio: ClapAudio) -> Self {
        let (over, blocks) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let sounding = Arc::new(AtomicI64::new(0));
        let (sender, changes) = mpsc::channel();
        let (is_over, count, sounds) = (over.clone(), blocks.clone(), sounding.clone());
        let thread = thread::spawn(move || {
            let client = sung_stereo(RATE_HZ, 40.0);
            let begin = Instant::now();
            for block in 0.. {
                if is_over.load(Ordering::SeqCst) {
                    break;
                }
                let from = block * BLOCK % (client[0].len() - BLOCK);
                let span = from..from + BLOCK;
                let transport = Transport::rolling((block * BLOCK) as i64);
                audio.process(&[&client[0][span.clone()], &client[1][span]], &[], Some(transport))?;
                let notes = audio.outbox().take_played();
                sounds.fetch_add(notes.iter().map(|e| if e.on { 1 } else { -1 }).sum(), Ordering::SeqCst);
                for (_, id, value) in audio.outbox().changed.drain(..) {
                    sender.send((id, value))?;
                }
                count.fetch_add(1, Ordering::SeqCst);
                let due = Duration::from_secs_f64((block * BLOCK) as f64 / RATE_HZ);
                thread::sleep(due.saturating_sub(begin.elapsed()));
            }
            Ok(audio)
        });
        Self { thread, over, blocks, sounding, changes }
    }

    /// For this long at least, and on until the plugin plays two notes at once.
    fn play_until_notes_sound(&self, host: &mut ClapHost, least: Duration) {
        let begin = Instant::now();
        let sounds = || self.sounding.load(Ordering::SeqCst) >= 2;
        while begin.elapsed() < least || (!sounds() && begin.elapsed() < 2 * PATIENCE) {
            host.idle();
            thread::sleep(Duration::from_millis(10));
        }
        // The panel draws thirty times a second.
        thread::sleep(Duration::from_millis(200));
    }

    fn stop(self) -> Result<ClapAudio> {
        self.over.store(true, Ordering::SeqCst);
        match self.thread.join() {
            Ok(audio) => audio,
            Err(_) => bail!("the audio thread panicked"),
        }
    }
}
