//! Facts to meaning: tonality, pulse, phrase, memory, energy; integers and beats, no samples.

mod accompaniment;
mod ending;
mod energy;
mod glide;
mod hands;
mod locks;
pub mod meaning;
mod memory;
mod phrase;
mod pulse;
mod recent;
mod style;
#[cfg(test)]
pub(crate) mod testing;
mod tonality;
mod trend;

use crate::listen::heard::Heard;
use crate::settings::Settings;
use crate::speak::Sounding;
use crate::time::{Clock, SampleTime};
use accompaniment::Accompaniment;
use energy::EnergySense;
use glide::Glide;
pub use hands::Hands;
use locks::Locks;
use meaning::{BeatGrid, Meaning, MotifNote, PHRASE_NOTES};
use memory::Memory;
use phrase::Phrasing;
use pulse::PulseTracker;
use recent::Recent;
use std::ops::RangeInclusive;
use tonality::TonalitySense;

/// The understanding.
pub struct Understand {
    clock: Clock,
    recent: Recent,
    glide: Glide,
    tonality: TonalitySense,
    pulse: PulseTracker,
    phrasing: Phrasing,
    memory: Memory,
    accompaniment: Accompaniment,
    energy: EnergySense,
    hands: Hands,
    locks: Locks,
    meaning: Meaning,
}

impl Understand {
    /// For `clock`; allocates everything it will ever need.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            recent: Recent::new(clock),
            glide: Glide::default(),
            tonality: TonalitySense::new(clock),
            pulse: PulseTracker::new(clock),
            phrasing: Phrasing::new(clock),
            memory: Memory::new(),
            accompaniment: Accompaniment::default(),
            energy: EnergySense::new(clock),
            hands: Hands::default(),
            locks: Locks::default(),
            meaning: Meaning::default(),
        }
    }

    /// Back to the state after `new`, without allocating.
    pub fn reset(&mut self) {
        self.recent.reset();
        self.glide = Glide::default();
        self.tonality.reset(self.clock);
        self.pulse.reset();
        self.phrasing.reset();
        self.memory.reset();
        self.accompaniment = Accompaniment::default();
        self.energy.reset();
        self.hands = Hands::default();
        self.locks = Locks::default();
        self.meaning = Meaning::default();
    }

    /// Takes in what Antiphon itself sounds now: the harmony under the client's phrase.
    pub fn accompanied_by(&mut self, sounding: &[Sounding]) {
        self.accompaniment.take(sounding);
    }

    /// Takes in what the therapist plays: a key goes down, or up with `velocity` 0.
    pub fn guided_by(&mut self, key: u8, velocity: u8) {
        self.hands.take(key, velocity);
    }

    /// Takes in the facts of one hop; `host` are the host's beats, if it has any.
    pub fn process(&mut self, heard: &Heard, host: Option<BeatGrid>, settings: &Settings) -> &Meaning {
        self.recent.process(heard);
        let meaning = &mut self.meaning;
        meaning.glides = self.glide.process(heard, &mut self.recent, self.clock);
        let (now, recent) = (heard.now, &self.recent);
        meaning.now = now;
        meaning.therapist = self.hands.process(now, self.clock, &meaning.tonality, settings);
        let settings = &self.hands.lock(settings);
        meaning.pulse = *self.pulse.process(now, recent, host, settings);
        let began = meaning.phrase.began.then_some(meaning.phrase.start);
        self.locks.hold(&mut meaning.pulse, now, self.clock, began, meaning.silence_s, settings);
        meaning.tonality = *self.tonality.process(now, recent, meaning.glides, &meaning.pulse, settings);
        meaning.chords = *self.tonality.chords();
        style::hold(&mut meaning.tonality, &mut meaning.chords, settings);
        hands::steer(&mut meaning.chords, meaning.therapist.held);
        meaning.phrase = *self.phrasing.process(heard, recent, &meaning.tonality);
        meaning.energy = *self.energy.process(now, recent, &meaning.tonality, &meaning.pulse);
        meaning.silence_s = self.phrasing.silence_s(now);
        meaning.sounding = meaning.silence_s == 0.0;
        meaning.sounding_key = recent.sounding().map(|note| recent.key(note));
        meaning.sounding_since = recent.sounding().map(|note| note.onset);
        meaning.onsets = recent.onset_count();
        let phrase = &meaning.phrase;
        if phrase.open || phrase.ended || recent.changed() {
            // What followed without a pause belongs to the next phrase.
            let end = if phrase.open { now } else { phrase.end };
            write_motif(&mut meaning.motif, self.clock, recent, phrase.start..=end);
        }
        meaning.similarity = self.memory.process(&memory::Moment {
            motif: &meaning.motif,
            changed: recent.changed(),
            began: phrase.began,
            ended: phrase.ended,
            number: phrase.number,
            chord: self.accompaniment.change(phrase, meaning.motif.len()),
        });
        let returns = self.memory.returns();
        if returns.map(|returns| returns.number) != meaning.returns.map(|returns| returns.number) {
            let chords = returns.map_or(&[][..], |returns| self.memory.chords(returns.number));
            meaning.returns_chords = chords.iter().copied().collect();
        }
        meaning.returns = returns;
        if phrase.ended {
            self.recent.phrase_ended(phrase.start, phrase.end);
        }
        meaning
    }
}

type Motif = arrayvec::ArrayVec<MotifNote, PHRASE_NOTES>;

/// The notes that began in `span`, the last ones if there are too many.
fn write_motif(motif: &mut Motif, clock: Clock, recent: &Recent, span: RangeInclusive<SampleTime>) {
    let (start, end) = (*span.start(), *span.end());
    let notes = &recent.notes()[..recent.notes().partition_point(|note| note.heard.onset <= end)];
    let first = notes.partition_point(|note| note.heard.onset < start).max(notes.len().saturating_sub(PHRASE_NOTES));
    motif.clear();
    motif.extend(notes[first..].iter().take(PHRASE_NOTES).map(|note| MotifNote {
        key: recent.key(&note.heard),
        velocity: note.heard.velocity,
        onset_s: clock.between(start, note.heard.onset) as f32,
        length_s: recent.length_s(&note.heard, end),
    }));
}

#[cfg(test)]
mod tests {
    use super::testing::{Ears, clock, line, understand};
    use super::*;

    #[test]
    fn before_the_first_sound_silence_is_infinite_and_nothing_is_claimed() {
        let meaning = understand(Vec::new(), 2.0, &Settings::default(), |_| ());
        assert_eq!(meaning.silence_s, f32::INFINITY);
        assert_eq!((meaning.phrase.number, meaning.onsets, meaning.sounding), (0, 0, false));
        assert_eq!((meaning.tonality.key, meaning.tonality.anchor, meaning.energy.arousal), (None, None, None));
    }

    #[test]
    fn the_motif_is_the_phrase_and_stays_in_the_rest_after_it() {
        let meaning = understand(line(&[60, 64, 67], 1.0, 0.5), 5.0, &Settings::default(), |_| ());
        assert_eq!(meaning.motif.iter().map(|note| note.key).collect::<Vec<_>>(), [60, 64, 67]);
        let last = meaning.motif[2];
        assert!((last.onset_s - 1.0).abs() < 1e-3 && (last.length_s - 0.45).abs() < 1e-3, "{last:?}");
        assert!((meaning.silence_s - 2.55).abs() < 0.01, "{}", meaning.silence_s);
    }

    #[test]
    fn after_a_reset_all_is_as_new() {
        let settings = Settings::default();
        let hear = |understand: &mut Understand| {
            let mut ears = Ears::new(line(&[60, 64, 67, 72, 71, 67, 65, 62, 60], 0.2, 0.3));
            (0..clock().hops(4.0)).map(|_| understand.process(&ears.hop(), None, &settings).clone()).collect::<Vec<_>>()
        };
        let mut understand = Understand::new(clock());
        let first = hear(&mut understand);
        understand.reset();
        assert!(first == hear(&mut understand));
    }
}
