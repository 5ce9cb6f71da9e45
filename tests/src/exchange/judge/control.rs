//! What must not happen: negative controls.

use super::automatic::entries;
use super::solidify::new_melody;
use super::{Criterion, client_velocities, client_velocity};
use crate::exchange::measure::attack::{attacks_within, begun};
use crate::exchange::measure::chords::parts;
use crate::exchange::measure::sounding::{chordal_classes, note_in_chord, share};
use crate::exchange::measure::{mean, median, most, quantile};
use crate::exchange::rig::{Exchange, Window};
use crate::exchange::take::{Cueing, Piece};
use antiphon_engine::settings::Settings;

/// The criteria of a performance made to see what must not happen.
pub fn control(exchange: &Exchange) -> Vec<Criterion> {
    match exchange.take.piece {
        Piece::NoRepetition if exchange.take.cueing == Cueing::Automatic => {
            let claimed = entries(exchange).iter().filter(|(state, _)| state == "solidify").count();
            vec![Criterion::at_most("solidify claimed", claimed as f64, 0.0)]
        }
        Piece::NoRepetition => new_melody(exchange),
        Piece::Loud => loud(exchange),
        Piece::Quiet => quiet(exchange),
        Piece::Flat => flat(exchange),
        Piece::Leaves => leaves(exchange),
        Piece::Chaos => chaos(exchange),
        Piece::Two => two(exchange),
        piece => piece.stops_in().map_or_else(Vec::new, |line| stops(exchange, line)),
    }
}

fn velocities(exchange: &Exchange, from_s: f64, to_s: f64) -> Vec<f64> {
    begun(&exchange.files.played, from_s, to_s).map(|note| f64::from(note.velocity)).collect()
}

/// A stop is known for a stop after so long, s: sooner it is a consonant, and what was begun with her sounds.
const KNOWN_S: f64 = 0.25;

/// The client stops in the middle of a line and stays silent: `holding` is shown within two bars of the stop; from 4 s
/// and two bars after it on there are at most 0.35 times as many attacks a second as in the window before it, 10 softer
/// at least on average; and no note begun after it is known for a stop is louder than the loudest before.
fn stops(exchange: &Exchange, line: usize) -> Vec<Criterion> {
    let played = &exchange.files.played;
    let (from_s, stop_s) = (exchange.window(line).from_s, exchange.span().to_s);
    let bar_s = exchange.beat_s(4.0) - exchange.beat_s(0.0);
    let later_s = stop_s + 4.0 + 2.0 * bar_s;
    let rate = |from_s: f64, to_s: f64| attacks_within(played, from_s, to_s).len() as f64 / (to_s - from_s);
    let before = velocities(exchange, from_s, stop_s);
    let after = velocities(exchange, later_s, exchange.length_s);
    let softer = if after.is_empty() { f64::INFINITY } else { mean(&before) - mean(&after) };
    let louder =
        most(velocities(exchange, stop_s + KNOWN_S, exchange.length_s).into_iter().chain([0.0])) - most(before.clone());
    let thinned = entries(exchange).into_iter().find(|(state, time_s)| state == "holding" && *time_s > stop_s);
    vec![
        Criterion::at_most(
            "holding after the stop, bars",
            thinned.map_or(f64::INFINITY, |(_, t)| (t - stop_s) / bar_s),
            2.0,
        ),
        Criterion::at_most("density against before", rate(later_s, exchange.length_s) / rate(from_s, stop_s), 0.35),
        Criterion::at_least("softer by, velocity", softer, 10.0),
        Criterion::at_most("louder than with the client, velocity", louder, 0.0),
    ]
}

/// A client who is loud all the time is not answered softly: in the second half the median velocity is at most 30 below
/// hers, and never over the ceiling; she is not calmed.
fn loud(exchange: &Exchange) -> Vec<Criterion> {
    let half = Window { from_s: 0.5 * exchange.length_s, to_s: exchange.length_s };
    let own = velocities(exchange, half.from_s, half.to_s);
    let soft = entries(exchange).iter().filter(|(state, _)| matches!(state.as_str(), "calming" | "tones")).count();
    let calmed = soft.saturating_sub(1);
    vec![
        Criterion::at_least(
            "median velocity against the client's",
            median(&own) - client_velocity(exchange, half),
            -30.0,
        ),
        Criterion::at_most("loudest note", most(own), f64::from(Settings::default().ceiling)),
        Criterion::at_most("treated as soft, times after the first line", calmed as f64, 0.0),
    ]
}

/// A client who is soft all the time is not drowned: in the second half nothing is over her loud notes and 6.
fn quiet(exchange: &Exchange) -> Vec<Criterion> {
    let half = Window { from_s: 0.5 * exchange.length_s, to_s: exchange.length_s };
    let limit = quantile(&client_velocities(exchange, half), 0.9) + 6.0;
    vec![Criterion::at_most("loudest note", most(velocities(exchange, half.from_s, half.to_s)), limit)]
}

/// A loud client is answered louder than a soft one who sings the same, by 10 at least, in the second half.
pub fn loud_against_quiet(loud: &Exchange, quiet: &Exchange) -> Vec<Criterion> {
    let own = |exchange: &Exchange| median(&velocities(exchange, 0.5 * exchange.length_s, exchange.length_s));
    vec![Criterion::at_least("loud answered louder than soft, velocity", own(loud) - own(quiet), 10.0)]
}

/// A client who is 40 cents flat throughout: the sung keys lie in the chords as they do for one in tune, or nothing is
/// claimed and hardly anything sounds; no key a semitone off is claimed.
fn flat(exchange: &Exchange) -> Vec<Criterion> {
    let (from_s, to_s) = (exchange.window(4).from_s, exchange.window(8).to_s);
    let plays = share(from_s, to_s, |t| Some(!chordal_classes(&exchange.files.played, t).is_empty()));
    let fits = if plays < 0.1 { 1.0 } else { note_in_chord(exchange, from_s, to_s) };
    vec![
        Criterion::at_least("sung note in chord, or abstaining, share", fits, 0.6),
        Criterion::at_most("a strange key claimed, share of the time", strange_key(exchange, from_s, to_s), 0.1),
    ]
}

/// The share of the time in which a key is claimed that has not the seven tones of F major.
fn strange_key(exchange: &Exchange, from_s: f64, to_s: f64) -> f64 {
    share(from_s, to_s, |time_s| {
        let key = exchange.music(time_s).map_or("", |row| row.key.as_str());
        let home = [(5, "maj"), (2, "min"), (7, "dorian"), (9, "phrygian"), (10, "lydian"), (0, "mixolydian")];
        Some(!key.is_empty() && !parts(key).is_some_and(|key| home.contains(&key)))
    })
}

/// A client who leaves after two lines: nothing begins from 10 s after her on, all is off after 12 s, and what begins
/// before that is no louder than with her.
fn leaves(exchange: &Exchange) -> Vec<Criterion> {
    let played = &exchange.files.played;
    let left_s = exchange.span().to_s;
    let off_s = most(played.iter().map(|note| note.off_s).chain([left_s]));
    let louder = most(velocities(exchange, left_s, exchange.length_s).into_iter().chain([0.0]))
        - most(velocities(exchange, 0.0, left_s).into_iter().chain([0.0]));
    vec![
        Criterion::at_most("attacks from 10 s on", begun(played, left_s + 10.0, exchange.length_s).count() as f64, 0.0),
        Criterion::at_most("all off after, s", off_s - left_s, 12.0),
        Criterion::at_most("louder than with her, velocity", louder, 0.0),
    ]
}

/// Drums without a beat: no key is ever claimed, and from the tenth second to the last hit `containing` is shown.
fn chaos(exchange: &Exchange) -> Vec<Criterion> {
    let end_s = exchange.span().to_s;
    let claimed = exchange.files.music.iter().filter(|row| !row.key.is_empty()).count();
    let containing =
        share(10.0, end_s, |time_s| Some(exchange.music(time_s).is_some_and(|row| row.state == "containing")));
    vec![
        Criterion::at_most("rows with a key", claimed as f64, 0.0),
        Criterion::at_least("containing, share of the time", containing, 0.8),
    ]
}

/// Two people at once, each with a melody: no strange key, no close, nothing over the loud notes of the two and 6, and the
/// chords fit one of the two at least.
fn two(exchange: &Exchange) -> Vec<Criterion> {
    let span = exchange.span();
    let limit = quantile(&client_velocities(exchange, span), 0.9) + 6.0;
    let closed = entries(exchange).iter().filter(|(state, _)| matches!(state.as_str(), "final" | "complete")).count();
    let sings = |time_s: f64| {
        let others = exchange.others.iter().flat_map(|truth| &truth.notes);
        let all = exchange.truth.notes.iter().chain(others).filter(move |n| n.onset_s <= time_s && time_s < n.offset_s);
        all.map(|note| note.key % 12).collect::<Vec<_>>()
    };
    let fits = share(span.from_s, span.to_s, |time_s| {
        let (sung, classes) = (sings(time_s), chordal_classes(&exchange.files.played, time_s));
        (!sung.is_empty() && !classes.is_empty()).then(|| sung.iter().any(|class| classes.contains(class)))
    });
    vec![
        Criterion::at_most(
            "a strange key claimed, share of the time",
            strange_key(exchange, span.from_s, span.to_s),
            0.1,
        ),
        Criterion::at_most("closes", closed as f64, 0.0),
        Criterion::at_most("loudest note", most(velocities(exchange, span.from_s, span.to_s)), limit),
        Criterion::at_least("fits one of the two, share", if fits.is_nan() { 1.0 } else { fits }, 0.6),
    ]
}
