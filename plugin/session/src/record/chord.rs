//! The name of what sounds together, as `C:maj`, `A:min7`, `D:5`, `N`.

use antiphon_engine::key::PITCH_NAMES;

/// Semitones above the root, and the shorthand of Harte et al. (ISMIR 2005) for them, plainer names first: of two that
/// fit equally well the first is taken. A third without its fifth still names its triad.
const SHAPES: [(&str, &[u8]); 21] = [
    ("1", &[0]),
    ("5", &[0, 7]),
    ("maj", &[0, 4, 7]),
    ("min", &[0, 3, 7]),
    ("maj", &[0, 4]),
    ("min", &[0, 3]),
    ("7", &[0, 4, 7, 10]),
    ("min7", &[0, 3, 7, 10]),
    ("maj7", &[0, 4, 7, 11]),
    ("7", &[0, 4, 10]),
    ("min7", &[0, 3, 10]),
    ("sus4", &[0, 5, 7]),
    ("sus2", &[0, 2, 7]),
    ("dim", &[0, 3, 6]),
    ("aug", &[0, 4, 8]),
    ("maj6", &[0, 4, 7, 9]),
    ("min6", &[0, 3, 7, 9]),
    ("hdim7", &[0, 3, 6, 10]),
    ("dim7", &[0, 3, 6, 9]),
    ("minmaj7", &[0, 3, 7, 11]),
    ("9", &[0, 2, 4, 7, 10]),
];

// In tenths of a tone that fits: a tone outside the shape and one missing from it both speak against it, and the lowest
// tone is the likelier root. Chosen so that an exact shape always wins over an inexact one of as many tones.
const FITS: i32 = 10;
const OUTSIDE: i32 = -6;
const MISSING: i32 = -5;
const ROOT_IS_LOWEST: i32 = 3;

/// Names the chord of the MIDI keys that sound; `N` for none.
pub fn chord_name(keys: impl Iterator<Item = u8>) -> String {
    let mut sounds = [false; 12];
    let mut lowest = u8::MAX;
    for key in keys {
        sounds[usize::from(key % 12)] = true;
        lowest = lowest.min(key);
    }
    let tones = sounds.iter().filter(|&&sounds| sounds).count() as i32;
    let mut best = (0, "N".to_owned());
    for (name, shape) in SHAPES {
        for root in (0..12).filter(|&root| sounds[usize::from(root)]) {
            let inside = shape.iter().filter(|&&tone| sounds[usize::from((root + tone) % 12)]).count() as i32;
            let missing = shape.len() as i32 - inside;
            let score = FITS * inside
                + OUTSIDE * (tones - inside)
                + MISSING * missing
                + ROOT_IS_LOWEST * i32::from(lowest % 12 == root);
            if score > best.0 {
                best = (score, format!("{}:{name}", PITCH_NAMES[usize::from(root)]));
            }
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chords_are_named_as_a_musician_would_read_them() {
        let table: [(&[u8], &str); 15] = [
            (&[], "N"),
            (&[38], "D:1"),
            (&[38, 45], "D:5"),
            (&[45, 50], "D:5"),
            (&[48, 52, 55], "C:maj"),
            (&[52, 55, 60], "C:maj"),
            (&[50, 53], "D:min"),
            (&[43, 47, 50, 53], "G:7"),
            (&[43, 47, 53], "G:7"),
            (&[45, 48, 52, 55], "A:min7"),
            (&[48, 52, 55, 57], "C:maj6"),
            (&[48, 53, 55], "C:sus4"),
            (&[53, 55, 60], "F:sus2"),
            (&[47, 50, 53], "B:dim"),
            (&[46, 50, 53, 57], "Bb:maj7"),
        ];
        for (keys, name) in table {
            assert_eq!(chord_name(keys.iter().copied()), name, "{keys:?}");
        }
    }

    #[test]
    fn any_set_of_keys_has_a_name() {
        for set in 1..4096_u32 {
            let name = chord_name((0..12).filter(|bit| set >> bit & 1 == 1));
            assert!(name.contains(':'), "{set:b}");
        }
    }
}
