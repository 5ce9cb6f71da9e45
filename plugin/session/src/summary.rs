//! A render in a few plain lines.

use crate::record::Recorded;
use antiphon_engine::key::PITCH_NAMES;
use antiphon_engine::names::Named;
use antiphon_engine::respond::plan::{Behaviour, Voice};
use antiphon_engine::time::{Clock, SampleTime};
use std::fmt;

/// What happened in a render.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The clock that its times are counted by.
    pub clock: Clock,
    /// Samples processed.
    pub length: SampleTime,
    /// Notes, states, keys.
    pub recorded: Recorded,
    /// What the person who asked should know.
    pub warnings: Vec<String>,
    /// Messages that only one of the musician and the host had, where both were asked.
    pub differences: usize,
}

/// Most keys and states that are told one by one.
const TOLD: usize = 12;

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (heard, played) = (&self.recorded.heard, &self.recorded.played);
        let seconds = self.clock.seconds(self.length);
        write!(
            f,
            "Heard    {seconds:.1} s: {}{}",
            counted(heard.len(), "note"),
            range(heard.iter().map(|note| note.key))
        )?;
        writeln!(f, ", {}", counted(self.recorded.phrases as usize, "phrase"))?;
        let keys = self.recorded.keys.iter().map(|(time, key)| (*time, key.as_str()));
        writeln!(f, "Key      {}", self.told(keys, "none that was sure"))?;
        write!(f, "Played   {}{}", counted(played.len(), "note"), range(played.iter().map(|note| note.key)))?;
        if let Some(loudest) = played.iter().map(|note| note.velocity).max() {
            write!(f, ", velocity {loudest} at most")?;
        }
        let count = |is_it: &dyn Fn(&crate::record::Label) -> bool| {
            played.iter().filter(|note| note.label.as_ref().is_some_and(is_it)).count()
        };
        let voices = Voice::ALL.iter().map(|&voice| (voice.name(), count(&|label| label.voice == voice)));
        let behaviours = Behaviour::ALL.iter().map(|&kind| (kind.name(), count(&|label| label.behaviour == kind)));
        writeln!(f, "{}{}", listed(voices), listed(behaviours))?;
        let mut states: Vec<(SampleTime, &str)> = Vec::new();
        for turn in &self.recorded.turns {
            if states.last().is_none_or(|last| last.1 != turn.state.name()) {
                states.push((turn.time, turn.state.name()));
            }
        }
        write!(f, "States   {}", self.told(states.into_iter(), "none"))
    }
}

impl Summary {
    fn told<'a>(&self, items: impl ExactSizeIterator<Item = (SampleTime, &'a str)>, none: &str) -> String {
        let more = items.len().saturating_sub(TOLD);
        let one = |(time, name): (SampleTime, &str)| format!("{name} at {:.1} s", self.clock.seconds(time));
        let told: Vec<String> = items.take(TOLD).map(one).collect();
        match (told.is_empty(), more) {
            (true, _) => none.to_owned(),
            (false, 0) => told.join(", "),
            (false, more) => format!("{}, and {more} more", told.join(", ")),
        }
    }
}

/// So many of a thing, in words.
pub(crate) fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

fn listed<'a>(items: impl Iterator<Item = (&'a str, usize)>) -> String {
    let present: Vec<String> = items.filter(|&(_, n)| n > 0).map(|(name, n)| format!("{name} {n}")).collect();
    if present.is_empty() { String::new() } else { format!("; {}", present.join(", ")) }
}

/// Lowest and highest of `keys` in words, to follow a count of them.
pub(crate) fn range(keys: impl Iterator<Item = u8> + Clone) -> String {
    match (keys.clone().min(), keys.max()) {
        (Some(low), Some(high)) => format!(" from {} to {}", pitch(low), pitch(high)),
        _ => String::new(),
    }
}

/// A MIDI key as scientific pitch: 60 is C4.
pub(crate) fn pitch(key: u8) -> String {
    format!("{}{}", PITCH_NAMES[usize::from(key % 12)], i32::from(key / 12) - 1)
}
