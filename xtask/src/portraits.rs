//! `cargo xtask portraits`: how well goals, approaches and feelings are told apart by what is played.

use antiphon_engine::names::Named as _;
use antiphon_engine::settings::{Approach, Feeling, Goal, Settings};
use antiphon_session::analysis::PORTRAIT_NAMES;
use antiphon_tests::parallel::in_order;
use antiphon_tests::portraits::{BREATH_S, FIGURES, Named, client, portrait_of, tell_apart};
use antiphon_tests::tunes::Tune;
use anyhow::Result;
use clap::Args;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Let clients play songs under each goal, approach and feeling, and tell these by what is played
#[derive(Debug, Args)]
pub struct Arguments {
    /// Songs; the odd ones teach, the even ones are asked
    #[arg(long, default_value_t = 10)]
    songs: usize,
    /// Seconds of each
    #[arg(long, default_value_t = 60.0)]
    seconds: f64,
    /// Tempo, quarters a minute
    #[arg(long, default_value_t = 96.0)]
    bpm: f64,
    /// Rest after each line, s
    #[arg(long, default_value_t = BREATH_S)]
    breath: f64,
    /// Print the mean portrait of each kind
    #[arg(long)]
    figures: bool,
    /// Write every portrait to this file, as comma-separated values
    #[arg(long)]
    table: Option<PathBuf>,
}

pub fn run(arguments: &Arguments) -> Result<()> {
    let songs: Vec<Tune> = Tune::all().into_iter().take(arguments.songs).collect();
    let usual = Settings::default();
    let goals: Vec<Settings> = Goal::ALL
        .iter()
        .flat_map(|&goal| Approach::ALL.iter().map(move |&approach| Settings { goal, approach, ..usual }))
        .collect();
    let feelings: Vec<Settings> = Feeling::ALL.iter().map(|&feeling| Settings { feeling, ..usual }).collect();
    let of_goals = portraits(&songs, &goals, arguments);
    let words = |table: &[&'static str]| table.to_vec();
    let goal_words = words(&Goal::ALL.iter().map(|goal| goal.name()).collect::<Vec<_>>());
    let approach_words = words(&Approach::ALL.iter().map(|approach| approach.name()).collect::<Vec<_>>());
    let feeling_words = words(&Feeling::ALL.iter().map(|feeling| feeling.name()).collect::<Vec<_>>());
    tell(arguments, "goals", &goal_words, &of_goals, |settings| settings.goal.index());
    tell(arguments, "approaches", &approach_words, &of_goals, |settings| settings.approach.index());
    let of_feelings = portraits(&songs, &feelings, arguments);
    tell(arguments, "feelings", &feeling_words, &of_feelings, |settings| settings.feeling.index());
    if let Some(path) = &arguments.table {
        std::fs::write(path, table(of_goals.iter().chain(&of_feelings)))?;
    }
    Ok(())
}

/// Every portrait as a row.
fn table<'a>(all: impl Iterator<Item = &'a Portrait>) -> String {
    let mut rows = format!("song,goal,approach,feeling,{}\n", PORTRAIT_NAMES.join(","));
    for (song, settings, figures) in all {
        let (goal, approach, feeling) = (settings.goal.name(), settings.approach.name(), settings.feeling.name());
        let _ = write!(rows, "{song},{goal},{approach},{feeling}");
        for figure in figures {
            rows.push(',');
            if let Some(figure) = figure {
                let _ = write!(rows, "{figure:.4}");
            }
        }
        rows.push('\n');
    }
    rows
}

type Portrait = (usize, Settings, [Option<f64>; FIGURES]);

fn portraits(songs: &[Tune], settings: &[Settings], arguments: &Arguments) -> Vec<Portrait> {
    let mut all = Vec::new();
    let work = |index: usize| {
        let (song, settings) = (index / settings.len(), settings[index % settings.len()]);
        let client = client(&songs[song], arguments.bpm, arguments.breath, arguments.seconds, song as u64 + 1);
        (song, settings, portrait_of(&client, &settings))
    };
    in_order(songs.len() * settings.len(), work, |_, portrait| all.push(portrait));
    all
}

fn tell(arguments: &Arguments, what: &str, words: &[&str], all: &[Portrait], kind: impl Fn(&Settings) -> usize) {
    let named = |portrait: &&Portrait| Named { kind: kind(&portrait.1), figures: portrait.2 };
    let (known, asked): (Vec<&Portrait>, Vec<&Portrait>) = all.iter().partition(|portrait| portrait.0 % 2 == 0);
    let (known, asked): (Vec<Named>, Vec<Named>) =
        (known.iter().map(named).collect(), asked.iter().map(named).collect());
    let telling = tell_apart(words.len(), &known, &asked);
    println!("{what}: {:.1} % told rightly", 100.0 * telling.right());
    for (word, row) in words.iter().zip(&telling.confusion) {
        println!("  {word:14} {row:?}");
    }
    if arguments.figures {
        for (figure, name) in PORTRAIT_NAMES.iter().enumerate() {
            let mean = |kind: usize| {
                let all = known.iter().chain(&asked).filter(|named| named.kind == kind);
                let values: Vec<f64> = all.filter_map(|named| named.figures[figure]).collect();
                values.iter().sum::<f64>() / values.len().max(1) as f64
            };
            let means: Vec<String> = (0..words.len()).map(|kind| format!("{:8.3}", mean(kind))).collect();
            println!("  {name:16} {}", means.join(" "));
        }
    }
}
