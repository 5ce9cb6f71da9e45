//! Attacks: what begins together.

use super::mean;
use crate::exchange::files::Note;

/// Notes that begin within this time of the first of them are one attack, s.
pub const TOGETHER_S: f64 = 0.035;

/// Notes that begin together.
#[derive(Clone, Debug, PartialEq)]
pub struct Attack<'a> {
    /// When the first of them begins, s.
    pub time_s: f64,
    /// The notes, in the order of their beginnings.
    pub notes: Vec<&'a Note>,
}

impl Attack<'_> {
    /// Mean velocity.
    pub fn velocity(&self) -> f64 {
        mean(&self.notes.iter().map(|note| f64::from(note.velocity)).collect::<Vec<_>>())
    }
}

/// The attacks of notes in the order of their beginnings.
pub fn attacks<'a>(notes: impl IntoIterator<Item = &'a Note>) -> Vec<Attack<'a>> {
    let mut attacks: Vec<Attack> = Vec::new();
    for note in notes {
        match attacks.last_mut() {
            Some(last) if note.on_s - last.time_s <= TOGETHER_S + 1e-9 => last.notes.push(note),
            _ => attacks.push(Attack { time_s: note.on_s, notes: vec![note] }),
        }
    }
    attacks
}

/// The notes that begin from `from_s` to before `to_s`.
pub fn begun(notes: &[Note], from_s: f64, to_s: f64) -> impl Iterator<Item = &Note> {
    notes.iter().filter(move |note| (from_s..to_s).contains(&note.on_s))
}

/// The attacks from `from_s` to before `to_s`.
pub fn attacks_within(notes: &[Note], from_s: f64, to_s: f64) -> Vec<Attack<'_>> {
    attacks(begun(notes, from_s, to_s))
}

/// When attacks begin, s.
pub fn times(attacks: &[Attack]) -> Vec<f64> {
    attacks.iter().map(|attack| attack.time_s).collect()
}
