//! Features of one player within a window.

use super::{Note, attacks, clarity, deviation, key_clarity, mean, mode_index, roughness};

/// Length of the window, s.
pub const WINDOW_S: f64 = 6.0;

/// Features of a moment.
pub const FEATURES: usize = 12;

/// Their names, in the order of a [`Moment`].
pub const NAMES: [&str; FEATURES] = [
    "density",
    "silence",
    "articulation",
    "mean_key",
    "sd_key",
    "range",
    "mean_velocity",
    "sd_velocity",
    "key_clarity",
    "mode",
    "roughness",
    "pulse_clarity",
];

/// Onsets a second; share of silence; length of notes against their intervals; mean, deviation and range (P90 - P10) of
/// MIDI keys; mean and deviation of velocities; key clarity; mode index; mean roughness of what sounds together; pulse
/// clarity. `None` where there is nothing to tell it from.
pub type Moment = [Option<f64>; FEATURES];

/// Longest interval that articulation is measured against, s: what follows later is another phrase.
const PHRASE_GAP_S: f64 = 3.0;

/// Between two looks at what sounds together, s.
const LOOK_S: f64 = 0.1;

/// Fewest attacks that a pulse can be told from.
const PULSE_ATTACKS: usize = 4;

/// The features of `notes`, in the order of their beginnings, from `from_s` to `to_s`.
pub fn moment(notes: &[Note], from_s: f64, to_s: f64) -> Moment {
    let begun: Vec<Note> = notes.iter().copied().filter(|note| (from_s..to_s).contains(&note.on_s)).collect();
    let sounding: Vec<Note> = notes.iter().copied().filter(|note| note.within_s(from_s, to_s) > 0.0).collect();
    let attacks = attacks(&begun);
    let keys: Vec<f64> = begun.iter().map(|note| f64::from(note.key)).collect();
    let velocities: Vec<f64> = begun.iter().map(|note| f64::from(note.velocity)).collect();
    let mut durations = [0.0; 12];
    sounding.iter().for_each(|note| durations[usize::from(note.key % 12)] += note.within_s(from_s, to_s));
    [
        Some(attacks.len() as f64 / (to_s - from_s)),
        Some(1.0 - union_s(&sounding, from_s, to_s) / (to_s - from_s)),
        articulation(&begun, &attacks),
        mean(keys.iter().copied()),
        deviation(&keys),
        range(&keys),
        mean(velocities.iter().copied()),
        deviation(&velocities),
        key_clarity(&durations),
        mode_index(&durations),
        mean_roughness(&sounding, from_s, to_s),
        (attacks.len() >= PULSE_ATTACKS).then(|| clarity(&attacks)),
    ]
}

/// A moment every `hop_s` until `end_s`, with the instant at which its window ends.
pub fn series(notes: &[Note], hop_s: f64, end_s: f64) -> Vec<(f64, Moment)> {
    let count = (end_s / hop_s).ceil() as usize;
    let longest_s = notes.iter().map(|note| note.off_s - note.on_s).fold(0.0, f64::max);
    (1..=count)
        .map(|index| {
            let to_s = hop_s * index as f64;
            let from_s = (to_s - WINDOW_S).max(0.0);
            // No other note can sound in the window.
            let first = notes.partition_point(|note| note.on_s < from_s - longest_s);
            let after = notes.partition_point(|note| note.on_s < to_s);
            (to_s, moment(&notes[first..after], from_s, to_s))
        })
        .collect()
}

/// Seconds in which at least one of `notes`, in the order of their beginnings, sounds.
fn union_s(notes: &[Note], from_s: f64, to_s: f64) -> f64 {
    let (mut sum, mut until) = (0.0, from_s);
    for note in notes {
        let (on, off) = (note.on_s.max(until), note.off_s.min(to_s));
        sum += (off - on).max(0.0);
        until = until.max(off);
    }
    sum
}

fn articulation(begun: &[Note], attacks: &[(f64, f64)]) -> Option<f64> {
    let next = |note: &Note| attacks.iter().map(|attack| attack.0).find(|at_s| *at_s > note.on_s + super::TOGETHER_S);
    let share =
        |note: &Note| next(note).map(|next_s| (note.off_s - note.on_s) / (next_s - note.on_s).min(PHRASE_GAP_S));
    mean(begun.iter().filter_map(share))
}

/// From the tenth to the ninetieth of a hundred.
fn range(keys: &[f64]) -> Option<f64> {
    let mut sorted = keys.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| sorted.get(((sorted.len() as f64 - 1.0) * share).round() as usize).copied();
    Some(at(0.9)? - at(0.1)?)
}

fn mean_roughness(sounding: &[Note], from_s: f64, to_s: f64) -> Option<f64> {
    let looks = ((to_s - from_s) / LOOK_S) as usize;
    mean((0..looks).filter_map(|look| {
        let at_s = from_s + (look as f64 + 0.5) * LOOK_S;
        let keys: Vec<f64> =
            sounding.iter().filter(|note| note.on_s <= at_s && at_s < note.off_s).map(|note| note.key.into()).collect();
        (keys.len() > 1).then(|| roughness(&keys))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Notes of 0.4 s every half second, one key, from nought.
    fn steady(count: usize) -> Vec<Note> {
        (0..count).map(|i| Note { on_s: 0.5 * i as f64, off_s: 0.5 * i as f64 + 0.4, key: 60, velocity: 80 }).collect()
    }

    fn value(name: &str, moment: &Moment) -> f64 {
        moment[NAMES.iter().position(|other| *other == name).unwrap()].unwrap()
    }

    #[test]
    fn density_silence_articulation_and_pulse_of_a_steady_line_are_its_own() {
        let moment = moment(&steady(12), 0.0, 6.0);
        assert!((value("density", &moment) - 2.0).abs() < 1e-9);
        assert!((value("silence", &moment) - 0.2).abs() < 1e-9);
        assert!((value("articulation", &moment) - 0.8).abs() < 1e-9);
        assert!(value("pulse_clarity", &moment) > 0.8);
        assert_eq!((value("mean_key", &moment), value("range", &moment)), (60.0, 0.0));
    }

    #[test]
    fn of_silence_only_density_and_silence_are_told() {
        let moment = moment(&[], 0.0, 6.0);
        assert_eq!((value("density", &moment), value("silence", &moment)), (0.0, 1.0));
        assert!(moment[2..].iter().all(Option::is_none));
    }

    #[test]
    fn chords_are_one_attack_and_as_rough_as_their_tones() {
        let chord = [60, 64, 67].map(|key| Note { on_s: 1.0, off_s: 3.0, key, velocity: 80 });
        let moment = moment(&chord, 0.0, 6.0);
        assert!((value("density", &moment) - 1.0 / 6.0).abs() < 1e-9);
        assert!((value("roughness", &moment) - 1.0).abs() < 1e-6);
    }
}
