//! A stretch of a session in figures: the client, the accompaniment, and the two together.

use super::rows::{Playing, Row, quartiles};
use super::session::{Part, Session};
use crate::analysis::turns::{Span, answers, common, length_s, turns, within};
use crate::analysis::{Imitation, asynchronies, deviation, key_clarity, lead, mean, mode_index};
use crate::summary::pitch;

/// How a figure is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A whole number.
    Count,
    /// A share, written in per cent.
    Share,
    /// Seconds.
    Seconds,
    /// Seconds, written in thousandths.
    Milliseconds,
    /// A MIDI key, written as the pitch.
    Key,
    /// A number with so many decimals.
    Plain(usize),
}

impl Unit {
    /// `value` in words; a dash for what is not known.
    pub fn told(self, value: Option<f64>) -> String {
        let Some(value) = value else { return "–".to_owned() };
        let text = match self {
            Self::Count => format!("{value:.0}"),
            Self::Share => format!("{:.0} %", 100.0 * value),
            Self::Seconds => format!("{value:.1} s"),
            Self::Milliseconds => format!("{:.0} ms", 1_000.0 * value),
            Self::Key => pitch(value.round().clamp(0.0, 127.0) as u8),
            Self::Plain(decimals) => format!("{value:.decimals$}"),
        };
        // What rounds to nought has no sign.
        let is_nought = text.starts_with('-') && !text.contains(|digit| ('1'..='9').contains(&digit));
        if is_nought { text[1..].to_owned() } else { text }
    }
}

/// What a figure is: its name in files, its name for a reader, and how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// In files.
    pub name: &'static str,
    /// For a reader.
    pub label: &'static str,
    /// How it is written.
    pub unit: Unit,
}

const fn kind(name: &'static str, label: &'static str, unit: Unit) -> Kind {
    Kind { name, label, unit }
}

/// The figures of a player.
pub const PLAYER: [Kind; 15] = [
    kind("notes", "Notes", Unit::Count),
    kind("density", "Attacks (notes or chords begun) a second", Unit::Plain(1)),
    kind("sounding", "Share of the time sounding", Unit::Share),
    kind("longest_rest_s", "Longest rest", Unit::Seconds),
    kind("articulation", "Articulation (length of a note against the time to the next)", Unit::Share),
    kind("mean_key", "Middle of the register", Unit::Key),
    kind("low_key", "Low end (one note in ten is lower)", Unit::Key),
    kind("high_key", "High end (one note in ten is higher)", Unit::Key),
    kind("velocity", "Loudness (MIDI velocity)", Unit::Plain(0)),
    kind("velocity_sd", "Spread of loudness", Unit::Plain(0)),
    kind("tempo_bpm", "Tempo, where there is one (beats a minute)", Unit::Plain(0)),
    kind("pulse_clarity", "Pulse clarity (0 to 1)", Unit::Plain(2)),
    kind("key_clarity", "Key clarity (0 to 1)", Unit::Plain(2)),
    kind("mode", "Mode (above 0 major, below minor)", Unit::Plain(2)),
    kind("roughness", "Dissonance (a major triad is 1)", Unit::Plain(2)),
];

/// The figures of the two together.
pub const TOGETHER: [Kind; 16] = [
    kind("joint_share", "Accompaniment's attacks within 150 ms of the client's", Unit::Share),
    kind("asynchrony_s", "Mean asynchrony (positive: the client first)", Unit::Milliseconds),
    kind("asynchrony_sd_s", "Spread of the asynchrony", Unit::Milliseconds),
    kind("lead", "Lead (1: always the client first; -1: always the accompaniment)", Unit::Plain(2)),
    kind("overlap", "Both sounding, share of the time", Unit::Share),
    kind("floor", "The client's share of all sounding time", Unit::Share),
    kind("turns", "Turns of the client", Unit::Count),
    kind("answers", "Turns that the accompaniment went on from", Unit::Count),
    kind("answer_s", "Time from the end of a turn to the accompaniment", Unit::Seconds),
    kind("return_s", "Time from the accompaniment's end to the client", Unit::Seconds),
    kind("common_pulse", "Clarity of a common pulse (0 to 1)", Unit::Plain(2)),
    kind("common_bpm", "Tempo of the common pulse (beats a minute)", Unit::Plain(0)),
    kind("roughness", "Dissonance of both together (a major triad is 1)", Unit::Plain(2)),
    kind("imitation_lag_s", "Imitation: lag (positive: the accompaniment imitates)", Unit::Seconds),
    kind("imitation", "Imitation: likeness at that lag (0 to 1)", Unit::Plain(2)),
    kind("imitation_asymmetry", "Imitation: who (1: the accompaniment only; -1: the client only)", Unit::Plain(2)),
];

/// A stretch in figures, in the order of [`PLAYER`] and [`TOGETHER`].
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// The stretch, s.
    pub from_s: f64,
    /// Its end, s.
    pub to_s: f64,
    /// The client.
    pub client: [Option<f64>; PLAYER.len()],
    /// The accompaniment.
    pub accompaniment: [Option<f64>; PLAYER.len()],
    /// Both.
    pub together: [Option<f64>; TOGETHER.len()],
}

/// The place of the figure `name` in `kinds`.
pub fn place(kinds: &[Kind], name: &str) -> usize {
    kinds.iter().position(|kind| kind.name == name).unwrap_or(0)
}

impl Figures {
    /// The figures of `session` from `from_s` to `to_s`, given its rows and its imitation diagram.
    pub fn of(session: &Session, rows: &[Row], imitation: &Imitation, from_s: f64, to_s: f64) -> Self {
        let rows: Vec<&Row> = rows.iter().filter(|row| row.time_s > from_s && row.time_s <= to_s + 1.0).collect();
        let seconds = (from_s as usize).min(imitation.rows.len())..(to_s.ceil() as usize).min(imitation.rows.len());
        let imitation = Imitation::of_rows(imitation.rows[seconds].to_vec());
        Self {
            from_s,
            to_s,
            client: player(&session.client, rows.iter().map(|row| &row.client), from_s, to_s),
            accompaniment: player(&session.accompaniment, rows.iter().map(|row| &row.accompaniment), from_s, to_s),
            together: together(session, &rows, &imitation, from_s, to_s),
        }
    }
}

fn player<'a>(
    part: &Part,
    rows: impl Iterator<Item = &'a Playing> + Clone,
    from_s: f64,
    to_s: f64,
) -> [Option<f64>; PLAYER.len()] {
    let begun = part.between(from_s, to_s);
    let spans = within(&part.spans(), from_s, to_s);
    let mut keys: Vec<f64> = begun.notes.iter().map(|note| f64::from(note.key)).collect();
    keys.sort_unstable_by(f64::total_cmp);
    let key_at = |share: f64| keys.get(((keys.len() as f64 - 1.0) * share).round() as usize).copied();
    let velocities: Vec<f64> = begun.all().iter().map(|note| f64::from(note.velocity)).collect();
    let mut durations = [0.0; 12];
    for note in &part.notes {
        durations[usize::from(note.key % 12)] += (note.off_s.min(to_s) - note.on_s.max(from_s)).max(0.0);
    }
    let of_rows = |name: &str| mean(rows.clone().filter_map(|row| row.feature(name)));
    let length = to_s - from_s;
    [
        Some(begun.count() as f64),
        (length > 0.0).then(|| begun.attacks().len() as f64 / length),
        (length > 0.0).then(|| length_s(&spans) / length),
        Some(longest_rest(&spans, from_s, to_s)),
        of_rows("articulation"),
        mean(keys.iter().copied()),
        key_at(0.1),
        key_at(0.9),
        mean(velocities.iter().copied()),
        deviation(&velocities),
        quartiles(rows.clone().filter_map(|row| row.tempo_bpm)).map(|middle| middle[1]),
        of_rows("pulse_clarity"),
        key_clarity(&durations),
        mode_index(&durations),
        of_rows("roughness"),
    ]
}

fn longest_rest(spans: &[Span], from_s: f64, to_s: f64) -> f64 {
    let ends = [from_s].into_iter().chain(spans.iter().map(|span| span.1));
    let starts = spans.iter().map(|span| span.0).chain([to_s]);
    starts.zip(ends).map(|(start, end)| start - end).fold(0.0, f64::max)
}

fn together(
    session: &Session,
    rows: &[&Row],
    imitation: &Imitation,
    from_s: f64,
    to_s: f64,
) -> [Option<f64>; TOGETHER.len()] {
    let (client, accompaniment) = (session.client.attacks(), session.accompaniment.attacks());
    let inside = |at_s: f64| (from_s..to_s).contains(&at_s);
    let joint = asynchronies(&client, &accompaniment);
    let off: Vec<f64> = joint.iter().filter(|one| inside(one.at_s)).map(|one| one.off_s).collect();
    let count = accompaniment.iter().filter(|attack| inside(attack.0)).count();
    let (theirs, ours) = (session.client.spans(), session.accompaniment.spans());
    let part_s = |spans: &[Span]| length_s(&within(spans, from_s, to_s));
    let (theirs_s, ours_s, both_s) = (part_s(&theirs), part_s(&ours), part_s(&common(&theirs, &ours)));
    let (her_turns, our_turns) = (turns(&session.client.all()), turns(&session.accompaniment.all()));
    let taken = her_turns.iter().filter(|turn| inside(turn.1)).count();
    let after = |turns: &[Span], attacks: &[(f64, f64)]| -> Vec<f64> {
        answers(turns, attacks).into_iter().filter(|answer| inside(answer.0)).map(|answer| answer.1).collect()
    };
    let (answers, returns) = (after(&her_turns, &accompaniment), after(&our_turns, &client));
    let middle = |values: &[f64]| quartiles(values.iter().copied()).map(|quartiles| quartiles[1]);
    let peak = imitation.peak();
    [
        (count > 0 && !client.is_empty()).then(|| off.len() as f64 / count as f64),
        mean(off.iter().copied()),
        deviation(&off),
        lead(&off),
        (to_s > from_s).then(|| both_s / (to_s - from_s)),
        (theirs_s + ours_s > 0.0).then(|| theirs_s / (theirs_s + ours_s)),
        Some(taken as f64),
        Some(answers.len() as f64),
        middle(&answers),
        middle(&returns),
        mean(rows.iter().filter_map(|row| row.together.common_pulse)),
        quartiles(rows.iter().filter_map(|row| row.together.common_bpm)).map(|quartiles| quartiles[1]),
        mean(rows.iter().filter_map(|row| row.together.roughness)),
        peak.map(|peak| peak.lag_s),
        peak.map(|peak| peak.likeness),
        peak.and_then(|_| imitation.asymmetry()),
    ]
}
