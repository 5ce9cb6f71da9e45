//! The client's keys that are down, and a door for her messages that never shuts out the end of a note.

/// Which keys are down, after everything that was let in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Held {
    /// Bit = MIDI key.
    down: u128,
}

impl Held {
    /// Whether to let in a message for `key`, `velocity` 0 a note-off, where there is `room` for so many messages. A
    /// note-on is let in if room for the ends of all keys that are then down remains, a note-off if its key is down:
    /// so whatever was let in to begin is let in to end.
    pub fn admit(&mut self, key: u8, velocity: u8, room: usize) -> bool {
        let Some(bit) = 1_u128.checked_shl(key.into()) else { return false };
        if velocity == 0 {
            let was_down = self.down & bit != 0;
            self.down &= !bit;
            return was_down;
        }
        let down = self.down | bit;
        let admitted = room > down.count_ones() as usize;
        if admitted {
            self.down = down;
        }
        admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::{Chance, Stream};

    #[test]
    fn whatever_was_let_in_to_begin_is_let_in_to_end() {
        let mut chance = Chance::new(1, Stream::Drone, 1);
        let mut held = Held::default();
        let (mut room, mut down) = (200_usize, [false; 128]);
        for _ in 0..20_000 {
            let key = chance.between(0.0, 127.9) as u8;
            let velocity = if chance.between(0.0, 1.0) < 0.5 { 90 } else { 0 };
            let admitted = held.admit(key, velocity, room);
            assert!(velocity > 0 || admitted == down[usize::from(key)]);
            if admitted {
                room = room.checked_sub(1).expect("a message was let in where there is no room");
                down[usize::from(key)] = velocity > 0;
            }
            // What waits is worked off now and then.
            if chance.between(0.0, 1.0) < 0.01 {
                room = 200;
            }
        }
        assert!(!held.admit(128, 90, 200) && !held.admit(200, 0, 200));
    }
}
