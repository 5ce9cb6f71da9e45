//! The facts of a session as plain text, to be copied into a progress note: what was played, when, by whom, for how long,
//! and what changed. No interpretation.

use super::Report;
use super::figures::{Figures, PLAYER, TOGETHER, place};
use super::html::clock;
use super::session::Part;
use crate::summary::{counted, pitch};
use std::fmt::Write;

/// Figures of each player that are told for the first and the last third.
const CHANGES: [&str; 8] =
    ["density", "sounding", "longest_rest_s", "articulation", "mean_key", "velocity", "tempo_bpm", "mode"];

/// Figures of the two together that are.
const CHANGES_TOGETHER: [&str; 5] = ["joint_share", "overlap", "floor", "answer_s", "roughness"];

/// Lines of the states are no more than this: a progress note is short.
const STATES_MAX: usize = 20;

/// The facts of `report`.
pub fn facts(report: &Report) -> String {
    let session = &report.session;
    let mut text = String::new();
    let day = if session.date.is_empty() { String::new() } else { format!("{}, ", session.date) };
    let _ = writeln!(text, "Session: {day}{} long.", clock(session.length_s));
    let (hers, ours) = (&report.whole.client, &report.whole.accompaniment);
    let _ = writeln!(text, "Client ({}): {}", session.client_source, played(&session.client, hers));
    let _ =
        writeln!(text, "Accompaniment ({}): {}", session.accompaniment_source, played(&session.accompaniment, ours));
    let voices: Vec<String> = session.voices.iter().map(|(name, count)| format!("{name} {count}")).collect();
    if !voices.is_empty() {
        let _ = writeln!(text, "Notes of each voice: {}.", voices.join(", "));
    }
    if session.therapist_notes > 0 {
        let _ = writeln!(text, "Therapist's own playing: {}.", counted(session.therapist_notes, "note"));
    }
    let _ = writeln!(text, "Together: {}", together(&report.whole));
    arc(&mut text, report);
    changes(&mut text, report);
    text
}

fn played(part: &Part, figures: &[Option<f64>; PLAYER.len()]) -> String {
    let all = part.all();
    let (Some(first), last_s) = (all.first(), part.end_s()) else { return "nothing was heard.".to_owned() };
    let of = |name: &str| PLAYER[place(&PLAYER, name)].unit.told(figures[place(&PLAYER, name)]);
    let mut text = counted(part.notes.len(), "note");
    if let (Some(low), Some(high)) =
        (part.notes.iter().map(|note| note.key).min(), part.notes.iter().map(|note| note.key).max())
    {
        let _ = write!(text, " from {} to {}", pitch(low), pitch(high));
    }
    if !part.strokes.is_empty() {
        let _ = write!(text, " and {} without a pitch", counted(part.strokes.len(), "stroke"));
    }
    let _ = write!(text, ", sounding for {} of the time", of("sounding"));
    let _ = write!(text, "; from {} to {}; longest rest {}.", clock(first.on_s), clock(last_s), of("longest_rest_s"));
    text
}

fn together(whole: &Figures) -> String {
    let of = |name: &str| whole.together[place(&TOGETHER, name)];
    let told = |name: &str| TOGETHER[place(&TOGETHER, name)].unit.told(of(name));
    let mut text = format!("both sounded for {} of the time", told("overlap"));
    if of("turns").is_some_and(|turns| turns > 0.0) {
        let _ = write!(text, "; the client took {} turns (parted by rests of 0.6 s or more)", told("turns"));
    }
    if of("answer_s").is_some() {
        let (answers, after) = (told("answers"), told("answer_s"));
        let _ = write!(text, "; after {answers} of them the accompaniment went on, typically {after} later");
    }
    if of("return_s").is_some() {
        let _ = write!(text, "; the client came back typically {} after the accompaniment rested", told("return_s"));
    }
    text + "."
}

fn arc(text: &mut String, report: &Report) {
    let arc = report.session.arc();
    if !arc.is_empty() {
        let states: Vec<String> =
            arc.iter().take(STATES_MAX).map(|(at_s, state, _)| format!("{state} {}", clock(*at_s))).collect();
        let more = arc.len().saturating_sub(STATES_MAX);
        let more = if more > 0 { format!(", and {more} more") } else { String::new() };
        let _ = writeln!(text, "Course of the exchange: {}{more}.", states.join(", "));
    }
    let remarks: Vec<String> = report.session.remarks().map(|(at_s, text)| format!("{} {text}", clock(at_s))).collect();
    if !remarks.is_empty() {
        let _ = writeln!(text, "Markers: {}.", remarks.join("; "));
    }
}

fn changes(text: &mut String, report: &Report) {
    let [first, _, last] = &report.thirds;
    let _ = writeln!(
        text,
        "\nFirst third (0:00 to {}), then last third ({} to {}):",
        clock(first.to_s),
        clock(last.from_s),
        clock(last.to_s)
    );
    let players =
        [("Client", &first.client, &last.client), ("Accompaniment", &first.accompaniment, &last.accompaniment)];
    for (who, then, now) in players {
        let told = CHANGES.iter().filter_map(|name| {
            let index = place(&PLAYER, name);
            let kind = PLAYER[index];
            then[index].or(now[index])?;
            Some(format!("  {}: {}, then {}", kind.label, kind.unit.told(then[index]), kind.unit.told(now[index])))
        });
        let told: Vec<String> = told.collect();
        let _ = writeln!(text, "{who}\n{}", told.join("\n"));
    }
    let told = CHANGES_TOGETHER.iter().filter_map(|name| {
        let index = place(&TOGETHER, name);
        let kind = TOGETHER[index];
        let (then, now) = (first.together[index], last.together[index]);
        then.or(now)?;
        Some(format!("  {}: {}, then {}", kind.label, kind.unit.told(then), kind.unit.told(now)))
    });
    let told: Vec<String> = told.collect();
    if !told.is_empty() {
        let _ = writeln!(text, "Together\n{}", told.join("\n"));
    }
}
