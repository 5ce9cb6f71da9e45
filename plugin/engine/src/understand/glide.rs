//! Whether the tone she sounds has come to its pitch. A voice scoops into a tone and glides from one to the next; until it
//! has arrived, the ears may name the key that it only passes.

use super::recent::Recent;
use crate::listen::heard::Heard;
use crate::time::Clock;

/// What is known so soon after it began was played on keys, s: it has its pitch from the first.
const PLAYED_S: f64 = 0.01;
/// Before a tone is so old nobody can tell, s: of the 8,300 notes of 60 lead sheets as a synthetic voice with scoops and
/// glides sang them, the key was right in 99.8 % from 60 ms on, and in 97 or 90 % where it was believed from 50 or 40 ms on.
const SOONEST_S: f64 = 0.06;
/// From then on her pitch, or where it goes, is so near to the key she means, semitones.
const NEAR: f32 = 0.25;
/// So late it is taken for what was heard, near or not, s: vibrato has set in.
const LATEST_S: f64 = 0.16;

/// Her pitch is smoothed over so long, s, to see where it moves; and it is looked ahead for so long, s: a scoop tells where
/// it settles before it has settled. Those notes were known after 58 ms in the mean, and after 75 by where the pitch is.
const SMOOTH_S: f64 = 0.01;
const AHEAD_S: f64 = 0.03;

/// From this age on the ears' own name counts, s: their median has followed.
const EARS_KNOW_S: f64 = 0.25;

/// The tone that arrived last.
#[derive(Debug, Default)]
pub(super) struct Glide {
    /// Note and key.
    arrived: Option<(u32, u8)>,
    /// The note that sounds and its smoothed pitch, MIDI.
    smoothed: Option<(u32, f32)>,
}

impl Glide {
    /// Whether the pitch of the note that sounds is still on its way. Once it has arrived `recent` knows its key.
    pub fn process(&mut self, heard: &Heard, recent: &mut Recent, clock: Clock) -> bool {
        let Some(&note) = recent.sounding() else { return false };
        let age_s = clock.between(note.onset, heard.now);
        if age_s >= EARS_KNOW_S {
            recent.arrives(None);
        }
        let named = recent.key(&note);
        let pitch = recent.pitch(heard.pitch.f0_hz);
        let ahead = self.ahead(note.id, pitch, clock);
        if self.arrived == Some((note.id, named)) {
            return false;
        }
        let played = clock.between(note.onset, note.available) <= PLAYED_S;
        let key = pitch.round();
        let near = age_s >= SOONEST_S && ahead.round() == key && (pitch - key).abs().min((ahead - key).abs()) <= NEAR;
        let key = if near && !played && age_s < LATEST_S { key.clamp(0.0, 127.0) as u8 } else { named };
        let arrives = played || near || age_s >= LATEST_S;
        if arrives {
            self.arrived = Some((note.id, key));
            recent.arrives(Some((note.id, key)));
        }
        !arrives
    }

    /// Where the `pitch` of `note` goes.
    fn ahead(&mut self, note: u32, pitch: f32, clock: Clock) -> f32 {
        let before = self.smoothed.filter(|&(id, _)| id == note).map_or(pitch, |(_, smoothed)| smoothed);
        let share = 1.0 - (-clock.hop_s() / SMOOTH_S).exp();
        self.smoothed = Some((note, before + share as f32 * (pitch - before)));
        pitch + (AHEAD_S / SMOOTH_S) as f32 * (pitch - before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listen::heard::{HeardNote, NoteChange, PitchReading};

    const CLOCK_HZ: f64 = 48_000.0;

    /// When a tone that begins at 0 and is reported after `known_s` has arrived, s, and at which key, if its pitch is
    /// `pitch` at each instant; the ears name the nearest key.
    fn arrives(known_s: f64, pitch: impl Fn(f64) -> f32) -> (f64, u8) {
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
            if !glide.process(&heard, &mut recent, clock) && key.is_some() {
                return (now_s, recent.sounding().map_or(0, |note| recent.key(note)));
            }
            assert!(now_s < 1.0, "never");
        }
        (0.0, 0)
    }

    #[test]
    fn a_scoop_is_known_by_where_it_goes_before_it_is_there() {
        for depth in [0.5, 0.7, 0.9] {
            let (at_s, key) = arrives(0.03, |now_s| 60.0 - depth * (1.0 - (now_s / 0.15).min(1.0)) as f32);
            assert!((0.06..0.1).contains(&at_s) && key == 60, "{depth} {at_s} {key}");
        }
    }

    #[test]
    fn a_straight_tone_is_known_at_once_and_a_key_that_a_glide_only_passes_is_not_named() {
        let (at_s, key) = arrives(0.03, |_| 60.0);
        assert!((0.06..0.065).contains(&at_s) && key == 60);
        let (at_s, key) = arrives(0.03, |now_s| 62.0 - 4.0 * (1.0 - (now_s / 0.14).min(1.0)) as f32);
        assert!((0.12..0.16).contains(&at_s) && key == 62, "{at_s} {key}");
    }

    #[test]
    fn what_is_played_on_keys_has_its_pitch_at_once_and_what_stays_between_keys_has_it_in_the_end() {
        let (at_s, key) = arrives(0.0, |_| 60.4);
        assert!(at_s < 0.005 && key == 60);
        let (at_s, key) = arrives(0.03, |_| 60.4);
        assert!((0.16..0.165).contains(&at_s) && key == 60);
    }
}
