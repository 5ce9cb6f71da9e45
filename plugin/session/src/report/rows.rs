//! The session second by second: what each player does in the six seconds before, and how they go together.

use super::proxies;
use super::session::{Part, Session};
use crate::analysis::turns::{common, length_s, within};
use crate::analysis::{
    Moment, NAMES, Note, WINDOW_S, asynchronies, attacks, common_pulse, deviation, lead, line, mean, moment, pulse,
    series,
};

/// Between two rows, s.
pub const HOP_S: f64 = 1.0;

/// Fewest attacks that a pulse can be told from.
const PULSE_ATTACKS: usize = 4;

/// A tempo is told from this autocorrelation on: attacks that are scattered by half a beat stay below it (see the test of
/// pulse clarity).
const TEMPO_STRENGTH: f64 = 0.6;

/// What one player does; `None` where there is nothing to tell it from.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Playing {
    /// The features of [`NAMES`].
    pub moment: Moment,
    /// Tempo of the clearest pulse, beats a minute.
    pub tempo_bpm: Option<f64>,
    /// Steps up less steps down of the top line as a share of both, -1 to 1.
    pub contour: Option<f64>,
    /// Arousal proxy, standard deviations from the player's own mean.
    pub arousal: Option<f64>,
    /// Valence proxy, standard deviations from the player's own mean.
    pub valence: Option<f64>,
}

impl Playing {
    /// The feature called `name`, one of [`NAMES`].
    pub fn feature(&self, name: &str) -> Option<f64> {
        NAMES.iter().position(|other| *other == name).and_then(|column| self.moment[column])
    }
}

/// How the two go together; `None` where there is nothing to tell it from.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Together {
    /// Roughness of all that sounds together, 1 for a major triad.
    pub roughness: Option<f64>,
    /// How clear the pulse is that both have, 0-1.
    pub common_pulse: Option<f64>,
    /// Its tempo, beats a minute.
    pub common_bpm: Option<f64>,
    /// Share of the accompaniment's attacks within 0.15 s of one of the client's.
    pub joint_share: Option<f64>,
    /// Mean time from these to those, s; positive: the accompaniment is later.
    pub asynchrony_s: Option<f64>,
    /// Its standard deviation, s.
    pub asynchrony_sd_s: Option<f64>,
    /// Mean sign of the asynchronies: 1 the client always first, -1 the accompaniment.
    pub lead: Option<f64>,
    /// Share of the window in which both sound.
    pub overlap: Option<f64>,
    /// The client's share of all sounding time.
    pub floor: Option<f64>,
}

/// A second of the session.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Row {
    /// When the window ends, s.
    pub time_s: f64,
    /// The client.
    pub client: Playing,
    /// The accompaniment.
    pub accompaniment: Playing,
    /// Both.
    pub together: Together,
}

/// A row for every second of `session`.
pub fn rows(session: &Session) -> Vec<Row> {
    let (client, accompaniment) =
        (playing(&session.client, session.length_s), playing(&session.accompaniment, session.length_s));
    let together = together(session, client.len());
    let row = |((client, accompaniment), (index, together))| Row {
        time_s: (index + 1) as f64 * HOP_S,
        client,
        accompaniment,
        together,
    };
    let pairs = client.into_iter().zip(accompaniment);
    pairs.zip(together.into_iter().enumerate()).map(row).collect()
}

/// Features that are of keys, which strokes have none of.
const OF_KEYS: [&str; 6] = ["mean_key", "sd_key", "range", "key_clarity", "mode", "roughness"];

/// Articulation is told up to here: what is held on under many other notes is no more bound than that.
const ARTICULATION_MAX: f64 = 2.0;

fn playing(part: &Part, end_s: f64) -> Vec<Playing> {
    let all = part.all();
    let mut moments = series(&all, HOP_S, end_s);
    if !part.strokes.is_empty() {
        let pitched = series(&part.notes, HOP_S, end_s);
        for ((_, moment), (_, pitched)) in moments.iter_mut().zip(pitched) {
            for (column, _) in NAMES.iter().enumerate().filter(|(_, name)| OF_KEYS.contains(name)) {
                moment[column] = pitched[column];
            }
        }
    }
    let articulation = NAMES.iter().position(|name| *name == "articulation").unwrap_or(0);
    for (_, moment) in &mut moments {
        moment[articulation] = moment[articulation].map(|share| share.min(ARTICULATION_MAX));
    }
    let (attacks, line) = (attacks(&all), line(&part.notes));
    let row = |(to_s, moment): (f64, Moment)| {
        let from_s = to_s - WINDOW_S;
        let tempo = Some(between(&attacks, from_s, to_s)).filter(|attacks| attacks.len() >= PULSE_ATTACKS);
        let tempo = tempo.and_then(pulse).filter(|pulse| pulse.strength >= TEMPO_STRENGTH);
        let contour = contour(&line, from_s, to_s);
        Playing { moment, tempo_bpm: tempo.map(|pulse| 60.0 / pulse.period_s), contour, ..Playing::default() }
    };
    let mut rows: Vec<Playing> = moments.into_iter().map(row).collect();
    proxies::fill(&mut rows);
    rows
}

fn between(attacks: &[(f64, f64)], from_s: f64, to_s: f64) -> &[(f64, f64)] {
    let at = |s: f64| attacks.partition_point(|attack| attack.0 < s);
    &attacks[at(from_s)..at(to_s)]
}

fn contour(line: &[Note], from_s: f64, to_s: f64) -> Option<f64> {
    let at = |s: f64| line.partition_point(|note| note.on_s < s);
    let (mut up, mut down) = (0.0, 0.0);
    for pair in line[at(from_s)..at(to_s)].windows(2) {
        match pair[1].key.cmp(&pair[0].key) {
            std::cmp::Ordering::Greater => up += 1.0,
            std::cmp::Ordering::Less => down += 1.0,
            std::cmp::Ordering::Equal => {}
        }
    }
    (up + down > 0.0).then(|| (up - down) / (up + down))
}

fn together(session: &Session, count: usize) -> Vec<Together> {
    let (client, accompaniment) = (session.client.attacks(), session.accompaniment.attacks());
    let joint = asynchronies(&client, &accompaniment);
    let (theirs, ours) = (session.client.spans(), session.accompaniment.spans());
    let both = common(&theirs, &ours);
    let notes = Part::new([session.client.notes.as_slice(), &session.accompaniment.notes].concat(), Vec::new()).notes;
    let rough = NAMES.iter().position(|name| *name == "roughness").unwrap_or(0);
    let longest_s = notes.iter().map(|note| note.off_s - note.on_s).fold(0.0, f64::max);
    // Roughness of each second alone; the window's is their mean.
    let roughness: Vec<Option<f64>> = (0..count)
        .map(|index| {
            let (from_s, to_s) = (index as f64 * HOP_S, (index + 1) as f64 * HOP_S);
            let first = notes.partition_point(|note| note.on_s < from_s - longest_s);
            let after = notes.partition_point(|note| note.on_s < to_s);
            moment(&notes[first..after], from_s, to_s)[rough]
        })
        .collect();
    let window = (WINDOW_S / HOP_S) as usize;
    let row = |index: usize| {
        let to_s = (index + 1) as f64 * HOP_S;
        let from_s = (to_s - WINDOW_S).max(0.0);
        let (c, a) = (between(&client, from_s, to_s), between(&accompaniment, from_s, to_s));
        let at = |s: f64| joint.partition_point(|one| one.at_s < s);
        let off: Vec<f64> = joint[at(from_s)..at(to_s)].iter().map(|one| one.off_s).collect();
        let enough = c.len() >= PULSE_ATTACKS && a.len() >= PULSE_ATTACKS;
        let pulse = enough.then(|| common_pulse(c, a)).flatten();
        let (c_s, a_s) = (length_s(&within(&theirs, from_s, to_s)), length_s(&within(&ours, from_s, to_s)));
        Together {
            roughness: mean(roughness[(index + 1).saturating_sub(window)..=index].iter().copied().flatten()),
            common_pulse: pulse.map(|pulse| pulse.clarity),
            common_bpm: pulse.filter(|pulse| pulse.strength >= TEMPO_STRENGTH).map(|pulse| 60.0 / pulse.period_s),
            joint_share: (!a.is_empty() && !c.is_empty()).then(|| off.len() as f64 / a.len() as f64),
            asynchrony_s: mean(off.iter().copied()),
            asynchrony_sd_s: deviation(&off),
            lead: lead(&off),
            overlap: Some(length_s(&within(&both, from_s, to_s)) / (to_s - from_s)),
            floor: (c_s + a_s > 0.0).then(|| c_s / (c_s + a_s)),
        }
    };
    (0..count).map(row).collect()
}

/// The value in the middle, and those a quarter from either end.
pub(super) fn quartiles(values: impl IntoIterator<Item = f64>) -> Option<[f64; 3]> {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)? as f64;
    Some([0.25, 0.5, 0.75].map(|share| sorted[(last * share).round() as usize]))
}
