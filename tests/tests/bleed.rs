//! Antiphon does not answer itself: its notes come back through loudspeaker, room and microphone, and change little.

use antiphon_engine::listen::Listen;
use antiphon_engine::listen::heard::NoteChange;
use antiphon_engine::respond::plan::{Behaviour, Voice};
use antiphon_engine::settings::{Listen as Kind, Settings};
use antiphon_engine::speak::{NoRoom, Sounding, Spoken};
use antiphon_engine::time::Clock;
use antiphon_engine::{Audience, Musician, Report};
use antiphon_session::hearing::agreement::{ONSET_WINDOW_S, f_measure, note_pairs};
use antiphon_sound::Sound;
use antiphon_tests::singer::{Performance, Take, sing, thirteen_lines};
use std::f64::consts::TAU;
use wmidi::MidiMessage;

const RATE_HZ: f64 = 48_000.0;
const HOP: usize = 64;

/// Most points that bleed may cost. What is played differs with every change of what is heard, and the points with it
/// by one or two.
const POINTS: f64 = 4.0;

/// Most points that being told what sounds may cost where nothing comes back: chords on the beat come with her notes, and
/// cost 1.7 of 99.6.
const POINTS_WITHOUT: f64 = 2.0;

/// So much of her notes then begins within so many s of where it does for ears that are told nothing.
const ALIKE_SHARE: f64 = 0.95;
const ALIKE_S: f64 = 0.001;

/// A client who sings until 20 s is followed into silence by then, s: her last answer ends at 22 to 26 s.
const SILENT_AFTER_S: f64 = 30.0;

/// From the loudspeaker to the microphone: delay in s, and gain.
type Way = (f64, f64);

/// The sound that goes straight, at `level_db` after `delay_s`.
fn straight(level_db: f64, delay_s: f64) -> Vec<Way> {
    vec![(delay_s, 10_f64.powf(level_db / 20.0))]
}

/// As [`straight`], with a small room's echoes: 60 of them, 60 dB down after 0.5 s, together 3 dB under the direct sound.
fn room(level_db: f64, delay_s: f64) -> Vec<Way> {
    let mut ways = straight(level_db, delay_s);
    let direct = ways[0].1;
    let echo = |k: usize| {
        let later_s = 0.004 + 0.4 * (k as f64 * 0.618_034).fract();
        let sign = if k * 7 % 13 < 6 { 1.0 } else { -1.0 };
        (delay_s + later_s, sign * 0.25 * direct * 10_f64.powf(-3.0 * later_s / 0.5))
    };
    ways.extend((0..60).map(echo));
    ways
}

#[derive(Default)]
struct Witness {
    /// Events of the block: offset, voice, key, velocity (0: off).
    events: Vec<(usize, Voice, u8, u8)>,
    /// Notes heard and ended: onset in s, key.
    heard: Vec<(f64, u8)>,
    /// Keys that sound.
    sounding: usize,
    /// When a note was last begun by the client, or by Antiphon, s.
    last_heard_s: f64,
    last_played_s: f64,
}

impl Audience for Witness {
    fn event(&mut self, offset: u32, event: &Spoken) -> Result<(), NoRoom> {
        match event.message {
            MidiMessage::NoteOn(_, key, velocity) => {
                self.events.push((offset as usize, event.voice, key.into(), velocity.into()));
                self.last_played_s = event.time as f64 / RATE_HZ;
            }
            MidiMessage::NoteOff(_, key, _) => self.events.push((offset as usize, event.voice, key.into(), 0)),
            _ => {}
        }
        Ok(())
    }

    fn hop(&mut self, report: &Report<'_>) {
        self.sounding = report.sounding.len();
        for change in &report.heard.notes {
            match change {
                NoteChange::Ended(note) => self.heard.push((note.onset as f64 / RATE_HZ, note.key)),
                NoteChange::Began(note) => self.last_heard_s = note.onset as f64 / RATE_HZ,
                _ => {}
            }
        }
    }
}

/// Plays `client` to a musician, who hears his own built-in instrument come back by `ways`.
fn play(client: &[f32], ways: &[Way]) -> Witness {
    let ways: Vec<(usize, f32)> = ways.iter().map(|way| ((way.0 * RATE_HZ) as usize, way.1 as f32)).collect();
    let (mut musician, mut sound, mut witness) = (Musician::new(RATE_HZ), Sound::new(RATE_HZ), Witness::default());
    let settings = Settings { listen: Kind::Voice, ..Settings::default() };
    let mut played = vec![0.0_f32; client.len()];
    for start in (0..client.len() - client.len() % HOP).step_by(HOP) {
        let come_back = |at: usize| {
            ways.iter().filter_map(|&(delay, gain)| Some(gain * played[at.checked_sub(delay)?])).sum::<f32>()
        };
        let ears: Vec<f32> = (start..start + HOP).map(|at| client[at] + come_back(at)).collect();
        musician.process(&ears, &[], &settings, &mut witness);
        let (mut left, mut right) = ([0.0; HOP], [0.0; HOP]);
        let mut from = 0;
        for (offset, voice, key, velocity) in witness.events.drain(..) {
            sound.process(&mut left[from..offset], &mut right[from..offset]);
            from = offset;
            if velocity > 0 { sound.note_on(voice, 0, key, velocity) } else { sound.note_off(0, key) }
        }
        sound.process(&mut left[from..], &mut right[from..]);
        let sides = left.iter().zip(&right);
        played[start..start + HOP].iter_mut().zip(sides).for_each(|(out, (left, right))| *out = 0.5 * (left + right));
    }
    musician.finish(&mut witness);
    witness
}

/// F measure of the notes heard in `take`, points.
fn points(take: &Take, heard: &[(f64, u8)]) -> f64 {
    let truth: Vec<(f64, u8)> = take.truth.notes.iter().map(|note| (note.onset_s, note.key)).collect();
    let mut heard = heard.to_vec();
    heard.sort_by(|a, b| a.0.total_cmp(&b.0));
    100.0 * f_measure(note_pairs(&truth, &heard, ONSET_WINDOW_S).len(), truth.len(), heard.len())
}

fn singer() -> Take {
    sing(&thirteen_lines(), &Performance::default(), RATE_HZ)
}

#[test]
fn what_comes_back_costs_a_singer_few_notes() {
    let take = singer();
    let alone = points(&take, &play(&take.samples, &[]).heard);
    for (name, ways) in [
        ("-12 dB after 30 ms", straight(-12.0, 0.03)),
        ("-12 dB after 120 ms", straight(-12.0, 0.12)),
        ("-12 dB in a room", room(-12.0, 0.02)),
    ] {
        let heard = points(&take, &play(&take.samples, &ways).heard);
        println!("{name}: {heard:.1} points, {alone:.1} without");
        assert!(heard >= alone - POINTS, "{name}: {heard:.1} points, {alone:.1} without");
    }
}

#[test]
fn being_told_what_sounds_costs_nothing_where_nothing_comes_back() {
    let take = singer();
    let told_notes = play(&take.samples, &[]).heard;
    let told = points(&take, &told_notes);
    let clock = Clock::new(RATE_HZ);
    let mut ears = Listen::new(clock);
    let settings = Settings { listen: Kind::Voice, ..Settings::default() };
    let mut heard = Vec::new();
    for hop in take.samples.chunks_exact(HOP) {
        for change in &ears.process(hop, &[], &[], &settings).notes {
            if let NoteChange::Ended(note) = change {
                heard.push((clock.seconds(note.onset), note.key));
            }
        }
    }
    let untold = points(&take, &heard);
    assert!(told >= untold - POINTS_WITHOUT, "told {told:.1} points, untold {untold:.1}");
    let alike = |note: &&(f64, u8)| told_notes.iter().any(|told| told.1 == note.1 && (told.0 - note.0).abs() < ALIKE_S);
    let share = heard.iter().filter(alike).count() as f64 / heard.len() as f64;
    assert!(share >= ALIKE_SHARE, "{share:.3} of the notes begin alike");
}

#[test]
fn when_the_client_falls_silent_it_falls_silent_too_and_does_not_keep_itself_going() {
    let mut client = singer().samples;
    client.truncate((20.0 * RATE_HZ) as usize);
    client.resize((80.0 * RATE_HZ) as usize, 0.0);
    for ways in [straight(-12.0, 0.03), straight(-12.0, 0.12), room(-12.0, 0.02)] {
        let witness = play(&client, &ways);
        assert!(witness.last_heard_s < SILENT_AFTER_S, "it heard itself at {:.1} s", witness.last_heard_s);
        assert!(witness.last_played_s < SILENT_AFTER_S, "it still began a note at {:.1} s", witness.last_played_s);
        assert_eq!(witness.sounding, 0, "it still plays, 60 s after the client's last note");
    }
}

/// A tone of six partials and its level, from `from_s` to `to_s`; `wavers` as a voice does.
fn tone(key: f64, level: f64, (from_s, to_s): (f64, f64), wavers: bool, length_s: f64) -> Vec<f32> {
    let mut phase = 0.0;
    let sample = |k: usize| {
        let t = k as f64 / RATE_HZ;
        let cents = if wavers { 20.0 * (TAU * 5.5 * t).sin() } else { 0.0 };
        phase += 440.0 * 2_f64.powf((key - 69.0 + cents / 100.0) / 12.0) / RATE_HZ;
        let envelope = ((t - from_s) / 0.02).clamp(0.0, 1.0) * ((to_s - t) / 0.02).clamp(0.0, 1.0);
        let partials = (1..=6).map(|n| (TAU * phase * f64::from(n)).sin() / f64::from(n)).sum::<f64>();
        (level * envelope * partials) as f32
    };
    (0..(length_s * RATE_HZ) as usize).map(sample).collect()
}

/// The notes begun (onset in s, key) in `samples` while `own` keys sound from 1 s to 7 s.
fn notes(samples: &[f32], own: &[u8]) -> Vec<(f64, u8)> {
    let clock = Clock::new(RATE_HZ);
    let (on, off) = (clock.samples(1.0), clock.samples(7.0));
    let sounding = |&key: &u8| Sounding {
        on,
        off,
        channel: 0,
        key,
        velocity: 64,
        voice: Voice::Harmony,
        part: 1,
        behaviour: Behaviour::Drone,
    };
    let sounding: Vec<Sounding> = own.iter().map(sounding).collect();
    let settings = Settings { listen: Kind::Voice, ..Settings::default() };
    let mut ears = Listen::new(clock);
    let mut found = Vec::new();
    for (k, hop) in samples.chunks_exact(HOP).enumerate() {
        let now = (k * HOP) as u64;
        let own = if (on..off).contains(&now) { &sounding[..] } else { &[] };
        for change in &ears.process(hop, &[], own, &settings).notes {
            if let NoteChange::Ended(note) = change {
                found.push((clock.seconds(note.onset), note.key));
            }
        }
    }
    found
}

#[test]
fn a_tone_that_sounds_and_comes_back_is_no_note_whatever_the_instrument() {
    for (delay_s, detuned) in [(0.01, 0.0), (0.06, 0.01), (0.2, 0.0)] {
        let back = tone(57.0 + detuned, 0.02, (1.0 + delay_s, 7.1 + delay_s), false, 9.0);
        assert_eq!(notes(&back, &[57]), [], "after {delay_s} s, {detuned} semitones off");
        assert_eq!(notes(&back, &[]).len(), 1, "it would be a note if nobody knew");
    }
}

#[test]
fn a_client_who_sings_the_same_key_or_its_octave_is_heard() {
    for comes_back in [0.0, 0.02] {
        for key in [57, 69] {
            let mut sound = tone(57.0, comes_back, (1.03, 7.1), false, 9.0);
            let sung = tone(f64::from(key), 0.15, (3.0, 4.5), true, 9.0);
            sound.iter_mut().zip(&sung).for_each(|(sound, sung)| *sound += sung);
            let heard = notes(&sound, &[57]);
            assert!(heard.len() == 1 && heard[0].1 == key, "{key} with {comes_back}: {heard:?}");
            assert!((heard[0].0 - 3.0).abs() < ONSET_WINDOW_S, "{key} with {comes_back}: {heard:?}");
        }
    }
}
