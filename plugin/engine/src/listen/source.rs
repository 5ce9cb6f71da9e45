//! What kind of sound the client makes, where the therapist leaves it to be found out: each hit and each held pitch
//! speaks for a drum or for notes, and what was said fades. Until the first hit has been judged it waits, so that the
//! first stroke of a drum is no note.

use super::heard::{Onset, PitchReading};
use super::level::Level;
use crate::settings::Listen;
use crate::time::{Clock, SampleTime};
use arrayvec::ArrayVec;

/// A hit is judged so long after it was heard, s, its brightness from its first moments, s, and its pitch from the time
/// when one could show, s.
const JUDGED_AFTER_S: f64 = 0.1;
const FIRST_S: f64 = 0.015;
const PITCH_AFTER_S: f64 = 0.04;

/// The log-odds that a hit is a drum's: a logistic regression over hits on drums, percussion and tabla against voices,
/// flute, violin, guitar and piano (clear attacks, sharp peaks, decay and lost brightness are a drum's, pitch is not);
/// it is right of 86 % of hits.
const AT_REST: f32 = -0.8;
const PER_STRENGTH: f32 = 2.5;
const PER_PEAK_S: f32 = -22.0;
const PER_DECAY_DB: f32 = 0.22;
const PER_VOICED: f32 = -2.1;
const PER_OCTAVE_LOST: f32 = 0.6;

/// Most decay that counts, dB; most that one hit says; and share of pitch under which a hit says nothing for notes:
/// consonants and soft strokes under cymbals are alike.
const DECAY_MAX_DB: f32 = 12.0;
const JUDGEMENT_MAX: f32 = 2.0;
const VOICED_MIN: f32 = 0.5;

/// Pitch that holds for longer than this speaks for notes, s, this much a second.
const HELD_S: f64 = 0.15;
const PER_HELD_S: f64 = 2.0;

/// Lowest pitch that speaks for notes, Hz: no voice stays under it, and bass drums hold 45 to 65 Hz.
const LOWEST_NOTE_HZ: f32 = 70.0;

/// Sound without pitch for longer than this speaks for a drum, s, this much a second, if a hit began it so lately, s:
/// breath and a noisy room have none.
const UNPITCHED_S: f64 = 0.3;
const PER_UNPITCHED_S: f64 = 1.0;
const RING_MAX_S: f64 = 2.0;

/// Held pitch decides at once when it says so much and no hit is being judged.
const HELD_DECIDES: f32 = -0.2;

/// Fades over this span of sound, s, and never grows beyond this: a new kind of sound is known within 2 s.
const MEMORY_S: f64 = 6.0;
const EVIDENCE_MAX: f32 = 5.0;

/// Over the upper it is hits, under the lower it is notes; between, the guess stays.
const HITS_OVER: f32 = 1.0;
const NOTES_UNDER: f32 = -4.0;

/// Over both it counts as sounding: dBFS, and dB over the room's floor.
const SOUNDING_DB: f32 = -50.0;
const SOUNDING_OVER_FLOOR_DB: f32 = 6.0;

/// Most hits that are judged at once.
const JUDGED_MAX: usize = 4;

/// A hit that is being judged.
#[derive(Clone, Copy)]
struct Judged {
    hit: Onset,
    loudest_db: f32,
    loudest_at: SampleTime,
    /// Brightness of the first moments, Hz, summed; and how many hops they were.
    brightness_hz: f32,
    first: u16,
    /// Hops that could have a pitch, and those that had.
    heard: u16,
    voiced: u16,
}

/// What one hop brings.
pub struct Moment<'a> {
    /// Samples heard so far.
    pub now: SampleTime,
    /// Pitch.
    pub pitch: &'a PitchReading,
    /// Level.
    pub level: &'a Level,
    /// Spectral centroid, Hz.
    pub brightness_hz: f32,
    /// The hit that became known.
    pub hit: Option<Onset>,
}

impl Moment<'_> {
    /// Whether there is a pitch that a voice could have.
    fn sings(&self) -> bool {
        self.pitch.voicing >= 0.5 && self.pitch.f0_hz >= LOWEST_NOTE_HZ
    }
}

/// The guess.
pub struct Source {
    clock: Clock,
    /// Log-odds of a drum.
    evidence: f32,
    judged: ArrayVec<Judged, JUDGED_MAX>,
    voiced_since: Option<SampleTime>,
    unpitched_since: Option<SampleTime>,
    last_hit: Option<SampleTime>,
    /// `None` until something was judged.
    hits: Option<bool>,
}

impl Source {
    /// For `clock`.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            evidence: 0.0,
            judged: ArrayVec::new(),
            voiced_since: None,
            unpitched_since: None,
            last_hit: None,
            hits: None,
        }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        *self = Self::new(self.clock);
    }

    /// The kind to listen for: the therapist's, or what it sounds like so far; [`Listen::Auto`] while the very first hit
    /// is still being judged. With it, the hits that waited for this judgement.
    pub fn process(&mut self, moment: &Moment<'_>, chosen: Listen) -> (Listen, ArrayVec<Onset, JUDGED_MAX>) {
        let waiting: ArrayVec<Onset, JUDGED_MAX> = match self.hits {
            None => self.judged.iter().map(|judged| judged.hit).chain(moment.hit).take(JUDGED_MAX).collect(),
            Some(_) => ArrayVec::new(),
        };
        self.follow_pitch(moment);
        self.follow_hits(moment);
        self.evidence = self.evidence.clamp(-EVIDENCE_MAX, EVIDENCE_MAX);
        self.hits = match self.hits {
            Some(hits) => Some(self.evidence > if hits { NOTES_UNDER } else { HITS_OVER }),
            None if self.judged.len() < waiting.len() => Some(self.evidence > 0.0),
            None if waiting.is_empty() && self.evidence < HELD_DECIDES => Some(false),
            None => None,
        };
        match (chosen, self.hits) {
            (Listen::Auto, None) if !self.judged.is_empty() => (Listen::Auto, ArrayVec::new()),
            (Listen::Auto, Some(true)) => (Listen::Untuned, waiting),
            (Listen::Auto, _) => (Listen::Voice, waiting),
            (chosen, _) => (chosen, ArrayVec::new()),
        }
    }

    fn follow_pitch(&mut self, moment: &Moment<'_>) {
        let (now, level) = (moment.now, moment.level);
        let gate_db = (SOUNDING_DB - level.sensitivity_db).max(level.floor_db + SOUNDING_OVER_FLOOR_DB);
        let (sounding, voiced) = (level.now_db > gate_db, moment.sings());
        let since = |was: Option<SampleTime>, on: bool| on.then(|| was.unwrap_or(now));
        self.voiced_since = since(self.voiced_since, voiced);
        self.last_hit = moment.hit.map(|hit| hit.time).or(self.last_hit);
        let rings = self.last_hit.is_some_and(|hit| self.clock.between(hit, now) < RING_MAX_S);
        self.unpitched_since = since(self.unpitched_since, sounding && !voiced && rings);
        if sounding {
            let held = |since: Option<SampleTime>, for_s| since.is_some_and(|at| self.clock.between(at, now) >= for_s);
            let hop_s = self.clock.hop_s();
            self.evidence -= self.evidence * (hop_s / MEMORY_S) as f32;
            if held(self.voiced_since, HELD_S) {
                self.evidence -= (PER_HELD_S * hop_s) as f32;
            } else if held(self.unpitched_since, UNPITCHED_S) {
                self.evidence += (PER_UNPITCHED_S * hop_s) as f32;
            }
        }
    }

    fn follow_hits(&mut self, moment: &Moment<'_>) {
        let (clock, now, level_db) = (self.clock, moment.now, moment.level.now_db);
        for judged in &mut self.judged {
            let since_s = clock.between(judged.hit.available, now);
            if level_db > judged.loudest_db {
                (judged.loudest_db, judged.loudest_at) = (level_db, now);
            }
            if since_s < FIRST_S {
                judged.brightness_hz += moment.brightness_hz;
                judged.first += 1;
            }
            if since_s >= PITCH_AFTER_S {
                judged.heard += 1;
                judged.voiced += u16::from(moment.sings());
            }
        }
        let due = |judged: &Judged| clock.between(judged.hit.available, now) >= JUDGED_AFTER_S;
        while let Some(judged) = self.judged.first().copied().filter(due) {
            self.judged.remove(0);
            self.evidence += judged.log_odds(clock, level_db, moment.brightness_hz);
        }
        if let Some(hit) = moment.hit.filter(|_| !self.judged.is_full()) {
            self.judged.push(Judged {
                hit,
                loudest_db: level_db,
                loudest_at: now,
                brightness_hz: moment.brightness_hz,
                first: 1,
                heard: 0,
                voiced: 0,
            });
        }
    }
}

impl Judged {
    /// The log-odds that it is a drum's, now that it is at `level_db` and so bright.
    fn log_odds(&self, clock: Clock, level_db: f32, brightness_hz: f32) -> f32 {
        let peak_s = clock.between(self.hit.available, self.loudest_at).min(JUDGED_AFTER_S) as f32;
        let decay_db = (self.loudest_db - level_db).clamp(0.0, DECAY_MAX_DB);
        let voiced = f32::from(self.voiced) / f32::from(self.heard.max(1));
        let first_hz = self.brightness_hz / f32::from(self.first.max(1));
        let octaves_lost = (first_hz.max(BRIGHTNESS_MIN_HZ) / brightness_hz.max(BRIGHTNESS_MIN_HZ)).log2();
        let odds = AT_REST
            + PER_STRENGTH * self.hit.strength
            + PER_PEAK_S * peak_s
            + PER_DECAY_DB * decay_db
            + PER_VOICED * voiced
            + PER_OCTAVE_LOST * octaves_lost;
        let odds = odds.clamp(-JUDGEMENT_MAX, JUDGEMENT_MAX);
        if odds < 0.0 { odds * (voiced / VOICED_MIN).min(1.0) } else { odds }
    }
}

/// Lower than this no sound is, Hz: silence has no brightness.
const BRIGHTNESS_MIN_HZ: f32 = 50.0;
