//! The style that the therapist chose, as a constraint on key and chords: its mode holds, chords outside it hardly count.

use super::meaning::{ChordSense, Tonality};
use crate::chord::Chord;
use crate::intend::idioms::idiom_row;
use crate::key::{Key, KeyChoice};
use crate::settings::Settings;

/// What a chord is worth for each of its tones outside the style's scale, times.
const OUTSIDE: f32 = 0.1;

/// Brings `tonality` and `chords` into the style of `settings`. A key that is locked keeps its mode.
pub fn hold(tonality: &mut Tonality, chords: &mut ChordSense, settings: &Settings) {
    let row = idiom_row(settings.idiom);
    let Some(mode) = row.mode.filter(|_| settings.key == KeyChoice::Auto) else { return };
    let Some(key) = tonality.key.as_mut() else { return };
    *key = Key { tonic: key.tonic, mode };
    let key = *key;
    for (chord, likely) in Chord::all().zip(&mut chords.now) {
        let outside = (0..12).filter(|class| chord.contains(*class) && !key.contains(*class)).count();
        *likely *= OUTSIDE.powi(outside as i32);
    }
    chords.weigh_anew();
    if chords.next.is_some_and(|next| (0..12).any(|class| next.contains(class) && !key.contains(class))) {
        (chords.next, chords.next_confidence) = (chords.chord, chords.confidence);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chord::{CHORDS, Family};
    use crate::key::Mode;
    use crate::settings::Idiom;

    #[test]
    fn in_a_style_its_mode_is_the_key_and_its_chords_are_preferred() {
        let mut tonality = Tonality { key: Some(Key { tonic: 2, mode: Mode::Minor }), ..Tonality::default() };
        let mut chords = ChordSense { now: [0.0; CHORDS], ..ChordSense::default() };
        let minor = Chord { root: 7, family: Family::Minor };
        let major = Chord { root: 7, family: Family::Major };
        (chords.now[minor.index()], chords.now[major.index()]) = (0.6, 0.4);
        let dorian = Settings { idiom: Idiom::Dorian, ..Settings::default() };
        hold(&mut tonality, &mut chords, &dorian);
        assert_eq!(tonality.key, Some(Key { tonic: 2, mode: Mode::Dorian }));
        assert_eq!(chords.chord, Some(major), "the sixth of Dorian is bright");
    }
}
