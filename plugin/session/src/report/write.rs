//! The files of a report, written whole or not at all.

use super::data::Data;
use super::page::page;
use super::{Report, table};
use crate::problem::Problem;
use std::path::{Path, PathBuf};

/// The files of the report whose page is `page`: the page, its table, its data.
pub fn beside(page: &Path) -> [PathBuf; 3] {
    [page.to_owned(), page.with_extension("csv"), Data::beside(page)]
}

/// Files that may be written: found out before a long recording is heard.
pub struct Outputs {
    /// The page, and beside it its table and its data.
    files: Vec<PathBuf>,
    /// Folders that were made for them, the innermost first; those that stay empty go again.
    made: Vec<PathBuf>,
}

impl Outputs {
    /// Makes sure that the report at `page` can be written and that it overwrites none of `inputs`; makes its folder if
    /// need be.
    pub fn prepare(page: &Path, inputs: &[&Path]) -> Result<Self, Problem> {
        Self::keep(beside(page).to_vec(), inputs)
    }

    /// As [`Outputs::prepare`], for a page that has nothing beside it.
    pub fn prepare_page(page: &Path, inputs: &[&Path]) -> Result<Self, Problem> {
        Self::keep(vec![page.to_owned()], inputs)
    }

    fn keep(files: Vec<PathBuf>, inputs: &[&Path]) -> Result<Self, Problem> {
        let place = |path: &Path| path.canonicalize().ok();
        for input in inputs {
            let own = place(input);
            if own.is_some() && files.iter().any(|file| place(file) == own) {
                return Err(Problem::WouldOverwrite { path: input.to_path_buf() });
            }
        }
        let folder = files.first().and_then(|file| file.parent()).map(Path::to_owned).unwrap_or_default();
        let missing = folder.ancestors().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists());
        let outputs = Self { made: missing.map(Path::to_owned).collect(), files };
        if !outputs.made.is_empty() {
            std::fs::create_dir_all(&folder).map_err(|error| Problem::write(&folder, error))?;
        }
        for file in &outputs.files {
            if file.is_dir() {
                return Err(Problem::write(file, "it is a folder"));
            }
            let part = part(file);
            std::fs::write(&part, "").map_err(|error| Problem::write(file, error))?;
            std::fs::remove_file(&part).map_err(|error| Problem::write(file, error))?;
        }
        Ok(outputs)
    }

    /// Writes `report`. What was there before stays until all of the new is on the disk.
    pub fn write(&self, report: &Report) -> Result<(), Problem> {
        let [html, csv, data] = beside(&self.files[0]);
        let texts = [
            page(report).map_err(|why| Problem::write(&html, why))?.into_bytes(),
            table::csv(&report.session, &report.rows).map_err(|error| Problem::write(&csv, error))?,
            Data::of(report).text().map_err(|why| Problem::write(&data, why))?,
        ];
        self.put(self.files.iter().zip(texts).collect())
    }

    /// Writes the page of a comparison alone.
    pub fn write_page(&self, text: String) -> Result<(), Problem> {
        self.put(vec![(&self.files[0], text.into_bytes())])
    }

    fn put(&self, texts: Vec<(&PathBuf, Vec<u8>)>) -> Result<(), Problem> {
        let written = texts
            .iter()
            .try_for_each(|(file, text)| std::fs::write(part(file), text).map_err(|error| Problem::write(file, error)));
        if written.is_err() {
            texts.iter().for_each(|(file, _)| drop(std::fs::remove_file(part(file))));
        }
        written?;
        texts
            .iter()
            .try_for_each(|(file, _)| std::fs::rename(part(file), file).map_err(|error| Problem::write(file, error)))
    }
}

impl Drop for Outputs {
    fn drop(&mut self) {
        // A folder with anything in it stays.
        self.made.iter().for_each(|folder| drop(std::fs::remove_dir(folder)));
    }
}

/// Where `file` is written before it takes its place.
fn part(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}
