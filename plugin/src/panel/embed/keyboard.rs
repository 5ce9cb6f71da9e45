//! Whose the keyboard is, on X11. A window that listens to keys takes every key that is pressed with the pointer over it,
//! and baseview 0.4.2 takes the keyboard itself at each click. So the panel's window listens only while something in the
//! panel has the keyboard, and gives it back when nothing has; Tab, which brings the keyboard there, is grabbed.

use super::x11::Seat;
use std::sync::atomic::Ordering::Relaxed;
use x11rb::connection::Connection;
use x11rb::errors::ReplyError;
use x11rb::protocol::xproto::{
    AtomEnum, ChangeWindowAttributesAux, ConnectionExt as _, EventMask, GrabMode, InputFocus, ModMask,
};

/// What a window that listens to keys asks for.
pub(super) fn keys() -> EventMask {
    EventMask::KEY_PRESS | EventMask::KEY_RELEASE
}

/// X's number for what Tab writes.
const TAB: u32 = 0xff09;

impl Seat {
    /// After each picture: `here` if something in the panel has the keyboard. Whether it may keep it: not if another window
    /// has been given it meanwhile.
    pub fn settle_keys(&self, here: bool) -> bool {
        !self.embedded || self.try_settle_keys(here).unwrap_or(true)
    }

    fn try_settle_keys(&self, here: bool) -> Result<bool, ReplyError> {
        let has_them = self.connection.get_input_focus()?.reply()?.focus;
        let ours = has_them == self.window;
        if !ours {
            self.before.store(has_them, Relaxed);
        }
        let was_here = self.here.load(Relaxed);
        if here != was_here {
            self.listen_to_keys(here)?;
        }
        match (here, ours) {
            (true, false) if !was_here => self.focus(self.window)?,
            (true, false) => return Ok(false),
            (false, true) => self.give_back()?,
            _ => {}
        }
        Ok(true)
    }

    pub(super) fn listen_to_keys(&self, here: bool) -> Result<(), ReplyError> {
        let mask = if here { self.hears | keys() } else { self.hears };
        let listens = ChangeWindowAttributesAux::new().event_mask(mask);
        self.connection.change_window_attributes(self.window, &listens)?.check()?;
        self.here.store(here, Relaxed);
        Ok(())
    }

    /// Has Tab come here while the pointer is over the panel, alone and with Shift, whatever is locked.
    pub(super) fn grab_tab(&self) -> Result<(), ReplyError> {
        let setup = self.connection.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let written = self.connection.get_keyboard_mapping(first, last - first + 1)?.reply()?;
        let mut keys = (first..=last).zip(written.keysyms.chunks(written.keysyms_per_keycode.max(1).into()));
        let Some((tab, _)) = keys.find(|(_, symbols)| symbols.contains(&TAB)) else { return Ok(()) };
        for shift in [ModMask::default(), ModMask::SHIFT] {
            for lock in [ModMask::default(), ModMask::LOCK, ModMask::M2, ModMask::LOCK | ModMask::M2] {
                let (now, held) = (GrabMode::ASYNC, shift | lock);
                // Refused if another program has it; then that has Tab.
                let _ = self.connection.grab_key(false, self.window, held, tab, now, now)?.check();
            }
        }
        Ok(())
    }

    /// Gives the keyboard back to the window that had it, or else to the host's.
    fn give_back(&self) -> Result<(), ReplyError> {
        let before = self.before.load(Relaxed);
        if before != 0 && self.focus(before).is_ok() {
            return Ok(());
        }
        let host = self.hosts_window()?;
        self.focus(host)
    }

    fn focus(&self, window: u32) -> Result<(), ReplyError> {
        self.connection.set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME)?.check()
    }

    /// The nearest window around the panel's that a window manager manages; without one, the outermost.
    fn hosts_window(&self) -> Result<u32, ReplyError> {
        let managed = self.connection.intern_atom(false, b"WM_STATE")?.reply()?.atom;
        let mut window = self.window;
        loop {
            let around = self.connection.query_tree(window)?.reply()?;
            if around.parent == around.root || around.parent == 0 {
                return Ok(window);
            }
            window = around.parent;
            let state = self.connection.get_property(false, window, managed, AtomEnum::ANY, 0, 1)?.reply()?;
            if state.type_ != 0 {
                return Ok(window);
            }
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.settle_keys(false);
    }
}
