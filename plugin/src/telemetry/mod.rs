//! What the panel shows, one way: the audio thread writes the newest view, the panel reads it, nobody waits.

pub mod trail;

use antiphon_engine::chord::Chord;
use antiphon_engine::intend::intent::{Reason, State};
use antiphon_engine::key::Key;
use antiphon_engine::respond::plan::Voice;
use antiphon_engine::speak::Sounding;
use antiphon_engine::{Musician, Report};
use arrayvec::ArrayVec;
use atomic_float::AtomicF32;
use nice_plug::util;
use nice_plug_egui::RepaintNotifier;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use trail::{Moment, Trail};
use triple_buffer::{Input, Output, triple_buffer};

/// Most of our notes that are shown at once.
pub const NOTES_SHOWN: usize = 32;

/// Level shown for silence, dBFS.
pub const SILENCE_DB: f32 = -120.0;

/// Levels under this are silence to the panel, dBFS: 60 dB under full scale is where its meter begins.
const QUIETEST_DB: f32 = -60.0;

/// Levels are shown in steps of this, dB: finer ones would have the panel drawn anew for nothing.
const LEVEL_STEP_DB: f32 = 0.5;

/// Most pictures a second of what happened lately, Hz: as many as a screen shows.
const TRAILS_HZ: f64 = 60.0;

/// From this probability on a pitch counts as sung.
const VOICED: f32 = 0.5;

/// What the client sounds now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeardPitch {
    /// MIDI key.
    pub key: u8,
    /// Deviation from it, cents, -50 to 50.
    pub cents: f32,
}

/// A note of ours that sounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlayedNote {
    /// MIDI key.
    pub key: u8,
    /// Voice.
    pub voice: Voice,
    /// MIDI velocity, 1-127.
    pub velocity: u8,
}

/// Where the beat is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BeatView {
    /// Beats a minute.
    pub tempo_bpm: f32,
    /// Place in the bar, from 1; 0 if unknown.
    pub number: u8,
    /// Beats a bar; 0 if unknown.
    pub per_bar: u8,
    /// How much of the beat has passed, 0-1.
    pub phase: f32,
    /// It is the host's, not heard.
    pub from_host: bool,
}

/// What a window without a host has found none of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// All is there; a host sees to it.
    #[default]
    Nothing,
    /// No microphone.
    Microphone,
    /// No sound at all.
    Sound,
}

/// One look at the musician.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Samples a second, Hz; 0 before the host named a rate.
    pub rate_hz: f64,
    /// Short-term level of the client, dBFS.
    pub level_db: f32,
    /// The client's note.
    pub pitch: Option<HeardPitch>,
    /// The key, if claimed.
    pub key: Option<Key>,
    /// How sure of it, 0-1.
    pub key_confidence: f32,
    /// The client's phrase, from 1; 0 before the first.
    pub phrase: u32,
    /// The phrase is going on.
    pub phrase_open: bool,
    /// How far the phrase has come, 0-1, against the usual length of hers; 1 once it has ended.
    pub phrase_share: f32,
    /// The chord that is played, if any.
    pub chord: Option<Chord>,
    /// The chord expected next.
    pub next_chord: Option<Chord>,
    /// The beat; `None` in free time.
    pub beat: Option<BeatView>,
    /// Seconds since the client last sounded; infinite before the first sound.
    pub silence_s: f32,
    /// Where the exchange stands.
    pub state: State,
    /// Why.
    pub reason: Reason,
    /// What sounds of ours.
    pub played: ArrayVec<PlayedNote, NOTES_SHOWN>,
    /// The host has bypassed the plugin.
    pub bypassed: bool,
    /// What there is none of, in a window without a host.
    pub missing: Missing,
}

impl Default for View {
    fn default() -> Self {
        Self {
            rate_hz: 0.0,
            level_db: SILENCE_DB,
            pitch: None,
            key: None,
            key_confidence: 0.0,
            phrase: 0,
            phrase_open: false,
            phrase_share: 0.0,
            chord: None,
            next_chord: None,
            beat: None,
            silence_s: f32::INFINITY,
            state: State::Waiting,
            reason: Reason::NothingHeard,
            played: ArrayVec::new(),
            bypassed: false,
            missing: Missing::Nothing,
        }
    }
}

/// Length of the client's phrases before the first has ended, s: between the lines of folk songs and of pop songs
/// (median 6 quarters in the Essen collection, 6.5 s in the Billboard transcriptions).
const USUAL_PHRASE_S: f32 = 5.0;

/// Share that each of her phrases has in what is usual for her.
const USUAL_SHARE: f32 = 0.3;

/// The audio thread's end.
pub struct Telemetry {
    /// Usual length of the client's phrases, s.
    usual_phrase_s: f32,
    view: View,
    /// The view that the panel was last asked to draw.
    drawn: View,
    out: Input<View>,
    trail: Trail,
    trail_out: Input<Trail>,
    /// When the trail was last handed on, s.
    handed_s: f64,
    peak: Arc<AtomicF32>,
    repaint: RepaintNotifier,
}

/// The panel's end.
pub struct Window {
    view: Output<View>,
    trail: Output<Trail>,
    peak: Arc<AtomicF32>,
    repaint: RepaintNotifier,
}

/// Both ends of the way from the audio thread to the panel.
pub fn telemetry() -> (Telemetry, Window) {
    let (out, view) = triple_buffer(&View::default());
    let (trail_out, trail) = triple_buffer(&Trail::default());
    let (peak, repaint) = (Arc::new(AtomicF32::new(0.0)), RepaintNotifier::new());
    let window = Window { view, trail, peak: peak.clone(), repaint: repaint.clone() };
    let telemetry = Telemetry {
        usual_phrase_s: USUAL_PHRASE_S,
        view: View::default(),
        drawn: View::default(),
        out,
        trail: Trail::default(),
        trail_out,
        handed_s: f64::NEG_INFINITY,
        peak,
        repaint,
    };
    (telemetry, window)
}

impl Window {
    /// The newest view, the last seconds, and the client's loudest sample since the last look, full scale 1: no peak
    /// between two looks is missed.
    pub fn look(&mut self) -> (&View, &Trail, f32) {
        (self.view.read(), self.trail.read(), self.peak.swap(0.0, Relaxed))
    }

    /// By which the audio thread asks for the panel to be drawn anew.
    pub fn repaint(&self) -> RepaintNotifier {
        self.repaint.clone()
    }
}

impl Telemetry {
    /// Notes how loud the client's `samples` are at most.
    pub fn hear(&mut self, samples: &[f32]) {
        let loudest = samples.iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
        self.peak.fetch_max(loudest, Relaxed);
    }

    /// Notes what a hop made known.
    pub fn note(&mut self, report: &Report<'_>) {
        let (heard, meaning, intent) = (report.heard, report.meaning, report.intent);
        let sung = (heard.pitch.voicing >= VOICED && heard.pitch.f0_hz > 0.0).then(|| nearest(heard.pitch.f0_hz));
        let played = meaning.sounding_key.map(|key| HeardPitch { key, cents: 0.0 });
        self.view.level_db = match (heard.level_db / LEVEL_STEP_DB).round() * LEVEL_STEP_DB {
            level_db if level_db > QUIETEST_DB => level_db,
            _ => SILENCE_DB,
        };
        self.view.pitch = sung.or(played);
        self.view.key = meaning.tonality.key;
        self.view.key_confidence = meaning.tonality.confidence;
        self.view.phrase = meaning.phrase.number;
        self.view.phrase_open = meaning.phrase.open;
        self.view.phrase_share = self.phrase_share(report);
        self.view.chord = report.chord;
        self.view.next_chord = meaning.chords.next.filter(|_| meaning.tonality.key.is_some());
        self.view.beat = meaning.pulse.grid.map(|grid| BeatView {
            tempo_bpm: grid.tempo_bpm,
            number: grid.number,
            per_bar: grid.per_bar,
            phase: (report.now - grid.last_beat) as f32 / (grid.next_beat - grid.last_beat).max(1) as f32,
            from_host: grid.from_host,
        });
        self.view.silence_s = meaning.silence_s.floor();
        self.view.state = intent.state;
        self.view.reason = intent.reason;
        let first = |number: u8| number == 1;
        let moment = Moment {
            pitch: sung.map(|pitch| f32::from(pitch.key) + pitch.cents / 100.0),
            key: meaning.sounding_key,
            onsets: meaning.onsets,
            phrase: (meaning.phrase.number, meaning.phrase.open),
            beat: meaning.pulse.grid.filter(|_| meaning.pulse.beat).map(|grid| first(grid.number)),
            chord: report.chord,
        };
        self.trail.follow(report.clock.hop_s(), &moment);
    }

    /// How far her phrase has come; what is usual for her is learnt from those that have ended.
    fn phrase_share(&mut self, report: &Report<'_>) -> f32 {
        let phrase = &report.meaning.phrase;
        let length_s = report.clock.between(phrase.start, if phrase.open { report.now } else { phrase.end }) as f32;
        if phrase.ended {
            self.usual_phrase_s += USUAL_SHARE * (length_s - self.usual_phrase_s);
        }
        match (phrase.number, phrase.open) {
            (0, _) => 0.0,
            (_, false) => 1.0,
            (_, true) => (length_s / self.usual_phrase_s.max(0.1)).min(1.0),
        }
    }

    /// Shows the panel how things stand at the end of a block, and asks for it to be drawn anew if anything moved;
    /// whether it did.
    pub fn show(&mut self, musician: &Musician, bypassed: bool) -> bool {
        let shown = |note: &Sounding| PlayedNote { key: note.key, voice: note.voice, velocity: note.velocity };
        self.view.rate_hz = musician.clock().rate_hz();
        self.view.bypassed = bypassed;
        self.view.played = musician.sounding().iter().take(NOTES_SHOWN).map(shown).collect();
        self.trail.play(musician.sounding());
        // Nothing in a view or a trail is on the heap: the copies allocate nothing.
        self.out.input_buffer_mut().clone_from(&self.view);
        self.out.publish();
        let due = self.trail.moves() && self.trail.now_s - self.handed_s >= 1.0 / TRAILS_HZ;
        if due {
            self.trail_out.input_buffer_mut().clone_from(&self.trail);
            self.trail_out.publish();
            self.handed_s = self.trail.now_s;
        }
        let moved = due || self.view != self.drawn;
        if moved {
            self.drawn.clone_from(&self.view);
            self.repaint.request_repaint();
        }
        moved
    }
}

fn nearest(f0_hz: f32) -> HeardPitch {
    let pitch = util::freq_to_midi_key(f0_hz).clamp(0.0, 127.0);
    let key = pitch.round();
    HeardPitch { key: key as u8, cents: (pitch - key) * 100.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_key_of_a_frequency_has_its_deviation_in_cents() {
        assert_eq!(nearest(440.0), HeardPitch { key: 69, cents: 0.0 });
        let sharp = nearest(440.0 * 2.0_f32.powf(0.3 / 12.0));
        assert!(sharp.key == 69 && (sharp.cents - 30.0).abs() < 0.1, "{sharp:?}");
    }

    #[test]
    fn the_panel_sees_the_newest_view() {
        let (mut telemetry, mut window) = telemetry();
        assert_eq!(*window.look().0, View::default());
        telemetry.show(&Musician::new(44_100.0), true);
        assert_eq!(*window.look().0, View { rate_hz: 44_100.0, bypassed: true, ..View::default() });
    }

    #[test]
    fn a_peak_between_two_looks_is_seen_once() {
        let (mut telemetry, mut window) = telemetry();
        telemetry.hear(&[0.1, -0.9, 0.2]);
        telemetry.hear(&[0.3, f32::NAN]);
        assert_eq!((window.look().2, window.look().2), (0.9, 0.0));
    }

    #[test]
    fn the_panel_is_asked_to_draw_when_something_moves_and_is_left_alone_in_silence() {
        let (mut telemetry, mut window) = telemetry();
        let musician = Musician::new(48_000.0);
        assert!(telemetry.show(&musician, false), "the rate is new");
        for _ in 0..100 {
            assert!(!telemetry.show(&musician, false), "nothing moves");
        }
        assert!(telemetry.show(&musician, true), "bypassed");
        let moment = Moment { pitch: Some(60.0), ..Moment::default() };
        let moved = (0..100).filter(|_| {
            telemetry.trail.follow(0.001, &moment);
            telemetry.show(&musician, true)
        });
        assert!((5..=7).contains(&moved.count()), "sixty times a second");
        assert!(window.look().1.moves());
    }
}
