//! The data file beside a page: its figures, for comparing sessions.

use super::Report;
use super::figures::{Figures, Kind, PLAYER, TOGETHER};
use crate::problem::Problem;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What the file says of itself.
const FORMAT: &str = "antiphon report 1";

/// Figures by name; `None` where there was nothing to tell them from.
pub type Named = BTreeMap<String, Option<f64>>;

/// A stretch of a session.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stretch {
    /// The client.
    pub client: Named,
    /// The accompaniment.
    pub accompaniment: Named,
    /// Both.
    pub together: Named,
}

/// A session in figures.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Data {
    /// What the file is.
    pub format: String,
    /// What the reader calls the session.
    pub title: String,
    /// Its day.
    pub date: String,
    /// Its length, s.
    pub length_s: f64,
    /// The whole of it.
    pub whole: Stretch,
    /// Its first third.
    pub first_third: Stretch,
    /// Its last third.
    pub last_third: Stretch,
    /// Read-outs.
    pub readouts: Named,
    /// States with the instants they began, s.
    pub arc: Vec<(f64, String)>,
}

impl Data {
    /// The figures of `report`.
    pub fn of(report: &Report) -> Self {
        let session = &report.session;
        Self {
            format: FORMAT.to_owned(),
            title: session.title.clone(),
            date: session.date.clone(),
            length_s: written(session.length_s),
            whole: stretch(&report.whole),
            first_third: stretch(&report.thirds[0]),
            last_third: stretch(&report.thirds[2]),
            readouts: report.readouts.iter().map(|one| (one.name.to_lowercase(), one.value.map(written))).collect(),
            arc: session.arc().iter().map(|(at_s, state, _)| (written(*at_s), (*state).to_owned())).collect(),
        }
    }

    /// Reads the data file `path`, or the one beside the page `path`.
    pub fn read(path: &Path) -> Result<Self, Problem> {
        let is_page = path.extension().is_some_and(|extension| extension == "html");
        let path = if is_page { Self::beside(path) } else { path.to_owned() };
        let text = std::fs::read(&path).map_err(Problem::read(&path))?;
        let not = |why: String| Problem::NotData { path: path.clone(), why };
        let data: Self = serde_json::from_slice(&text).map_err(|error| not(error.to_string()))?;
        if data.format == FORMAT { Ok(data) } else { Err(not(format!("it says '{}'", data.format))) }
    }

    /// Where the data of the page `page` lies.
    pub fn beside(page: &Path) -> PathBuf {
        let mut name = page.as_os_str().to_owned();
        name.push("-data");
        PathBuf::from(name)
    }

    /// The file's text.
    pub(super) fn text(&self) -> Result<Vec<u8>, String> {
        serde_json::to_vec_pretty(self).map_err(|error| error.to_string())
    }
}

/// A value as it is written: to a millionth.
fn written(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

fn stretch(figures: &Figures) -> Stretch {
    let named = |kinds: &[Kind], values: &[Option<f64>]| {
        kinds.iter().zip(values).map(|(kind, value)| (kind.name.to_owned(), value.map(written))).collect()
    };
    Stretch {
        client: named(&PLAYER, &figures.client),
        accompaniment: named(&PLAYER, &figures.accompaniment),
        together: named(&TOGETHER, &figures.together),
    }
}
