//! Tables that a render writes, read back by the names of their columns.

use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::path::Path;

/// A row: its cells by the names of their columns.
pub(crate) type Row = BTreeMap<String, String>;

/// The rows of a csv file with headings.
pub(crate) fn rows(path: &Path) -> Result<Vec<Row>> {
    let mut reader = csv::Reader::from_path(path)?;
    let headings = reader.headers()?.clone();
    let row =
        |record: csv::StringRecord| headings.iter().zip(&record).map(|(h, c)| (h.to_owned(), c.to_owned())).collect();
    reader.records().map(|record| Ok(row(record?))).collect()
}

/// The cell of a column.
pub(crate) fn cell<'a>(row: &'a Row, name: &str) -> Result<&'a str> {
    row.get(name).map(String::as_str).with_context(|| format!("there is no column {name}"))
}
