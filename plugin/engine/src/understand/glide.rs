//! Whether the tone she sounds has come to its pitch. A voice scoops into a tone and glides from one to the next; until it
//! has arrived, the ears may name the key that it only passes.

use super::recent::Recent;
use crate::listen::heard::Heard;
use crate::time::Clock;

/// What is known so soon after it began was played on keys, s: it has its pitch from the first.
const PLAYED_S: f64 = 0.01;
/// Before a tone is so old nobody can tell, s. Of the 8,300 notes of 60 lead sheets as a synthetic voice sang them, the key
/// that was heard was right in 36 to 43 % after 50 ms, in 61 to 65 after 90 and in 90 to 92 after 130.
const SOONEST_S: f64 = 0.06;
/// From then on the key is the one she means if her pitch is so near to it, semitones: it was right in 99.6 % at 60 ms and
/// in 99.9 at 130 (at 50 ms in 87 to 90), and where the pitch was farther away in hardly any.
const NEAR: f32 = 0.25;
/// So late it is taken for what was heard, near or not, s: vibrato has set in.
const LATEST_S: f64 = 0.16;

/// The tone that arrived last.
#[derive(Debug, Default)]
pub(super) struct Glide {
    /// Note and key.
    arrived: Option<(u32, u8)>,
}

impl Glide {
    /// Whether the pitch of the note that sounds is still on its way.
    pub fn process(&mut self, heard: &Heard, recent: &Recent, clock: Clock) -> bool {
        let Some(note) = recent.sounding() else { return false };
        let key = recent.key(note);
        if self.arrived == Some((note.id, key)) {
            return false;
        }
        let age_s = clock.between(note.onset, heard.now);
        let played = clock.between(note.onset, note.available) <= PLAYED_S;
        let near = age_s >= SOONEST_S && (recent.pitch(heard.pitch.f0_hz) - f32::from(key)).abs() <= NEAR;
        let arrives = played || near || age_s >= LATEST_S;
        if arrives {
            self.arrived = Some((note.id, key));
        }
        !arrives
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listen::heard::{HeardNote, NoteChange, PitchReading};

    const CLOCK_HZ: f64 = 48_000.0;

    /// When a tone on key 60 that begins at 0 and is reported after `known_s` has arrived, s, if its pitch is `pitch` at
    /// each instant; the ears name the nearest key.
    fn arrives_s(known_s: f64, pitch: impl Fn(f64) -> f32) -> f64 {
        let clock = Clock::new(CLOCK_HZ);
        let (mut recent, mut glide) = (Recent::new(clock), Glide::default());
        let hop_s = clock.hop_s();
        let mut key = None;
        for hop in 0.. {
            let now_s = hop as f64 * hop_s;
            let now = clock.samples(now_s);
            let pitch = pitch(now_s);
            let f0_hz = 440.0 * ((pitch - 69.0) / 12.0).exp2();
            let mut heard = Heard { now, pitch: PitchReading { time: now, f0_hz, voicing: 0.9 }, ..Heard::default() };
            let heard_key = pitch.round() as u8;
            if now_s >= known_s && key != Some(heard_key) {
                let available = clock.samples(known_s);
                let note =
                    HeardNote { id: 1, onset: 0, available, offset: None, key: heard_key, cents: 0.0, velocity: 70 };
                let change = if key.is_none() { NoteChange::Began(note) } else { NoteChange::Revised(note) };
                heard.notes.push(change);
                key = Some(heard_key);
            }
            recent.process(&heard);
            if !glide.process(&heard, &recent, clock) && key.is_some() {
                return now_s;
            }
            assert!(now_s < 1.0, "never");
        }
        0.0
    }

    #[test]
    fn a_scoop_is_waited_for_and_a_straight_tone_hardly() {
        let scoop = |now_s: f64| 60.0 - 0.9 * (1.0 - (now_s / 0.1).min(1.0)) as f32;
        assert!((0.06..0.065).contains(&arrives_s(0.03, |_| 60.0)));
        assert!((0.07..0.1).contains(&arrives_s(0.03, scoop)));
    }

    #[test]
    fn what_is_played_on_keys_has_its_pitch_at_once_and_what_stays_between_keys_has_it_in_the_end() {
        assert!(arrives_s(0.0, |_| 60.4) < 0.005);
        assert!((0.16..0.165).contains(&arrives_s(0.03, |_| 60.4)));
    }
}
