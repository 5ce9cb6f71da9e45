//! Read-outs beside the Improvisation Assessment Profiles (Bruscia 1987): where figures of the notes would lie on their
//! gradients. They are what a computer can count, for the therapist to hold against what she heard. They diagnose nothing.

use super::figures::{Figures, TOGETHER, place};
use super::proxies::{TENSION_NAMES, tension};
use super::rows::{Playing, Row, quartiles};
use super::session::Session;
use crate::analysis::{deviation, mean};
use crate::analysis::{likeness, series, standardised};

/// A read-out.
#[derive(Clone, Debug, PartialEq)]
pub struct Readout {
    /// Name of the profile.
    pub name: &'static str,
    /// The figure; `None` where there is nothing to tell it from.
    pub value: Option<f64>,
    /// The figure in words.
    pub told: String,
    /// The five steps of the profile's gradient.
    pub gradient: [&'static str; 5],
    /// Where the figure would lie on it, 0-4, if it says so much.
    pub step: Option<usize>,
    /// How it is counted.
    pub how: &'static str,
}

/// Length of the moments that variability compares, s.
const MOMENT_S: f64 = 4.0;

/// Upper ends of the first four steps of variability.
const VARIABILITY: [f64; 4] = [0.05, 0.15, 0.4, 0.7];

/// The same of autonomy; what lies beyond the last is still a leader's: resisting cannot be told from notes.
const AUTONOMY: [f64; 3] = [-0.4, -0.1, 0.1];

/// Upper ends of the shares of joint attacks: apart, mostly apart, partly together.
const JOINT: [f64; 3] = [0.1, 0.33, 0.66];

/// From this share of doubled pitch classes on, together is the same.
const DOUBLED: f64 = 0.66;

/// Ends of the scales on which tension is measured: attacks a second, velocity, roughness, distance from a clear key, and
/// beats a minute, from what is slack to what is tight in most playing.
const SCALES: [(f64, f64); TENSION_NAMES.len()] = [(0.0, 4.0), (20.0, 110.0), (0.0, 2.5), (0.0, 0.6), (50.0, 160.0)];

/// Upper ends of the steps of steady tension: hypo-tense, calm, tense.
const TENSION: [f64; 3] = [0.2, 0.5, 0.8];

/// From this difference between its tenth and its ninetieth hundredth on, tension comes and goes.
const CYCLIC: f64 = 0.3;

/// The read-outs of `session`.
pub fn readouts(session: &Session, rows: &[Row], whole: &Figures) -> Vec<Readout> {
    let client: Vec<Playing> = rows.iter().map(|row| row.client).collect();
    vec![
        salience(&client),
        tension_readout(&client),
        congruence(&client),
        variability(session),
        integration(session, whole),
        autonomy(whole),
    ]
}

fn step(value: f64, ends: &[f64]) -> usize {
    ends.iter().filter(|end| value >= **end).count()
}

fn salience(rows: &[Playing]) -> Readout {
    let scores = tension(rows);
    let spread = |column: usize| {
        let values: Vec<f64> = scores.iter().filter_map(|row| row[column]).collect();
        quartiles(values).map(|[low, _, high]| high - low)
    };
    let most = (0..TENSION_NAMES.len())
        .filter_map(|column| Some((column, spread(column)?)))
        .filter(|(_, spread)| *spread > 0.0)
        .max_by(|a, b| a.1.total_cmp(&b.1));
    Readout {
        name: "Salience",
        value: most.map(|most| most.1),
        told: most.map_or_else(untold, |(column, _)| format!("{} changed most", TENSION_NAMES[column])),
        gradient: ["receding", "conforming", "contributing", "controlling", "dominating"],
        step: None,
        how: "The element of the client's playing whose middle half is spread widest, in its own standard deviations. \
              Which step it has is for the ear.",
    }
}

fn tension_readout(rows: &[Playing]) -> Readout {
    let on_scale = |row: &Playing| {
        let values = [
            row.feature("density"),
            row.feature("mean_velocity"),
            row.feature("roughness"),
            row.feature("key_clarity").map(|clear| 1.0 - clear),
            row.tempo_bpm,
        ];
        let share = |(value, (low, high)): (Option<f64>, (f64, f64))| {
            value.map(|value| ((value - low) / (high - low)).clamp(0.0, 1.0))
        };
        // Silence is no tension.
        row.feature("mean_velocity")?;
        mean(values.into_iter().zip(SCALES).filter_map(share))
    };
    let mut levels: Vec<f64> = rows.iter().filter_map(on_scale).collect();
    levels.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| levels.get(((levels.len() as f64 - 1.0) * share).round() as usize).copied();
    let swing = at(0.9).zip(at(0.1)).map(|(high, low)| high - low);
    let value = mean(levels.iter().copied());
    let told = value.zip(swing).map_or_else(untold, |(value, swing)| format!("{value:.2}, swings by {swing:.2}"));
    let of_level = |value: f64| [0, 1, 3, 4][step(value, &TENSION)];
    Readout {
        name: "Tension",
        value,
        told,
        gradient: ["hypo-tense", "calm", "cyclic", "tense", "hyper-tense"],
        step: value.zip(swing).map(|(value, swing)| if swing >= CYCLIC { 2 } else { of_level(value) }),
        how: "Mean of the client's density, loudness, dissonance, distance from a clear key and tempo, each on a scale \
              from slack (0) to tight (1); cyclic if it swings by 0.3 or more.",
    }
}

fn congruence(rows: &[Playing]) -> Readout {
    let spread = |row: &[Option<f64>; TENSION_NAMES.len()]| {
        let values: Vec<f64> = row.iter().copied().flatten().collect();
        // Elements that have nothing to do with each other spread by their own deviation, less what the mean takes.
        let alone = 1.0 - 1.0 / values.len() as f64;
        (values.len() > 2).then(|| deviation(&values).map(|spread| spread * spread / alone)).flatten()
    };
    let value = mean(tension(rows).iter().filter_map(spread)).map(|spread| 1.0 - spread);
    Readout {
        name: "Congruence",
        value,
        told: value.map_or_else(untold, |value| format!("{value:.2}")),
        gradient: ["unengaged", "congruent", "centered", "incongruent", "polarized"],
        step: None,
        how: "1: the elements of the client's tension rise and fall together; 0: each goes its own way; below 0: against \
              each other. Which step it has is for the ear.",
    }
}

fn variability(session: &Session) -> Readout {
    let notes = session.client.all();
    let moments: Vec<_> = series(&notes, MOMENT_S, session.length_s).into_iter().map(|row| row.1).collect();
    // A moment without a note is no variation of the one before.
    let sounding: Vec<_> = moments.into_iter().filter(|moment| moment[6].is_some()).collect();
    let vectors = standardised(&sounding);
    let value = mean(vectors.windows(2).map(|pair| 1.0 - likeness(&pair[0], &pair[1])));
    Readout {
        name: "Variability",
        value,
        told: value.map_or_else(untold, |value| format!("{value:.2}")),
        gradient: ["rigid", "stable", "variable", "contrasting", "random"],
        step: value.map(|value| step(value, &VARIABILITY)),
        how: "How unlike each moment of 4 s of the client's playing is to the one before: 0 the same, 1 nothing alike.",
    }
}

fn integration(session: &Session, whole: &Figures) -> Readout {
    let joint = whole.together[place(&TOGETHER, "joint_share")];
    let doubled = doubled(session);
    let value = joint.map(|joint| joint * (1.0 - doubled.unwrap_or(0.0)));
    let steps = |joint: f64| match step(joint, &JOINT) {
        3 if doubled.is_some_and(|doubled| doubled >= DOUBLED) => 0,
        3 => 1,
        2 => 2,
        1 => 3,
        _ => 4,
    };
    Readout {
        name: "Integration",
        value,
        told: value.zip(joint).map_or_else(untold, |(value, joint)| {
            let doubled =
                doubled.map_or_else(String::new, |doubled| format!(", {:.0} % on the same pitch", 100.0 * doubled));
            format!("{value:.2} ({:.0} % of attacks together{doubled})", 100.0 * joint)
        }),
        gradient: ["undifferentiated", "synchronized", "integrated", "differentiated", "overdifferentiated"],
        step: joint.map(steps),
        how: "Share of the accompaniment's attacks within 150 ms of the client's, times the share of them that is on \
              another pitch class.",
    }
}

/// Share of the accompaniment's notes with one of the client's within 0.15 s that have her pitch class.
fn doubled(session: &Session) -> Option<f64> {
    let hers = &session.client.notes;
    let near = |on_s: f64| {
        let first = hers.partition_point(|note| note.on_s < on_s - crate::analysis::NEAR_S);
        hers[first..].iter().take_while(move |note| note.on_s <= on_s + crate::analysis::NEAR_S)
    };
    let joint = session.accompaniment.notes.iter().filter(|note| near(note.on_s).next().is_some());
    let same = |note: &crate::analysis::Note| near(note.on_s).any(|hers| hers.key % 12 == note.key % 12);
    mean(joint.map(|note| if same(note) { 1.0 } else { 0.0 }))
}

fn autonomy(whole: &Figures) -> Readout {
    let of = |name: &str| whole.together[place(&TOGETHER, name)];
    let value = of("imitation_asymmetry").zip(of("imitation")).map(|(asymmetry, likeness)| asymmetry * likeness);
    Readout {
        name: "Autonomy",
        value,
        told: value.map_or_else(untold, |value| format!("{value:+.2}")),
        gradient: ["dependent", "follower", "partner", "leader", "resister"],
        step: value.map(|value| step(value, &AUTONOMY)),
        how: "The client's: who imitates whom (asymmetry of the imitation diagram) times how alike they are; above 0 the \
              accompaniment follows the client. Not told where no imitation stands out; resisting is for the ear.",
    }
}

fn untold() -> String {
    "not told: too little to go by".to_owned()
}
