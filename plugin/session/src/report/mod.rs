//! The report: what two players played, second by second and in figures, as one self-contained page that a therapist can
//! read, print and copy from, with a table and a data file beside it.
//!
//! Everything in it describes the notes. It claims nothing about the people.

mod compare;
mod data;
mod facts;
mod figures;
mod html;
mod page;
mod plots;
mod proxies;
mod read;
mod readouts;
mod rows;
mod session;
mod table;
mod write;

pub use compare::compare;
pub use data::Data;
pub use facts::facts;
pub use figures::{Figures, Kind, PLAYER, TOGETHER, Unit, place};
pub use read::{Request, Step, of_journal, read};
pub use readouts::Readout;
pub use rows::{Playing, Row, Together};
pub use session::{Marker, Part, Session};
pub use write::{Outputs, beside};

use crate::analysis::{Asynchrony, Imitation, Moment, Vector, asynchronies, imitation, series, standardised};

/// Least length of a moment that is compared with others, s, and most moments: longer ones are taken for a longer session.
const MOMENT_S: f64 = 2.0;
const MOMENTS_MAX: f64 = 480.0;

/// Everything that is told of a session.
#[derive(Clone, Debug)]
pub struct Report {
    /// The session.
    pub session: Session,
    /// A row for every second.
    pub rows: Vec<Row>,
    /// The whole in figures.
    pub whole: Figures,
    /// Its thirds.
    pub thirds: [Figures; 3],
    /// Who imitates whom after how long.
    pub imitation: Imitation,
    /// Attacks that belong together.
    pub joint: Vec<Asynchrony>,
    /// Read-outs.
    pub readouts: Vec<Readout>,
    /// Length of a moment that is compared with others, s.
    moment_s: f64,
    /// Moments of client and accompaniment as they are compared.
    moments: [Vec<Vector>; 2],
}

impl Report {
    /// What can be told of `session`.
    pub fn of(session: Session) -> Self {
        let end_s = session.length_s;
        let (hers, ours) = (session.client.all(), session.accompaniment.all());
        let rows = rows::rows(&session);
        let imitation = imitation((&session.client.notes, &hers), (&session.accompaniment.notes, &ours), end_s);
        let stretch = |from: f64, to: f64| Figures::of(&session, &rows, &imitation, from * end_s, to * end_s);
        let whole = stretch(0.0, 1.0);
        let thirds = [stretch(0.0, 1.0 / 3.0), stretch(1.0 / 3.0, 2.0 / 3.0), stretch(2.0 / 3.0, 1.0)];
        let readouts = readouts::readouts(&session, &rows, &whole);
        let moment_s = MOMENT_S * (end_s / MOMENT_S / MOMENTS_MAX).ceil().max(1.0);
        let moments = [&hers, &ours].map(|notes| {
            let moments: Vec<Moment> = series(notes, moment_s, end_s).into_iter().map(|row| row.1).collect();
            standardised(&moments)
        });
        let joint = asynchronies(&session.client.attacks(), &session.accompaniment.attacks());
        Self { rows, whole, thirds, imitation, joint, readouts, moment_s, moments, session }
    }
}

#[cfg(test)]
mod promises;
