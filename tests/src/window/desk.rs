//! A window for the panel to live in, a hand and a keyboard.

use crate::host::Host;
use anyhow::{Context, Result, ensure};
use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConfigureWindowAux, ConnectionExt, CreateWindowAux, EventMask,
    ImageFormat, InputFocus, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, MOTION_NOTIFY_EVENT, WindowClass,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

/// How long anything may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A hand's pace.
const HAND: Duration = Duration::from_millis(40);

/// A panel that was drawn has at least so many colours; one that was not has one or two.
const COLOURS: usize = 8;

/// A host's window, and a pointer.
pub struct Desk {
    x: RustConnection,
    root: u32,
    /// The host's window.
    pub window: u32,
}

impl Desk {
    /// A window on the display that the environment names.
    ///
    /// # Errors
    /// There is no such display.
    pub fn new() -> Result<Self> {
        let (x, screen) = RustConnection::connect(None)?;
        let root = x.setup().roots[screen].root;
        let window = x.generate_id()?;
        let depth = x11rb::COPY_DEPTH_FROM_PARENT;
        let look = CreateWindowAux::new().background_pixel(0).event_mask(EventMask::KEY_PRESS);
        x.create_window(depth, window, root, 0, 0, 640, 480, 0, WindowClass::INPUT_OUTPUT, 0, &look)?.check()?;
        x.map_window(window)?.check()?;
        Ok(Self { x, root, window })
    }

    /// Gives the host's window this size, pixels.
    pub fn resize(&self, width: u32, height: u32) -> Result<()> {
        self.x.configure_window(self.window, &ConfigureWindowAux::new().width(width).height(height))?.check()?;
        Ok(())
    }

    /// Windows within the host's.
    pub fn children(&self) -> Result<Vec<u32>> {
        Ok(self.x.query_tree(self.window)?.reply()?.children)
    }

    /// The panel's window.
    pub fn panel(&self) -> Result<u32> {
        self.children()?.first().copied().context("the panel has no window")
    }

    /// Moves the pointer there, presses and lets go, as slowly as a hand.
    pub fn click(&self, place: (i16, i16)) -> Result<()> {
        self.fake(MOTION_NOTIFY_EVENT, 0, place)?;
        self.fake(BUTTON_PRESS_EVENT, 1, place)?;
        self.fake(BUTTON_RELEASE_EVENT, 1, place)
    }

    /// Presses a key and lets go: the one that writes `symbol`, by its number among X's keysyms.
    pub fn press(&self, symbol: u32) -> Result<()> {
        let code = self.key_of(symbol)?;
        self.fake(KEY_PRESS_EVENT, code, (0, 0))?;
        self.fake(KEY_RELEASE_EVENT, code, (0, 0))
    }

    fn fake(&self, kind: u8, detail: u8, (x, y): (i16, i16)) -> Result<()> {
        let (x, y) = self.on_screen((x, y))?;
        self.x.xtest_fake_input(kind, detail, x11rb::CURRENT_TIME, self.root, x, y, 0)?.check()?;
        thread::sleep(HAND);
        Ok(())
    }

    /// A place in the host's window, as one on the screen.
    fn on_screen(&self, (x, y): (i16, i16)) -> Result<(i16, i16)> {
        let place = self.x.translate_coordinates(self.window, self.root, x, y)?.reply()?;
        Ok((place.dst_x, place.dst_y))
    }

    /// Moves the pointer there.
    pub fn point(&self, place: (i16, i16)) -> Result<()> {
        let (x, y) = self.on_screen(place)?;
        self.x.xtest_fake_input(MOTION_NOTIFY_EVENT, 0, x11rb::CURRENT_TIME, self.root, x, y, 0)?.check()?;
        Ok(())
    }

    /// Gives the host's window the keyboard, as a window manager does.
    pub fn focus(&self) -> Result<()> {
        self.x.set_input_focus(InputFocus::PARENT, self.window, x11rb::CURRENT_TIME)?.check()?;
        Ok(())
    }

    /// The window that has the keyboard.
    pub fn focused(&self) -> Result<u32> {
        Ok(self.x.get_input_focus()?.reply()?.focus)
    }

    /// The keys that reached the host's window since this was asked last, by X's keysyms.
    pub fn keys_heard(&self) -> Result<Vec<u32>> {
        let mut heard = Vec::new();
        self.x.sync()?;
        while let Some(event) = self.x.poll_for_event()? {
            if let Event::KeyPress(key) = event {
                heard.push(self.symbol_of(key.detail)?);
            }
        }
        Ok(heard)
    }

    fn symbol_of(&self, code: u8) -> Result<u32> {
        let found = self.x.get_keyboard_mapping(code, 1)?.reply()?;
        found.keysyms.first().copied().context("the key writes nothing")
    }

    fn key_of(&self, symbol: u32) -> Result<u8> {
        let setup = self.x.setup();
        (setup.min_keycode..=setup.max_keycode)
            .find(|&code| self.symbol_of(code).is_ok_and(|written| written == symbol))
            .with_context(|| format!("no key writes {symbol:#x}"))
    }

    /// The first numbers of a property of `window`; none if it is not there.
    pub fn property(&self, window: u32, name: &str) -> Result<Option<Vec<u32>>> {
        let atom = self.x.intern_atom(true, name.as_bytes())?.reply()?.atom;
        if atom == u32::from(AtomEnum::NONE) {
            return Ok(None);
        }
        let found = self.x.get_property(false, window, atom, AtomEnum::ANY, 0, 16)?.reply()?;
        Ok(found.value32().map(Iterator::collect))
    }

    /// Whether something is to be seen in the host's window.
    pub fn is_painted(&self) -> Result<bool> {
        let size = self.x.get_geometry(self.window)?.reply()?;
        let seen = self.x.get_image(ImageFormat::Z_PIXMAP, self.window, 0, 0, size.width, size.height, u32::MAX);
        let seen = seen?.reply()?.data;
        let colours: BTreeSet<&[u8]> = seen.chunks_exact(4).map(|pixel| &pixel[..3]).collect();
        Ok(colours.len() >= COLOURS)
    }

    /// Lets the panel be drawn for a while.
    pub fn rest(&self, host: &mut (impl Host + ?Sized), pause: Duration) {
        let begin = Instant::now();
        while begin.elapsed() < pause {
            host.idle();
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until `done`, while the host goes on.
    ///
    /// # Errors
    /// It is not done within [`PATIENCE`].
    pub fn wait_for(&self, host: &mut (impl Host + ?Sized), what: &str, done: impl Fn() -> Result<bool>) -> Result<()> {
        let begin = Instant::now();
        while !done()? {
            ensure!(begin.elapsed() < PATIENCE, "not within {PATIENCE:?}: {what}");
            host.idle();
            thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}
