//! The panel opens and closes while its parameters change under it, from the host's main thread and from its audio thread.

use crate::stage::{apart, clap, orders, screen, vst3};
use antiphon_tests::window::Desk;
use antiphon_tests::window::attach::open_and_close;

const ALONE: &str = "attach::one_host";

/// Openings of each host here; `cargo xtask openings` does 200.
const ROUNDS: &str = "12";

fn check_rounds(format: &str) {
    let Some((screen, _)) = screen(false) else { return };
    let (status, told) = apart(&screen, ALONE, &format!("{format} {ROUNDS}"));
    assert!(status.success(), "{format}: {status}\n{told}");
    let wrong: Vec<_> = told.lines().filter(|line| line.contains("panic") || line.contains("closing window")).collect();
    assert!(wrong.is_empty(), "{format}: {wrong:#?}");
}

#[test]
fn a_clap_panel_opens_and_closes_while_parameters_change_from_two_threads() {
    check_rounds("clap");
}

#[test]
fn a_vst3_panel_opens_and_closes_while_parameters_change_from_two_threads() {
    check_rounds("vst3");
}

#[test]
#[ignore = "needs a display and orders of its own; the tests above run this"]
fn one_host() {
    let orders = orders();
    let [format, rounds] = orders.as_slice() else { panic!("orders are a format and a number of rounds") };
    let rounds = rounds.parse().expect("a number of rounds");
    let desk = Desk::new().expect("there is a display");
    match format.as_str() {
        "clap" => open_and_close(&mut clap(), &desk, rounds),
        _ => open_and_close(&mut vst3(), &desk, rounds),
    }
    .expect("nothing breaks");
}
