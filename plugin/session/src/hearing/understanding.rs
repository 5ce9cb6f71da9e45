//! What is understood of what is heard, as spans and instants: keys, beats, phrases.

use antiphon_engine::chord::Chord;
use antiphon_engine::key::Key;
use antiphon_engine::listen::heard::Heard;
use antiphon_engine::settings::Settings;
use antiphon_engine::time::{Clock, SampleTime};
use antiphon_engine::transport::{HostGrid, Transport};
use antiphon_engine::understand::Understand;
use antiphon_engine::understand::meaning::Meaning;

/// A beat that was felt, or the host's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beat {
    /// When.
    pub time: SampleTime,
    /// It begins a bar.
    pub first: bool,
    /// How sure, 0-1.
    pub clarity: f32,
}

/// A phrase of the client's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Phrase {
    /// Counted from 1.
    pub number: u32,
    /// When it began.
    pub start: SampleTime,
    /// When its last note ended.
    pub end: SampleTime,
    /// How closed its end sounds, 0 (question) to 1 (answer).
    pub closure: f32,
    /// The earlier phrase that it returns, and how alike they are, 0-1.
    pub returns: Option<(u32, f32)>,
}

/// Something that holds from an instant on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct From<T> {
    /// The instant.
    pub time: SampleTime,
    /// What holds; `None` where nothing is claimed.
    pub what: Option<T>,
}

/// All that was understood.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Understanding {
    /// The key wherever it changes, with how sure it was at its surest, 0-1.
    pub keys: Vec<From<(Key, f32)>>,
    /// The chord under what is sung, wherever it changes.
    pub chords: Vec<From<Chord>>,
    /// Beats in time order.
    pub beats: Vec<Beat>,
    /// Phrases in time order.
    pub phrases: Vec<Phrase>,
}

impl Understanding {
    fn take(&mut self, meaning: &Meaning) {
        let now = meaning.now;
        let tonality = &meaning.tonality;
        match self.keys.last_mut() {
            Some(From { what: Some((key, confidence)), .. }) if tonality.key == Some(*key) => {
                *confidence = confidence.max(tonality.confidence);
            }
            Some(From { what: None, .. }) if tonality.key.is_none() => {}
            None if tonality.key.is_none() => {}
            _ => self.keys.push(From { time: now, what: tonality.key.map(|key| (key, tonality.confidence)) }),
        }
        let chord = meaning.chords.chord.filter(|_| tonality.key.is_some());
        if self.chords.last().map_or(chord.is_some(), |last| last.what != chord) {
            self.chords.push(From { time: now, what: chord });
        }
        if let Some(grid) = meaning.pulse.grid.filter(|_| meaning.pulse.beat) {
            let (time, clarity) = (grid.last_beat, meaning.pulse.clarity);
            self.beats.push(Beat { time, first: grid.number == 1, clarity });
        }
        let phrase = &meaning.phrase;
        if phrase.number > 0 {
            let heard = Phrase {
                number: phrase.number,
                start: phrase.start,
                end: phrase.end,
                closure: phrase.closure,
                returns: meaning.returns.map(|earlier| (earlier.number, earlier.similarity)),
            };
            match self.phrases.last_mut() {
                Some(last) if last.number == phrase.number => *last = heard,
                _ => self.phrases.push(heard),
            }
        }
    }
}

/// Understands hop by hop.
pub(super) struct Mind {
    understand: Understand,
    host: HostGrid,
    pub understood: Understanding,
}

impl Mind {
    pub fn new(clock: Clock) -> Self {
        let (understand, host) = (Understand::new(clock), HostGrid::new(clock));
        Self { understand, host, understood: Understanding::default() }
    }

    /// How the song goes on from `now`.
    pub fn tell(&mut self, now: SampleTime, transport: &Transport) {
        self.host.tell(now, Some(transport));
    }

    pub fn think(&mut self, heard: &Heard, settings: &Settings) {
        self.understood.take(self.understand.process(heard, self.host.at(heard.now), settings));
    }
}
