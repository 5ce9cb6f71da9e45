//! What `intend` decided: where the exchange stands, what character the answer has, and why.

use crate::names::named;
use crate::time::SampleTime;

named! {
    /// The states of an exchange.
    State, "state":
    /// Nothing has been heard that asks for an answer.
    Waiting = "waiting", "Waiting";
    /// A ground of root and fifth under the client.
    Holding = "holding", "Holding";
    /// Taking turns with her phrases.
    Dialogue = "dialogue", "In dialogue";
    /// A rest the therapist asked for.
    Rest = "rest", "Resting";
    /// Heading for the tonic.
    Approach = "approach", "Heading home";
    /// The closing chord.
    Final = "final", "Closing";
    /// It is finished; silence.
    Complete = "complete", "Complete";
    /// The client has stopped; so has the music.
    Silent = "silent", "Silent with the client";
}

/// Why it is so; [`sentence`](super::sentence::sentence()) puts it into words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reason {
    /// Nothing heard yet.
    #[default]
    NothingHeard,
    /// In guided mode and the therapist has not begun.
    AwaitsTherapist,
    /// The client sings or plays.
    ClientSounds,
    /// The client rests between phrases.
    ClientRests,
    /// The client's phrase ended and leaves room.
    PhraseEnded,
    /// The client came back in while the answer was going on.
    ClientReturned,
    /// The client has been silent for a while.
    ClientSilent,
    /// The therapist asked for it.
    TherapistAsked,
    /// The therapist holds the state.
    TherapistHolds,
    /// The client slowed down and closed on the tonic.
    ClientCloses,
    /// The closing chord has been reached.
    Arrived,
    /// The cadence is over.
    Finished,
    /// Everything was stopped.
    Stopped,
}

/// The goal, the approach and the knobs, resolved to what the answering needs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Character {
    /// Note-ons of ours for each of the client's.
    pub density_ratio: f32,
    /// Velocity against the client's, usually negative.
    pub velocity_offset: f32,
    /// Centre of the answering voice against the client's, semitones.
    pub register_offset: f32,
    /// Seconds from the end of the client's phrase to the answer.
    pub reply_delay_s: f32,
    /// Share of answers that imitate her contour, 0-1; then complement, and the rest contrasts.
    pub imitate: f32,
    /// Share that complement it.
    pub complement: f32,
    /// Share of her phrases left unanswered, 0-1.
    pub silence_share: f32,
    /// Whether cadences are functional (structured) or plagal and modal.
    pub functional: bool,
    /// Whether the client's own closing may begin the cadence.
    pub client_may_close: bool,
    /// How far velocities follow hers, 0-1.
    pub follow: f32,
}

/// The decision of one hop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Intent {
    /// Where the exchange stands.
    pub state: State,
    /// Since when.
    pub since: SampleTime,
    /// The state was entered in this hop.
    pub entered: bool,
    /// What the answer is like.
    pub character: Character,
    /// Begin an answer to the phrase that just ended, at this instant.
    pub answer_at: Option<SampleTime>,
    /// Give way: end the answer that is going on.
    pub give_way: bool,
    /// Everything off now, whatever the state.
    pub stop: bool,
    /// Why.
    pub reason: Reason,
}

impl Default for Intent {
    fn default() -> Self {
        Self {
            state: State::Waiting,
            since: 0,
            entered: false,
            character: Character::default(),
            answer_at: None,
            give_way: false,
            stop: false,
            reason: Reason::NothingHeard,
        }
    }
}

/// What the therapist asks for at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Go on to the next state.
    Next,
    /// Rest now.
    Rest,
    /// Head for the close.
    Cadence,
    /// Silence at once, and no attack for a second.
    Panic,
    /// Go to this state now.
    Go(State),
}
