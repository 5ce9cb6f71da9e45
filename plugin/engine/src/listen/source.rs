//! What kind of sound the client makes, where the therapist leaves it to be found out. Two questions, each answered by
//! what the sound does, in log-odds that fade: does it hold a pitch while it sounds (or is it hit), and does what it
//! holds stay as loud (sung, bowed, blown) or die away from the start (plucked, struck)? What holds no pitch is heard as
//! hits, what stays as notes, and what dies away, or is not yet known, as both.

use super::heard::{Onset, PitchReading};
use super::level::Level;
use crate::settings::Listen;
use crate::time::{Clock, SampleTime};

/// A pitch is held from this age on, s, if it never leapt further than this between two hops, semitones: drums and noise
/// hold one for 0 to 6 % of the time they sound, voices and instruments for 17 to 90 %. Ages of 0.07 to 0.1 do alike.
const HELD_S: f64 = 0.08;
const LEAP_SEMITONES: f32 = 0.7;

/// Lowest pitch that speaks for notes, Hz: no voice stays under it, and bass drums hold 45 to 65 Hz.
const LOWEST_NOTE_HZ: f32 = 70.0;

/// Log-odds of notes that a held pitch adds a second: `ln` of the shares above, 0.5 / 0.03, four independent moments a
/// second.
const PER_HELD_S: f64 = 11.0;

/// A stroke that dies away by so much, dB, before the next, or in this time, s, and that no held pitch follows, is
/// bare. What merely begins, a fan or a noisy cable, does not die away, and loud noise flickers by less.
const STROKE_DECAY_DB: f32 = 6.0;
const JUDGED_AFTER_S: f64 = 0.25;

/// A stroke that another follows sooner says nothing, s: a consonant, and then the vowel.
const FOLLOWED_AFTER_S: f64 = 0.12;

/// What a bare stroke takes away.
const PER_BARE_STROKE: f32 = 1.0;

/// Strokes count in full from this level on, dBFS, and not at all so many dB lower: hands, breath and the room.
const LOUD_DB: f32 = -30.0;
const LOUD_RANGE_DB: f32 = 20.0;

/// The very first hit is judged after this, s, by how much of the time from then on, s, a pitch shows; this share makes
/// a note.
const FIRST_JUDGED_S: f64 = 0.12;
const PITCH_AFTER_S: f64 = 0.04;
const PITCH_SHARE: f32 = 0.6;

/// Without a pitch it makes a drum if it says at least this much.
const WEIGHT_MIN: f32 = 0.3;

/// A held pitch dies away if the level fell by more than this, dB, in this time, s: voices, bows and winds do so for 17 %
/// of the time, plucked and struck strings, bars and skins for 70 %.
const DECAY_DB: f32 = 1.5;
const DECAY_S: f64 = 0.08;

/// Log-odds of a sound that stays: what a held moment that does not die away adds a second, and what one that does takes
/// away; six independent moments a second.
const PER_STEADY_S: f64 = 6.3;
const PER_DECAY_S: f64 = 8.5;

/// Evidence fades over this span of sound, s, and never grows beyond this: a new kind of sound is known within 2 s.
const MEMORY_S: f64 = 6.0;
const EVIDENCE_MAX: f32 = 4.0;

/// Notes are given up when the odds of hits are so high, and found again when they are even: a note missed costs more
/// than one too many.
const SURE_OF_HITS: f32 = 2.0;

/// Whether a sound stays is answered anew when the odds say the opposite by so much.
const SURE: f32 = 1.0;

/// Notes count as struck when the odds are so low: a sung note dies away too, at its end.
const SURE_OF_STROKES: f32 = 2.5;

/// While it is not known whether notes are struck, hits of this strength are told with them: consonants are weaker.
const CLEAR_HIT: f32 = 0.3;

/// Over both it counts as sounding: dBFS, and dB over the room's floor, so that hum and noise do not count.
const SOUNDING_DB: f32 = -50.0;
const SOUNDING_OVER_FLOOR_DB: f32 = 6.0;

/// What one hop brings.
pub struct Moment<'a> {
    /// Samples heard so far.
    pub now: SampleTime,
    /// Pitch.
    pub pitch: &'a PitchReading,
    /// Level.
    pub level: &'a Level,
    /// The hit that became known.
    pub hit: Option<Onset>,
}

/// What to listen for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ears {
    /// Hits alone.
    Hits,
    /// Notes alone.
    Notes,
    /// Notes, and hits of this strength or more.
    Both(f32),
    /// Notes, each begun by a stroke, and other strokes too.
    Strokes,
    /// Hits, and whether there are notes too is being found out.
    Undecided,
}

/// A hit that is being judged.
#[derive(Clone, Copy)]
struct Stroke {
    hit: Onset,
    loudest_db: f32,
    /// Whether it has died away.
    died: bool,
}

/// The very first hit.
#[derive(Clone, Copy)]
struct First {
    stroke: Stroke,
    /// Hops that could have a pitch, and those that had.
    heard: u16,
    voiced: u16,
}

impl Ears {
    /// Whether to tell `hit`.
    pub fn tell(self, hit: &Onset) -> bool {
        match self {
            Self::Notes => false,
            Self::Both(strength) => hit.strength >= strength,
            Self::Hits | Self::Strokes | Self::Undecided => true,
        }
    }
}

impl Stroke {
    fn new(hit: Onset, level_db: f32) -> Self {
        Self { hit, loudest_db: level_db, died: false }
    }

    /// How much it says, 0-1.
    fn weight(&self, sensitivity_db: f32) -> f32 {
        let loud = 1.0 + (self.loudest_db + sensitivity_db - LOUD_DB) / LOUD_RANGE_DB;
        if self.died { loud.clamp(0.0, 1.0) } else { 0.0 }
    }

    fn follow(&mut self, level_db: f32) {
        self.loudest_db = self.loudest_db.max(level_db);
        self.died |= level_db < self.loudest_db - STROKE_DECAY_DB;
    }
}

/// The guess.
pub struct Source {
    clock: Clock,
    /// Log-odds of notes against hits.
    notes: f32,
    /// Log-odds of a sound that stays against one that dies away.
    stays: f32,
    /// Since when a pitch is held, and where it is, semitones.
    held_since: Option<SampleTime>,
    semitones: f32,
    /// Levels of the last moments, dBFS.
    past_db: Box<[f32]>,
    count: usize,
    /// The last hit, as long as it is being judged and no held pitch has followed.
    bare: Option<Stroke>,
    first: Option<First>,
    /// What the odds came to; `None` until the first sound was judged.
    pitched: Option<bool>,
    steady: bool,
}

impl Source {
    /// For `clock`.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            notes: 0.0,
            stays: 0.0,
            held_since: None,
            semitones: 0.0,
            past_db: vec![0.0; clock.hops(DECAY_S)].into(),
            count: 0,
            bare: None,
            first: None,
            pitched: None,
            steady: false,
        }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        (self.notes, self.stays) = (0.0, 0.0);
        self.held_since = None;
        self.count = 0;
        (self.bare, self.first) = (None, None);
        (self.pitched, self.steady) = (None, false);
    }

    /// What to listen for: as the therapist `chose`, or as it sounds so far. With it, the very first hit when it has
    /// just been found out to begin a note.
    pub fn process(&mut self, moment: &Moment<'_>, chose: Listen) -> (Ears, Option<Onset>) {
        self.follow_pitch(moment);
        self.gather(moment);
        self.follow_hits(moment);
        let began = self.decide(moment);
        let ears = match (chose, self.pitched) {
            (Listen::Untuned, _) => Ears::Hits,
            (Listen::Voice | Listen::Tuned, _) => Ears::Notes,
            (Listen::Auto, None) if self.first.is_some() => Ears::Undecided,
            (Listen::Auto, Some(false)) => Ears::Hits,
            (Listen::Auto, _) if self.steady => Ears::Notes,
            (Listen::Auto, _) if self.stays < -SURE_OF_STROKES => Ears::Strokes,
            (Listen::Auto, None) => Ears::Both(0.0),
            (Listen::Auto, Some(true)) => Ears::Both(CLEAR_HIT),
        };
        (ears, began.filter(|_| chose == Listen::Auto))
    }

    fn is_held(&self, now: SampleTime) -> bool {
        self.held_since.is_some_and(|since| self.clock.between(since, now) >= HELD_S)
    }

    fn follow_pitch(&mut self, moment: &Moment<'_>) {
        let pitch = moment.pitch;
        if pitch.voicing < 0.5 || pitch.f0_hz < LOWEST_NOTE_HZ {
            self.held_since = None;
            return;
        }
        let semitones = 12.0 * pitch.f0_hz.log2();
        let leapt = (semitones - self.semitones).abs() > LEAP_SEMITONES;
        self.semitones = semitones;
        self.held_since = self.held_since.filter(|_| !leapt).or(Some(moment.now));
    }

    /// What this moment says.
    fn gather(&mut self, moment: &Moment<'_>) {
        let (now, level) = (moment.now, moment.level);
        let length = self.past_db.len();
        let before_db = std::mem::replace(&mut self.past_db[self.count % length], level.now_db);
        self.count += 1;
        let gate_db = (SOUNDING_DB - level.sensitivity_db).max(level.floor_db + SOUNDING_OVER_FLOOR_DB);
        let (held, sounds, hop_s) = (self.is_held(now), level.now_db > gate_db, self.clock.hop_s());
        let fade = if sounds { 1.0 - (hop_s / MEMORY_S) as f32 } else { 1.0 };
        self.notes *= fade;
        if held {
            self.bare = None;
            self.notes += (PER_HELD_S * hop_s) as f32;
        }
        if held && sounds {
            let dies = self.count > length && level.now_db < before_db - DECAY_DB;
            self.stays = self.stays * fade + (if dies { -PER_DECAY_S } else { PER_STEADY_S } * hop_s) as f32;
        }
    }

    /// What the last stroke says.
    fn follow_hits(&mut self, moment: &Moment<'_>) {
        let (now, level_db) = (moment.now, moment.level.now_db);
        if let Some(bare) = &mut self.bare {
            bare.follow(level_db);
            let since_s = self.clock.between(bare.hit.time, now);
            let followed_late = moment.hit.is_some() && since_s >= FOLLOWED_AFTER_S;
            if followed_late || since_s >= JUDGED_AFTER_S {
                self.notes -= PER_BARE_STROKE * bare.weight(moment.level.sensitivity_db);
                self.bare = None;
            }
        }
        if let Some(hit) = moment.hit {
            let stroke = Stroke::new(hit, level_db);
            self.bare = Some(stroke);
            if self.pitched.is_none() && self.first.is_none() {
                self.first = Some(First { stroke, heard: 0, voiced: 0 });
            }
        }
    }

    /// Brings the answer up to date; the first hit, when it has just turned out to begin a note.
    fn decide(&mut self, moment: &Moment<'_>) -> Option<Onset> {
        let now = moment.now;
        self.notes = self.notes.clamp(-EVIDENCE_MAX, EVIDENCE_MAX);
        self.stays = self.stays.clamp(-EVIDENCE_MAX, EVIDENCE_MAX);
        self.steady = if self.steady { self.stays > -SURE } else { self.stays > SURE };
        if let Some(pitched) = self.pitched {
            self.pitched = Some(self.notes > if pitched { -SURE_OF_HITS } else { 0.0 });
            return None;
        }
        let Some(first) = &mut self.first else {
            // Nothing was hit: what holds a pitch is a note.
            self.pitched = self.is_held(now).then_some(true);
            return None;
        };
        let since_s = self.clock.between(first.stroke.hit.available, now);
        first.stroke.follow(moment.level.now_db);
        first.stroke.died = moment.level.now_db < first.stroke.loudest_db - STROKE_DECAY_DB;
        if since_s >= PITCH_AFTER_S {
            first.heard += 1;
            first.voiced += u16::from(self.held_since.is_some());
        }
        if since_s < FIRST_JUDGED_S {
            return None;
        }
        let First { stroke, heard, voiced } = self.first.take()?;
        let pitched = f32::from(voiced) >= PITCH_SHARE * f32::from(heard.max(1));
        let weighs = stroke.weight(moment.level.sensitivity_db) >= WEIGHT_MIN;
        self.pitched = (pitched || weighs).then_some(pitched);
        pitched.then_some(stroke.hit)
    }
}
