//! How well the ears hear clients whose truth is exact, as a table.

use antiphon_tests::parallel::in_order;
use antiphon_tests::score::{Client, Condition, Tally, Telling, score_all};
use anyhow::{Result, ensure};
use clap::Args;

/// Let the ears hear synthetic singers, instruments and drums, and print how much they hear right
#[derive(Debug, Args)]
#[command(after_long_help = COLUMNS)]
pub(crate) struct Arguments {
    /// Only clients and conditions whose names have one of these words in them, like voice, drums, noise, kHz
    words: Vec<String>,
}

const COLUMNS: &str = "\
Everything is heard at 48 kHz unless the condition is a rate.

Columns, in per cent unless said otherwise; told: the setting `listen` is right, auto: it is found out
  RPA       of the pitched instants, those whose pitch is within 50 cents
  OA        of all instants, those whose voicing and pitch are right
  live      as OA, of what was known at the instant itself
  voiced    of all instants, those whose voicing is right
  notes     F measure of notes: key right, onset within 50 ms
  one       of the notes of half a second and more, those heard as one note
  F50, F25  F measure of onsets within 50 and 25 ms
  delay     from an onset to knowing of it, ms: half are faster, and 90 in 100";

const HEADING: &str = "client     condition   listen    RPA    OA  live voiced  notes   one     F50   F25   delay, ms";

pub(crate) fn score(arguments: &Arguments) -> Result<()> {
    let wanted = |client: Client, condition: Condition| {
        let name = format!("{client} {condition}").to_lowercase();
        client.meets(condition)
            && (arguments.words.is_empty() || arguments.words.iter().any(|word| name.contains(&word.to_lowercase())))
    };
    let rows: Vec<(Client, Condition)> = Client::ALL
        .into_iter()
        .flat_map(|client| Condition::all().into_iter().map(move |condition| (client, condition)))
        .filter(|&(client, condition)| wanted(client, condition))
        .collect();
    ensure!(!rows.is_empty(), "no client and no condition has {} in its name", arguments.words.join(" or "));
    println!("{HEADING}");
    let tellings = [Telling::Told, Telling::Auto];
    in_order(
        rows.len(),
        |row| score_all(rows[row].0, rows[row].1, &tellings),
        |row, tallies| {
            for (telling, tally) in tellings.iter().zip(tallies) {
                print(rows[row].0, rows[row].1, *telling, &tally);
            }
        },
    );
    Ok(())
}

fn print(client: Client, condition: Condition, telling: Telling, tally: &Tally) {
    let pitched = [tally.rpa(), tally.oa(), tally.live(), tally.voicing(), tally.notes_f(), tally.one()];
    let [rpa, oa, live, voiced, notes, one] = pitched.map(|percent| match client {
        Client::Drums => "-".to_owned(),
        _ => format!("{percent:.1}"),
    });
    println!(
        "{client:10} {condition:11} {telling:6} {rpa:>6}{oa:>6}{live:>6}{voiced:>7}{notes:>7}{one:>6} {:6.1}{:6.1} {:4.1} {:4.1}",
        tally.f50(),
        tally.f25(),
        tally.delay_ms(0.5),
        tally.delay_ms(0.9),
    );
}
