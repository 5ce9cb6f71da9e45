//! Scores the ears on synthetic clients, whose truth is exact: who plays what under which conditions, and how far what
//! was heard agrees.
//!
//! ```no_run
//! use antiphon_tests::score::{Client, Condition, Telling, score};
//!
//! let tally = score(Client::HighVoice, Condition::Clean, Telling::Told);
//! println!("{:.1} % of the pitch is right", tally.rpa());
//! ```

mod conditions;
mod tally;

pub use conditions::{Client, Condition, RATES_HZ, Telling, USUAL_HZ};
pub use tally::Tally;

use antiphon_engine::settings::Settings;
use antiphon_session::hearing::Hearing;

/// Lets the ears hear all takes of `client` under `condition`.
pub fn score(client: Client, condition: Condition, telling: Telling) -> Tally {
    score_all(client, condition, &[telling]).remove(0)
}

/// As [`score`], for each of `tellings`; what is heard is made once.
pub fn score_all(client: Client, condition: Condition, tellings: &[Telling]) -> Vec<Tally> {
    let takes = conditions::takes(client, condition);
    let one = |&telling: &Telling| {
        let settings = Settings { listen: client.listen(telling), ..Settings::default() };
        takes.iter().fold(Tally::default(), |mut tally, take| {
            tally.add(take, &Hearing::of_samples(&take.samples, take.rate_hz, &settings));
            tally
        })
    };
    tellings.iter().map(one).collect()
}
