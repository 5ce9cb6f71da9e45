//! The exchange of thirteen lines with a synthetic client: led by her and by the therapist, and what must never happen.
//! `cargo xtask exchange` judges more clients, timings and seeds than can be heard with every run.

use antiphon_tests::exchange::judge::control::loud_against_quiet;
use antiphon_tests::exchange::judge::{Criterion, Verdict, judge};
use antiphon_tests::exchange::{Cueing, Exchange, Keeping, Piece, Player, Take, exchange, suite};
use antiphon_tests::parallel::in_order;

/// Criteria known to fall short, and of what: everything else must hold.
const SHORT: [(&str, &str); 1] = [
    // Solidify is cued over a melody that is new: the chords of the line before stay for a bar too long.
    ("no-repetition", "sung note in chord, share"),
];

/// Plays `takes`, in their order.
fn played(takes: &[Take]) -> Vec<Exchange> {
    let mut all = Vec::new();
    let play = |index: usize| exchange(takes[index], &[], None).unwrap_or_else(|error| panic!("{error:#}"));
    in_order(takes.len(), play, |_, exchange| all.push(exchange));
    all
}

/// What falls short, in words.
fn short(take: Take, verdicts: &[Verdict]) -> Vec<String> {
    let fails = |of: &'static str, criterion: &Criterion| !criterion.passes() && !SHORT.contains(&(of, criterion.name));
    let failing = verdicts.iter().flat_map(|verdict| verdict.criteria.iter().map(|c| (verdict.of, c)));
    failing
        .filter(|(of, c)| fails(of, c))
        .map(|(of, c)| format!("{take}: {of}: {} {:.3}", c.name, c.measured))
        .collect()
}

fn all_hold(takes: &[Take]) {
    let failing: Vec<String> = played(takes).iter().flat_map(|played| short(played.take, &judge(played))).collect();
    assert!(failing.is_empty(), "{failing:#?}");
}

#[test]
fn voices_a_string_and_a_plucked_instrument_lead_through_the_thirteen_states_by_what_they_do() {
    let mut takes = suite::thirteen(Player::High, Keeping::ALL, &[1], Cueing::Automatic);
    takes.extend(
        [Player::Bowed, Player::Plucked]
            .iter()
            .flat_map(|&player| suite::thirteen(player, &[Keeping::Jitter], &[1], Cueing::Automatic)),
    );
    // Where she bends the time her way home is the hardest to tell.
    takes.extend(
        [Player::Low, Player::Plucked]
            .iter()
            .flat_map(|&player| suite::thirteen(player, &[Keeping::Rubato], &[2], Cueing::Automatic)),
    );
    all_hold(&takes);
}

#[test]
fn a_therapist_leads_a_voice_through_the_thirteen_states_and_each_is_what_it_should_be() {
    all_hold(&suite::thirteen(Player::High, &[Keeping::Metronomic], &[1], Cueing::Next));
}

#[test]
fn what_must_never_happen_does_not() {
    let all = played(&suite::controls(Player::High, &[Keeping::Metronomic], &[1]));
    let mut failing: Vec<String> = all.iter().flat_map(|played| short(played.take, &judge(played))).collect();
    let of = |piece: Piece| all.iter().find(|played| played.take.piece == piece).expect("it is among the controls");
    let (loud, quiet) = (of(Piece::Loud), of(Piece::Quiet));
    let criteria = loud_against_quiet(loud, quiet);
    failing.extend(short(loud.take, &[Verdict { of: "loud, quiet", criteria }]));
    assert!(failing.is_empty(), "{failing:#?}");
}
