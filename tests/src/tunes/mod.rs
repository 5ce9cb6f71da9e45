//! Songs with the chords that people play to them: melodies for the client, and what a musician would answer.

mod written;

use crate::singer::{Consonant, Line, Note, Score};
use midly::num::{u4, u7, u15, u24, u28};
use midly::{Format, Header, MetaMessage, MidiMessage, Smf, Timing, TrackEvent, TrackEventKind};

/// Ticks of a quarter note in the MIDI files made here.
const TICKS_PER_QUARTER: u32 = 480;

/// Velocity of the client's notes in those files.
const VELOCITY: u8 = 80;

/// A note of the melody, in frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TuneNote {
    /// First frame.
    pub begin: u32,
    /// The frame after its last.
    pub end: u32,
    /// MIDI key.
    pub key: u8,
}

/// A chord that people play to it, in frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TuneChord {
    /// First frame.
    pub begin: u32,
    /// The frame after its last.
    pub end: u32,
    /// Pitch class of the root.
    pub root: u8,
    /// Its pitch classes.
    pub classes: Vec<u8>,
}

impl TuneChord {
    /// A minor third above the root, and no major one.
    pub fn is_minor(&self) -> bool {
        let has = |above: u8| self.classes.contains(&((self.root + above) % 12));
        has(3) && !has(4)
    }
}

/// A lead sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tune {
    /// Its title.
    pub title: String,
    /// Frames in a quarter note.
    pub frames_per_quarter: u32,
    /// Frames in a bar.
    pub frames_per_bar: u32,
    /// The melody: one note at a time, in order.
    pub notes: Vec<TuneNote>,
    /// The chords, in order.
    pub chords: Vec<TuneChord>,
}

impl Tune {
    /// The songs that are kept here, in a fixed order.
    pub fn all() -> Vec<Self> {
        written::read(include_str!("tunes.txt"))
    }

    /// Frames in all.
    pub fn frames(&self) -> u32 {
        let (note, chord) = (self.notes.last().map(|note| note.end), self.chords.last().map(|chord| chord.end));
        note.max(chord).unwrap_or(0)
    }

    /// Bars in all, the last one counted whole.
    pub fn bars(&self) -> u32 {
        self.frames().div_ceil(self.frames_per_bar)
    }

    /// The frame in the middle at which a bar begins.
    pub fn middle(&self) -> u32 {
        self.frames() / 2 / self.frames_per_bar * self.frames_per_bar
    }

    /// The same with the melody `semitones` higher from the frame `from` on.
    pub fn shifted(mut self, semitones: i8, from: u32) -> Self {
        for note in self.notes.iter_mut().filter(|note| note.begin >= from) {
            note.key = note.key.saturating_add_signed(semitones);
        }
        self
    }

    /// The melody as a Standard MIDI File with tempo and metre.
    pub fn midi(&self, bpm: f64) -> Vec<u8> {
        let tick = |frame: u32| frame * TICKS_PER_QUARTER / self.frames_per_quarter;
        let mut events: Vec<(u32, u8, MidiMessage)> = Vec::new();
        for note in &self.notes {
            let (key, vel) = (u7::new(note.key), u7::new(VELOCITY));
            events.push((tick(note.end), 0, MidiMessage::NoteOff { key, vel: u7::new(0) }));
            events.push((tick(note.begin), 1, MidiMessage::NoteOn { key, vel }));
        }
        events.sort_by_key(|event| (event.0, event.1));
        let meta = |message| TrackEvent { delta: u28::new(0), kind: TrackEventKind::Meta(message) };
        let beats = (self.frames_per_bar / self.frames_per_quarter).max(1) as u8;
        let mut track = vec![
            meta(MetaMessage::Tempo(u24::new((60e6 / bpm).round() as u32))),
            meta(MetaMessage::TimeSignature(beats, 2, 24, 8)),
        ];
        let mut now = 0;
        for (at, _, message) in events {
            let kind = TrackEventKind::Midi { channel: u4::new(0), message };
            track.push(TrackEvent { delta: u28::new(at - now), kind });
            now = at;
        }
        track.push(meta(MetaMessage::EndOfTrack));
        let header = Header::new(Format::SingleTrack, Timing::Metrical(u15::new(TICKS_PER_QUARTER as u16)));
        let mut bytes = Vec::new();
        // Writing into memory cannot fail.
        let _ = Smf { header, tracks: vec![track] }.write_std(&mut bytes);
        bytes
    }

    /// The melody for the singer: a breath where the melody rests for a beat, or after a long note every second bar or
    /// so; moved by octaves to where most voices sing it.
    pub fn sung(&self, bpm: f64) -> Score {
        let quarters = |frames: u32| f64::from(frames) / f64::from(self.frames_per_quarter);
        let mean = self.notes.iter().map(|note| f64::from(note.key)).sum::<f64>() / self.notes.len().max(1) as f64;
        let octaves = ((MIDDLE_OF_A_VOICE - mean) / 12.0).round() as i8;
        let mut score = Score::new(bpm);
        let first = self.notes.first().map_or(0, |note| note.begin);
        let (mut line, mut line_begin) = (Vec::new(), first);
        for (index, note) in self.notes.iter().enumerate() {
            let next = self.notes.get(index + 1).map_or(note.end, |next| next.begin);
            line.push(Note {
                key: Some(note.key.saturating_add_signed(12 * octaves)),
                onset_beats: quarters(note.begin - first),
                length_beats: quarters(note.end - note.begin),
                consonant: CONSONANTS[index % CONSONANTS.len()],
                velocity: VELOCITY,
            });
            let so_far = next - line_begin;
            let is_long = note.end - note.begin >= self.frames_per_quarter * 3 / 2;
            let rests = next >= note.end + self.frames_per_quarter;
            let ends = rests || is_long && so_far >= 2 * self.frames_per_bar || so_far >= 4 * self.frames_per_bar;
            if ends || index + 1 == self.notes.len() {
                score.lines.push(Line { notes: std::mem::take(&mut line), length_beats: quarters(so_far) });
                line_begin = next;
            }
        }
        score
    }
}

/// The mean key of a melody that lies well for most voices, MIDI.
const MIDDLE_OF_A_VOICE: f64 = 65.0;

/// How the syllables of a song begin, over and over.
const CONSONANTS: [Consonant; 7] = [
    Consonant::Open,
    Consonant::Nasal,
    Consonant::Stop,
    Consonant::Hiss,
    Consonant::Nasal,
    Consonant::Open,
    Consonant::Stop,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_song_is_one_line_with_chords_that_lie_in_it() {
        let tunes = Tune::all();
        assert!(tunes.len() >= 20);
        for tune in tunes {
            assert!(tune.notes.windows(2).all(|pair| pair[0].end <= pair[1].begin), "{}", tune.title);
            assert!(tune.notes.iter().all(|note| note.begin < note.end), "{}", tune.title);
            assert!(tune.chords.iter().all(|chord| chord.classes.contains(&chord.root)), "{}", tune.title);
            assert!(tune.bars() <= 32 && tune.middle() % tune.frames_per_bar == 0, "{}", tune.title);
        }
    }

    #[test]
    fn the_midi_file_and_the_sung_score_have_every_note_in_its_place() {
        for tune in Tune::all() {
            let bytes = tune.midi(100.0);
            let smf = Smf::parse(&bytes).unwrap();
            let ons = smf.tracks[0]
                .iter()
                .filter(|event| matches!(event.kind, TrackEventKind::Midi { message: MidiMessage::NoteOn { .. }, .. }));
            assert_eq!(ons.count(), tune.notes.len(), "{}", tune.title);
            let score = tune.sung(100.0);
            let sung: Vec<&Note> = score.lines.iter().flat_map(|line| &line.notes).collect();
            assert_eq!(sung.len(), tune.notes.len());
            assert!(
                sung.iter().zip(&tune.notes).all(|(sung, note)| sung.key.map(|key| key % 12) == Some(note.key % 12))
            );
            let beats =
                f64::from(tune.notes.last().unwrap().end - tune.notes[0].begin) / f64::from(tune.frames_per_quarter);
            assert!((score.length_beats() - beats).abs() < 1e-9, "{}", tune.title);
        }
    }
}
