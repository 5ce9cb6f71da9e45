//! What was heard in a few plain lines.

use super::Hearing;
use super::agreement::VOICED;
use crate::summary::{counted, range};
use antiphon_engine::listen::heard::OnsetKind;
use std::fmt;

impl Hearing {
    /// The notes in words, like `12 notes from C3 to G4`.
    pub fn notes_told(&self) -> String {
        format!("{}{}", counted(self.notes.len(), "note"), range(self.notes.iter().map(|note| note.key)))
    }
}

impl fmt::Display for Hearing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hits = self.onsets.iter().filter(|onset| onset.kind == OnsetKind::Percussive).count();
        write!(f, "Heard    {:.1} s: {}, {}", self.length_s(), self.notes_told(), counted(hits, "hit"))?;
        if !self.has_sound() {
            return Ok(());
        }
        let mut voiced: Vec<f32> =
            self.hops.iter().filter(|hop| hop.pitch.voicing >= VOICED).map(|hop| hop.pitch.f0_hz).collect();
        voiced.sort_by(f32::total_cmp);
        let share = 100.0 * voiced.len() as f64 / self.hops.len().max(1) as f64;
        write!(f, "\nPitch    {share:.0} % of the time")?;
        if let Some(middle) = voiced.get(voiced.len() / 2) {
            // One in two hundred at either end may be astray.
            let stray = voiced.len() / 200;
            let (low, high) = (voiced[stray], voiced[voiced.len() - 1 - stray]);
            write!(f, ", from {low:.0} to {high:.0} Hz, in the middle {middle:.0} Hz")?;
        }
        let loudest_db = self.hops.iter().map(|hop| hop.level_db).fold(f32::NEG_INFINITY, f32::max);
        write!(f, "\nLevel    {loudest_db:.0} dBFS at its loudest")
    }
}
