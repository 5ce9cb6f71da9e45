//! The musician with a client at a keyboard, in this process and without files.

use super::Played;
use antiphon_engine::listen::heard::KeyMessage;
use antiphon_engine::respond::plan::{Behaviour, Voice};
use antiphon_engine::settings::Settings;
use antiphon_engine::speak::{NoRoom, Spoken};
use antiphon_engine::{Audience, Musician};
use antiphon_session::analysis::Note;
use wmidi::MidiMessage;

/// Samples a second: nothing is listened to, so the least will do.
const RATE_HZ: f64 = 8_000.0;

/// Samples a block.
const BLOCK: usize = 256;

/// The session goes on for this long after the client's last note, s.
const TAIL_S: f64 = 8.0;

/// When the session with `client` ends, s.
pub fn end_s(client: &[Played]) -> f64 {
    client.last().map_or(0.0, |note| note.off_s) + TAIL_S
}

/// What is played to `client` under `settings`, in the order of the beginnings.
pub fn accompany(client: &[Played], settings: &Settings) -> Vec<Note> {
    played(client, settings).into_iter().map(|(.., note)| note).collect()
}

/// The same with the voice of each note.
pub fn voices(client: &[Played], settings: &Settings) -> Vec<(Voice, Note)> {
    played(client, settings).into_iter().map(|(voice, _, note)| (voice, note)).collect()
}

/// The same with the behaviour that each note belongs to.
pub fn behaviours(client: &[Played], settings: &Settings) -> Vec<(Behaviour, Note)> {
    played(client, settings).into_iter().map(|(_, behaviour, note)| (behaviour, note)).collect()
}

fn played(client: &[Played], settings: &Settings) -> Vec<(Voice, Behaviour, Note)> {
    let at = |seconds: f64| (seconds * RATE_HZ).round() as usize;
    let mut keys: Vec<(usize, u8, u8)> = client
        .iter()
        .flat_map(|note| [(at(note.on_s), note.key, note.velocity), (at(note.off_s), note.key, 0)])
        .collect();
    keys.sort_by_key(|(at, _, velocity)| (*at, *velocity));
    let mut keys = keys.into_iter().peekable();
    let mut musician = Musician::new(RATE_HZ);
    let mut tape = Tape::default();
    let silence = [0.0; BLOCK];
    let total = at(end_s(client));
    while tape.at < total {
        let mut midi = Vec::new();
        while let Some((at, key, velocity)) = keys.next_if(|(at, ..)| *at < tape.at + BLOCK) {
            let offset = (at - tape.at) as u32;
            midi.push(KeyMessage { offset, key, velocity, ..KeyMessage::default() });
        }
        musician.process(&silence, &midi, settings, &mut tape);
        tape.at += BLOCK;
    }
    musician.finish(&mut tape);
    tape.notes.sort_by(|a, b| a.2.on_s.total_cmp(&b.2.on_s));
    tape.notes
}

/// What was played.
#[derive(Default)]
struct Tape {
    /// First sample of the block.
    at: usize,
    notes: Vec<(Voice, Behaviour, Note)>,
    /// Notes that sound: channel and note.
    sounding: Vec<(u8, Note)>,
}

impl Audience for Tape {
    fn event(&mut self, offset: u32, event: &Spoken) -> Result<(), NoRoom> {
        let now_s = (self.at + offset as usize) as f64 / RATE_HZ;
        match event.message {
            MidiMessage::NoteOn(channel, key, velocity) => {
                let note = Note { on_s: now_s, off_s: now_s, key: key.into(), velocity: velocity.into() };
                self.sounding.push((channel.index(), note));
            }
            MidiMessage::NoteOff(channel, key, _) => {
                let key = u8::from(key);
                let place = self.sounding.iter().position(|(on, note)| *on == channel.index() && note.key == key);
                if let Some(place) = place {
                    let (_, note) = self.sounding.remove(place);
                    self.notes.push((event.voice, event.behaviour, Note { off_s: now_s, ..note }));
                }
            }
            _ => {}
        }
        Ok(())
    }
}
