//! What is true of a take, exactly.

/// A note as it was sung.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NoteTruth {
    /// When its pitch begins, s: voice or string sets in, or a glide from the note before is half way.
    pub onset_s: f64,
    /// When its pitch ends, s: silence, an unvoiced consonant, or half way to the next note.
    pub offset_s: f64,
    /// When the consonant before it begins, s; the onset if there is none.
    pub attack_s: f64,
    /// MIDI key.
    pub key: u8,
    /// MIDI velocity, 1-127; amplitude goes with its square (Dannenberg 2006).
    pub velocity: u8,
}

/// A line as it was sung.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LineTruth {
    /// Onset of its first note, s.
    pub start_s: f64,
    /// Offset of its last note, s.
    pub end_s: f64,
    /// The beat on which it begins.
    pub first_beat: f64,
}

/// What is true of a take.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Truth {
    /// Fundamental of each sample, Hz; 0 where there is no pitch.
    pub f0_hz: Vec<f32>,
    /// Notes in onset order; empty for drums.
    pub notes: Vec<NoteTruth>,
    /// Lines in order; empty for drums.
    pub lines: Vec<LineTruth>,
    /// Onsets of notes or hits, s, in order.
    pub onsets_s: Vec<f64>,
    /// When each beat of the score comes, s, from beat 0; empty for drums.
    pub beats_s: Vec<f64>,
}

impl Truth {
    /// Whether each sample has a pitch.
    pub fn voiced(&self) -> impl Iterator<Item = bool> + '_ {
        self.f0_hz.iter().map(|&f0| f0 > 0.0)
    }
}

/// Fundamental of MIDI key `key`, which may lie between keys, at A4 = 440 Hz.
pub fn hz(key: f64) -> f64 {
    440.0 * ((key - 69.0) / 12.0).exp2()
}

/// Amplitude of a velocity, full scale 1: its square.
pub fn amplitude(velocity: u8) -> f64 {
    (f64::from(velocity) / 127.0).powi(2)
}
