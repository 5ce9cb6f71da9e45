//! What the client did lately: her last notes and onsets, each in its latest version. The other parts of
//! `understand` compute from these lists, so that a revised or withdrawn note never counts twice.

use crate::listen::heard::{Heard, HeardNote, NoteChange, Onset, OnsetKind, pitch_of};
use crate::time::{Clock, SampleTime};
use arrayvec::ArrayVec;

/// Notes kept: three times the memory of the key, and more than the longest phrase.
pub const RECENT_NOTES: usize = 64;

/// Onsets kept: eight seconds of eight a second.
pub const RECENT_ONSETS: usize = 64;

/// A hit and a note nearer than this are one sound, s: the attack and the pitch of one pluck.
const SAME_SOUND_S: f64 = 0.06;

/// Notes that the tuning is taken from: enough to settle, few enough to follow a singer who drifts.
const TUNING_NOTES: usize = 24;

/// Least agreement of the deviations, 0-1, for a tuning of her own to be believed; below it she is heard at A = 440 Hz.
const TUNING_AGREEMENT: f32 = 0.5;

/// Farthest deviation before the tuning is taken to belong to the next key, cents. Above 50, so that a singer who
/// wavers about the quarter tone stays in one key.
const TUNING_LIMIT_CENTS: f32 = 62.0;

/// A note, and what became of it.
#[derive(Clone, Copy, Debug)]
pub struct RecentNote {
    /// As it was heard.
    pub heard: HeardNote,
    /// A phrase ended on it.
    pub phrase_final: bool,
    /// Its deviation as a point on the circle of 100 cents, so that deviations can be averaged.
    deviation: [f32; 2],
}

impl RecentNote {
    fn new(heard: HeardNote) -> Self {
        let (sine, cosine) = (heard.cents / 100.0 * std::f32::consts::TAU).sin_cos();
        Self { heard, phrase_final: false, deviation: [sine, cosine] }
    }
}

/// An onset, pitched or not.
#[derive(Clone, Copy, Debug)]
pub struct RecentOnset {
    /// When.
    pub time: SampleTime,
    /// MIDI velocity, 1-127.
    pub velocity: u8,
    /// The note it began, if any.
    note: Option<u32>,
    /// It was heard as a hit.
    hit: bool,
}

/// The client's last notes and onsets.
pub struct Recent {
    clock: Clock,
    notes: ArrayVec<RecentNote, RECENT_NOTES>,
    onsets: ArrayVec<RecentOnset, RECENT_ONSETS>,
    /// Onsets that have left the list, so that the count goes on.
    forgotten_onsets: u32,
    /// How far the client's own tuning lies from A = 440 Hz.
    tuning_cents: f32,
    changed: bool,
    /// The note that sounds, the key at which its pitch has arrived, and the one that the ears name until they follow.
    arrived: Option<(u32, u8, u8)>,
}

impl Recent {
    /// Nothing yet.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            notes: ArrayVec::new(),
            onsets: ArrayVec::new(),
            forgotten_onsets: 0,
            tuning_cents: 0.0,
            changed: false,
            arrived: None,
        }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        *self = Self::new(self.clock);
    }

    /// Takes in the facts of one hop.
    pub fn process(&mut self, heard: &Heard) {
        self.changed = !heard.notes.is_empty();
        for onset in heard.onsets.iter().filter(|onset| onset.kind == OnsetKind::Percussive) {
            self.hit(onset);
        }
        for change in &heard.notes {
            match *change {
                NoteChange::Began(note) => self.began(note),
                NoteChange::Revised(note) | NoteChange::Ended(note) => self.revised(note),
                NoteChange::Withdrawn(note) => self.withdrawn(note.id),
            }
        }
        if self.changed {
            self.tune();
        }
    }

    /// The notes, oldest first.
    pub fn notes(&self) -> &[RecentNote] {
        &self.notes
    }

    /// The onsets, oldest first.
    pub fn onsets(&self) -> &[RecentOnset] {
        &self.onsets
    }

    /// Onsets since the start, without those that were withdrawn.
    pub fn onset_count(&self) -> u32 {
        self.forgotten_onsets + self.onsets.len() as u32
    }

    /// Whether this hop changed any note.
    pub fn changed(&self) -> bool {
        self.changed
    }

    /// The pitch of a note that sounds has arrived at a key; `None`: the ears' names count.
    pub fn arrives(&mut self, note: Option<(u32, u8)>) {
        let named = self.sounding().map(|note| self.named(note));
        self.arrived = note.zip(named).map(|((id, key), named)| (id, key, named));
    }

    /// The MIDI key that `note` means in the client's own tuning.
    pub fn key(&self, note: &HeardNote) -> u8 {
        let named = self.named(note);
        let still = |&(id, _, of_ears): &(u32, u8, u8)| id == note.id && of_ears == named && note.offset.is_none();
        self.arrived.filter(still).map_or(named, |(_, key, _)| key)
    }

    /// The key by the pitch that the ears give `note`.
    fn named(&self, note: &HeardNote) -> u8 {
        let pitch = f32::from(note.key) + (note.cents - self.tuning_cents) / 100.0;
        pitch.round().clamp(0.0, 127.0) as u8
    }

    /// The pitch of `f0_hz` in the client's own tuning, MIDI.
    pub fn pitch(&self, f0_hz: f32) -> f32 {
        pitch_of(f0_hz.max(1.0)) - self.tuning_cents / 100.0
    }

    /// Seconds that `note` has sounded by `now`.
    pub fn length_s(&self, note: &HeardNote, now: SampleTime) -> f32 {
        self.clock.between(note.onset, note.offset.unwrap_or(now)) as f32
    }

    /// The note that sounds now; the latest if several.
    pub fn sounding(&self) -> Option<&HeardNote> {
        self.notes.iter().rev().map(|note| &note.heard).find(|note| note.offset.is_none())
    }

    /// Remembers that a phrase from `start` to `end` ended on the last note that began in it.
    pub fn phrase_ended(&mut self, start: SampleTime, end: SampleTime) {
        let within = |note: &&mut RecentNote| (start..=end).contains(&note.heard.onset);
        if let Some(last) = self.notes.iter_mut().rev().find(within) {
            last.phrase_final = true;
        }
    }

    fn began(&mut self, note: HeardNote) {
        if self.notes.is_full() {
            self.notes.remove(0);
        }
        let place = self.notes.iter().rposition(|other| other.heard.onset <= note.onset).map_or(0, |before| before + 1);
        let _ = self.notes.try_insert(place, RecentNote::new(note));
        let near = self.clock.samples(SAME_SOUND_S);
        let same_sound = |onset: &&mut RecentOnset| onset.note.is_none() && onset.time.abs_diff(note.onset) <= near;
        match self.onsets.iter_mut().rev().find(same_sound) {
            Some(onset) => onset.note = Some(note.id),
            None => self.add_onset(RecentOnset {
                time: note.onset,
                velocity: note.velocity,
                note: Some(note.id),
                hit: false,
            }),
        }
    }

    fn revised(&mut self, note: HeardNote) {
        if let Some(known) = self.notes.iter_mut().rev().find(|known| known.heard.id == note.id) {
            *known = RecentNote { phrase_final: known.phrase_final, ..RecentNote::new(note) };
        }
        if let Some(onset) = self.onsets.iter_mut().rev().find(|onset| onset.note == Some(note.id) && !onset.hit) {
            (onset.time, onset.velocity) = (note.onset, note.velocity);
        }
    }

    fn withdrawn(&mut self, id: u32) {
        self.notes.retain(|note| note.heard.id != id);
        self.onsets.retain(|onset| onset.hit || onset.note != Some(id));
        for onset in self.onsets.iter_mut().filter(|onset| onset.note == Some(id)) {
            onset.note = None;
        }
    }

    fn hit(&mut self, hit: &Onset) {
        let near = self.clock.samples(SAME_SOUND_S);
        match self.onsets.iter_mut().rev().find(|onset| onset.time.abs_diff(hit.time) <= near) {
            Some(onset) => onset.hit = true,
            None => self.add_onset(RecentOnset { time: hit.time, velocity: hit.velocity, note: None, hit: true }),
        }
    }

    fn add_onset(&mut self, onset: RecentOnset) {
        if self.onsets.is_full() {
            self.onsets.remove(0);
            self.forgotten_onsets += 1;
        }
        let place = self.onsets.iter().rposition(|other| other.time <= onset.time).map_or(0, |before| before + 1);
        let _ = self.onsets.try_insert(place, onset);
    }

    /// Takes the tuning from the last notes: the mean of their deviations on the circle, kept on the side where it was.
    fn tune(&mut self) {
        let recent = self.notes.iter().rev().take(TUNING_NOTES);
        let (mut sine, mut cosine, mut count) = (0.0, 0.0, 0.0);
        for note in recent {
            sine += note.deviation[0];
            cosine += note.deviation[1];
            count += 1.0;
        }
        let agreement = if count > 0.0 { f32::hypot(sine, cosine) / count } else { 0.0 };
        if agreement < TUNING_AGREEMENT {
            self.tuning_cents = 0.0;
            return;
        }
        let cents = sine.atan2(cosine) / std::f32::consts::TAU * 100.0;
        let near = cents + 100.0 * ((self.tuning_cents - cents) / 100.0).round();
        self.tuning_cents = if near.abs() <= TUNING_LIMIT_CENTS { near } else { cents };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listen::heard::Cause;

    fn note(id: u32, onset: SampleTime, key: u8, cents: f32) -> HeardNote {
        HeardNote { id, onset, available: onset, offset: None, key, cents, velocity: 64 }
    }

    fn hop(notes: &[NoteChange]) -> Heard {
        Heard { notes: notes.iter().copied().collect(), ..Heard::default() }
    }

    #[test]
    fn a_withdrawn_note_leaves_no_trace_and_a_revised_one_counts_once() {
        let mut recent = Recent::new(Clock::new(48_000.0));
        recent.process(&hop(&[NoteChange::Began(note(1, 0, 60, 0.0)), NoteChange::Began(note(2, 9_600, 62, 0.0))]));
        recent
            .process(&hop(&[NoteChange::Revised(note(1, 0, 61, 0.0)), NoteChange::Withdrawn(note(2, 9_600, 62, 0.0))]));
        assert_eq!(recent.notes().iter().map(|note| note.heard.key).collect::<Vec<_>>(), [61]);
        assert_eq!(recent.onset_count(), 1);
    }

    #[test]
    fn a_pluck_heard_as_hit_and_as_note_is_one_onset() {
        let mut recent = Recent::new(Clock::new(48_000.0));
        let (kind, cause) = (OnsetKind::Percussive, Cause::Hit);
        let hit = Onset { time: 0, available: 400, kind, cause, strength: 1.0, velocity: 90 };
        recent.process(&Heard { onsets: [hit].into_iter().collect(), ..Heard::default() });
        recent.process(&hop(&[NoteChange::Began(note(1, 900, 60, 0.0))]));
        assert_eq!(recent.onset_count(), 1);
    }

    #[test]
    fn a_singer_who_wavers_about_the_quarter_tone_keeps_her_keys() {
        let mut recent = Recent::new(Clock::new(48_000.0));
        for (id, cents) in [-38.0, -45.0, -41.0, 48.0, -46.0, 49.0, -44.0].into_iter().enumerate() {
            let key = if cents > 0.0 { 59 } else { 60 };
            recent.process(&hop(&[NoteChange::Began(note(id as u32 + 1, id as u64 * 9_600, key, cents))]));
        }
        assert!(recent.notes().iter().all(|note| recent.key(&note.heard) == 60), "{}", recent.tuning_cents);
    }
}
