//! Tuning: how far from concert pitch she sings or is tuned, so that a client who is 40 cents flat throughout is heard in
//! her own keys and not between two.
//!
//! The circular mean of her notes' deviations from the keys, leaking, with a few notes at concert pitch believed
//! beforehand (tuning as the angle of a sum of unit vectors: Gómez 2006, *Tonal description of music audio signals*).

use std::f32::consts::TAU;

/// So many notes at concert pitch are believed before she sings.
const BELIEVED_NOTES: f32 = 2.0;

/// So many notes are remembered: two or three phrases (8 notes each, Essen), since unaccompanied voices drift over a song.
const NOTES: f32 = 20.0;

/// A note counts in full from so long on, s: shorter ones are passing or have not settled.
const FULL_NOTE_S: f32 = 0.3;

/// The tuning of a client.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tuning {
    /// Sum of her notes, each a unit vector whose angle is the deviation, one turn a semitone.
    sum: [f32; 2],
}

impl Tuning {
    /// Takes in a note at `pitch`, semitones, that lasted `length_s`.
    pub fn hear(&mut self, pitch: f32, length_s: f32) {
        let weight = (length_s / FULL_NOTE_S).min(1.0);
        let keep = 1.0 - weight / NOTES;
        let (sine, cosine) = (TAU * pitch).sin_cos();
        self.sum = [self.sum[0] * keep + weight * cosine, self.sum[1] * keep + weight * sine];
    }

    /// How far she is from concert pitch, semitones, -0.5 to 0.5.
    pub fn offset(&self) -> f32 {
        self.sum[1].atan2(self.sum[0] + BELIEVED_NOTES) / TAU
    }

    /// `pitch`, semitones, as it were if she were at concert pitch.
    pub fn corrected(&self, pitch: f32) -> f32 {
        pitch - self.offset()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(notes: &[f32]) -> Tuning {
        let mut tuning = Tuning::default();
        notes.iter().for_each(|&pitch| tuning.hear(pitch, 0.5));
        tuning
    }

    #[test]
    fn a_client_40_cents_flat_is_heard_in_her_keys_after_a_line() {
        let keys = [62.0_f32, 65.0, 69.0, 69.0, 67.0, 65.0, 64.0, 62.0];
        let tuning = after(&keys.map(|key| key - 0.4));
        assert!((-0.4..=-0.28).contains(&tuning.offset()), "{}", tuning.offset());
        assert!(keys.iter().all(|&key| tuning.corrected(key - 0.4).round() == key));
    }

    #[test]
    fn one_wrong_note_or_uneven_intonation_moves_nothing_to_another_key() {
        assert!(after(&[68.6]).offset().abs() < 0.15);
        let uneven = after(&[62.1, 64.8, 69.2, 66.9, 65.15, 63.9, 62.05, 60.85]);
        assert!(uneven.offset().abs() < 0.05, "{}", uneven.offset());
    }

    #[test]
    fn a_client_who_drifts_is_followed() {
        let drifting: Vec<f32> =
            (0..120).map(|note| 60.0 + (note % 5) as f32 * 2.0 - 0.35 * note as f32 / 120.0).collect();
        assert!(after(&drifting).offset() < -0.2);
    }
}
