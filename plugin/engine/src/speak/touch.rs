//! Register and loudness: what keeps every note inside the therapist's bounds.

use crate::chance::{Chance, Stream};
use crate::respond::plan::PlannedNote;
use crate::settings::Settings;

/// `key`, moved by octaves into the therapist's register. The register spans an octave at least, so there is a place.
pub(super) fn in_register(key: u8, settings: &Settings) -> u8 {
    let (low, high) = (settings.register_low, settings.register_high);
    let mut key = key;
    while key < low {
        key += 12;
    }
    while key > high && key >= low + 12 {
        key -= 12;
    }
    key.clamp(low, high)
}

/// How far a finger's velocity strays from what it meant, MIDI velocity either way; chosen by ear, 1-3 sound alike.
const STRAY: f32 = 2.0;
/// The bits of a generator's index that a note's place may take.
const PLACE_MASK: u64 = (1 << 40) - 1;

/// The velocity of `note` as a hand would play it, under the ceiling.
pub(super) fn velocity(note: &PlannedNote, settings: &Settings) -> u8 {
    let place = note.on.wrapping_mul(128) ^ u64::from(note.key);
    let stray = Chance::new(settings.seed, Stream::Touch, place & PLACE_MASK).between(-STRAY, STRAY);
    let ceiling = f32::from(settings.ceiling);
    (note.velocity + stray).round().clamp(1.0, ceiling) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_finds_its_octave_in_the_narrowest_register() {
        let settings = Settings { register_low: 60, register_high: 72, ..Settings::default() };
        for key in 0..=127 {
            let placed = in_register(key, &settings);
            assert!((60..=72).contains(&placed) && placed % 12 == key % 12, "{key} went to {placed}");
        }
    }
}
