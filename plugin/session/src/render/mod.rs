//! The render loop: an input block by block to the musician, and everything that happens to the files.

mod stage;
mod stand;

use crate::cues::{Change, Cue, choose};
use crate::problem::Problem;
use crate::record::{Played, Recorder, Tape};
use crate::source::Source;
use crate::summary::Summary;
use antiphon_engine::Musician;
use antiphon_engine::intend::intent::Act;
use antiphon_engine::settings::Settings;
use antiphon_engine::time::{Clock, SampleTime};
use antiphon_sound::Choice;
use stage::Stage;
use stand::Stand;
use std::path::Path;

/// The files of a render.
pub const FILES: [&str; 9] = [
    "pitch.csv",
    "onsets.csv",
    "notes.csv",
    "music.csv",
    "played.csv",
    "controllers.csv",
    "session.mid",
    "session.wav",
    "accompaniment.wav",
];

/// The accompaniment that comes back into the client's microphone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bleed {
    /// Level against the accompaniment, dB.
    pub level_db: f64,
    /// Time from the loudspeaker to the microphone, s; a sample at least.
    pub delay_s: f64,
    /// Time in which the room's echo dies away by 60 dB, s; 0 for none.
    pub echo_s: f64,
}

/// How to render.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The therapist's choices at the beginning.
    pub settings: Settings,
    /// What the accompaniment sounds like in the files; off, it is silent there.
    pub sound: Choice,
    /// Her acts and choices later on, in the order of their times.
    pub cues: Vec<Cue>,
    /// Samples a block; what is played does not depend on it.
    pub block: usize,
    /// Silence after the input, s.
    pub tail_s: f64,
    /// Bleed, if any.
    pub bleed: Option<Bleed>,
}

/// Samples a block when nobody says otherwise.
pub const BLOCK: usize = 512;

impl Default for Plan {
    fn default() -> Self {
        Self {
            settings: Settings::default(),
            sound: Choice::default(),
            cues: Vec::new(),
            block: BLOCK,
            tail_s: 0.0,
            bleed: None,
        }
    }
}

/// Plays `source` to a musician and writes [`FILES`] into `dir`, which is made if need be. With `given`, what is written
/// as played is what a host received, and the summary says how it differs from what the musician played. `progress` is
/// told the samples done.
pub fn render(
    source: &mut Source,
    plan: &Plan,
    dir: &Path,
    given: Option<Vec<Played>>,
    progress: &mut dyn FnMut(SampleTime),
) -> Result<Summary, Problem> {
    keep_input(source.path(), dir)?;
    std::fs::create_dir_all(dir).map_err(|error| Problem::write(dir, error))?;
    let mut musician = Musician::new(source.rate_hz());
    let clock = musician.clock();
    let mut stand = Stand::new(Recorder::create(dir, clock)?, given);
    let mut stage = Stage::new(source, plan, Tape::create(dir, source.rate_hz(), source.channels())?, clock);
    let (mut settings, mut sound) = (plan.settings, plan.sound);
    let mut cues = plan.cues.iter().peekable();
    loop {
        while let Some(cue) = cues.next_if(|cue| due(cue, clock) <= stage.at) {
            apply(cue, &mut settings, &mut sound, &mut musician);
            stage.choose(&sound);
            if cue.change == Change::Act(Act::Panic) {
                stage.hush();
            }
        }
        while let Some(transport) = stage.song_change() {
            musician.transport(Some(&transport));
        }
        let until_cue = cues.peek().map_or(SampleTime::MAX, |cue| due(cue, clock) - stage.at);
        let Some((samples, midi)) = stage.take(until_cue.min(stage.until_song_change()))? else { break };
        musician.process(samples, midi, &settings, &mut stand);
        stage.play(&stand.played_before(stage.block_end())?)?;
        progress(stage.at);
    }
    musician.finish(&mut stand);
    stand.played_before(SampleTime::MAX)?;

    let length = stage.at;
    let mut warnings: Vec<String> = stage.finish()?.into_iter().collect();
    if let Some(cue) = cues.next() {
        warnings.push(format!("the input ended before the cue at {} s; it and what follows had no effect", cue.time_s));
    }
    let (recorded, differences) = stand.finish(length)?;
    if recorded.unpaired > 0 {
        warnings.push(format!("{} notes or note-offs have no counterpart", recorded.unpaired));
    }
    Ok(Summary { clock, length, recorded, warnings, differences })
}

/// Refuses to write over the input.
fn keep_input(input: &Path, dir: &Path) -> Result<(), Problem> {
    let place = |path: &Path| path.canonicalize().ok();
    let own = place(input);
    let overwrites = own.is_some() && FILES.iter().any(|file| place(&dir.join(file)) == own);
    if overwrites { Err(Problem::WouldOverwrite { path: input.to_owned() }) } else { Ok(()) }
}

/// The first sample whose hop may know of the cue; a millionth of a sample is rounding.
fn due(cue: &Cue, clock: Clock) -> SampleTime {
    (cue.time_s * clock.rate_hz() - 1e-6).ceil() as SampleTime
}

fn apply(cue: &Cue, settings: &mut Settings, sound: &mut Choice, musician: &mut Musician) {
    match &cue.change {
        Change::Act(act) => musician.act(*act),
        // Checked when the cues were read: it cannot fail.
        Change::Set { name, value } => {
            let _ = choose(settings, sound, name, value, true);
        }
    }
}

#[cfg(test)]
mod promises;
