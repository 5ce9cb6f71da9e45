//! Figuration: what becomes of chords that would else be held.

/// How a held chord is played.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Figuration {
    /// Held, as it is.
    #[default]
    Held,
    /// Struck again and again.
    Repeated,
    /// Tone by tone, each ringing on.
    Broken,
    /// Tone by tone with her notes, never ahead of them.
    Following,
    /// One short figure over and over, with a small surprise every fourth time.
    Ostinato,
    /// Held, over a bass that marks the bars.
    Framework,
    /// In single short tones that come unforeseen.
    Uneven,
}

impl Figuration {
    /// This one, unless it leaves chords as they are: then `other`.
    pub fn or(self, other: Self) -> Self {
        if self == Self::Held { other } else { self }
    }
}
