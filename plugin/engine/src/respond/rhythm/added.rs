//! Added: where her tone colours the chord of a song, it is struck with the chord as its sixth, seventh or ninth.
//!
//! The chord stays what it is: all of its tones sound, and its root lies lowest unless the added tone cannot be taken for
//! another root.

use super::super::Moment;
use super::super::harmony::tension::is_plain;
use super::super::harmony::voicing::PARTS;
use super::super::plan::{Order, Orders, PlannedNote};
use super::chords::{STEADY_S, colours};
use super::count::Tick;
use super::{LINES, Lines, Rhythm, is_tuned, place};
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
        let with_bass = which[0] || self.sounds[0] > moment.meaning.now;
        let sounding = std::array::from_fn(|line| if line == 0 { with_bass } else { which[line] });
        if let Some((line, key)) = self.added(moment, chord, lines, &sounding, KNOWN_S) {
            (lines[line], which[line]) = (Some(key), true);
        }
    }

    /// Her tone comes to the chord that sounds already.
    pub(super) fn join_hers(&mut self, moment: &Moment, tick: &Tick, orders: &mut Orders) {
        let Some((chord, keys)) = self.playing.filter(|&(chord, _)| self.struck == Some(chord)) else { return };
        let lines = self.lines(moment, tick, chord, &keys);
        let sounding =
            std::array::from_fn(|line| self.sounds[line] > moment.meaning.now && self.keys[line] == lines[line]);
        let Some((line, key)) = self.added(moment, chord, &lines, &sounding, STEADY_S) else { return };
        // With the first tone of the chord that ends: without its root it would be another one.
        let until = (0..LINES).filter(|&line| sounding[line]).map(|line| self.sounds[line]).min();
        let Some(off) = until else { return };
        let (voice, part) = place(line);
        let velocity = self.velocities(moment, tick)[1] - 3.0;
        (self.sounds[line], self.keys[line]) = (off, Some(key));
        let behaviour = super::behaviour(moment.intent.body.figure, moment.intent.body.grows);
        orders.push(Order::Play(PlannedNote { on: moment.meaning.now, off, key, velocity, voice, part, behaviour }));
    }

    /// The line and the key for her tone beside the lines that are `sounding`, if it has been heard for `known_s`.
    fn added(
        &self,
        moment: &Moment,
        chord: Chord,
        lines: &[Option<u8>; LINES],
        sounding: &Lines,
        known_s: f64,
    ) -> Option<(usize, u8)> {
        let meaning = moment.meaning;
        let is_song = moment.intent.body.figure == Figure::Song && is_tuned(moment) && sounding[1..].contains(&true);
        let hers = self.heard_for(moment, meaning.arrived_key(), known_s).filter(|_| !is_plain(moment));
        let class = hers.filter(|&class| is_song && self.in_key(class) && colours(chord, class))?;
        let sounds = |line: usize| lines[line].filter(|_| sounding[line]);
        let on_root = sounds(0).or(sounds(1)).is_some_and(|key| key % 12 == chord.root);
        let is_ninth = (class + 12 - chord.root) % 12 == NINTH;
        let has = |class: u8| (0..LINES).filter_map(sounds).any(|key| key % 12 == class);
        let is_whole = chord.classes().take(3).all(has);
        let free = (PARTS..LINES).find(|&line| lines[line].is_none())?;
        let (low, high) = (lines[1]?, lines[PARTS - 1]?);
        if !is_whole || has(class) || !(on_root || is_ninth) {
            return None;
        }
        let reach = low.saturating_sub(BELOW)..=(high + ABOVE).min(moment.settings.register_high);
        let is_clear =
            |key: &u8| key % 12 == class && lines.iter().flatten().all(|other| other.abs_diff(*key) >= APART);
        reach.filter(is_clear).min_by_key(|key| key.abs_diff(high)).map(|key| (free, key))
    }
}
