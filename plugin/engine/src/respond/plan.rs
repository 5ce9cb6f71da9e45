//! What `respond` hands to `speak`: notes planned ahead, and orders to end or forget them.

use crate::names::named;
use crate::time::SampleTime;
use arrayvec::ArrayVec;

named! {
    /// The voices of the accompaniment, in the order of their channels.
    Voice, "voice":
    /// Foundation.
    Bass = "bass", "Bass";
    /// Chord tones above it.
    Harmony = "harmony", "Harmony";
    /// The answering line.
    Counter = "counter", "Countermelody";
    /// Pulse.
    Pulse = "pulse", "Pulse";
}

named! {
    /// What kind of playing a note belongs to.
    Behaviour, "behaviour":
    /// Root and fifth, held.
    Drone = "drone", "Drone";
    /// Chords under the client.
    Harmony = "harmony", "Harmony";
    /// An answer with a motif of its own.
    Countermelody = "countermelody", "Countermelody";
    /// The way home.
    Cadence = "cadence", "Cadence";
    /// Chords on the beat.
    Pulse = "pulse", "Pulse";
    /// Chords on the beat and late between them.
    Swing = "swing", "Swing";
    /// The accompaniment of a song.
    Song = "song", "Song";
    /// A song that grows.
    Build = "build", "Build";
    /// A floor of octaves and fifths.
    Grounding = "grounding", "Grounding";
    /// Single tones that ring.
    Tones = "tones", "Single tones";
    /// One chord to a phrase, held.
    Holding = "holding", "Held chords";
    /// Slow chords that lead towards rest.
    Calming = "calming", "Calming";
    /// Her melody given back.
    Echo = "echo", "Echo";
    /// Her melody with her.
    Mirror = "mirror", "Mirror";
    /// A few of her notes, offered to a client who has fallen silent.
    Inviting = "inviting", "Inviting";
}

/// A note to be played. Its key is final but for the register, which `speak` sees to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlannedNote {
    /// When it begins.
    pub on: SampleTime,
    /// When it ends; after `on`.
    pub off: SampleTime,
    /// MIDI key wanted; moved by octaves if it lies outside the therapist's register.
    pub key: u8,
    /// Loudness wanted, MIDI velocity before touch and ceiling.
    pub velocity: f32,
    /// Voice.
    pub voice: Voice,
    /// Line within the voice, from 1.
    pub part: u8,
    /// What it belongs to.
    pub behaviour: Behaviour,
}

impl PlannedNote {
    /// Begins and ends `by` samples later.
    pub(super) fn delay(&mut self, by: SampleTime) {
        (self.on, self.off) = (self.on + by, self.off + by);
    }
}

/// An order to `speak`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Order {
    /// Play this.
    Play(PlannedNote),
    /// Forget what is planned for this behaviour; what sounds ends as planned, within `within` samples at the latest.
    Withdraw {
        /// Whose notes.
        behaviour: Behaviour,
        /// Latest end of what sounds, samples from now.
        within: SampleTime,
    },
    /// End what sounds of one line at once: it rests.
    Rest {
        /// Voice.
        voice: Voice,
        /// Line within the voice, from 1.
        part: u8,
    },
    /// Forget and end everything of every behaviour, within `within` samples from now.
    WithdrawAll {
        /// Latest end of what sounds, samples from now; 0 is at once.
        within: SampleTime,
    },
}

/// Most orders that one hop carries.
pub const ORDERS_PER_HOP: usize = 48;

/// The orders of one hop, in the order they were given.
pub type Orders = ArrayVec<Order, ORDERS_PER_HOP>;
