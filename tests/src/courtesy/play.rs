//! The musician with a recording or a MIDI file, in this process and without files.

use super::Attack;
use antiphon_engine::intend::intent::State;
use antiphon_engine::listen::heard::KeyMessage;
use antiphon_engine::names::Named as _;
use antiphon_engine::settings::Settings;
use antiphon_engine::speak::{NoRoom, Spoken};
use antiphon_engine::time::SampleTime;
use antiphon_engine::{Audience, Musician, Report};
use antiphon_session::source::Source;
use anyhow::Result;
use std::path::Path;
use wmidi::MidiMessage;

/// Samples a block.
const BLOCK: usize = 512;

/// What was played to a client.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Take {
    /// Our notes, in the order of their beginnings.
    pub attacks: Vec<Attack>,
    /// When the client sounded, as (from, until) in s: what the ears took for a sound of theirs.
    pub client: Vec<(f64, f64)>,
    /// The states, each from so many seconds on.
    pub states: Vec<(f64, State)>,
    /// When all was over, s.
    pub end_s: f64,
}

impl Take {
    /// When the client's last sound ended, s.
    pub fn last_s(&self) -> f64 {
        self.client.last().map_or(0.0, |span| span.1)
    }

    /// The name of the state at `at_s`, s.
    pub fn state(&self, at_s: f64) -> &'static str {
        self.states.iter().rfind(|(from_s, _)| *from_s <= at_s).map_or(State::Waiting, |(_, state)| *state).name()
    }
}

/// Lets Antiphon answer the recording or MIDI file `input`, and `tail_s` of silence after it; `change` sets what the
/// therapist chooses at an instant, s.
pub fn play(input: &Path, tail_s: f64, change: &dyn Fn(f64) -> Settings) -> Result<Take> {
    let mut source = Source::open(input)?;
    let rate_hz = source.rate_hz();
    let messages = source.messages().to_vec();
    let song = source.song().to_vec();
    let (mut messages, mut song) = (messages.into_iter().peekable(), song.into_iter().peekable());
    let mut musician = Musician::new(rate_hz);
    let mut tape = Tape { rate_hz, at: 0, take: Take::default(), sounding: Vec::new(), state: State::Waiting };
    let (mut channels, mut mono) = (Vec::new(), Vec::new());
    let mut tail = (tail_s * rate_hz) as usize;
    loop {
        let count = source.read(BLOCK, &mut channels)?;
        mono.clear();
        mono.extend(
            (0..count).map(|at| channels.iter().map(|channel| channel[at]).sum::<f32>() / channels.len() as f32),
        );
        if count == 0 {
            let silent = tail.min(BLOCK);
            tail -= silent;
            mono.resize(silent, 0.0);
        }
        if mono.is_empty() {
            break;
        }
        let until = tape.at + mono.len() as SampleTime;
        let mut midi = Vec::new();
        while let Some(message) = messages.next_if(|message| message.time < until) {
            let offset = (message.time - tape.at) as u32;
            midi.push(KeyMessage { offset, key: message.key, velocity: message.velocity, by: message.by });
        }
        while let Some(change) = song.next_if(|change| change.time < until) {
            musician.transport(Some(&change.transport));
        }
        musician.process(&mono, &midi, &change(tape.at as f64 / rate_hz), &mut tape);
        tape.at = until;
    }
    musician.finish(&mut tape);
    let mut take = tape.take;
    take.end_s = tape.at as f64 / rate_hz;
    take.attacks.sort_by(|a, b| a.on_s.total_cmp(&b.on_s));
    Ok(take)
}

/// What is kept of it.
struct Tape {
    rate_hz: f64,
    /// First sample of the block.
    at: SampleTime,
    take: Take,
    /// Notes that sound.
    sounding: Vec<Attack>,
    state: State,
}

impl Tape {
    fn end(&mut self, channel: u8, key: u8, off_s: f64) {
        let place = self.sounding.iter().position(|note| (note.channel, note.key) == (channel, key));
        if let Some(place) = place {
            let note = self.sounding.remove(place);
            self.take.attacks.push(Attack { off_s, ..note });
        }
    }
}

impl Audience for Tape {
    fn event(&mut self, offset: u32, event: &Spoken) -> Result<(), NoRoom> {
        let now_s = (self.at + SampleTime::from(offset)) as f64 / self.rate_hz;
        match event.message {
            MidiMessage::NoteOn(channel, key, velocity) => self.sounding.push(Attack {
                on_s: now_s,
                off_s: now_s,
                channel: channel.index(),
                key: key.into(),
                velocity: velocity.into(),
                behaviour: event.behaviour,
                state: self.state,
            }),
            MidiMessage::NoteOff(channel, key, _) => self.end(channel.index(), key.into(), now_s),
            _ => {}
        }
        Ok(())
    }

    fn hop(&mut self, report: &Report<'_>) {
        let now_s = report.clock.seconds(report.now);
        self.state = report.intent.state;
        if self.take.states.last().is_none_or(|(_, state)| *state != self.state) {
            self.take.states.push((now_s, self.state));
        }
        if report.meaning.sounding {
            let from_s = now_s - report.clock.hop_s();
            match self.take.client.last_mut().filter(|(_, until_s)| from_s - *until_s < report.clock.hop_s() / 2.0) {
                Some((_, until_s)) => *until_s = now_s,
                None => self.take.client.push((from_s, now_s)),
            }
        }
    }
}
