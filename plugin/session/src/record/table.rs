//! A csv file that is written row by row.

use crate::problem::Problem;
use antiphon_engine::time::{Clock, SampleTime};
use std::fs::File;
use std::path::{Path, PathBuf};

pub(crate) struct Table {
    path: PathBuf,
    writer: csv::Writer<File>,
}

impl Table {
    pub fn create(dir: &Path, name: &str, columns: &[&str]) -> Result<Self, Problem> {
        let path = dir.join(name);
        let writer = csv::Writer::from_path(&path).map_err(|error| Problem::write(&path, error))?;
        let mut table = Self { path, writer };
        table.row(columns)?;
        Ok(table)
    }

    pub fn row<T: AsRef<[u8]>>(&mut self, cells: &[T]) -> Result<(), Problem> {
        self.writer.write_record(cells).map_err(|error| Problem::write(&self.path, error))
    }

    pub fn finish(mut self) -> Result<(), Problem> {
        self.writer.flush().map_err(|error| Problem::write(&self.path, error))
    }
}

/// An instant as every table writes it: seconds with nine decimals, which tell any two samples apart.
pub(crate) fn instant(clock: Clock, time: SampleTime) -> String {
    format!("{:.9}", clock.seconds(time))
}

/// A number with two decimals; empty for what is not known.
pub(super) fn hundredths(value: Option<f32>) -> String {
    value.map_or_else(String::new, |value| format!("{value:.2}"))
}
