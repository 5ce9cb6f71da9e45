//! Bass: what goal and style make of the lowest line: a pedal on the tonic, root and fifth by turns, or a descent (the
//! bass patterns of musical archetypes, Robbins and Robbins 1998).

use super::plan::{Behaviour, Order, Orders, Voice};
use super::{Moment, nearest};
use crate::chord::Chord;
use crate::intend::idioms::{Bass as Pattern, idiom_row};

/// A descent begins again from above once it is so near the lowest key, semitones.
const FLOOR: u8 = 4;

/// The bass.
#[derive(Debug, Default)]
pub struct Bass {
    /// The key that was struck last.
    last: Option<u8>,
}

impl Bass {
    /// Changes the bass notes among the orders from the one at `from` on. `chord` is the one that sounds on the beat.
    pub fn process(&mut self, moment: &Moment, chord: Option<Chord>, from: usize, orders: &mut Orders) {
        let Moment { meaning, intent, settings, .. } = *moment;
        let pattern = idiom_row(settings.idiom).bass;
        if pattern == Pattern::Roots && !intent.character.pedal {
            return;
        }
        for order in &mut orders[from..] {
            let Order::Play(note) = order else { continue };
            let is_close = matches!(note.behaviour, Behaviour::Cadence | Behaviour::Tones);
            if note.voice != Voice::Bass || is_close {
                continue;
            }
            let on_beat = matches!(note.behaviour, Behaviour::Pulse | Behaviour::Swing | Behaviour::Song);
            let number = meaning.pulse.grid.map_or(0, |grid| grid.number);
            note.key = match (pattern, meaning.tonality.key, chord.filter(|_| on_beat)) {
                (_, Some(key), _) if intent.character.pedal => nearest(key.tonic, note.key.into(), settings),
                (Pattern::RootAndFifth, _, Some(chord)) if number > 1 => {
                    nearest((chord.root + chord.family.tones()[2]) % 12, f32::from(note.key) - 1.0, settings)
                }
                (Pattern::Descending, _, Some(chord)) => self.below(chord, note.key, settings.register_low),
                _ => note.key,
            };
            self.last = Some(note.key);
        }
    }

    /// The next tone of `chord` below the last one, or the lowest line's own, `usual`, where the descent has come down.
    fn below(&self, chord: Chord, usual: u8, lowest: u8) -> u8 {
        let Some(last) = self.last.filter(|last| *last > lowest + FLOOR) else { return usual + 12 };
        (lowest..last).rev().find(|key| chord.contains(key % 12)).unwrap_or(usual)
    }
}
