//! Register and loudness: what keeps every note inside the therapist's bounds.

use crate::respond::plan::PlannedNote;
use crate::settings::Settings;
use wmidi::U7;

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

/// The velocity of `note` under the ceiling.
pub(super) fn velocity(note: &PlannedNote, settings: &Settings) -> U7 {
    let ceiling = f32::from(settings.ceiling);
    U7::from_u8_lossy((note.velocity.round().clamp(1.0, ceiling)) as u8)
}
