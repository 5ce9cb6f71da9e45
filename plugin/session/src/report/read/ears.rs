//! The client's part from a recording, read and heard piece by piece: only notes and strokes are kept.

use crate::analysis::Note;
use crate::problem::Problem;
use crate::report::session::Part;
use crate::source::Source;
use antiphon_engine::listen::Listen;
use antiphon_engine::listen::downmix::Downmix;
use antiphon_engine::listen::heard::{HeardNote, NoteChange, OnsetKind};
use antiphon_engine::respond::plan::{Behaviour, Voice};
use antiphon_engine::settings::Settings;
use antiphon_engine::speak::{POLYPHONY, Sounding};
use antiphon_engine::time::{Clock, SampleTime};
use std::collections::BTreeMap;

/// Hops that are read from a file at a time.
const HOPS_PER_READ: usize = 64;

/// A hit nearer than this to the beginning of a note is that note's, s (the window of MIREX onset detection).
const NOTES_OWN_S: f64 = 0.05;

/// A stroke lasts so long, s: what rings on is not heard.
const STROKE_S: f64 = 0.1;

/// What was heard in `source`, and its length, s. `own` is what the accompaniment played meanwhile, in the order of its
/// beginnings: it may have come back through loudspeakers, and is not the client's. `progress` is told the seconds heard, which are
/// about `until_s` at most.
pub(super) fn hear(
    source: &mut Source,
    own: &[Note],
    settings: &Settings,
    until_s: f64,
    progress: &mut dyn FnMut(f64),
) -> Result<(Part, f64), Problem> {
    let clock = Clock::new(source.rate_hz());
    let (mut listen, hop) = (Listen::new(clock), clock.hop());
    let (mut notes, mut hits) = (BTreeMap::new(), Vec::new());
    let (mut channels, mut samples) = (Vec::new(), Vec::new());
    let (mut length, mut downmix): (SampleTime, _) = (0, Downmix::default());
    let mut room = Room { clock, coming: own, sounding: Vec::new() };
    loop {
        let count = source.read(HOPS_PER_READ * hop, &mut channels)?;
        if count == 0 || clock.seconds(length) >= until_s {
            break;
        }
        samples.resize(count, 0.0);
        downmix.process(&channels, 0, &mut samples);
        for (index, chunk) in samples.chunks_exact(hop).enumerate() {
            let own = room.at(length + ((index + 1) * hop) as SampleTime);
            let heard = listen.process(chunk, &[], own, settings);
            heard.notes.iter().for_each(|change| keep(&mut notes, change));
            let struck = heard.onsets.iter().filter(|onset| onset.kind == OnsetKind::Percussive);
            hits.extend(struck.map(|onset| (onset.time, onset.velocity)));
        }
        length += count as SampleTime;
        progress(clock.seconds(length));
    }
    let end_s = clock.seconds(length);
    let notes: Vec<Note> = notes.values().map(|heard| note(heard, clock, end_s)).collect();
    Ok((with_strokes(notes, &hits, clock), end_s))
}

/// What the accompaniment sounds in the client's room.
struct Room<'a> {
    clock: Clock,
    coming: &'a [Note],
    sounding: Vec<Sounding>,
}

impl Room<'_> {
    /// What sounds when the hop that ends at `now` is heard.
    fn at(&mut self, now: SampleTime) -> &[Sounding] {
        self.sounding.retain(|note| note.off > now);
        while let Some((note, coming)) =
            self.coming.split_first().filter(|(note, _)| self.clock.samples(note.on_s) <= now)
        {
            self.coming = coming;
            if self.sounding.len() < POLYPHONY {
                self.sounding.push(Sounding {
                    on: self.clock.samples(note.on_s),
                    off: self.clock.samples(note.off_s),
                    channel: 0,
                    key: note.key,
                    velocity: note.velocity,
                    voice: Voice::Harmony,
                    part: 1,
                    behaviour: Behaviour::Holding,
                });
            }
        }
        &self.sounding
    }
}

pub(super) fn keep(notes: &mut BTreeMap<u32, HeardNote>, change: &NoteChange) {
    match *change {
        NoteChange::Began(note) | NoteChange::Revised(note) | NoteChange::Ended(note) => {
            notes.insert(note.id, note);
        }
        NoteChange::Withdrawn(note) => {
            notes.remove(&note.id);
        }
    }
}

pub(super) fn note(heard: &HeardNote, clock: Clock, end_s: f64) -> Note {
    let on_s = clock.seconds(heard.onset);
    let off_s = heard.offset.map_or(end_s, |offset| clock.seconds(offset)).max(on_s);
    Note { on_s, off_s, key: heard.key, velocity: heard.velocity }
}

pub(super) fn with_strokes(notes: Vec<Note>, hits: &[(SampleTime, u8)], clock: Clock) -> Part {
    let part = Part::new(notes, Vec::new());
    let is_notes_own = |at_s: f64| {
        let after = part.notes.partition_point(|note| note.on_s < at_s - NOTES_OWN_S);
        part.notes.get(after).is_some_and(|note| note.on_s <= at_s + NOTES_OWN_S)
    };
    let strokes: Vec<Note> = hits
        .iter()
        .map(|&(time, velocity)| (clock.seconds(time), velocity))
        .filter(|&(at_s, _)| !is_notes_own(at_s))
        .map(|(on_s, velocity)| Note { on_s, off_s: on_s + STROKE_S, key: 0, velocity })
        .collect();
    Part::new(part.notes, strokes)
}
