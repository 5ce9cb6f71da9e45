//! The therapist's acts and choices over time, from a csv file `time_s,name,value`.

use crate::problem::Problem;
use antiphon_engine::intend::intent::{Act, State};
use antiphon_engine::names::Named;
use antiphon_engine::set::SettingError;
use antiphon_engine::settings::Settings;
use antiphon_sound::{CHOICE_NAMES, Choice};
use std::path::Path;

/// What happens at a cue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A setting takes this value.
    Set {
        /// The setting.
        name: String,
        /// Its value.
        value: String,
    },
    /// The therapist acts.
    Act(Act),
}

/// A cue.
#[derive(Clone, Debug, PartialEq)]
pub struct Cue {
    /// When, s; it takes effect at the first hop at or after this.
    pub time_s: f64,
    /// What.
    pub change: Change,
}

/// Sets what `name` names, of the musician or of the sound. `pulse=host` will do only where the input has tempo and metre
/// (`has_tempo`).
pub fn choose(
    settings: &mut Settings,
    sound: &mut Choice,
    name: &str,
    value: &str,
    has_tempo: bool,
) -> Result<(), String> {
    let word = value.trim().to_ascii_lowercase();
    match (name.trim().to_ascii_lowercase().as_str(), word.as_str()) {
        ("pulse", "host") if !has_tempo => {
            Err("pulse=host needs an input with a tempo, a MIDI file; take pulse=heard".to_owned())
        }
        (known, _) if CHOICE_NAMES.contains(&known) => sound.set(name, value).map_err(|error| error.to_string()),
        _ => settings.set(name, value).map_err(|error| match error {
            SettingError::UnknownSetting(_) => format!("{error}, {}", CHOICE_NAMES.join(", ")),
            error => error.to_string(),
        }),
    }
}

/// Reads the cues of `path`, in the order of their times. A heading `time_s,name,value`, empty lines and lines that
/// begin with `#` are passed over.
pub fn read(path: &Path, has_tempo: bool) -> Result<Vec<Cue>, Problem> {
    let bytes = std::fs::read(path).map_err(Problem::read(path))?;
    let text = String::from_utf8_lossy(&bytes);
    let mut cues = Vec::new();
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') || line.starts_with("time_s") {
            continue;
        }
        let wrong = |why| Problem::Cue { path: path.to_owned(), line: index as u64 + 1, why };
        cues.push(cue(line, has_tempo).map_err(wrong)?);
    }
    cues.sort_by(|a: &Cue, b| a.time_s.total_cmp(&b.time_s));
    Ok(cues)
}

fn cue(line: &str, has_tempo: bool) -> Result<Cue, String> {
    let cells: Vec<&str> = line.split(',').map(|cell| cell.trim().trim_matches('"')).collect();
    let cell = |index: usize| cells.get(index).copied().unwrap_or("");
    let (time, name, value) = (cell(0), cell(1).to_ascii_lowercase(), cell(2));
    if cells.len() > 3 {
        return Err(format!("it has {} fields instead of three", cells.len()));
    }
    let time_s: f64 = time
        .parse()
        .ok()
        .filter(|t: &f64| t.is_finite() && *t >= 0.0)
        .ok_or_else(|| format!("'{time}' is not a time in seconds from the beginning"))?;
    let act = match name.as_str() {
        "next" => Some(Act::Next),
        "skip" => Some(Act::Skip),
        "recall" => Some(Act::Recall),
        "rest" => Some(Act::Rest),
        "cadence" => Some(Act::Cadence),
        "panic" => Some(Act::Panic),
        "state" => Some(Act::Go(State::parse(value).map_err(|error| error.to_string())?)),
        "" => return Err("it names nothing that could be done".to_owned()),
        _ => None,
    };
    if act.is_some() && name != "state" && !value.is_empty() {
        return Err(format!("{name} takes no value, and '{value}' stands there"));
    }
    let change = match act {
        Some(act) => Change::Act(act),
        None => {
            choose(&mut Settings::default(), &mut Choice::default(), &name, value, has_tempo)?;
            Change::Set { name, value: value.to_owned() }
        }
    };
    Ok(Cue { time_s, change })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Vec<Cue>, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cues.csv");
        std::fs::write(&path, text).unwrap();
        read(&path, false).map_err(|problem| problem.to_string())
    }

    #[test]
    fn cues_come_in_the_order_of_their_times() {
        let cues =
            read_text("time_s,name,value\n# a remark\n30,cadence,\n1.5,goal,pain\n20,state,holding\n2,hold,on\n");
        let cues = cues.unwrap();
        let times: Vec<f64> = cues.iter().map(|cue| cue.time_s).collect();
        assert_eq!(times, [1.5, 2.0, 20.0, 30.0]);
        assert_eq!(cues[2].change, Change::Act(Act::Go(State::Holding)));
        assert_eq!(cues[3].change, Change::Act(Act::Cadence));
    }

    #[test]
    fn a_wrong_line_is_named_with_what_is_wrong() {
        for (text, expected) in [
            ("0,goal,pain\nsoon,goal,pain\n", "line 2: 'soon' is not a time"),
            ("0,goal,happiness\n", "line 1: 'happiness' is not a goal"),
            ("# remark\n0,state,flying\n", "line 2: 'flying' is not a state"),
            ("time_s,name,value\n4,loudness,3\n", "line 2: 'loudness' is not a setting"),
            ("4,loudness,3\n", "register_low"),
            ("4,loudness,3\n", "sound_level"),
            ("4,instrument,tuba\n", "line 1: 'tuba' is not an instrument; it is one of: piano, pad, strings"),
            ("4,next,now\n", "line 1: next takes no value"),
            ("4,goal,pain,please\n", "line 1: it has 4 fields"),
            ("-1,next,\n", "line 1: '-1' is not a time"),
            ("4\n", "line 1: it names nothing"),
            ("4,pulse,host\n", "line 1: pulse=host needs an input with a tempo"),
        ] {
            let message = read_text(text).unwrap_err();
            assert!(message.contains(expected) && message.contains("cues.csv"), "{message}");
        }
    }
}
