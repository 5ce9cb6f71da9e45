//! The judge is judged: what is constructed to meet every criterion passes, and each way to spoil it is noticed.

mod constructed;
mod controls;
mod spoiled;

use super::{Verdict, across::across, states};
use constructed::exchange;

/// The criteria that are not met, with what was measured.
fn failing(verdicts: &[Verdict]) -> Vec<String> {
    let failing =
        verdicts.iter().flat_map(|verdict| verdict.criteria.iter().map(move |criterion| (verdict.of, criterion)));
    failing
        .filter(|(_, criterion)| !criterion.passes())
        .map(|(of, criterion)| {
            format!("{of}, {}: {} not in {:?}", criterion.name, criterion.measured, criterion.wanted)
        })
        .collect()
}

#[test]
fn an_accompaniment_written_to_meet_every_criterion_passes() {
    let written = exchange();
    let mut verdicts = states(&written);
    verdicts.push(Verdict { of: "across", criteria: across(&written) });
    assert_eq!(failing(&verdicts), Vec::<String>::new());
}

#[test]
fn silence_passes_no_state() {
    let mut silent = exchange();
    silent.files.played.clear();
    let passing: Vec<_> = states(&silent).into_iter().filter(Verdict::passes).map(|verdict| verdict.of).collect();
    assert_eq!(passing, Vec::<&str>::new());
}
