//! One take judged: what is counted, and each of it in words.

use super::{
    ENDS_WITHIN_S, MOST_ATTACKS, STEEPEST_RISE, Take, longest_absence, most_at_once, steepest_rise, too_short,
};
use antiphon_engine::names::Named as _;

/// What is counted.
pub const KINDS: [&str; 5] = ["short notes", "bursts", "rises", "absences", "late endings"];

/// What a take was found to do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// How often, of each of [`KINDS`].
    pub counts: [usize; KINDS.len()],
    /// Each in words.
    pub lines: Vec<String>,
}

/// Judges `take`, in which the therapist acted at `acts_s` and nothing of ours may be missed for longer than `absent_s`; s.
pub fn judge(take: &Take, acts_s: &[f64], absent_s: f64) -> Verdict {
    let mut verdict = Verdict::default();
    short(take, acts_s, &mut verdict);
    burst(take, &mut verdict);
    rise(take, &mut verdict);
    absence(take, absent_s, &mut verdict);
    late(take, &mut verdict);
    verdict
}

impl Verdict {
    fn add(&mut self, kind: usize, line: String) {
        self.counts[kind] += 1;
        self.lines.push(line);
    }
}

fn short(take: &Take, acts_s: &[f64], verdict: &mut Verdict) {
    for note in too_short(&take.attacks, acts_s, take.end_s) {
        let ms = 1000.0 * (note.off_s - note.on_s);
        let (behaviour, state) = (note.behaviour.name(), note.state.name());
        verdict.add(0, format!("{:.2} s: {behaviour} {} lasts {ms:.0} ms in {state}", note.on_s, note.key));
    }
}

fn burst(take: &Take, verdict: &mut Verdict) {
    let (count, at_s) = most_at_once(&take.attacks);
    if count > MOST_ATTACKS {
        verdict.add(1, format!("{at_s:.2} s: {count} attacks at once"));
    }
}

fn rise(take: &Take, verdict: &mut Verdict) {
    let (rise, at_s) = steepest_rise(&take.attacks);
    if rise > STEEPEST_RISE {
        let at_once = take.attacks.iter().filter(|note| (note.on_s - at_s).abs() < 1e-4);
        let of = at_once
            .max_by_key(|note| note.velocity)
            .map_or_else(String::new, |note| format!("{} in {}", note.behaviour.name(), note.state.name()));
        verdict.add(2, format!("{at_s:.2} s: rises by {rise}: {of}"));
    }
}

fn absence(take: &Take, absent_s: f64, verdict: &mut Verdict) {
    let (absence_s, from_s) = longest_absence(&take.attacks, &take.client);
    if absence_s > absent_s {
        let open = if from_s + absence_s > take.last_s() - 0.01 { ", until the client ended" } else { "" };
        let state = take.state(from_s + absence_s);
        verdict.add(3, format!("{from_s:.2} s: absent for {absence_s:.1} s{open}; then {state}"));
    }
}

fn late(take: &Take, verdict: &mut Verdict) {
    let Some(last) = take.attacks.iter().max_by(|a, b| a.off_s.total_cmp(&b.off_s)) else { return };
    let last_s = take.last_s();
    if last.off_s > last_s + ENDS_WITHIN_S {
        let (of, late_s, state) = (last.behaviour.name(), last.off_s - last_s, take.state(last.off_s));
        verdict.add(4, format!("{last_s:.2} s: the client ends, {of} {late_s:.1} s later, in {state}"));
    }
}
