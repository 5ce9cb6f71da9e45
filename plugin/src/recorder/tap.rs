//! The audio thread's end of the recorder: copies what happens into a ring. Never waits: what finds no room is counted.

use super::Shared;
use super::event::Event;
use antiphon_engine::listen::heard::{KeyMessage, NoteChange, Player};
use antiphon_engine::settings::Settings;
use antiphon_engine::speak::Spoken;
use antiphon_engine::time::SampleTime;
use antiphon_engine::transport::Transport;
use antiphon_engine::{Musician, Report};
use antiphon_session::record::{Control, Label, Moment, Played};
use rtrb::Producer;
use std::sync::Arc;
use std::sync::atomic::Ordering::{Acquire, Relaxed};

/// A position that departs from going on by more than this is told, s: hosts round, and frameworks split blocks.
const JUMP_S: f64 = 0.02;

/// Copies what happens while someone records.
pub struct Tap {
    ring: Producer<Event>,
    shared: Arc<Shared>,
    /// The recording that goes on; 0 for none.
    session: u32,
    /// The musician's time.
    at: SampleTime,
    /// The musician's time at which the recording's was `base`.
    zero: SampleTime,
    base: SampleTime,
    /// The recording's rate, Hz, and its samples to one of the musician's.
    rate_hz: f64,
    scale: f64,
    /// Added to the ids of notes, so that none comes twice when the musician begins anew.
    ids: u32,
    last_id: u32,
    settings: Option<Settings>,
    transport: Option<(SampleTime, Option<Transport>)>,
    /// Events that found no room and were not told of yet.
    lost: u64,
}

impl Tap {
    pub(super) fn new(ring: Producer<Event>, shared: Arc<Shared>) -> Self {
        Self {
            ring,
            shared,
            session: 0,
            at: 0,
            zero: 0,
            base: 0,
            rate_hz: 0.0,
            scale: 1.0,
            ids: 0,
            last_id: 0,
            settings: None,
            transport: None,
            lost: 0,
        }
    }

    /// A block begins: starts or ends if the therapist asked for it, and tells what has changed.
    pub fn block(&mut self, musician: &Musician, settings: &Settings, transport: Option<&Transport>) {
        let wanted = self.shared.wanted.load(Acquire);
        if wanted != self.session {
            self.end();
            if wanted != 0 {
                self.begin(wanted, musician);
            }
        }
        if self.session == 0 {
            return;
        }
        self.keep_scale(musician.clock().rate_hz());
        let now = self.now();
        if self.settings.is_none_or(|told| told != *settings) {
            self.settings = Some(*settings);
            self.push(Event::Settings(now, *settings));
        }
        if self.has_news(now, transport) {
            self.transport = Some((now, transport.copied()));
            self.push(Event::Transport(now, transport.copied()));
        }
    }

    fn begin(&mut self, session: u32, musician: &Musician) {
        let rate_hz = musician.clock().rate_hz();
        // Without room for its beginning it begins with the next block.
        if self.ring.push(Event::Begin(session, rate_hz)).is_err() {
            return;
        }
        (self.session, self.rate_hz, self.scale) = (session, rate_hz, 1.0);
        (self.zero, self.base) = (self.at, 0);
        (self.settings, self.transport, self.lost) = (None, None, 0);
        for note in musician.sounding() {
            let label = Label { voice: note.voice, part: note.part, behaviour: note.behaviour };
            let (channel, key, velocity) = (note.channel, note.key, note.velocity);
            self.push(Event::Played(Played { time: 0, channel, key, velocity, label: Some(label) }));
        }
    }

    fn end(&mut self) {
        if self.session != 0 {
            let (session, now) = (self.session, self.now());
            self.push(Event::End(session, now));
            self.session = 0;
        }
    }

    /// What the therapist plays in the chunk that is processed next.
    pub fn hands(&mut self, messages: &[KeyMessage]) {
        if self.session != 0 {
            for message in messages.iter().filter(|message| message.by == Player::Therapist) {
                let time = self.time(self.at + SampleTime::from(message.offset));
                self.push(Event::Hand(time, message.key, message.velocity));
            }
        }
    }

    /// A hop of the musician's.
    pub fn hop(&mut self, report: &Report<'_>) {
        if self.session == 0 {
            return;
        }
        for onset in &report.heard.onsets {
            let (time, available) = (self.time(onset.time), self.time(onset.available));
            self.push(Event::Onset(antiphon_engine::listen::heard::Onset { time, available, ..*onset }));
        }
        for change in &report.heard.notes {
            let change = self.change(*change);
            self.push(Event::Note(change));
        }
        let mut moment = Moment::of(report);
        moment.now = self.time(moment.now);
        if let Some(grid) = &mut moment.grid {
            (grid.last_beat, grid.next_beat) = (self.time(grid.last_beat), self.time(grid.next_beat));
        }
        let mut pitch = report.heard.pitch;
        pitch.time = self.time(pitch.time);
        self.push(Event::Hop(moment, pitch));
    }

    fn change(&mut self, change: NoteChange) -> NoteChange {
        let kept = |mut note: antiphon_engine::listen::heard::HeardNote| {
            self.last_id = self.last_id.max(note.id);
            note.id = note.id.wrapping_add(self.ids);
            (note.onset, note.available) = (self.time(note.onset), self.time(note.available));
            note.offset = note.offset.map(|offset| self.time(offset));
            note
        };
        let mut kept = kept;
        match change {
            NoteChange::Began(note) => NoteChange::Began(kept(note)),
            NoteChange::Revised(note) => NoteChange::Revised(kept(note)),
            NoteChange::Ended(note) => NoteChange::Ended(kept(note)),
            NoteChange::Withdrawn(note) => NoteChange::Withdrawn(kept(note)),
        }
    }

    /// What the host took of what the musician plays.
    pub fn play(&mut self, event: &Spoken) {
        if self.session == 0 {
            return;
        }
        if let Some(played) = Played::of(event) {
            let time = self.time(played.time);
            self.push(Event::Played(Played { time, ..played }));
        }
        if let Some(control) = Control::of(event) {
            let time = self.time(control.time);
            self.push(Event::Control(Control { time, ..control }));
        }
    }

    /// The musician has processed so many samples more.
    pub fn advance(&mut self, samples: usize) {
        self.at += samples as SampleTime;
        if self.session != 0 {
            self.shared.now.store(self.now(), Relaxed);
        }
    }

    /// The musician counts from 0 again; what has no end yet is over.
    pub fn reset(&mut self) {
        (self.base, self.zero, self.at) = (self.now(), 0, 0);
        self.ids = self.ids.wrapping_add(std::mem::take(&mut self.last_id));
        if self.session != 0 {
            let now = self.now();
            self.push(Event::Anew(now));
        }
    }

    /// Counts on in the recording's samples when the musician's rate has changed.
    fn keep_scale(&mut self, rate_hz: f64) {
        let scale = self.rate_hz / rate_hz;
        if scale != self.scale {
            (self.base, self.zero) = (self.now(), self.at);
            self.scale = scale;
        }
    }

    fn now(&self) -> SampleTime {
        self.time(self.at)
    }

    /// The recording's time at the musician's `time`; what was before the recording is at its beginning.
    fn time(&self, time: SampleTime) -> SampleTime {
        let since = time as f64 - self.zero as f64;
        // Whole numbers up to 2^53 are exact.
        (self.base as f64 + since * self.scale).round().max(0.0) as SampleTime
    }

    fn has_news(&self, now: SampleTime, said: Option<&Transport>) -> bool {
        let (since, told) = match self.transport {
            None => return true,
            Some((_, None)) => return said.is_some(),
            Some((since, Some(told))) => (since, told),
        };
        let Some(said) = said else { return true };
        let elapsed_s = (now - since) as f64 / self.rate_hz;
        let quarters = if told.playing { elapsed_s * told.tempo_qpm / 60.0 } else { 0.0 };
        let departs_s = (said.position - told.position - quarters).abs() * 60.0 / said.tempo_qpm;
        let goes_on = departs_s <= JUMP_S || !departs_s.is_finite();
        let alike = |transport: &Transport| {
            (transport.playing, transport.tempo_qpm.to_bits(), transport.beats_per_bar, transport.beat_unit)
        };
        !goes_on || alike(said) != alike(&told)
    }

    /// Events for which there is room.
    #[cfg(test)]
    pub(super) fn room(&self) -> usize {
        self.ring.slots()
    }

    fn push(&mut self, event: Event) {
        if self.lost > 0 && self.ring.push(Event::Lost(self.now(), self.lost)).is_ok() {
            self.lost = 0;
        }
        // After what was lost nothing is told before the loss.
        if self.lost > 0 || self.ring.push(event).is_err() {
            self.lost += 1;
        }
    }
}
