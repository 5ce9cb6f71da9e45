//! An accompaniment written by hand to the thirteen lines, which meets every criterion; the promises spoil it.

use crate::exchange::files::{Files, Heard, Marker, Music, Note};
use crate::exchange::measure::chords::name_at;
use crate::exchange::rig::Exchange;
use crate::exchange::sung::Coda;
use crate::exchange::take::{STATES, Take};
use crate::singer::{Performance, sing, thirteen_lines};
use std::sync::OnceLock;

/// Low enough to be sung in no time; nobody listens to it.
const RATE_HZ: f64 = 8_000.0;

/// F major's loop under lines 7 to 9: D minor twice, C, A minor.
const LOOP: [[u8; 4]; 4] = [[38, 57, 62, 65], [38, 57, 62, 65], [36, 55, 60, 64], [45, 57, 60, 64]];

/// G minor, the dominant seventh and home; the leading tone goes up and the seventh down.
const GOING: [u8; 4] = [43, 58, 62, 70];
const DOMINANT: [u8; 4] = [45, 55, 61, 64];
const HOME: [u8; 4] = [38, 53, 62, 65];

/// The constructed exchange.
pub fn exchange() -> Exchange {
    static WRITTEN: OnceLock<Exchange> = OnceLock::new();
    WRITTEN.get_or_init(written).clone()
}

fn written() -> Exchange {
    let mut whole = sung();
    opening(&mut whole);
    song(&mut whole);
    close(&mut whole);
    whole.files.played.sort_by(|a, b| a.on_s.total_cmp(&b.on_s));
    music(&mut whole);
    whole
}

/// What is sung, heard as it is, and nothing played.
fn sung() -> Exchange {
    let take = sing(&thirteen_lines(), &Performance::plain(), RATE_HZ);
    let heard = take.truth.notes.iter().map(|n| Heard { onset_s: n.onset_s, velocity: n.velocity }).collect();
    let release_s = take.truth.notes.last().map_or(0.0, |note| note.offset_s);
    let coda = Coda { one_tone_s: release_s + 21.0, two_tones_s: release_s + 27.0, end_s: release_s + 28.5 };
    Exchange {
        take: Take::default(),
        truth: take.truth,
        others: Vec::new(),
        coda: Some(coda),
        length_s: coda.end_s + 4.0,
        cues: Vec::new(),
        files: Files { heard, ..Files::default() },
    }
}

/// Adds a chord: bass, then the lines of the harmony.
pub fn chord(exchange: &mut Exchange, from_s: f64, to_s: f64, keys: &[u8], velocity: f64) {
    for (index, &key) in keys.iter().enumerate() {
        let (voice, part) =
            if index == 0 { ("bass", "bass.1".to_owned()) } else { ("harmony", format!("harmony.{index}")) };
        note(exchange, from_s, to_s, (voice, &part), key, velocity);
    }
}

/// Adds a note of a voice and part.
pub fn note(exchange: &mut Exchange, on_s: f64, off_s: f64, (voice, part): (&str, &str), key: u8, velocity: f64) {
    let (voice, part) = (voice.to_owned(), part.to_owned());
    let velocity = velocity.round() as u8;
    exchange.files.played.push(Note {
        on_s,
        off_s,
        channel: 1,
        voice,
        part,
        key,
        velocity,
        behaviour: "written".to_owned(),
    });
}

/// Lines 1 to 4: tones, a minor chord, a rest, an echo.
fn opening(whole: &mut Exchange) {
    let [second_s, third_s, fourth_s] = [1, 2, 3].map(|line| whole.truth.lines[line].start_s);
    for (on_s, key, line) in
        [(1.0, 41, ("bass", "bass.1")), (1.55, 57, ("harmony", "harmony.1")), (3.15, 52, ("harmony", "harmony.2"))]
    {
        note(whole, on_s, second_s - 0.3, line, key, 40.0);
    }
    chord(whole, second_s + 0.1, third_s - 0.3, &[41, 57, 50], 42.0);
    chord(whole, third_s + 0.1, fourth_s + 0.25, &[46, 58, 62, 65], 42.0);
    chord(whole, fourth_s + 0.2, fourth_s + 2.0, &[41, 57, 60], 42.0);
    let end_s = whole.truth.lines[3].end_s;
    chord(whole, end_s - 0.6, end_s + 1.0, &[41, 53], 42.0);
    let sung: Vec<(f64, u8)> = whole.sung(fourth_s - 0.01, end_s).take(4).map(|n| (n.onset_s, n.key)).collect();
    for &(onset_s, key) in &sung {
        let on_s = onset_s - sung[0].0 + end_s + 0.25;
        note(whole, on_s, on_s + 0.25, ("counter", "counter.1"), key - 12, 50.0);
    }
}

/// Lines 5 to 9: a pulse, a swing, a song that builds and comes again.
fn song(whole: &mut Exchange) {
    for step in 0..16 {
        let beat = 32.0 + f64::from(step);
        let (from_s, to_s) = (whole.beat_s(beat), whole.beat_s(beat + 0.5));
        chord(whole, from_s, to_s, &[41, 57, 60], 40.0 + 1.3 * f64::from(step));
    }
    for step in 0..16 {
        let beat = 48.0 + f64::from(step);
        let second = beat + 0.5 + 0.12 * (f64::from(step) / 8.0).min(1.0);
        for (from, to, velocity) in [(beat, beat + 0.4, 58.0), (second, beat + 0.9, 52.0)] {
            let (from_s, to_s) = (whole.beat_s(from), whole.beat_s(to));
            chord(whole, from_s, to_s, &LOOP[0], velocity);
        }
    }
    for (line, velocity) in [(6, 58.0), (8, 76.0)] {
        for step in (0..16).step_by(if line == 6 { 2 } else { 1 }) {
            let beat = whole.beats(line).0 + f64::from(step);
            let (from_s, to_s) = (whole.beat_s(beat), whole.beat_s(beat + 0.8));
            chord(whole, from_s, to_s, &LOOP[step as usize / 4], velocity);
        }
    }
    build(whole);
}

fn build(whole: &mut Exchange) {
    let first = whole.beats(7).0;
    for (bar, attacks) in [4, 4, 5, 6].into_iter().enumerate() {
        let mut keys = LOOP[bar].to_vec();
        // Higher and fuller with each bar, and lower at last.
        keys[0] -= if bar == 3 { 12 } else { 0 };
        keys.extend([69_u8, 72, 76, 81].iter().take(bar));
        for step in 0..attacks {
            let beat = first + 4.0 * (bar as f64 + f64::from(step) / f64::from(attacks));
            let (from_s, to_s) = (whole.beat_s(beat), whole.beat_s(beat + 0.6));
            chord(whole, from_s, to_s, &keys, 62.0 + 6.0 * bar as f64);
        }
    }
}

/// Lines 10 to 13: the way home, and home.
fn close(whole: &mut Exchange) {
    for beat in 112..144 {
        let keys = match beat {
            112..116 | 124..132 | 136..140 => GOING,
            116..124 | 140..144 => DOMINANT,
            _ => HOME,
        };
        let (from_s, to_s) = (whole.beat_s(f64::from(beat)), whole.beat_s(f64::from(beat) + 0.95));
        chord(whole, from_s, to_s, &keys, 66.0 - 0.5 * f64::from(beat - 112));
    }
    let release_s = whole.span().to_s;
    let arrival_s = whole.beat_s(144.0);
    chord(whole, arrival_s, release_s + 2.0, &HOME, 46.0);
    whole.files.markers.push(Marker { time_s: whole.window(12).from_s, text: "complete: it is finished".to_owned() });
}

/// music.csv: the state that is cued, the chord that sounds, a key, and the repetition as such.
pub fn music(whole: &mut Exchange) {
    let coda = whole.coda.expect("it has one");
    let repeated_s = whole.truth.lines[8].end_s - 0.5;
    let next_s = whole.truth.lines[9].start_s;
    let mut times: Vec<f64> = whole.files.played.iter().flat_map(|note| [note.on_s, note.off_s]).collect();
    times.extend((0..13).map(|state| whole.window(state).from_s));
    times.extend([0.0, repeated_s, next_s, coda.end_s]);
    times.sort_by(f64::total_cmp);
    let row = |time_s: &f64| {
        let state = (0..13).rev().find(|state| whole.window(*state).from_s <= *time_s);
        let woken = *time_s >= coda.end_s;
        Music {
            time_s: *time_s,
            key: if (4..9).contains(&state.unwrap_or(0)) { "F:maj" } else { "D:min" }.to_owned(),
            chord: name_at(&whole.files.played, *time_s + 1e-6),
            similarity: Some(if (repeated_s..next_s).contains(time_s) { 0.8 } else { 0.2 }),
            state: if woken { "tones" } else { state.map_or("waiting", |state| STATES[state]) }.to_owned(),
        }
    };
    let rows = times.iter().map(row).collect();
    whole.files.music = rows;
}
