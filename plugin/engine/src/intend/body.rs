//! The body of a state: what the music is made of while it lasts.

/// What lies under the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ground {
    /// Nothing; what sounds ends.
    #[default]
    Silent,
    /// Nothing new; what sounds rings on.
    Ring,
    /// One soft tone at a time, ringing into harmony.
    Tones,
    /// Root and fifth.
    Drone,
    /// One chord to a phrase, struck with it and held.
    Held,
    /// Chords, held.
    Chords,
    /// Chords on the beat, in the manner of the body's [`Figure`]; held where there is no beat.
    Beat,
    /// Soft chords at her pace that lead towards slow and soft.
    Calm,
    /// The way home and the closing chord.
    Close,
}

/// How chords lie on the beat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Figure {
    /// On the beats.
    #[default]
    Pulse,
    /// On the beats and, late and light, between them.
    Swing,
    /// As a song is accompanied: bass on one, chords after, bars and phrases.
    Song,
    /// Bass alone, fifths and octaves: a floor.
    Floor,
}

/// What answers her melody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Counter {
    /// Nothing.
    #[default]
    None,
    /// The end or the beginning of her phrase, softly given back.
    Echo,
    /// A line of its own after her phrase, and once a song has found its beat a second voice with her.
    Answer,
    /// Her own notes, with her.
    Mirror,
}

/// What the music of a state is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Body {
    /// Under the client.
    pub ground: Ground,
    /// On the beat.
    pub figure: Figure,
    /// Beside her melody.
    pub counter: Counter,
    /// Added to the velocity.
    pub velocity: f32,
    /// Added to the therapist's colour, -1 minor to 1 major.
    pub colour: f32,
    /// How far velocity, density and register grow while the state lasts, 0 none to 1.
    pub grows: f32,
    /// Chords of a phrase that returns are those it had before.
    pub same_chords: bool,
}
