//! Drum: where every voice has a channel and so an instrument of its own, a soft drum falls with the bass on the beat
//! (rhythmic grounding, Bruscia 1987). On one channel with everything else it would be a wrong note.

use super::plan::{Behaviour, Order, Orders, PlannedNote, Voice};
use crate::settings::{Channels, Settings};
use crate::time::Clock;

/// The low floor tom of General MIDI's drum map: the softest of its drums.
const KEY: u8 = 41;
/// Under the bass, MIDI velocity: felt rather than heard.
const UNDER_THE_BASS: f32 = 8.0;
/// A stroke lasts so long, s.
const LENGTH_S: f64 = 0.12;

/// Adds a stroke to every bass on the beat among the orders from `first` on.
pub fn beat(settings: &Settings, clock: Clock, first: usize, orders: &mut Orders) {
    if settings.channels != Channels::Voices {
        return;
    }
    let falls = |order: &Order| match *order {
        Order::Play(note) if note.voice == Voice::Bass && is_on_beat(note.behaviour) => Some(PlannedNote {
            off: note.on + clock.samples(LENGTH_S),
            key: KEY,
            velocity: (note.velocity - UNDER_THE_BASS).max(1.0),
            voice: Voice::Pulse,
            part: 1,
            ..note
        }),
        _ => None,
    };
    if let Some(stroke) = orders[first..].iter().find_map(falls) {
        orders.push(Order::Play(stroke));
    }
}

fn is_on_beat(behaviour: Behaviour) -> bool {
    use Behaviour::{Build, Grounding, Pulse, Song, Swing};
    matches!(behaviour, Pulse | Swing | Song | Build | Grounding)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strokes(channels: Channels, behaviour: Behaviour) -> Vec<PlannedNote> {
        let mut orders = Orders::new();
        let bass = PlannedNote { on: 480, off: 9_600, key: 38, velocity: 60.0, voice: Voice::Bass, part: 1, behaviour };
        orders.push(Order::Play(bass));
        beat(&Settings { channels, ..Settings::default() }, Clock::new(48_000.0), 0, &mut orders);
        let stroke = |order| if let Order::Play(note) = order { Some(note) } else { None };
        orders.into_iter().filter_map(stroke).filter(|note| note.voice == Voice::Pulse).collect()
    }

    #[test]
    fn a_drum_falls_softly_with_the_bass_on_the_beat_where_it_has_a_channel_of_its_own() {
        let [stroke] = strokes(Channels::Voices, Behaviour::Song)[..] else { panic!("one stroke") };
        assert_eq!((stroke.on, stroke.velocity), (480, 52.0));
        assert_eq!(strokes(Channels::One, Behaviour::Song), []);
        assert_eq!(strokes(Channels::Voices, Behaviour::Holding), []);
    }
}
