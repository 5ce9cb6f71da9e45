//! Rub: the tone that makes a chord as tense as goal, approach and feeling have it: a whole tone, then a semitone, from one of its own
//! tones; never a semitone from what the client sings (dissonance as a tension idiom, Robbins and Robbins 1998; sustained
//! as long as it is meant, Priestley 1994).

use super::Moment;
use super::drone::HERS;
use super::plan::{Behaviour, Order, Orders, PlannedNote, Voice};
use crate::time::SampleTime;

/// The manner's tension from which a chord has a whole tone in it, and from which a semitone.
const TENSION: [f32; 2] = [0.15, 0.4];
/// Its line within the harmony: one that no chord uses.
const PART: u8 = 7;
/// Lines of the harmony that are watched.
const PARTS: usize = 6;
/// It lies at this key or above, where seconds are clear, not thick.
const LOWEST: u8 = 50;
/// Softer than the chord.
const SOFTER: f32 = 2.0;
/// A tone outside the key, the less the tenser it is, and one above the chord, cost so many semitones from its middle.
const NOT_IN_KEY: f32 = 6.0;
const ON_TOP: f32 = 5.0;
/// How far above the chord a tone of hers may lie, semitones.
const ABOVE: u8 = 7;

/// The tone that rubs.
#[derive(Debug, Default)]
pub struct Rub {
    /// What sounds on each line of the harmony: key, behaviour, end.
    lines: [Option<(u8, Behaviour, SampleTime)>; PARTS],
    /// When the tone ends.
    until: SampleTime,
}

impl Rub {
    /// Watches the orders from the one at `from` on, and adds the tone where a chord is struck.
    pub fn process(&mut self, moment: &Moment, from: usize, orders: &mut Orders) {
        let now = moment.meaning.now;
        let mut struck: Option<PlannedNote> = None;
        for order in &orders[from..] {
            match *order {
                Order::Play(note) if is_chord(&note) => {
                    self.lines[usize::from(note.part) - 1] = Some((note.key, note.behaviour, note.off));
                    struck = struck.filter(|before| before.off >= note.off).or(Some(note));
                }
                Order::Rest { voice: Voice::Harmony, part } => {
                    if let Some(line) = self.lines.get_mut(usize::from(part).wrapping_sub(1)) {
                        *line = None;
                    }
                }
                Order::Withdraw { behaviour, .. } => {
                    for line in &mut self.lines {
                        *line = line.filter(|(_, of, _)| *of != behaviour);
                    }
                }
                Order::WithdrawAll { .. } => *self = Self::default(),
                _ => {}
            }
        }
        for line in &mut self.lines {
            *line = line.filter(|(.., off)| now < *off);
        }
        let tone = struck.and_then(|note| Some((note, self.choose(moment)?)));
        if let Some((note, key)) = tone {
            self.until = note.off;
            let rub = PlannedNote { key, velocity: note.velocity - SOFTER, part: PART, ..note };
            let _ = orders.try_push(Order::Play(rub));
        } else if now < self.until && (struck.is_some() || self.lines.iter().all(Option::is_none)) {
            self.until = now;
            let _ = orders.try_push(Order::Rest { voice: Voice::Harmony, part: PART });
        }
    }

    /// The tone that she rests on most of those that are not there and lie a semitone from none: where no chords are
    /// claimed, what sounds takes in her own tones (Alvin 1975).
    fn hers(&self, moment: &Moment) -> Option<u8> {
        let Moment { meaning, settings, .. } = *moment;
        // These take her tones in of themselves.
        let has_them = |behaviour: Behaviour| matches!(behaviour, Behaviour::Drone | Behaviour::Calming);
        if self.lines.iter().flatten().any(|line| has_them(line.1)) {
            return None;
        }
        let keys = || self.lines.iter().flatten().map(|line| line.0);
        let (lowest, highest) = (keys().min()?, keys().max()?);
        let share = |key: u8| meaning.tonality.profile[usize::from(key % 12)];
        let clear = |key: u8| {
            let beside = |other: u8| matches!((key + 12 - other % 12) % 12, 0 | 1 | 11);
            !keys().any(beside)
                && !meaning.sounding_key.is_some_and(|hers| matches!((key + 12 - hers % 12) % 12, 1 | 11))
        };
        let reach = lowest.max(settings.register_low)..=(highest + ABOVE).min(settings.register_high);
        reach.filter(|&key| share(key) >= HERS && clear(key)).max_by(|&a, &b| share(a).total_cmp(&share(b)))
    }

    /// The key that makes what sounds as tense as the manner has it, unless the therapist wants no tension at all.
    fn choose(&self, moment: &Moment) -> Option<u8> {
        let Moment { meaning, intent, settings, .. } = *moment;
        if intent.character.her_tones {
            return self.hers(moment);
        }
        let tension = if settings.tension > 0.0 { intent.character.manner.tension } else { 0.0 };
        let apart = TENSION.iter().rposition(|&from| tension >= from).map(|level| 2 - level as u8)?;
        let keys = || self.lines.iter().flatten().map(|line| line.0);
        let (lowest, highest) = (keys().min()?, keys().max()?);
        let middle = (f32::from(lowest) + f32::from(highest)) / 2.0;
        let is_new = |key: u8| keys().all(|other| other % 12 != key % 12);
        let rubs = |key: u8| keys().any(|other| other.abs_diff(key) == apart);
        let harder = |key: u8| apart > 1 && keys().any(|other| other.abs_diff(key) == 1);
        let hurts_her = |key: u8| meaning.sounding_key.is_some_and(|hers| matches!(key.abs_diff(hers) % 12, 1 | 11));
        let cost = |key: u8| {
            let outside = meaning.tonality.key.is_some_and(|of| !of.contains(key % 12));
            let top = if key > highest { ON_TOP } else { 0.0 };
            (f32::from(key) - middle).abs() + top + if outside { NOT_IN_KEY * (1.0 - tension) } else { 0.0 }
        };
        let low = lowest.saturating_sub(2).max(LOWEST).max(settings.register_low);
        let near = low..=(highest + 2).min(settings.register_high);
        near.filter(|&key| is_new(key) && rubs(key) && !harder(key) && !hurts_her(key))
            .min_by(|&a, &b| cost(a).total_cmp(&cost(b)))
    }
}

/// A note of a chord under her, of which a way home is none.
fn is_chord(note: &PlannedNote) -> bool {
    let of_chord = !matches!(note.behaviour, Behaviour::Cadence | Behaviour::Tones | Behaviour::Grounding);
    note.voice == Voice::Harmony && (1..=PARTS).contains(&usize::from(note.part)) && of_chord
}
