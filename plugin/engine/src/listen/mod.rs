//! Sound to facts: level, pitch, onsets, notes. MIDI input joins here as heard notes.

mod bank;
mod bleed;
mod candidates;
mod comb;
mod company;
mod dip;
pub mod downmix;
mod filter;
mod flux;
pub mod heard;
pub mod held;
mod hits;
#[cfg(test)]
mod hits_tests;
mod joined;
mod keys;
mod level;
mod lines;
mod median;
mod onset;
mod periodicity;
mod pitch;
#[cfg(test)]
mod pitch_tests;
mod segment;
mod source;
mod swing;
#[cfg(test)]
mod tests;
mod thump;
mod tuning;

use crate::settings::{Listen as Choice, Settings};
use crate::speak::Sounding;
use crate::time::{Clock, SampleTime};
use bleed::{Bleed, Client};
use comb::Comb;
use company::Company;
use filter::{Decimate, Rumble};
use flux::Flux;
use heard::{Heard, KeyMessage, Onset};
use hits::Hits;
use joined::Joined;
use keys::Keys;
use level::Level;
use onset::Attacks;
use periodicity::Periodicity;
use pitch::Tracker;
use segment::Segment;
use source::{Ears, Moment, Source};

/// A hit rings, for whoever asks whether the client is sounding, while it is so loud, dB over the room's floor.
const RING_OVER_FLOOR_DB: f32 = 12.0;

/// Slowest rate that pitch is heard at, Hz: 2300 Hz keeps 7 samples a period.
const PITCH_RATE_MIN_HZ: f64 = 16_000.0;

/// What is left of the voicing where the accompaniment that comes back explains what is heard.
const EXPLAINED_VOICING: f32 = 0.4;

/// A note of ours comes back as a beginning within this, s: the way through loudspeaker and room.
const OWN_ARRIVES_S: f64 = 0.3;

/// A pitch goes on that moves no further than this in a hop, octaves: half a semitone; the fastest glides stay under it.
const GOES_ON_OCTAVES: f32 = 0.04;

/// What is lower and softer than this is the hum of the mains, Hz and dBFS: no voice goes so low, and instruments that do
/// are louder.
const MAINS_BELOW_HZ: f32 = 61.0;
const MAINS_BELOW_DB: f32 = -30.0;

/// The ears.
pub struct Listen {
    clock: Clock,
    rumble: Rumble,
    bleed: Bleed,
    company: Company,
    decimate: Decimate,
    periodicity: Periodicity,
    comb: Comb,
    tracker: Tracker,
    level: Level,
    flux: Flux,
    attacks: Attacks,
    hits: Hits,
    segment: Segment,
    keys: Keys,
    source: Source,
    joined: Joined,
    /// The hop without rumble; the same without the accompaniment that came back; and that at the slow rate.
    whole: Box<[f32]>,
    clean: Box<[f32]>,
    slow: Box<[f32]>,
    /// Last note id given.
    ids: u32,
    heard: Heard,
}

impl Listen {
    /// Ears for `clock`; allocates everything they will ever need.
    pub fn new(clock: Clock) -> Self {
        let (rate_hz, hop) = (clock.rate_hz(), clock.hop());
        let decimate = Decimate::new(rate_hz, hop, PITCH_RATE_MIN_HZ);
        let (slow_hz, slow_hop) = (rate_hz / decimate.factor() as f64, hop / decimate.factor());
        Self {
            clock,
            rumble: Rumble::new(rate_hz),
            bleed: Bleed::new(clock),
            company: Company::new(clock),
            periodicity: Periodicity::new(slow_hz, slow_hop),
            comb: Comb::new(slow_hz, slow_hop, clock),
            tracker: Tracker::new(clock, decimate.delay()),
            level: Level::new(clock),
            flux: Flux::new(clock),
            attacks: Attacks::new(clock),
            hits: Hits::new(clock),
            segment: Segment::new(clock),
            keys: Keys::new(),
            source: Source::new(clock),
            joined: Joined::new(clock),
            whole: vec![0.0; hop].into(),
            clean: vec![0.0; hop].into(),
            slow: vec![0.0; slow_hop].into(),
            decimate,
            ids: 0,
            heard: Heard::default(),
        }
    }

    /// Back to the state after `new`, without allocating.
    pub fn reset(&mut self) {
        self.rumble.reset();
        self.bleed.reset();
        self.company.reset();
        self.decimate.reset();
        self.periodicity.reset();
        self.comb.reset();
        self.tracker.reset();
        self.level.reset();
        self.flux.reset();
        self.attacks.reset();
        self.hits.reset();
        self.segment.reset();
        self.keys.reset();
        self.source.reset();
        self.joined.reset();
        self.ids = 0;
        self.heard = Heard::default();
    }

    /// Hears one hop: `samples` holds exactly `clock.hop()` finite samples, `midi` what was played during it, offsets
    /// counted from the hop's first sample; `own` is what the accompaniment sounds now, which may come back.
    pub fn process(&mut self, samples: &[f32], midi: &[KeyMessage], own: &[Sounding], settings: &Settings) -> &Heard {
        let start = self.heard.now;
        let now = start + samples.len() as SampleTime;
        let was_voiced = self.heard.pitch.voicing >= 0.5;
        let was_hz = self.heard.pitch.f0_hz;
        self.heard.now = now;
        self.heard.onsets.clear();
        self.heard.notes.clear();

        self.rumble.process(samples, &mut self.clean);
        self.whole.copy_from_slice(&self.clean);
        let client = Client { f0_hz: if was_voiced { was_hz } else { 0.0 }, level_db: self.company.client_db() };
        self.bleed.process(now, &mut self.clean, own, client);
        self.decimate.process(&self.clean, &mut self.slow);
        self.level.sensitivity_db = settings.sensitivity;
        self.level.process(&self.clean, was_voiced);
        self.company.process(now, !own.is_empty(), self.bleed.returns_db(), &self.level);
        self.periodicity.process(&self.slow, was_voiced);
        self.comb.process(&self.slow, &self.periodicity);
        self.tracker.company_share = self.company.share();
        self.heard.pitch = self.tracker.process(now, &self.periodicity, &self.comb, &self.level);
        if self.heard.pitch.f0_hz < MAINS_BELOW_HZ && self.level.now_db < MAINS_BELOW_DB {
            self.heard.pitch.voicing = 0.0;
        }
        let flux = self.flux.process(&self.clean);
        let attack = self.attacks.process(now, flux, &self.level);
        let hit = self.hits.process(now, &self.whole, &self.level);
        let own_hop = self.bleed.explains(self.level.hop_db);
        // What our notes hold is no hit; their beginnings are.
        let arrives = |note: &Sounding| self.clock.between(note.on, now) < OWN_ARRIVES_S;
        let own_hit = own_hop && own.iter().any(arrives);
        let (attack, hit) = (attack.filter(|_| !own_hop), hit.filter(|_| !own_hit));
        // A pitch that goes on is the client's, however far it has died away.
        let goes_on = was_voiced && (self.heard.pitch.f0_hz / was_hz).log2().abs() < GOES_ON_OCTAVES;
        let on_our_key = self.bleed.matches(now, self.heard.pitch.f0_hz);
        let our_key = on_our_key && self.company.explains_key(self.level.now_db);
        let company = !goes_on && (self.company.explains(self.level.now_db) || our_key);
        if self.bleed.explains(self.level.now_db) || company {
            self.heard.pitch.voicing *= EXPLAINED_VOICING;
        }
        let moment = Moment { now, pitch: &self.heard.pitch, level: &self.level, hit };
        let (ears, judged) = self.source.process(&moment, settings.listen);
        self.tracker.rings = settings.listen == Choice::Tuned || ears == Ears::Strokes;
        if matches!(ears, Ears::Hits | Ears::Undecided) {
            self.segment.close(&mut self.heard);
        } else {
            let judged = judged.map(|hit| Onset { available: now, strength: 1.0, ..hit });
            self.segment.process(attack.or(judged), &self.level, &mut self.ids, &mut self.heard);
            attack.iter().for_each(|attack| self.joined.attacked(attack));
            self.heard.onsets.retain(|onset| self.joined.admits_note(onset, ears == Ears::Strokes));
        }
        self.heard.onsets.extend(hit.filter(|hit| ears.tell(hit) && self.joined.admits_hit(hit)));
        self.keys.process(start, midi, &mut self.ids, &mut self.heard);

        let ringing = ears == Ears::Hits && self.level.now_db > self.level.floor_db + RING_OVER_FLOOR_DB;
        self.heard.level_db = self.level.now_db;
        self.heard.floor_db = self.level.floor_db;
        self.heard.brightness_hz = self.flux.brightness_hz;
        self.heard.sounding = self.segment.sounding() || ringing || self.keys.sounding();
        &self.heard
    }
}

/// Loudest sample that is analysed, full scale 1: beyond it lies no sound, and sums of squares stay exact.
const SAMPLE_LIMIT: f32 = 8.0;

/// `sample` made harmless for analysis: what is not finite or subnormal becomes 0, what is absurd is limited.
pub fn scrub(sample: f32) -> f32 {
    if sample.is_normal() { sample.clamp(-SAMPLE_LIMIT, SAMPLE_LIMIT) } else { 0.0 }
}
