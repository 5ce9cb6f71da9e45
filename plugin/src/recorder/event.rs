//! What the audio thread tells the recorder. Nothing in it is on the heap.

use antiphon_engine::listen::heard::{NoteChange, Onset, PitchReading};
use antiphon_engine::settings::Settings;
use antiphon_engine::time::SampleTime;
use antiphon_engine::transport::Transport;
use antiphon_session::record::{Control, Moment, Played};

/// Times are samples from the beginning of the recording, at the rate it began with.
#[derive(Clone, Copy, Debug)]
pub(super) enum Event {
    /// The recording of this number begins; samples a second, Hz.
    Begin(u32, f64),
    /// A hop: what was understood, and the pitch.
    Hop(Moment, PitchReading),
    /// A beginning.
    Onset(Onset),
    /// What became of a note of the client's.
    Note(NoteChange),
    /// A note message of the accompaniment's, as the host took it.
    Played(Played),
    /// A controller of the accompaniment's, as the host took it.
    Control(Control),
    /// A key of the therapist's own; velocity 0 lifts it.
    Hand(SampleTime, u8, u8),
    /// The therapist's choices, where they have changed.
    Settings(SampleTime, Settings),
    /// The host's transport, where it has not just gone on.
    Transport(SampleTime, Option<Transport>),
    /// The musician begins anew.
    Anew(SampleTime),
    /// So many events found no room before this.
    Lost(SampleTime, u64),
    /// The recording of this number is over.
    End(u32, SampleTime),
}

/// Events that wait for the recorder's thread: 750 hops a second and what happens in them fill it in 20 s.
pub(super) const RING: usize = 16_384;
