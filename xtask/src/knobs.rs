//! `cargo xtask knobs`: what each knob does to its own feature, and to its neighbours'.

use antiphon_engine::names::Named as _;
use antiphon_engine::settings::Goal;
use antiphon_tests::knobs::{FEATURES, KNOBS, sweep};
use antiphon_tests::tunes::Tune;
use clap::Args;

/// Turn each knob in five steps while clients play songs, and measure what it moves
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Songs
    #[arg(long, default_value_t = 6)]
    songs: usize,
    /// Seconds of each
    #[arg(long, default_value_t = 60.0)]
    seconds: f64,
    /// In this goal
    #[arg(long, default_value = "wellbeing", value_parser = Goal::parse)]
    goal: Goal,
}

/// Steps of a knob.
const STEPS: usize = 5;

pub(crate) fn run(arguments: &Arguments) {
    let songs: Vec<Tune> = Tune::all().into_iter().take(arguments.songs).collect();
    let sweep = sweep(&songs, arguments.seconds, arguments.goal, STEPS);
    println!("its own feature, from the knob's least to its most");
    for (knob, name) in KNOBS.iter().enumerate() {
        let values = sweep.features[knob].iter().map(|features| features[knob]);
        let shown: Vec<String> =
            values.map(|value| value.map_or("     -".to_owned(), |value| format!("{value:6.3}"))).collect();
        println!("  {name:15} {}   Spearman {:5.2}", shown.join(" "), sweep.rises(knob));
    }
    let at = |step: usize| sweep.mirrors[step].map(|mirror| mirror.map_or("-".to_owned(), |r| format!("{r:.2}")));
    println!("correlation of velocity and of density with hers: mirror 0 {:?}, mirror 1 {:?}", at(0), at(STEPS - 1));
    println!("how far each knob (row) moves each feature (column), against the feature's own knob; {STEPS} steps");
    println!("  {:15} {}", "", KNOBS.map(|name| format!("{:>8}", &name[..name.len().min(8)])).join(" "));
    for (knob, name) in KNOBS.iter().enumerate() {
        let row: Vec<String> = (0..FEATURES).map(|other| format!("{:8.2}", sweep.moves(knob, other))).collect();
        println!("  {name:15} {}", row.join(" "));
    }
}
