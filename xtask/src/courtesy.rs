//! `cargo xtask courtesy`: whether what is played to recordings startles or breaks off.

use antiphon_engine::names::Named as _;
use antiphon_engine::settings::{Approach, Goal, Settings};
use antiphon_session::cues::choose;
use antiphon_sound::Choice;
use antiphon_tests::courtesy::{
    ENDS_WITHIN_S, MOST_ATTACKS, STEEPEST_RISE, Take, longest_absence, most_at_once, play, steepest_rise, too_short,
};
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
    #[arg(long, default_value_t = 10.0)]
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

/// What is counted.
const KINDS: [&str; 5] = ["short notes", "bursts", "rises", "absences", "late endings"];

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
    let (counts, lines) = judge(&take, arguments);
    Ok(Found { name, goal, approach, counts, lines, notes: take.attacks.len() })
}

fn judge(take: &Take, arguments: &Arguments) -> ([usize; KINDS.len()], Vec<String>) {
    let attacks = &take.attacks;
    let short = too_short(attacks, &[], take.end_s);
    let mut lines: Vec<String> = short
        .iter()
        .map(|note| {
            let ms = 1000.0 * (note.off_s - note.on_s);
            format!(
                "{:.2} s: {} {} lasts {ms:.0} ms in {}",
                note.on_s,
                note.behaviour.name(),
                note.key,
                note.state.name()
            )
        })
        .collect();
    let (at_once, at_s) = most_at_once(attacks);
    let bursts = usize::from(at_once > MOST_ATTACKS);
    if bursts > 0 {
        lines.push(format!("{at_s:.2} s: {at_once} attacks at once"));
    }
    let (rise, rise_s) = steepest_rise(attacks);
    let rises = usize::from(rise > STEEPEST_RISE);
    if rises > 0 {
        let note = attacks.iter().filter(|note| (note.on_s - rise_s).abs() < 1e-4).max_by_key(|note| note.velocity);
        let of = note.map_or("", |note| note.behaviour.name());
        let state = note.map_or("", |note| note.state.name());
        lines.push(format!("{rise_s:.2} s: {of} rises by {rise} in {state}"));
    }
    let (absence_s, from_s) = longest_absence(attacks, &take.client);
    let absences = usize::from(absence_s > arguments.absence);
    let last_s = take.client.last().map_or(0.0, |span| span.1);
    let state = |at_s: f64| {
        take.states.iter().rfind(|(from_s, _)| *from_s <= at_s).map_or("waiting", |(_, state)| state.name())
    };
    if absences > 0 {
        let open = if from_s + absence_s > last_s - 0.01 { ", until the client ended" } else { "" };
        lines.push(format!("{from_s:.2} s: absent for {absence_s:.1} s{open}; then {}", state(from_s + absence_s)));
    }
    let off_s = attacks.iter().map(|note| note.off_s).fold(0.0, f64::max);
    let late = usize::from(off_s > last_s + ENDS_WITHIN_S);
    if late > 0 {
        let last = attacks.iter().max_by(|a, b| a.off_s.total_cmp(&b.off_s));
        let of = last.map_or("", |note| note.behaviour.name());
        lines.push(format!("{last_s:.2} s: the client ends, {of} {:.1} s later, in {}", off_s - last_s, state(off_s)));
    }
    ([short.len(), bursts, rises, absences, late], lines)
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
