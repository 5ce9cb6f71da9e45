//! What came out of the plugin: notes and parameter changes with absolute times, and whatever was wrong with them.

/// A note-on or note-off that the plugin played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlayedEvent {
    /// Samples processed by this host before it.
    pub sample: u64,
    /// Note-on, or note-off.
    pub on: bool,
    /// MIDI channel, 0-15.
    pub channel: u8,
    /// MIDI key.
    pub key: u8,
    /// MIDI velocity.
    pub velocity: u8,
}

/// A controller that a plugin moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MovedController {
    /// Samples processed by this host before it.
    pub sample: u64,
    /// MIDI channel, 0-15.
    pub channel: u8,
    /// Number of the controller.
    pub controller: u8,
    /// Its value, 0-127.
    pub value: u8,
    /// Notes that came before it.
    pub notes: usize,
}

/// What no plugin may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A time outside of the block.
    BeyondBlock,
    /// A time before that of the event before it.
    OutOfOrder,
    /// A channel outside 0-15, a key or controller outside 0-127 or a velocity outside 0-1; a note-on with velocity 0.
    NotANote,
}

/// Most events that one block may bring; the host says "full" to what is beyond.
pub(super) const EVENTS_PER_BLOCK: usize = 8192;

/// The events of one plugin, kept in order of arrival.
#[derive(Debug, Default)]
pub struct Outbox {
    /// Notes.
    pub played: Vec<PlayedEvent>,
    /// Controllers.
    pub moved: Vec<MovedController>,
    /// Parameters that the plugin changed by itself, for example from its panel: sample, id, value 0 to 1.
    pub changed: Vec<(u64, u32, f64)>,
    /// The first event that no plugin may send.
    pub fault: Option<(u64, Fault)>,
    /// Events that were refused for want of room.
    pub refused: usize,
    /// Note events taken in each block before the host says "full".
    room: Option<usize>,
    taken: usize,
    /// Samples processed before this block.
    now: u64,
    block: u32,
    latest: u32,
}

/// The host's event list is full.
pub(super) struct Full;

impl Outbox {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// From now on, takes so many note events a block and refuses the rest; `None` takes all.
    pub fn limit(&mut self, room: Option<usize>) {
        self.room = room;
    }

    /// Samples processed so far.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// The notes so far; the outbox forgets them.
    pub fn take_played(&mut self) -> Vec<PlayedEvent> {
        std::mem::take(&mut self.played)
    }

    /// Makes room ahead of a block.
    pub(super) fn open(&mut self, samples: usize) {
        self.played.reserve(EVENTS_PER_BLOCK);
        self.changed.reserve(EVENTS_PER_BLOCK);
        self.moved.reserve(EVENTS_PER_BLOCK);
        (self.taken, self.latest, self.block) = (0, 0, samples as u32);
    }

    /// Ends a block.
    pub(super) fn close(&mut self) {
        self.now += u64::from(self.block);
    }

    fn arrives(&mut self, at: u32) {
        if at >= self.block {
            self.wrong(Fault::BeyondBlock);
        } else if at < self.latest {
            self.wrong(Fault::OutOfOrder);
        }
        self.latest = self.latest.max(at);
    }

    fn wrong(&mut self, fault: Fault) {
        self.fault.get_or_insert((self.now, fault));
    }

    /// Takes a note as the formats write it: `velocity` is 0 to 1.
    pub(super) fn note(&mut self, at: u32, on: bool, channel: i16, key: i16, velocity: f64) -> Result<(), Full> {
        if self.room.is_some_and(|room| self.taken >= room) || self.played.len() == self.played.capacity() {
            self.refused += 1;
            return Err(Full);
        }
        self.taken += 1;
        self.arrives(at);
        let in_range =
            (0..16).contains(&channel) && (0..128).contains(&key) && (0.0..=1.0).contains(&velocity) && velocity >= 0.0;
        let velocity = (velocity * 127.0).round() as u8;
        if !in_range || (on && velocity == 0) {
            self.wrong(Fault::NotANote);
        }
        let sample = self.now + u64::from(at);
        self.played.push(PlayedEvent { sample, on, channel: channel as u8, key: key as u8, velocity });
        Ok(())
    }

    /// Takes a controller.
    pub(super) fn controller(&mut self, at: u32, channel: u8, controller: u8, value: u8) -> Result<(), Full> {
        if self.room.is_some_and(|room| self.taken >= room) || self.moved.len() == self.moved.capacity() {
            self.refused += 1;
            return Err(Full);
        }
        self.taken += 1;
        self.arrives(at);
        if channel > 15 || controller > 127 || value > 127 {
            self.wrong(Fault::NotANote);
        }
        let (sample, notes) = (self.now + u64::from(at), self.played.len());
        self.moved.push(MovedController { sample, channel, controller, value, notes });
        Ok(())
    }

    /// Takes a parameter change; `value` is 0 to 1.
    pub(super) fn change(&mut self, at: u32, id: u32, value: f64) -> Result<(), Full> {
        if self.changed.len() == self.changed.capacity() {
            return Err(Full);
        }
        self.changed.push((self.now + u64::from(at), id, value));
        Ok(())
    }
}
