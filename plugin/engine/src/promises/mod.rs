//! What the musician promises whatever happens: random sessions of a client and a therapist, hop by hop.
//!
//! A share of the sessions is held with every run of the tests; `ANTIPHON_SESSIONS=10000` holds as many as one likes.

mod rules;
mod session;

use rules::Rules;
use session::Session;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Sessions of a usual run.
const SESSIONS: u64 = 1_000;

/// Violations that are told.
const TOLD: usize = 12;

#[test]
fn nothing_locked_is_ever_changed_and_every_act_is_obeyed_in_random_sessions() {
    let sessions = std::env::var("ANTIPHON_SESSIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(SESSIONS);
    let next = AtomicU64::new(0);
    let work = || {
        let mut violations = Vec::new();
        loop {
            let number = next.fetch_add(1, Relaxed);
            if number >= sessions {
                return violations;
            }
            violations.extend(held(number));
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let violations: Vec<String> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        all.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let told = violations.iter().take(TOLD).cloned().collect::<Vec<_>>().join("\n");
    assert!(violations.is_empty(), "{} violations in {sessions} sessions:\n{told}", violations.len());
}

/// Holds session `number`; what was broken in it.
fn held(number: u64) -> Vec<String> {
    let mut session = Session::random(number);
    let mut rules = Rules::default();
    while let Some(moment) = session.hop() {
        rules.watch(&moment);
    }
    let (leftover, spoken) = session.leftover();
    rules.end(&leftover, spoken);
    rules.broken.iter().map(|what| format!("session {number}: {what}; {:?}", session.settings)).collect()
}
