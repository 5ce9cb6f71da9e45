//! The exchange of thirteen lines, judged.

use antiphon_tests::exchange::judge::{Criterion, Verdict, control, judge, states};
use antiphon_tests::exchange::table::{Shown, summary, table};
use antiphon_tests::exchange::{Cueing, Exchange, Keeping, Piece, Player, Take, exchange, rig, suite, sung};
use antiphon_tests::parallel::in_order;
use anyhow::{Result, anyhow};
use clap::Args;
use std::path::{Path, PathBuf};

/// Samples a block, beside the usual 512.
const BLOCKS: [usize; 3] = [64, 333, 2048];

/// Let a synthetic client sing thirteen lines, and judge what Antiphon plays to each of them
///
/// Without options: a high voice, three ways of keeping time, three seeds, each state named by a cue.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The cues of the therapist: `named` (each state), `next` (tones, then next), `guided` (guidance=guided, next)
    #[arg(long, value_name = "CUES", num_args = 0..=1, default_missing_value = "named")]
    guided: Option<Cueing>,
    /// No cues: what is heard moves the states, and their places are judged
    #[arg(long, conflicts_with = "guided")]
    automatic: bool,
    /// What must not happen, and the therapist's acts
    #[arg(long, conflicts_with = "automatic")]
    negative: bool,
    /// With --automatic: judge the criteria of the states as well, as if they had been cued
    #[arg(long, requires = "automatic")]
    criteria: bool,
    /// Who performs: high, low, bowed, blown, plucked
    #[arg(long, value_name = "PLAYER")]
    take: Vec<Player>,
    /// How time is kept: metronomic, rubato, jitter
    #[arg(long, value_name = "TIMING")]
    timing: Vec<Keeping>,
    /// Seed of performer and engine
    #[arg(long)]
    seed: Vec<u32>,
    /// Only this state, or `across`, or the name of what must not happen
    #[arg(long, value_name = "NAME")]
    state: Option<String>,
    /// Only rows that fail somewhere
    #[arg(long)]
    failing: bool,
    /// Render each take in blocks of four sizes and compare
    #[arg(long)]
    blocks: bool,
    /// A setting
    #[arg(long, value_name = "NAME=VALUE", value_parser = setting)]
    set: Vec<(String, String)>,
    /// Keep the tables of each take in a folder of its own here
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("a setting is NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let or = |given: &[u32], all: &[u32]| if given.is_empty() { all.to_vec() } else { given.to_vec() };
    let players = if arguments.take.is_empty() { vec![Player::High] } else { arguments.take.clone() };
    let keepings = match (arguments.timing.is_empty(), arguments.negative) {
        (false, _) => arguments.timing.clone(),
        (true, false) => Keeping::ALL.to_vec(),
        (true, true) => vec![Keeping::Metronomic],
    };
    let cueing = if arguments.automatic { Cueing::Automatic } else { arguments.guided.unwrap_or(Cueing::Named) };
    let takes: Vec<Take> = players
        .iter()
        .flat_map(|&player| match arguments.negative {
            true => suite::controls(player, &keepings, &or(&arguments.seed, &[1])),
            false => suite::thirteen(player, &keepings, &or(&arguments.seed, &suite::SEEDS), cueing),
        })
        .filter(|take| !arguments.negative || arguments.state.as_deref().is_none_or(|state| state == take.piece.name()))
        .collect();
    let mut judged: Vec<(String, Vec<Verdict>)> = Vec::new();
    let mut loudness: Vec<Exchange> = Vec::new();
    let mut failure = None;
    in_order(
        takes.len(),
        |index| one(takes[index], arguments),
        |index, result| match result {
            Ok((exchange, verdicts)) => {
                judged.push((heading(takes[index]), verdicts));
                if matches!(exchange.take.piece, Piece::Loud | Piece::Quiet) {
                    loudness.push(exchange);
                }
            }
            Err(error) => failure = Some(error),
        },
    );
    if let Some(error) = failure {
        return Err(error);
    }
    for pair in loudness.chunks_exact(2) {
        let criteria = control::loud_against_quiet(&pair[0], &pair[1]);
        judged.push((heading(pair[0].take), vec![Verdict { of: "loud, quiet", criteria }]));
    }
    let state = arguments.state.as_deref().filter(|_| !arguments.negative);
    let shown = Shown { state, failing: arguments.failing };
    if arguments.negative {
        // Each has criteria of its own: a table of one column after another.
        judged.iter().for_each(|one| print!("{}", table(std::slice::from_ref(one), shown)));
    } else {
        print!("{}", table(&judged, shown));
    }
    if let Some(state) = state {
        judged.iter_mut().for_each(|take| take.1.retain(|verdict| verdict.of == state));
    }
    print!("{}", summary(&judged));
    Ok(())
}

fn one(take: Take, arguments: &Arguments) -> Result<(Exchange, Vec<Verdict>)> {
    let dir = arguments.out.as_deref().map(|out| out.join(take.to_string()));
    let exchange = perform(take, &arguments.set, dir.as_deref()).map_err(|error| anyhow!("{take}: {error:#}"))?;
    let mut verdicts = judge(&exchange);
    if arguments.blocks {
        let same = rig::same_in_blocks(take, &sung::sung(take), &arguments.set, &BLOCKS)?;
        verdicts
            .push(Verdict { of: "blocks", criteria: vec![Criterion::holds("the same in blocks of any size", same)] });
    }
    if arguments.criteria {
        verdicts.extend(states(&exchange));
    }
    Ok((exchange, verdicts))
}

fn perform(take: Take, set: &[(String, String)], out: Option<&Path>) -> Result<Exchange> {
    exchange(take, set, out)
}

/// As short as a column: h-m-1 is a high voice, metronomic, seed 1; a performance that is not the whole says its name.
fn heading(take: Take) -> String {
    let initials = |word: &str| word.chars().take(2).collect::<String>();
    match take.piece {
        Piece::Whole => format!("{}-{}-{}", initials(take.player.name()), initials(take.keeping.name()), take.seed),
        piece => piece.name().chars().rev().take(8).collect::<Vec<_>>().into_iter().rev().collect(),
    }
}
