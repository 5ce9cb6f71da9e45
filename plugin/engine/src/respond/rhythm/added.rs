//! Added: where her tone colours the chord of a song, it is struck with the chord as its sixth, seventh or ninth.
//!
//! The chord stays what it is: all of its tones sound, and its root lies lowest unless the added tone cannot be taken for
//! another root.

use super::super::Moment;
use super::super::harmony::voicing::PARTS;
use super::chords::colours;
use super::{LINES, Lines, Rhythm, is_tuned};
use crate::chord::Chord;
use crate::intend::intent::Figure;

/// Her tone is known once it has been heard for so long, s.
const KNOWN_S: f64 = 0.06;
/// The ninth cannot be taken for a root, semitones above the root.
const NINTH: u8 = 2;
/// How far below the lowest and above the highest of the chord it may lie, and how near to a tone of it, semitones.
const BELOW: u8 = 3;
const ABOVE: u8 = 4;
const APART: u8 = 2;

impl Rhythm {
    /// Adds her tone on a free line to `lines` of `chord`, and to `which` of them are struck.
    pub(super) fn add_hers(&self, moment: &Moment, chord: Chord, lines: &mut [Option<u8>; LINES], which: &mut Lines) {
        let meaning = moment.meaning;
        let is_song = moment.intent.body.figure == Figure::Song && is_tuned(moment) && which[1..].contains(&true);
        let hers = self.heard_for(moment, meaning.arrived_key(), KNOWN_S);
        let Some(class) = hers.filter(|&class| is_song && self.in_key(class) && colours(chord, class)) else { return };
        let with_bass = which[0] || self.sounds[0] > meaning.now;
        let sounds = |line: usize| lines[line].filter(|_| which[line] || line == 0 && with_bass);
        let on_root = [0, 1].iter().any(|&line| sounds(line).is_some_and(|key| key % 12 == chord.root));
        let is_ninth = (class + 12 - chord.root) % 12 == NINTH;
        let has = |class: u8| (0..LINES).filter_map(sounds).any(|key| key % 12 == class);
        let is_whole = chord.classes().take(3).all(has);
        let free = (PARTS..LINES).find(|&line| lines[line].is_none());
        let (Some(free), Some(low), Some(high)) = (free, lines[1], lines[PARTS - 1]) else { return };
        if !is_whole || has(class) || !(on_root || is_ninth) {
            return;
        }
        let reach = low.saturating_sub(BELOW)..=(high + ABOVE).min(moment.settings.register_high);
        let is_clear =
            |key: &u8| key % 12 == class && lines.iter().flatten().all(|other| other.abs_diff(*key) >= APART);
        let key = reach.filter(is_clear).min_by_key(|key| key.abs_diff(high));
        (lines[free], which[free]) = (key, key.is_some());
    }
}
