//! The states of an exchange, what the therapist asks for, and why things are as they are.

use crate::names::named;

named! {
    /// The states of an exchange: the thirteen of one exchange from first tone to completion (Turry 2010), and those
    /// around them.
    State, "state":
    /// Nothing has been heard that asks for an answer.
    Waiting = "waiting", "Waiting";
    /// Single soft tones build a harmony around her line.
    Tones = "tones", "Single tones";
    /// A minor colour supports her.
    Minor = "minor", "A minor colour";
    /// A temporary resting place.
    Rest = "rest", "Resting";
    /// Her melody is gently echoed.
    Echo = "echo", "Echo";
    /// A pulse found in her melody is in the harmony.
    Pulse = "pulse", "Pulse";
    /// The pulse swings gently.
    Swing = "swing", "Swing";
    /// A song form with bars and phrases.
    Song = "song", "Song";
    /// The intensity builds.
    Build = "build", "Building";
    /// Her repetition makes the form firm.
    Solidify = "solidify", "Coming back";
    /// Heading for the tonic.
    Approach = "approach", "Heading home";
    /// Slowing down with her.
    Slowing = "slowing", "Slowing together";
    /// The final cadence.
    Final = "final", "Closing";
    /// Completion; then silence.
    Complete = "complete", "Complete";
    /// A firm, plain beat to stand on.
    Grounding = "grounding", "Grounding";
    /// A steady ground under the client.
    Holding = "holding", "Holding";
    /// Strong, ordered music around what is wild.
    Containing = "containing", "Containing";
    /// Taking turns with her phrases.
    Dialogue = "dialogue", "In dialogue";
    /// Doing what she does, with her.
    Mirroring = "mirroring", "Mirroring";
    /// From where she is towards slow and soft.
    Calming = "calming", "Calming";
    /// Stepping back so that she leads.
    Withdrawing = "withdrawing", "Stepping back";
    /// The client has stopped; so has the music.
    Silent = "silent", "Silent with the client";
}

impl State {
    /// On the way home.
    pub fn is_close(self) -> bool {
        matches!(self, Self::Approach | Self::Slowing | Self::Final)
    }

    /// Its music is struck on the beat.
    pub fn is_rhythm(self) -> bool {
        matches!(self, Self::Pulse | Self::Swing | Self::Song | Self::Build | Self::Solidify)
    }

    /// The music goes with the client.
    pub fn is_music(self) -> bool {
        !matches!(self, Self::Waiting | Self::Silent | Self::Complete) && !self.is_close()
    }
}

named! {
    /// Why it is so; [`sentence`](super::sentence::sentence()) puts it into words.
    Reason, "reason":
    /// Nothing heard yet.
    NothingHeard = "nothing_heard", "Nothing heard yet";
    /// In guided mode and the therapist has not begun.
    AwaitsTherapist = "awaits_therapist", "Waits for the therapist";
    /// The client sings or plays.
    ClientSounds = "client_sounds", "The client sounds";
    /// The client rests between phrases.
    ClientRests = "client_rests", "The client rests";
    /// The client's phrase ended and leaves room.
    PhraseEnded = "phrase_ended", "Her phrase ended";
    /// Her next phrase began.
    PhraseBegan = "phrase_began", "Her next phrase began";
    /// Her line is dark: minor, low, soft or falling.
    DarkLine = "dark_line", "Her line is dark";
    /// A pulse was found in what she does.
    PulseFound = "pulse_found", "A pulse was found";
    /// The pulse was lost or never came.
    NoPulse = "no_pulse", "There is no pulse";
    /// She gives more: louder, higher, faster.
    ClientGrows = "client_grows", "The client gives more";
    /// She came back to an earlier phrase.
    ClientRepeats = "client_repeats", "The client repeats";
    /// What she does is loud, dense and without order.
    ClientWild = "client_wild", "The client is wild";
    /// She slows down.
    ClientSlows = "client_slows", "The client slows down";
    /// The client came back in while the answer was going on.
    ClientReturned = "client_returned", "The client returned";
    /// The client has been silent for a while.
    ClientSilent = "client_silent", "The client is silent";
    /// The client is silent, and the therapist armed the ladder.
    Invites = "invites", "Invites the client";
    /// The therapist plays herself.
    TherapistPlays = "therapist_plays", "The therapist plays";
    /// The therapist asked for it.
    TherapistAsked = "therapist_asked", "The therapist asked";
    /// The therapist holds the state.
    TherapistHolds = "therapist_holds", "The therapist holds";
    /// The client slowed down and closed on the tonic.
    ClientCloses = "client_closes", "The client closes";
    /// The closing chord has been reached.
    Arrived = "arrived", "The closing chord is reached";
    /// The cadence is over.
    Finished = "finished", "The cadence is over";
    /// Everything was stopped.
    Stopped = "stopped", "Everything was stopped";
    /// Everything was stopped, and in guided mode only the therapist goes on.
    StoppedWhileGuided = "stopped_while_guided", "Everything was stopped; waits for the therapist";
    /// Everything was stopped, and the therapist holds the state.
    StoppedWhileHeld = "stopped_while_held", "Everything was stopped; the therapist holds";
}

impl Reason {
    /// Everything was stopped.
    pub fn is_stopped(self) -> bool {
        matches!(self, Self::Stopped | Self::StoppedWhileGuided | Self::StoppedWhileHeld)
    }
}

/// What the therapist asks for at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Go on to the next state.
    Next,
    /// Go on to the state after the next.
    Skip,
    /// Go back to the state before.
    Recall,
    /// Rest now.
    Rest,
    /// Head for the close.
    Cadence,
    /// Silence at once, and no attack for a second.
    Panic,
    /// Go to this state now.
    Go(State),
}
