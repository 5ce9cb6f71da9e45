//! What hosts on X11 look for on the panel's window, and what baseview 0.4.2 leaves to do there.
//!
//! All of it goes through the window's own connection: event masks and passive grabs are a client's, and so are the events
//! of the Present extension.

use super::keyboard;
use nice_plug_egui::baseview::{PlatformHandle, WindowContext};
use raw_window_handle::{HasDisplayHandle, HasWindowHandle, RawDisplayHandle, RawWindowHandle};
use std::sync::Once;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU32};
use x11rb::connection::{Connection, RequestConnection};
use x11rb::errors::ReplyOrIdError;
use x11rb::protocol::present::{self, ConnectionExt as _};
use x11rb::protocol::xproto::{ConnectionExt as _, EventMask, MapState, PropMode};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;
use x11rb::xcb_ffi::XCBConnection;

/// Of the XEmbed protocol, and the names that its hosts ask the server for.
const XEMBED_VERSION: u32 = 0;
const XEMBED_NAMES: [&[u8]; 2] = [b"_XEMBED", b"_XEMBED_INFO"];

/// The panel's window. Lives as long as what is drawn in it, on the window's thread.
pub struct Seat {
    // Before the handle: it borrows the connection that the handle keeps.
    pub(super) connection: XCBConnection,
    _handle: PlatformHandle,
    pub(super) window: u32,
    mapped: AtomicBool,
    /// Within a host, which has the keys that the panel does not use.
    pub(super) embedded: bool,
    /// What baseview listens to, but for keys.
    pub(super) hears: EventMask,
    /// Something in the panel has the keyboard.
    pub(super) here: AtomicBool,
    /// The window that had the keyboard before; 0 if none is known.
    pub(super) before: AtomicU32,
}

impl Seat {
    /// Takes the window before its first event: tells hosts that it may be embedded, and has every answer of the Present
    /// extension sent to it. baseview asks for those only once the window is mapped; what it had asked to be drawn before
    /// was then never answered, and the panel stayed black.
    ///
    /// # Errors
    /// The X server's; none if the window is not one of X11.
    pub fn take(window: &WindowContext, embedded: bool) -> Result<Option<Self>, ReplyOrIdError> {
        let handle = window.platform_handle();
        let (Ok(RawDisplayHandle::Xcb(display)), Ok(RawWindowHandle::Xcb(place))) =
            (handle.display_handle().map(|h| h.as_raw()), handle.window_handle().map(|h| h.as_raw()))
        else {
            return Ok(None);
        };
        let Some(raw) = display.connection else { return Ok(None) };
        // SAFETY: the connection is open for as long as the handle is kept, which is dropped after this borrower of it.
        let Ok(connection) = (unsafe { XCBConnection::from_raw_xcb_connection(raw.as_ptr(), false) }) else {
            return Ok(None);
        };
        let window = place.window.get();
        let asked_for = u32::from(connection.get_window_attributes(window)?.reply()?.your_event_mask);
        let hears = EventMask::from(asked_for & !u32::from(keyboard::keys()));
        let seat = Self {
            connection,
            _handle: handle,
            window,
            mapped: AtomicBool::new(false),
            embedded,
            hears,
            here: AtomicBool::new(true),
            before: AtomicU32::new(0),
        };
        seat.tell_of_xembed()?;
        // A server without the extension has baseview draw by the clock.
        if seat.connection.extension_information(present::X11_EXTENSION_NAME)?.is_some() {
            let answers = seat.connection.generate_id()?;
            seat.connection.present_select_input(answers, seat.window, present::EventMask::COMPLETE_NOTIFY)?.check()?;
        }
        if embedded {
            seat.grab_tab()?;
            seat.listen_to_keys(false)?;
        }
        Ok(Some(seat))
    }

    /// Says that the window can be embedded. That it is mapped is left unsaid: it maps itself, and Steinberg's own host
    /// takes a window that says so for a mistake.
    fn tell_of_xembed(&self) -> Result<(), ReplyOrIdError> {
        let mut info = 0;
        for name in XEMBED_NAMES {
            info = self.connection.intern_atom(false, name)?.reply()?.atom;
        }
        let flags = 0;
        self.connection
            .change_property32(PropMode::REPLACE, self.window, info, info, &[XEMBED_VERSION, flags])?
            .check()?;
        Ok(())
    }

    /// Whether the window has been mapped: there is something to draw into.
    pub fn is_mapped(&self) -> bool {
        if !self.mapped.load(Relaxed) {
            let asked = self.connection.get_window_attributes(self.window).ok();
            let state = asked.and_then(|asked| asked.reply().ok()).map(|found| found.map_state);
            self.mapped.store(state.is_none_or(|state| state != MapState::UNMAPPED), Relaxed);
        }
        self.mapped.load(Relaxed)
    }
}

/// Has the X server know the names of XEmbed: Steinberg's own host makes no window on a server that has never heard them.
pub fn know_xembed() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let Ok((server, _)) = RustConnection::connect(None) else { return };
        for name in XEMBED_NAMES {
            let _ = server.intern_atom(false, name).map(|asked| asked.reply());
        }
    });
}
