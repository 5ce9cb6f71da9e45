//! music.csv: what was understood and decided, and what sounded then.

use super::rows::{Row, Rows};
use super::table::{Table, hundredths, instant};
use super::{Moment, PlayedNote};
use crate::problem::Problem;
use antiphon_engine::names::Named;
use antiphon_engine::time::{Clock, SampleTime};
use std::path::Path;

const COLUMNS: [&str; 11] = [
    "time_s",
    "key",
    "key_confidence",
    "chord",
    "tempo_bpm",
    "pulse_clarity",
    "phrase",
    "similarity",
    "arousal",
    "valence",
    "state",
];

pub(super) struct Music {
    clock: Clock,
    table: Table,
    rows: Rows,
}

impl Music {
    pub fn create(dir: &Path, clock: Clock) -> Result<Self, Problem> {
        Ok(Self { clock, table: Table::create(dir, "music.csv", &COLUMNS)?, rows: Rows::new(clock) })
    }

    /// Takes in the decision of a hop; what begins to sound at the same instant still joins its row.
    pub fn hop(&mut self, moment: &Moment) -> Result<(), Problem> {
        let due = self.rows.hop(moment);
        self.write(due)
    }

    /// What happens at `time` comes next: what came before is complete.
    pub fn reach(&mut self, time: SampleTime) -> Result<(), Problem> {
        let due = self.rows.reach(time);
        self.write(due)
    }

    /// From `time` on, `sounding` sounds.
    pub fn sound(&mut self, time: SampleTime, sounding: &[PlayedNote]) {
        self.rows.sound(time, sounding);
    }

    fn write(&mut self, due: Option<(SampleTime, Row)>) -> Result<(), Problem> {
        let Some((time, Row { moment, chord })) = due else { return Ok(()) };
        self.table.row(&[
            instant(self.clock, time),
            moment.key.map_or_else(String::new, |key| key.to_string()),
            hundredths(Some(moment.key_confidence)),
            chord,
            hundredths(moment.grid.map(|grid| grid.tempo_bpm)),
            hundredths(Some(moment.clarity)),
            moment.phrase.to_string(),
            hundredths(moment.similarity),
            hundredths(moment.arousal),
            hundredths(moment.valence),
            moment.state.name().to_owned(),
        ])
    }

    pub fn finish(mut self) -> Result<(), Problem> {
        let due = self.rows.finish();
        self.write(due)?;
        self.table.finish()
    }
}
