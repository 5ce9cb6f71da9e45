//! 13, complete: completion.

use super::Criterion;
use super::approach::TONIC;
use crate::exchange::files::Note;
use crate::exchange::measure::attack::{attacks_within, begun};
use crate::exchange::measure::most;
use crate::exchange::measure::sounding::{classes, instants};
use crate::exchange::rig::Exchange;
use crate::exchange::take::Cueing;

/// A soft tone after the end is no louder than a gentle one, velocity.
const SOFT: u8 = 60;

/// A high tone after the end lies no lower than this key.
const HIGH: u8 = 60;

/// Tones of the tonic chord, minor or major.
const CHORD: [u8; 4] = [2, 5, 6, 9];

/// After the second of two tones the music has woken within this time, s.
const WOKEN_S: f64 = 2.0;

/// The criteria of the thirteenth line.
///
/// Readings: the tonic is held while D sounds anywhere, from the cue on; 3 s are enough, or until a second after the
/// release. Soft is 60 or less, and chord tones are D, F, F sharp and A. Velocity falls if no attack of the window is more
/// than 2 louder than the one before, and the last is not louder than the first. Two tones wake it if the state is no
/// longer `complete` 2 s after them, or if it plays; where the therapist guides it waits for her and is not asked.
pub fn complete(exchange: &Exchange) -> Vec<Criterion> {
    let Some(coda) = exchange.coda else { return Vec::new() };
    let played = &exchange.files.played;
    let window = exchange.window(12);
    let release_s = exchange.span().to_s;
    let last_onset_s = exchange.truth.onsets_s.last().copied().unwrap_or(f64::NAN);
    let held_s = held_s(played, window.from_s, window.to_s);
    let held_wanted_s = (release_s + 1.0 - window.from_s).min(3.0);
    let late: Vec<&Note> = begun(played, last_onset_s + 1.0, coda.one_tone_s).collect();
    let unfit = late.iter().filter(|n| n.key < HIGH || n.velocity > SOFT || !CHORD.contains(&n.class())).count();
    let velocities: Vec<f64> =
        attacks_within(played, window.from_s, window.to_s).iter().map(|a| a.velocity()).collect();
    let steepest = most(velocities.windows(2).map(|pair| pair[1] - pair[0]).chain([0.0]));
    let over_all = velocities.last().zip(velocities.first()).map_or(0.0, |(last, first)| last - first - 2.0);
    let before_one_tone = played.iter().filter(|note| note.on_s < coda.one_tone_s);
    let off_s = most(before_one_tone.map(|note| note.off_s));
    let next_on_s = played.iter().map(|n| n.on_s).filter(|on| *on > off_s).fold(coda.one_tone_s, f64::min);
    let state = |time_s: f64| exchange.music(time_s).map_or("", |row| row.state.as_str());
    let woken_by_one = begun(played, coda.one_tone_s, coda.two_tones_s).count();
    let marked = exchange.files.markers.iter().any(|marker| {
        marker.text.to_lowercase().contains("complete")
            && (window.from_s - 4.0..coda.one_tone_s).contains(&marker.time_s)
    });
    let mut criteria = vec![
        Criterion::at_least("tonic held, s", held_s, held_wanted_s),
        Criterion::at_most("tones after the last onset + 1 s", late.len() as f64, 2.0),
        Criterion::at_most("of these not soft, high chord tones", unfit as f64, 0.0),
        Criterion::at_most("rise of velocity", steepest.max(over_all), 2.0),
        Criterion::at_most("all off after the release, s", off_s - release_s, 12.0),
        Criterion::at_least("then silent, s", next_on_s - off_s, 8.0),
        Criterion::holds(
            "one tone does not wake it",
            woken_by_one == 0 && state(coda.two_tones_s - 0.05) == "complete",
        ),
        Criterion::holds("a marker is written", marked),
    ];
    if exchange.take.cueing != Cueing::Guided {
        let plays = begun(played, coda.two_tones_s, coda.end_s + WOKEN_S).count() > 0;
        let woken = plays || state(coda.end_s + WOKEN_S) != "complete";
        criteria.push(Criterion::holds("two tones wake it", woken && state(coda.two_tones_s - 0.05) == "complete"));
    }
    criteria
}

/// The longest time for which the tonic sounds, s.
fn held_s(played: &[Note], from_s: f64, to_s: f64) -> f64 {
    let (mut longest, mut since) = (0.0_f64, None);
    for time_s in instants(from_s, to_s) {
        let start = *since.get_or_insert(time_s);
        if classes(played, time_s).contains(&TONIC) {
            longest = longest.max(time_s - start);
        } else {
            since = None;
        }
    }
    longest
}
