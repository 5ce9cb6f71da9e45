//! Clients who play songs on a keyboard: in lines, with breaths, a little uneven in time and strength.

use crate::tunes::Tune;
use antiphon_session::analysis::Note;

/// A note that a client plays.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Played {
    /// When it begins, s.
    pub on_s: f64,
    /// When it ends, s.
    pub off_s: f64,
    /// MIDI key.
    pub key: u8,
    /// MIDI velocity.
    pub velocity: u8,
}

impl Played {
    /// As analysis takes it.
    pub fn note(&self) -> Note {
        Note { on_s: self.on_s, off_s: self.off_s, key: self.key, velocity: self.velocity }
    }
}

/// Rest after a line, s: room for an answer.
pub const BREATH_S: f64 = 1.8;

/// How far onsets and velocities stray, s and MIDI velocity.
const STRAY_S: f64 = 0.02;
const STRAY_VELOCITY: f64 = 6.0;

/// How much louder the middle of a line is than its ends, MIDI velocity.
const ARCH: f64 = 14.0;

/// Before the first note, s.
const LEAD_IN_S: f64 = 0.5;

/// A client who plays `tune` at `bpm` quarters a minute for about `length_s`, from the beginning again where it ends, with
/// a rest of `breath_s` after each line.
pub fn client(tune: &Tune, bpm: f64, breath_s: f64, length_s: f64, seed: u64) -> Vec<Played> {
    let score = tune.sung(bpm);
    let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut notes: Vec<Played> = Vec::new();
    let mut line_s = LEAD_IN_S;
    for line in score.lines.iter().cycle() {
        let Some(first) = line.notes.first() else { break };
        let beats = line.length_beats.max(1.0);
        for note in &line.notes {
            let Some(key) = note.key else { continue };
            let along = (note.onset_beats - first.onset_beats) / beats;
            let second = |beat: f64| line_s + (beat - first.onset_beats) * 60.0 / bpm;
            let on_s = second(note.onset_beats) + STRAY_S * chance.either_way();
            let arch = ARCH * 4.0 * along * (1.0 - along);
            let velocity = 64.0 + arch + STRAY_VELOCITY * chance.either_way();
            let off_s = second(note.onset_beats + 0.95 * note.length_beats).max(on_s + 0.06);
            notes.push(Played { on_s, off_s, key, velocity: velocity.round().clamp(1.0, 127.0) as u8 });
        }
        line_s += beats * 60.0 / bpm + breath_s;
        if line_s >= length_s {
            break;
        }
    }
    notes
}

/// xorshift64* (Vigna 2016).
struct Chance(u64);

impl Chance {
    fn either_way(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }
}
