//! Verdicts over several takes as a compact table: a row for each criterion, a column for each take.

use super::judge::{Criterion, Verdict};
use std::fmt::Write;
use std::ops::RangeInclusive;

/// A row is shown if this says so.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shown<'a> {
    /// Only this state.
    pub state: Option<&'a str>,
    /// Only what fails in one of the takes at least.
    pub failing: bool,
}

/// The table of takes, each with a short heading and its verdicts; takes of different kinds stand in rows of their own.
/// What fails has an exclamation mark.
pub fn table(takes: &[(String, Vec<Verdict>)], shown: Shown<'_>) -> String {
    let mut text = String::new();
    let mut kinds: Vec<(&'static str, &'static str)> = Vec::new();
    for criterion in takes.iter().flat_map(|take| &take.1).flat_map(|v| v.criteria.iter().map(move |c| (v.of, c.name)))
    {
        if !kinds.contains(&criterion) {
            kinds.push(criterion);
        }
    }
    let headings: String = takes.iter().map(|take| format!("{:>9}", take.0)).collect();
    let _ = writeln!(text, "{:16} {:50} {:>14} {:>6}{headings}", "state", "criterion", "wanted", "pass");
    for (of, name) in kinds.into_iter().filter(|(of, _)| shown.state.is_none_or(|state| state == *of)) {
        let cells: Vec<Option<&Criterion>> = takes.iter().map(|take| find(&take.1, of, name)).collect();
        let judged = cells.iter().flatten().count();
        let passed = cells.iter().flatten().filter(|criterion| criterion.passes()).count();
        if shown.failing && passed == judged {
            continue;
        }
        let wanted = cells.iter().flatten().next().map_or(String::new(), |criterion| range(&criterion.wanted));
        let row: String = cells.iter().map(|cell| cell.map_or(format!("{:>9}", "-"), measured)).collect();
        let _ = writeln!(text, "{of:16} {name:50} {wanted:>14} {:>6}{row}", format!("{passed}/{judged}"));
    }
    text
}

/// How many of the verdicts pass in each take, and which do not.
pub fn summary(takes: &[(String, Vec<Verdict>)]) -> String {
    let mut text = String::new();
    for (heading, verdicts) in takes {
        let failing: Vec<&str> =
            verdicts.iter().filter(|verdict| !verdict.passes()).map(|verdict| verdict.of).collect();
        let passed = verdicts.len() - failing.len();
        let _ = writeln!(text, "{heading:9} {passed}/{} pass; not: {}", verdicts.len(), failing.join(" "));
    }
    let whole = takes.iter().filter(|take| take.1.iter().all(Verdict::passes)).count();
    let criteria = || takes.iter().flat_map(|take| &take.1).flat_map(|verdict| &verdict.criteria);
    let met = criteria().filter(|criterion| criterion.passes()).count();
    let _ = writeln!(text, "{whole} of {} takes pass; {met} of {} criteria met", takes.len(), criteria().count());
    text
}

fn find<'a>(verdicts: &'a [Verdict], of: &str, name: &str) -> Option<&'a Criterion> {
    verdicts.iter().filter(|verdict| verdict.of == of).flat_map(|verdict| &verdict.criteria).find(|c| c.name == name)
}

fn measured(criterion: &Criterion) -> String {
    let mark = if criterion.passes() { ' ' } else { '!' };
    format!("{:>8}{mark}", number(criterion.measured))
}

fn range(wanted: &RangeInclusive<f64>) -> String {
    match (wanted.start().is_finite(), wanted.end().is_finite()) {
        (true, true) => format!("{} to {}", number(*wanted.start()), number(*wanted.end())),
        (true, false) => format!(">= {}", number(*wanted.start())),
        _ => format!("<= {}", number(*wanted.end())),
    }
}

fn number(value: f64) -> String {
    match value {
        value if value.is_nan() => "none".to_owned(),
        value if value.abs() >= 100.0 => format!("{value:.0}"),
        value if value == value.round() => format!("{value:.0}"),
        value if value.abs() < 0.1 => format!("{value:.3}"),
        value => format!("{value:.2}"),
    }
}
