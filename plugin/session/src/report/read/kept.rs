//! A session from the file that the recorder kept.

use super::ears::{keep, note, with_strokes};
use crate::analysis::Note;
use crate::journal::{Entry, How, Kept, Session as Journal};
use crate::record::Played;
use crate::report::session::{Marker, Part, Session};
use antiphon_engine::intend::sentence::sentence;
use antiphon_engine::listen::heard::{HeardNote, OnsetKind};
use antiphon_engine::names::Named;
use antiphon_engine::respond::plan::Voice;
use antiphon_engine::time::{Clock, SampleTime};
use std::collections::BTreeMap;

/// The session that `journal` tells; `None` if it broke off before the first sample.
pub(in crate::report) fn session(journal: &Journal) -> Option<Session> {
    let clock = Clock::new(journal.rate_hz()?);
    let mut replay = Replay::new(clock);
    for entry in journal.entries() {
        replay.lost |= matches!(entry, Entry::Lost { .. });
        replay.take(entry.kept(&journal.header.names));
    }
    let mut assumptions = Vec::new();
    if !matches!(journal.ended(), Some(How::Stopped)) {
        assumptions.push("The recording ended before it was stopped; the report goes up to there.".to_owned());
    }
    if replay.lost || journal.unread > 0 {
        assumptions.push("Some of what happened could not be kept and is missing.".to_owned());
    }
    // A local date and time as ISO 8601.
    let date = journal.header.begun.split('T').next().unwrap_or_default().to_owned();
    Some(Session { date, assumptions, ..replay.session(journal.length()) })
}

struct Replay {
    clock: Clock,
    heard: BTreeMap<u32, HeardNote>,
    hits: Vec<(SampleTime, u8)>,
    /// Channel and key of what sounds, with when it began, how loud, and in which voice.
    sounding: BTreeMap<(u8, u8), (SampleTime, u8, Voice)>,
    played: Vec<(Note, Voice)>,
    markers: Vec<Marker>,
    hands: usize,
    lost: bool,
}

impl Replay {
    fn new(clock: Clock) -> Self {
        Self {
            clock,
            heard: BTreeMap::new(),
            hits: Vec::new(),
            sounding: BTreeMap::new(),
            played: Vec::new(),
            markers: Vec::new(),
            hands: 0,
            lost: false,
        }
    }

    fn take(&mut self, kept: Option<Kept>) {
        match kept {
            Some(Kept::Note(change)) => keep(&mut self.heard, &change),
            Some(Kept::Onset(onset)) if onset.kind == OnsetKind::Percussive => {
                self.hits.push((onset.time, onset.velocity));
            }
            Some(Kept::Played(played)) => self.play(&played),
            Some(Kept::Moment(moment)) => {
                let sounding = self.sounding.iter().map(|((_, key), (_, _, voice))| (*key, *voice));
                let text = format!("{}: {}", moment.state.name(), sentence(moment.state, moment.reason, sounding));
                let state = |text: &str| text.split(": ").next().map(str::to_owned);
                if self.markers.last().is_none_or(|last| state(&last.text) != state(&text)) {
                    self.mark(moment.now, text);
                }
            }
            Some(Kept::Other(Entry::Mark { time, text })) => self.mark(time, format!("marker: {text}")),
            Some(Kept::Other(Entry::Hand { velocity: 1.., .. })) => self.hands += 1,
            _ => {}
        }
    }

    fn mark(&mut self, time: SampleTime, text: String) {
        self.markers.push(Marker { at_s: self.clock.seconds(time), text });
    }

    fn play(&mut self, played: &Played) {
        let place = (played.channel, played.key);
        self.end(place, played.time);
        if played.velocity > 0 {
            let voice = played.label.map_or(Voice::Harmony, |label| label.voice);
            self.sounding.insert(place, (played.time, played.velocity, voice));
        }
    }

    fn end(&mut self, place: (u8, u8), time: SampleTime) {
        if let Some((on, velocity, voice)) = self.sounding.remove(&place) {
            let (on_s, off_s) = (self.clock.seconds(on), self.clock.seconds(time));
            self.played.push((Note { on_s, off_s, key: place.1, velocity }, voice));
        }
    }

    fn session(mut self, length: SampleTime) -> Session {
        let left: Vec<_> = self.sounding.keys().copied().collect();
        left.into_iter().for_each(|place| self.end(place, length));
        let length_s = self.clock.seconds(length);
        let notes = self.heard.values().map(|heard| note(heard, self.clock, length_s)).collect();
        let count = |voice: Voice| self.played.iter().filter(|(_, other)| *other == voice).count();
        let voices = Voice::ALL.iter().map(|&voice| (voice.name().to_owned(), count(voice)));
        Session {
            length_s,
            client: with_strokes(notes, &self.hits, self.clock),
            voices: voices.filter(|(_, count)| *count > 0).collect(),
            accompaniment: Part::new(self.played.into_iter().map(|(note, _)| note).collect(), Vec::new()),
            therapist_notes: self.hands,
            markers: self.markers,
            ..Session::default()
        }
    }
}
