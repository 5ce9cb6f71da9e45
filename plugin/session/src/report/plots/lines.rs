//! Curves over the session: one feature, both players.

use super::canvas::{WIDE_PX, instants, panel, per_cent, plain, session, stepped, svg, values};
use super::{BOTH, CLIENT, Drawing, OURS};
use crate::analysis::mean;
use crate::plot::look::{GRID, line, tint};
use crate::plot::{Drawn, Plane};
use crate::report::Report;
use crate::report::rows::{Playing, Row};
use crate::summary::pitch;
use plotters::prelude::{PathElement, Polygon, RGBColor};
use std::ops::Range;

/// Height of a panel, px.
const HEIGHT_PX: f64 = 104.0;

/// Points of a curve at most: one every two pixels.
const POINTS: usize = 400;

/// Width of a curve, px; the accompaniment's is wider and lies below.
const CLIENT_PX: f64 = 1.8;
const OURS_PX: f64 = 2.8;

/// More asynchronies than this are not drawn one by one.
const DOTS: usize = 4_000;

/// A point of a curve: instant, s, and value if there is one.
type Point = (f64, Option<f64>);

struct Curve {
    points: Vec<Point>,
    color: RGBColor,
    width_px: f64,
}

fn curve(rows: &[Row], value: impl Fn(&Row) -> Option<f64>, color: RGBColor, width_px: f64) -> Curve {
    let many = rows.len().div_ceil(POINTS).max(1);
    let point = |rows: &[Row]| {
        let at_s = rows.iter().map(|row| row.time_s).sum::<f64>() / rows.len() as f64;
        (at_s, mean(rows.iter().filter_map(&value)))
    };
    Curve { points: rows.chunks(many).map(point).collect(), color, width_px }
}

fn both(rows: &[Row], value: fn(&Playing) -> Option<f64>) -> Vec<Curve> {
    vec![
        curve(rows, |row| value(&row.accompaniment), OURS, OURS_PX),
        curve(rows, |row| value(&row.client), CLIENT, CLIENT_PX),
    ]
}

/// What curves need: at least `least` high, and all of what they show.
fn range(curves: &[Curve], least: Range<f64>) -> Range<f64> {
    let values = curves.iter().flat_map(|curve| &curve.points).filter_map(|point| point.1);
    let (low, high) = values.fold((least.start, least.end), |(low, high), value| (low.min(value), high.max(value)));
    let beyond = 0.04 * (high - low);
    (if low < least.start { low - beyond } else { low })..(if high > least.end { high + beyond } else { high })
}

fn draw_curve(plane: &Plane<'_>, curve: &Curve) -> Drawn {
    for piece in curve.points.split(|point| point.1.is_none()) {
        let mut points: Vec<(f64, f64)> = piece.iter().filter_map(|&(at_s, value)| Some((at_s, value?))).collect();
        if let [(at_s, value)] = points[..] {
            points.insert(0, (at_s - 1.0, value));
        }
        if !points.is_empty() {
            plane.draw(&PathElement::new(points, line(curve.color, curve.width_px)))?;
        }
    }
    Ok(())
}

struct Look<'a> {
    title: &'static str,
    says: &'a str,
    least: Range<f64>,
    told: fn(f64) -> String,
    /// Between named values, if not as the range asks for.
    step: Option<f64>,
}

fn drawing(report: &Report, look: &Look<'_>, curves: &[Curve]) -> Result<Drawing, String> {
    let (across, up) = (session(report.session.length_s), range(curves, look.least.clone()));
    let label = format!("{} over the session", look.title);
    let svg = svg((WIDE_PX, HEIGHT_PX), &label, |area| {
        let plane = panel(area, across.clone(), up.clone())?;
        values(&plane, &across, &up, &look.told)?;
        instants(&plane, &across, &up)?;
        if up.start < 0.0 {
            plane.draw(&PathElement::new([(across.start, 0.0), (across.end, 0.0)], line(GRID, 1.6)))?;
        }
        curves.iter().try_for_each(|curve| draw_curve(&plane, curve))
    })?;
    Ok(Drawing { title: look.title, says: look.says.to_owned(), svg })
}

/// The mean with the spread round it, for each player.
fn spread(
    report: &Report,
    look: &Look<'_>,
    middle: fn(&Playing) -> Option<f64>,
    spread: fn(&Playing) -> Option<f64>,
) -> Result<Drawing, String> {
    let rows = &report.rows;
    let low = |row: &Playing| Some(middle(row)? - spread(row)?);
    let high = |row: &Playing| Some(middle(row)? + spread(row)?);
    let bands = [(OURS, true), (CLIENT, false)].map(|(color, ours)| {
        let of = |row: &Row| if ours { row.accompaniment } else { row.client };
        (curve(rows, |row| low(&of(row)), color, 0.0), curve(rows, |row| high(&of(row)), color, 0.0))
    });
    let mut curves = both(rows, middle);
    let [(a, b), (c, d)] = &bands;
    let ends = [a, b, c, d].map(|curve| Curve { points: curve.points.clone(), color: curve.color, width_px: 0.0 });
    let up = range(&ends, look.least.clone());
    let across = session(report.session.length_s);
    let svg = svg((WIDE_PX, 1.25 * HEIGHT_PX), look.title, |area| {
        let plane = panel(area, across.clone(), up.clone())?;
        match look.step {
            Some(step) => stepped(&plane, &across, &up, step, &look.told)?,
            None => values(&plane, &across, &up, &look.told)?,
        }
        instants(&plane, &across, &up)?;
        for (low, high) in &bands {
            band(&plane, low, high)?;
        }
        curves.drain(..).try_for_each(|curve| draw_curve(&plane, &curve))
    })?;
    Ok(Drawing { title: look.title, says: look.says.to_owned(), svg })
}

fn band(plane: &Plane<'_>, low: &Curve, high: &Curve) -> Drawn {
    let points: Vec<(f64, Option<(f64, f64)>)> =
        low.points.iter().zip(&high.points).map(|(low, high)| (low.0, low.1.zip(high.1))).collect();
    for piece in points.split(|point| point.1.is_none()) {
        let above = piece.iter().filter_map(|&(at_s, ends)| Some((at_s, ends?.1)));
        let below = piece.iter().rev().filter_map(|&(at_s, ends)| Some((at_s, ends?.0)));
        let outline: Vec<(f64, f64)> = above.chain(below).collect();
        if outline.len() > 2 {
            plane.draw(&Polygon::new(outline, tint(low.color, 0.22)))?;
        }
    }
    Ok(())
}

/// Register: the mean pitch of each with its spread.
pub(in crate::report) fn register(report: &Report) -> Result<Drawing, String> {
    let look = Look {
        title: "Register",
        says: "Mean pitch, and one standard deviation round it.",
        least: 58.0..66.0,
        told: |key| pitch(key.round().clamp(0.0, 127.0) as u8),
        step: Some(12.0),
    };
    spread(report, &look, |row| row.feature("mean_key"), |row| row.feature("sd_key"))
}

/// Dynamics: the mean velocity of each with its spread.
pub(in crate::report) fn dynamics(report: &Report) -> Result<Drawing, String> {
    let look = Look {
        title: "Dynamics",
        says: "Mean loudness as MIDI velocity (1 to 127), and one standard deviation round it.",
        least: 40.0..80.0,
        told: plain,
        step: None,
    };
    spread(report, &look, |row| row.feature("mean_velocity"), |row| row.feature("sd_velocity"))
}

/// All features that are one curve a player.
pub(in crate::report) fn features(report: &Report) -> Result<Vec<Drawing>, String> {
    let rows = &report.rows;
    let look = |title, says, least, told| Look { title, says, least, told, step: None };
    let proxy = "A proxy, in standard deviations from each player's own mean:";
    let mut drawings = Vec::new();
    let mut add = |look: Look<'_>, curves: Vec<Curve>| {
        drawings.push(drawing(report, &look, &curves));
    };
    add(look("Density", "Attacks a second.", 0.0..2.0, plain), both(rows, |row| row.feature("density")));
    let says = "Share of the time in which nothing sounds.";
    add(look("Silence", says, 0.0..1.0, per_cent), both(rows, |row| row.feature("silence")));
    let says =
        "Length of a note against the time to the next: low is short and detached, 100 % is bound, more is held on.";
    add(look("Articulation", says, 0.0..1.0, per_cent), both(rows, |row| row.feature("articulation")));
    let says = "How clearly the notes belong to one key (0 to 1).";
    add(look("Key clarity", says, 0.0..1.0, plain), both(rows, |row| row.feature("key_clarity")));
    let says = "Above 0 nearer to major, below nearer to minor.";
    add(look("Mode", says, -0.3..0.3, plain), both(rows, |row| row.feature("mode")));
    let says = "Roughness of what sounds at once (a major triad is 1), for each and for both together (green).";
    let mut rough = both(rows, |row| row.feature("roughness"));
    rough.insert(0, curve(rows, |row| row.together.roughness, BOTH, CLIENT_PX));
    add(look("Dissonance", says, 0.0..1.5, plain), rough);
    let says = "How regular the attacks are (0 to 1), for each, and how clear a pulse both share (green).";
    let mut pulse = both(rows, |row| row.feature("pulse_clarity"));
    pulse.push(curve(rows, |row| row.together.common_pulse, BOTH, CLIENT_PX));
    add(look("Pulse clarity and common pulse", says, 0.0..1.0, plain), pulse);
    let says = "Beats a minute where the pulse is clear; it may be heard twice as fast or half as fast.";
    add(look("Tempo", says, 50.0..140.0, plain), both(rows, |row| row.tempo_bpm));
    let says = format!("{proxy} density, loudness, tempo and register.");
    add(look("Arousal proxy", &says, -1.5..1.5, plain), both(rows, |row| row.arousal));
    let says = format!("{proxy} major rather than minor, less dissonance, a line that goes up.");
    add(look("Valence proxy", &says, -1.5..1.5, plain), both(rows, |row| row.valence));
    drawings.into_iter().collect()
}

/// Asynchronies over the session.
pub(in crate::report) fn synchrony(report: &Report) -> Result<Drawing, String> {
    let (across, up) = (session(report.session.length_s), -0.15..0.15);
    let mean = curve(&report.rows, |row| row.together.asynchrony_s, BOTH, CLIENT_PX);
    let svg = svg((WIDE_PX, HEIGHT_PX), "Asynchronies over the session", |area| {
        let plane = panel(area, across.clone(), up.clone())?;
        values(&plane, &across, &up, &|value| format!("{:+.0} ms", 1_000.0 * value))?;
        instants(&plane, &across, &up)?;
        if report.joint.len() <= DOTS {
            let half_s = 0.0016 * (across.end - across.start);
            for one in &report.joint {
                let color = if one.off_s >= 0.0 { CLIENT } else { OURS };
                let dash = [(one.at_s - half_s, one.off_s), (one.at_s + half_s, one.off_s)];
                plane.draw(&PathElement::new(dash, line(tint(color, 0.8), 2.5)))?;
            }
        }
        draw_curve(&plane, &mean)
    })?;
    let says = "Attacks of the accompaniment within 150 ms of one of the client's: above 0 the client was first (blue), below \
                the accompaniment (orange); the mean of six seconds in green.";
    Ok(Drawing { title: "Synchrony", says: says.to_owned(), svg })
}
