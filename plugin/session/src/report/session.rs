//! A session as the report sees it: who played what and when, whatever it was read from.

use crate::analysis::{Note, attacks, turns};
use antiphon_engine::intend::intent::State;
use antiphon_engine::names::Named;

/// What one player played.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// Notes that have a key, in the order of their beginnings.
    pub notes: Vec<Note>,
    /// Strokes that have none (drums, claps), in the order of their beginnings; their key means nothing.
    pub strokes: Vec<Note>,
}

impl Part {
    /// A part of `notes` and `strokes` in any order.
    pub fn new(mut notes: Vec<Note>, mut strokes: Vec<Note>) -> Self {
        let in_order = |a: &Note, b: &Note| a.on_s.total_cmp(&b.on_s).then(a.key.cmp(&b.key));
        notes.sort_by(in_order);
        strokes.sort_by(in_order);
        Self { notes, strokes }
    }

    /// Notes and strokes in the order of their beginnings.
    pub fn all(&self) -> Vec<Note> {
        Self::new([self.notes.as_slice(), &self.strokes].concat(), Vec::new()).notes
    }

    /// How many notes and strokes there are.
    pub fn count(&self) -> usize {
        self.notes.len() + self.strokes.len()
    }

    /// The same, `offset_s` later; what would begin before the session is left out.
    pub(crate) fn moved(self, offset_s: f64) -> Self {
        let moved = |notes: Vec<Note>| -> Vec<Note> {
            let later = |note: Note| Note { on_s: note.on_s + offset_s, off_s: note.off_s + offset_s, ..note };
            notes.into_iter().map(later).filter(|note| note.on_s >= 0.0).collect()
        };
        Self { notes: moved(self.notes), strokes: moved(self.strokes) }
    }

    /// What begins from `from_s` on and before `to_s`.
    pub(crate) fn between(&self, from_s: f64, to_s: f64) -> Self {
        let begun = |notes: &[Note]| {
            let at = |s: f64| notes.partition_point(|note| note.on_s < s);
            notes[at(from_s)..at(to_s)].to_vec()
        };
        Self { notes: begun(&self.notes), strokes: begun(&self.strokes) }
    }

    pub(crate) fn attacks(&self) -> Vec<(f64, f64)> {
        attacks(&self.all())
    }

    pub(crate) fn spans(&self) -> Vec<turns::Span> {
        turns::spans(&self.all())
    }

    /// When the last note ends, s; 0 if there is none.
    pub fn end_s(&self) -> f64 {
        self.notes.iter().chain(&self.strokes).map(|note| note.off_s).fold(0.0, f64::max)
    }
}

/// An instant with something said about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Marker {
    /// When, s.
    pub at_s: f64,
    /// What.
    pub text: String,
}

/// How a marker of the therapist's begins in a session file.
const REMARK: &str = "marker: ";

impl Marker {
    /// The state that it names, with its reason, if it names one.
    fn state(&self) -> Option<(&str, &str)> {
        self.text.split_once(": ").filter(|(name, _)| State::parse(name).is_ok())
    }
}

/// A session: two players and what is known about it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Session {
    /// What the reader calls it; empty if nothing.
    pub title: String,
    /// Day as year-month-day; empty if not known.
    pub date: String,
    /// Whole length, s.
    pub length_s: f64,
    /// Name of what the client was read from.
    pub client_source: String,
    /// Name of what the accompaniment was read from.
    pub accompaniment_source: String,
    /// The client.
    pub client: Part,
    /// The accompaniment.
    pub accompaniment: Part,
    /// Voices of the accompaniment with how many notes each has.
    pub voices: Vec<(String, usize)>,
    /// Notes of the therapist's own, which are in neither part.
    pub therapist_notes: usize,
    /// Markers in time order: states of the exchange with their reasons, and the therapist's own.
    pub markers: Vec<Marker>,
    /// What had to be assumed or left out, in whole sentences.
    pub assumptions: Vec<String>,
}

impl Session {
    /// The states in time order: when each begins, its name, and the first reason given. A marker `state: reason` is one,
    /// a `marker: text` is the therapist's.
    pub fn arc(&self) -> Vec<(f64, &str, &str)> {
        let mut arc: Vec<(f64, &str, &str)> = Vec::new();
        for marker in &self.markers {
            let Some((state, reason)) = marker.state() else { continue };
            if arc.last().is_none_or(|last| last.1 != state) {
                arc.push((marker.at_s, state, reason));
            }
        }
        arc
    }

    /// What is said by markers that are no states, and when, s.
    pub fn remarks(&self) -> impl Iterator<Item = (f64, &str)> {
        let remarks = self.markers.iter().filter(|marker| marker.state().is_none());
        remarks.map(|marker| (marker.at_s, marker.text.strip_prefix(REMARK).unwrap_or(&marker.text)))
    }
}
