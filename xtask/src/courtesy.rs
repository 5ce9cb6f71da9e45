//! `cargo xtask courtesy`: whether what is played to recordings startles or breaks off.

use antiphon_engine::intend::goals::goal_row;
use antiphon_engine::names::Named as _;
use antiphon_engine::settings::{Approach, Goal, Settings};
use antiphon_session::cues::choose;
use antiphon_sound::Choice;
use antiphon_tests::courtesy::{ABSENT_S, KINDS, Verdict, judge, play};
use antiphon_tests::parallel::in_order;
use anyhow::{Context, Result, anyhow};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// Let Antiphon answer recordings and MIDI files under each goal and approach, and name every note that startles: too short,
/// one of too many at once, or much louder than what came before; and where it breaks off, or does not end
#[derive(Debug, Args)]
pub struct Arguments {
    /// Recordings, MIDI files, and folders of them
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// Only these goals
    #[arg(long)]
    goal: Vec<String>,
    /// Only these approaches
    #[arg(long)]
    approach: Vec<String>,
    /// Silence after the input, s
    #[arg(long, default_value_t = 12.0)]
    tail: f64,
    /// Longest time without a note of ours, between our first and the client's last, that is not named, s
    #[arg(long, default_value_t = ABSENT_S)]
    absence: f64,
    /// A setting, NAME=VALUE
    #[arg(long)]
    set: Vec<String>,
    /// Every second input only: `choose` while building, `held` to report
    #[arg(long, value_enum)]
    half: Option<Half>,
    /// Print the sums alone
    #[arg(long)]
    quiet: bool,
}

/// Which inputs: half of them are held out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Half {
    Choose,
    Held,
}

/// What one render was found to do.
struct Found {
    name: String,
    goal: Goal,
    approach: Approach,
    lines: Vec<String>,
    counts: [usize; KINDS.len()],
    notes: usize,
}

pub fn run(arguments: &Arguments) -> Result<()> {
    let mut inputs = Vec::new();
    arguments.inputs.iter().try_for_each(|input| gather(input, &mut inputs))?;
    let mut index = 0;
    inputs.retain(|_| {
        index += 1;
        arguments.half.is_none_or(|half| (half == Half::Held) == (index % 2 == 0))
    });
    let goals = named::<Goal>(&arguments.goal)?;
    let approaches = named::<Approach>(&arguments.approach)?;
    let all: Vec<(&PathBuf, Goal, Approach)> = inputs
        .iter()
        .flat_map(|input| {
            goals
                .iter()
                .flat_map(|&goal| approaches.iter().map(move |&approach| (goal, approach)))
                .map(move |(goal, approach)| (input, goal, approach))
        })
        .collect();
    let mut sums = [0; KINDS.len()];
    let (mut takes, mut notes, mut failure) = ([0; KINDS.len()], 0, None);
    in_order(
        all.len(),
        |index| one(all[index].0, all[index].1, all[index].2, arguments),
        |_, found| match found {
            Ok(found) => {
                for (kind, &count) in found.counts.iter().enumerate() {
                    sums[kind] += count;
                    takes[kind] += usize::from(count > 0);
                }
                notes += found.notes;
                for line in found.lines.iter().filter(|_| !arguments.quiet) {
                    println!("{} {}/{}: {line}", found.name, found.goal.name(), found.approach.name());
                }
            }
            Err(error) => failure = Some(error),
        },
    );
    if let Some(error) = failure {
        return Err(error);
    }
    println!("{} renders, {notes} notes", all.len());
    for (kind, name) in KINDS.iter().enumerate() {
        println!("  {name:14} {:6} in {} renders", sums[kind], takes[kind]);
    }
    Ok(())
}

fn one(input: &Path, goal: Goal, approach: Approach, arguments: &Arguments) -> Result<Found> {
    let mut settings = Settings { goal, approach, ..Settings::default() };
    for set in &arguments.set {
        let (name, value) = set.split_once('=').with_context(|| format!("'{set}' is not NAME=VALUE"))?;
        choose(&mut settings, &mut Choice::default(), name, value, true).map_err(|error| anyhow!(error))?;
    }
    let take = play(input, arguments.tail, &|_| settings)?;
    let name = input.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    // Where turns are taken, the client's turn is listened to however long it is.
    let absent_s = if goal_row(goal).turns_alone { f64::INFINITY } else { arguments.absence };
    let Verdict { counts, lines } = judge(&take, &[], absent_s);
    Ok(Found { name, goal, approach, counts, lines, notes: take.attacks.len() })
}

fn named<T: antiphon_engine::names::Named>(words: &[String]) -> Result<Vec<T>> {
    match words {
        [] => Ok(T::ALL.to_vec()),
        words => words.iter().map(|word| T::parse(word).map_err(Into::into)).collect(),
    }
}

fn gather(path: &Path, into: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_dir() {
        let mut inside: Vec<PathBuf> = std::fs::read_dir(path)
            .with_context(|| format!("{} cannot be read", path.display()))?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()?;
        inside.sort();
        return inside.iter().try_for_each(|path| gather(path, into));
    }
    let is_one =
        path.extension().is_some_and(|ext| ["wav", "flac", "mid"].iter().any(|one| ext.eq_ignore_ascii_case(one)));
    if is_one {
        into.push(path.to_owned());
    }
    Ok(())
}
