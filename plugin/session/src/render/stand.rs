//! Who listens to the musician in a render: the recorder, and the comparison with what a host received.

use crate::problem::Problem;
use crate::record::{Control, Played, Recorded, Recorder};
use antiphon_engine::speak::{NoRoom, Spoken};
use antiphon_engine::time::SampleTime;
use antiphon_engine::{Audience, Report};
use std::collections::VecDeque;

/// What an instrument is told.
#[derive(Clone, Copy, Debug)]
pub(super) enum Told {
    Note(Played),
    Control(Control),
}

pub(super) struct Stand {
    recorder: Recorder,
    /// What a host received and has not been played yet, if a host was asked.
    given: Option<VecDeque<Played>>,
    /// What was played since it was last asked for.
    played: Vec<Told>,
    /// Messages that only one of the musician and the host had.
    differences: usize,
    /// The first thing that went wrong; told at the next opportunity.
    problem: Option<Problem>,
}

impl Stand {
    pub fn new(recorder: Recorder, given: Option<Vec<Played>>) -> Self {
        Self { recorder, given: given.map(Into::into), played: Vec::new(), differences: 0, problem: None }
    }

    /// What was played before `end` and was not told yet.
    pub fn played_before(&mut self, end: SampleTime) -> Result<Vec<Told>, Problem> {
        self.catch_up(end);
        self.problem.take().map_or_else(|| Ok(std::mem::take(&mut self.played)), Err)
    }

    /// Writes what had to wait; tells what was recorded, and how many messages differ.
    pub fn finish(self, end: SampleTime) -> Result<(Recorded, usize), Problem> {
        Ok((self.recorder.finish(end)?, self.differences))
    }

    fn play(&mut self, event: Played) {
        let result = self.recorder.play(&event);
        self.played.push(Told::Note(event));
        self.keep(result);
    }

    fn keep(&mut self, result: Result<(), Problem>) {
        if let Err(problem) = result {
            self.problem.get_or_insert(problem);
        }
    }

    /// Plays what the host received before `time`: the musician had none of it.
    fn catch_up(&mut self, time: SampleTime) {
        while let Some(event) = self.given.as_mut().and_then(|given| take_first(given, |event| event.time < time)) {
            self.differences += 1;
            self.play(event);
        }
    }
}

impl Audience for Stand {
    fn event(&mut self, _offset: u32, event: &Spoken) -> Result<(), NoRoom> {
        if let Some(control) = Control::of(event) {
            self.catch_up(control.time);
            self.recorder.control(&control);
            self.played.push(Told::Control(control));
        }
        let Some(own) = Played::of(event) else { return Ok(()) };
        self.catch_up(own.time);
        match &mut self.given {
            None => self.play(own),
            Some(given) => match take_first(given, |event| Played { label: own.label, ..*event } == own) {
                Some(_) => self.play(own),
                None => self.differences += 1,
            },
        }
        Ok(())
    }

    fn hop(&mut self, report: &Report<'_>) {
        self.catch_up(report.now);
        let result = self.recorder.hop(report);
        self.keep(result);
    }
}

/// Takes the first of `events` if it is the one that is wanted.
fn take_first(events: &mut VecDeque<Played>, wanted: impl Fn(&Played) -> bool) -> Option<Played> {
    if events.front().is_some_and(wanted) { events.pop_front() } else { None }
}
