//! Pitch and onset to notes: what a musician would write down.

use super::dip::Dip;
use super::heard::{Cause, Heard, HeardNote, NoteChange, Onset, OnsetKind, PitchReading, pitch_of};
use super::level::{Level, velocity};
use super::median::RunningMedian;
use super::swing::Swing;
use super::tuning::Tuning;
use crate::time::{Clock, SampleTime};

/// Voicing that follows an attack within this span belongs to it, s.
const ATTACK_SPAN_S: f64 = 0.06;

/// Weakest attack that can begin a note: consonants and plucks are stronger, breath and grain weaker.
const ATTACK_MIN: f32 = 0.14;

/// How long voicing must hold to be a beginning: after an attack, and without one, s.
const HOLD_AFTER_ATTACK_S: f64 = 0.006;
const HOLD_S: f64 = 0.018;

/// A new pitch has settled when it kept within this range, semitones, for so long, s; and it is another note when it
/// lies so far from the old one, semitones.
const SETTLED_RANGE: f32 = 0.5;
const SETTLED_S: f64 = 0.02;
const STEP: f32 = 0.8;

/// The old note lasted until the pitch was last so near to it, semitones, but no further back than this, s.
const STAYED: f32 = 0.4;
const GLIDE_MAX_S: f64 = 0.12;

/// A note is struck or sung again no sooner than this, s: it has not arrived before.
const AGAIN_AFTER_S: f64 = 0.12;

/// Weakest flux that shows new sound, and how long it does, s.
const FRESH_MIN: f32 = 0.05;
const FRESH_S: f64 = 0.05;

/// Strengths: a step of so many semitones is as clear as can be; so is a leap of so many dB.
const CLEAR_STEP: f32 = 2.0;
const CLEAR_LEAP_DB: f32 = 20.0;

/// Nothing begins so soon after a beginning, s.
const DEAD_S: f64 = 0.1;

/// Voicing that breaks off for less than this goes on, s.
const GAP_S: f64 = 0.03;

/// Shorter is not a note, s.
const NOTE_MIN_S: f64 = 0.06;

/// A pitch that leaves and comes back within this span never left: vibrato, an ornament, a crack of the voice, s.
const RETURN_S: f64 = 0.15;

/// It came back when it is so near to the note it left, semitones.
const RETURNED: f32 = 0.5;

/// A note so young has no pitch of its own yet: where it settles is where it was headed, s.
const YOUNG_S: f64 = 0.14;

/// Velocity is known so long after the onset, s.
const LOUDEST_WITHIN_S: f64 = 0.09;

/// The sounding key changes when the median lies so far from it, semitones: more than half, so that it does not flutter;
/// less so once the note is no longer young and its median is steady.
const KEY_CHANGE_YOUNG: f32 = 0.6;
const KEY_CHANGE: f32 = 0.53;

/// How long before the first reading of a pitch its sound began, s: the window must fill before a pitch shows.
const BEGIN_DELAY_S: f64 = 0.01;

/// The segmentation.
pub struct Segment {
    clock: Clock,
    /// The note that sounds.
    note: Option<HeardNote>,
    median: RunningMedian,
    /// The note that the pitch stepped away from, until it is clear that it does not come back.
    left: Option<HeardNote>,
    left_median: RunningMedian,
    loudest_db: f32,
    velocity_known: bool,
    /// The latest attack that no note has taken.
    attack: Option<Onset>,
    /// Start of the present stretch of voicing.
    run_start: Option<SampleTime>,
    last_voiced: SampleTime,
    /// Ring of the latest pitches, semitones.
    recent: Box<[f32]>,
    recent_count: usize,
    dead_until: SampleTime,
    /// When the pitch was last at the note.
    stayed: SampleTime,
    swing: Swing,
    dip: Dip,
    tuning: Tuning,
    /// When flux last showed new sound.
    fresh: Option<SampleTime>,
}

/// Why a note begins, and when it did.
struct Beginning {
    onset: SampleTime,
    strength: f32,
    pitch: f32,
    cause: Cause,
}

impl Segment {
    /// For `clock`.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            note: None,
            median: RunningMedian::new(),
            left: None,
            left_median: RunningMedian::new(),
            loudest_db: 0.0,
            velocity_known: false,
            attack: None,
            run_start: None,
            last_voiced: 0,
            recent: vec![0.0; clock.hops(SETTLED_S)].into(),
            recent_count: 0,
            dead_until: 0,
            stayed: 0,
            swing: Swing::default(),
            dip: Dip::new(clock),
            tuning: Tuning::default(),
            fresh: None,
        }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        (self.note, self.left) = (None, None);
        self.median.clear();
        self.left_median.clear();
        self.attack = None;
        self.run_start = None;
        self.last_voiced = 0;
        self.recent_count = 0;
        self.dead_until = 0;
        self.stayed = 0;
        self.swing = Swing::default();
        self.dip.reset();
        self.tuning = Tuning::default();
        self.fresh = None;
    }

    /// Whether a note sounds.
    pub fn sounding(&self) -> bool {
        self.note.is_some()
    }

    /// Ends the note that sounds: what is heard from now on are hits.
    pub fn close(&mut self, heard: &mut Heard) {
        self.end(self.last_voiced, heard);
        self.run_start = None;
    }

    /// Takes in one hop. `heard.now` and `heard.pitch` are already of this hop; onsets and notes are added to it.
    pub fn process(&mut self, attack: Option<Onset>, level: &Level, ids: &mut u32, heard: &mut Heard) {
        let now = heard.now;
        let fresh = attack.filter(|attack| attack.strength > FRESH_MIN).map(|attack| attack.available);
        self.fresh = fresh.or(self.fresh);
        self.dip.process(level.now_db);
        let attack = attack.filter(|attack| attack.strength >= ATTACK_MIN);
        self.attack = attack.or(self.attack.filter(|old| now < old.available + self.clock.samples(ATTACK_SPAN_S)));
        self.follow_voicing(&heard.pitch, now);
        let silent_for = self.clock.between(self.last_voiced, now);
        if self.run_start.is_none() && silent_for >= GAP_S {
            self.end(self.last_voiced, heard);
        }
        if self.last_voiced != now {
            return;
        }
        self.come_back(now, heard);
        self.follow_swing(now);
        match self.beginning(&heard.pitch, now) {
            Some(Beginning { cause: Cause::Step, pitch, .. }) if self.is_young(now) => self.settle_on(pitch),
            Some(beginning) => {
                if beginning.cause == Cause::Step {
                    self.leave(beginning.onset, heard);
                } else {
                    self.end(beginning.onset, heard);
                }
                self.begin(&beginning, level, ids, heard);
            }
            None => {}
        }
        self.go_on(level, heard);
    }

    /// Whether what sounds now is still the start of the note.
    fn is_young(&self, now: SampleTime) -> bool {
        self.note.is_some_and(|note| self.clock.between(note.onset, now) < YOUNG_S)
    }

    /// How the pitch moves around the note.
    fn follow_swing(&mut self, now: SampleTime) {
        if self.note.is_some() {
            let away = self.newest_pitch() - self.median.median();
            if away.abs() < STAYED {
                self.stayed = now;
            }
            self.swing.process(away, now, self.clock);
        }
    }

    /// The start was a scoop: the pitch it reached is the note's.
    fn settle_on(&mut self, pitch: f32) {
        self.median.clear();
        (0..self.recent.len()).for_each(|_| self.median.push(pitch));
    }

    /// The pitch stepped away at `onset`.
    fn leave(&mut self, onset: SampleTime, heard: &mut Heard) {
        self.forget_left(heard);
        std::mem::swap(&mut self.median, &mut self.left_median);
        self.left = self.note.take().map(|note| HeardNote { offset: Some(onset.max(note.onset + 1)), ..note });
    }

    /// What was left has ended for good.
    fn forget_left(&mut self, heard: &mut Heard) {
        if let Some(left) = self.left.take() {
            let length_s = left.offset.map_or(0.0, |offset| self.clock.between(left.onset, offset) as f32);
            self.tuning.hear(self.left_median.median(), length_s);
            self.close_note(left, heard);
        }
    }

    /// Takes the step back if the pitch returned to the note it left.
    fn come_back(&mut self, now: SampleTime, heard: &mut Heard) {
        let (Some(left), Some(note)) = (self.left, self.note) else { return };
        if self.clock.between(note.onset, now) > RETURN_S {
            self.forget_left(heard);
        } else if (self.newest_pitch() - self.left_median.median()).abs() < RETURNED {
            self.left = None;
            let _ = heard
                .notes
                .try_push(NoteChange::Withdrawn(HeardNote { offset: Some(now.max(note.onset + 1)), ..note }));
            self.left_median.absorb(&self.median);
            std::mem::swap(&mut self.median, &mut self.left_median);
            self.note = Some(HeardNote { offset: None, ..left });
        }
    }

    fn newest_pitch(&self) -> f32 {
        self.recent[(self.recent_count + self.recent.len() - 1) % self.recent.len()]
    }

    fn follow_voicing(&mut self, pitch: &PitchReading, now: SampleTime) {
        if pitch.voicing >= 0.5 && pitch.f0_hz > 0.0 {
            self.run_start.get_or_insert(now);
            self.last_voiced = now;
            let at = self.recent_count % self.recent.len();
            self.recent[at] = pitch_of(pitch.f0_hz);
            self.recent_count += 1;
        } else if self.clock.between(self.last_voiced, now) >= GAP_S {
            self.run_start = None;
            self.recent_count = 0;
        }
    }

    /// The beginning that is known now, if there is one.
    fn beginning(&mut self, reading: &PitchReading, now: SampleTime) -> Option<Beginning> {
        // In noise a pitch is described, and so begins, later than the short window alone would have it.
        let delay = self.clock.samples(BEGIN_DELAY_S).max(now.saturating_sub(reading.time));
        let run_start = self.run_start?;
        let held_s = self.clock.between(run_start, now);
        let pitch = self.newest_pitch();
        let attacked = self.attack.filter(|attack| run_start < attack.available + self.clock.samples(ATTACK_SPAN_S));
        if now < self.dead_until {
            return self.step(now, delay).filter(|_| self.is_young(now));
        }
        match (self.note, attacked) {
            (None, Some(attack)) if held_s >= HOLD_AFTER_ATTACK_S => {
                Some(Beginning { onset: attack.time, strength: attack.strength, pitch, cause: Cause::Attack })
            }
            (None, None) if held_s >= HOLD_S => {
                let onset = run_start.saturating_sub(delay);
                Some(Beginning { onset, strength: reading.voicing, pitch, cause: Cause::Voicing })
            }
            (Some(note), Some(attack)) if attack.time > note.onset + self.clock.samples(DEAD_S) => {
                let held = self.clock.between(attack.available, now) >= HOLD_AFTER_ATTACK_S;
                held.then_some(Beginning { onset: attack.time, strength: attack.strength, pitch, cause: Cause::Attack })
            }
            (Some(note), _) => self.step(now, delay).or_else(|| self.again(&note, pitch, now)),
            _ => None,
        }
    }

    /// A pitch that settled away from the sounding note.
    fn step(&self, now: SampleTime, delay: SampleTime) -> Option<Beginning> {
        if self.recent_count < self.recent.len() {
            return None;
        }
        let (low, high) = self.recent.iter().fold((f32::MAX, f32::MIN), |(low, high), &p| (low.min(p), high.max(p)));
        let pitch = 0.5 * (low + high);
        let settled = high - low <= SETTLED_RANGE;
        let away = pitch - self.median.median();
        let another = away.abs() >= STEP && !self.swing.reaches(away, now, self.clock);
        let back = |seconds: f64| now.saturating_sub(self.clock.samples(seconds));
        let onset = self.stayed.min(back(SETTLED_S)).saturating_sub(delay).max(back(GLIDE_MAX_S));
        let strength = (away.abs() / CLEAR_STEP).min(1.0);
        (settled && another).then_some(Beginning { onset, strength, pitch, cause: Cause::Step })
    }

    /// `note` struck or sung again on its pitch.
    fn again(&self, note: &HeardNote, pitch: f32, now: SampleTime) -> Option<Beginning> {
        if self.clock.between(note.onset, now) <= AGAIN_AFTER_S {
            return None;
        }
        let fresh = self.fresh.is_some_and(|at| self.clock.between(at, now) < FRESH_S);
        let leap = self.dip.leap(fresh, self.swing.vibrato(now, self.clock))?;
        let onset = now.saturating_sub(self.clock.samples(leap.ago_s)).max(note.onset + 1);
        let strength = (leap.rise_db / CLEAR_LEAP_DB).min(1.0);
        Some(Beginning { onset, strength, pitch, cause: Cause::Again })
    }

    fn begin(&mut self, beginning: &Beginning, level: &Level, ids: &mut u32, heard: &mut Heard) {
        let now = heard.now;
        *ids += 1;
        self.median.clear();
        self.median.push(beginning.pitch);
        let key = self.key_of(beginning.pitch);
        let velocity = velocity(level.now_db);
        let onset = beginning.onset;
        let note = HeardNote { id: *ids, onset, available: now, offset: None, key, cents: 0.0, velocity };
        self.note = Some(note);
        self.loudest_db = level.now_db;
        self.velocity_known = false;
        self.attack = None;
        self.swing = Swing::default();
        self.stayed = now;
        self.dead_until = now + self.clock.samples(DEAD_S);
        let _ = heard.notes.try_push(NoteChange::Began(note));
        let Beginning { strength, cause, .. } = *beginning;
        let kind = OnsetKind::Note;
        let _ = heard.onsets.try_push(Onset { time: onset, available: now, kind, cause, strength, velocity });
    }

    fn go_on(&mut self, level: &Level, heard: &mut Heard) {
        let Some(mut note) = self.note else { return };
        self.median.push(self.newest_pitch());
        let median = self.median.median();
        let change = if self.is_young(heard.now) { KEY_CHANGE_YOUNG } else { KEY_CHANGE };
        let other_key = (self.tuning.corrected(median) - f32::from(note.key)).abs() > change;
        if other_key {
            note.key = self.key_of(median);
            note.available = heard.now;
        }
        note.cents = ((median - f32::from(note.key)) * 100.0).clamp(-50.0, 50.0);
        let mut louder = false;
        if !self.velocity_known {
            self.loudest_db = self.loudest_db.max(level.now_db);
            if self.clock.between(note.onset, heard.now) >= LOUDEST_WITHIN_S {
                self.velocity_known = true;
                louder = velocity(self.loudest_db) != note.velocity;
                note.velocity = velocity(self.loudest_db);
            }
        }
        self.note = Some(note);
        if other_key || louder {
            let _ = heard.notes.try_push(NoteChange::Revised(note));
        }
    }

    /// The MIDI key of `pitch` in her tuning.
    fn key_of(&self, pitch: f32) -> u8 {
        self.tuning.corrected(pitch).round().clamp(0.0, 127.0) as u8
    }

    fn end(&mut self, offset: SampleTime, heard: &mut Heard) {
        self.forget_left(heard);
        if let Some(note) = self.note.take() {
            let length_s = self.clock.between(note.onset, offset.max(note.onset)) as f32;
            self.tuning.hear(self.median.median(), length_s);
            self.close_note(HeardNote { offset: Some(offset.max(note.onset + 1)), ..note }, heard);
        }
    }

    fn close_note(&self, note: HeardNote, heard: &mut Heard) {
        let lasted = note.offset.is_some_and(|offset| self.clock.between(note.onset, offset) >= NOTE_MIN_S);
        let _ = heard.notes.try_push(if lasted { NoteChange::Ended(note) } else { NoteChange::Withdrawn(note) });
    }
}
