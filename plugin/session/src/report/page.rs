//! The page: first the facts, then the session second by second, how the two went together, and the read-outs.

use super::figures::{Kind, PLAYER, TOGETHER};
use super::html::{self, clock, escaped, row};
use super::plots::{self, Drawing};
use super::readouts::Readout;
use super::{Report, facts};

/// The page of `report`.
pub(super) fn page(report: &Report) -> Result<String, String> {
    let session = &report.session;
    let title = if session.title.is_empty() { "Session report" } else { &session.title };
    let mut body = format!("<h1>{}</h1>\n", escaped(title));
    let day = if session.date.is_empty() { String::new() } else { format!("{} · ", session.date) };
    let from = if session.client_source == session.accompaniment_source {
        session.client_source.clone()
    } else {
        format!("{} and {}", session.client_source, session.accompaniment_source)
    };
    body += &format!("<p class=\"soft\">{}</p>\n", escaped(&format!("{day}{} · {from}", clock(session.length_s))));
    body += "<h2>For the progress note</h2>\n<p class=\"soft\">Plain facts of what was played, to copy as text.</p>\n";
    body += &html::note(&facts(report));
    for assumption in &session.assumptions {
        body += &format!("<p class=\"soft\">{}</p>\n", escaped(assumption));
    }
    body += &figures(report);
    body += &timeline(report)?;
    body += &together(report)?;
    body += &readouts(&report.readouts);
    body += &footer(report);
    Ok(html::page(title, &body))
}

const COLOURS: &str = "<p><span class=\"key client\"></span>Client<span class=\"key ours\"></span>Accompaniment</p>\n";

fn figures(report: &Report) -> String {
    let [first, middle, last] = &report.thirds;
    let span = |at: &super::Figures| format!("{} to {}", clock(at.from_s), clock(at.to_s));
    let head = ["whole".to_owned(), span(first), span(middle), span(last)];
    let head: String = head.iter().map(|cell| format!("<th scope=\"col\">{cell}</th>")).collect();
    let mut table = format!("<table>\n<thead><tr><th scope=\"col\"></th>{head}</tr></thead>\n<tbody>\n");
    let stretches = [&report.whole, first, middle, last];
    type Values = fn(&super::Figures) -> &[Option<f64>];
    let groups: [(&str, &[Kind], Values); 3] = [
        ("Client", &PLAYER, |figures| &figures.client),
        ("Accompaniment", &PLAYER, |figures| &figures.accompaniment),
        ("Together", &TOGETHER, |figures| &figures.together),
    ];
    for (name, kinds, values) in groups {
        table += &format!("<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"5\">{name}</th></tr>\n");
        for (index, kind) in kinds.iter().enumerate() {
            let cells = stretches.map(|figures| values(figures)[index]);
            if cells.iter().any(Option::is_some) {
                table += &row(kind.label, cells.map(|value| kind.unit.told(value)));
            }
        }
    }
    format!("<h2 class=\"leaf\">In figures</h2>\n{table}</tbody>\n</table>\n")
}

fn figure(drawing: &Drawing) -> String {
    let says = if drawing.says.is_empty() { String::new() } else { format!("<p>{}</p>", escaped(&drawing.says)) };
    format!("<figure><figcaption><h3>{}</h3>{says}</figcaption>\n{}</figure>\n", escaped(drawing.title), drawing.svg)
}

fn timeline(report: &Report) -> Result<String, String> {
    let mut text = format!(
        "<h2 class=\"leaf\">Second by second</h2>\n{COLOURS}<p class=\"soft\">Every value is taken over the six seconds \
         before it.</p>\n"
    );
    if let Some(arc) = plots::arc(report)? {
        text += &figure(&arc);
    }
    text += &figure(&plots::sounding(report)?);
    let mut drawings = plots::features(report)?;
    // Register and dynamics stand between what is about time and what is about tones.
    drawings.splice(3..3, [plots::register(report)?, plots::dynamics(report)?]);
    text.extend(drawings.iter().map(figure));
    text += &arc_table(report);
    Ok(text)
}

fn arc_table(report: &Report) -> String {
    let arc = report.session.arc();
    if arc.is_empty() {
        return String::new();
    }
    let ends: Vec<f64> = arc.iter().skip(1).map(|state| state.0).chain([report.session.length_s]).collect();
    let rows: String = arc
        .iter()
        .zip(ends)
        .enumerate()
        .map(|(index, ((at_s, state, reason), end_s))| {
            let number = (index + 1).to_string();
            row(&number, [clock(*at_s), clock(end_s - at_s), (*state).to_owned(), (*reason).to_owned()])
        })
        .collect();
    format!(
        "<h3>States and their reasons</h3>\n<table class=\"words\">\n<thead><tr><th scope=\"col\"></th>\
         <th scope=\"col\">from</th><th scope=\"col\">for</th><th scope=\"col\">state</th><th scope=\"col\">why it was \
         entered</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
    )
}

fn together(report: &Report) -> Result<String, String> {
    let pair = |drawings: &[Drawing], class: &str| {
        format!("<div class=\"{class}\">\n{}</div>\n", drawings.iter().map(figure).collect::<String>())
    };
    let mut text = format!("<h2 class=\"leaf\">How the two went together</h2>\n{COLOURS}");
    text += &figure(&plots::synchrony(report)?);
    text += &pair(&[plots::asynchronies(report)?, plots::latencies(report)?], "pair");
    text += &figure(&plots::imitation_map(report)?);
    if let Some(profile) = plots::imitation_profile(report)? {
        text += &figure(&profile);
    }
    text += "<section>\n<h3>Similarity</h3>\n<p class=\"soft\">Every moment against every other, each player \
             measured against their own mean: stronger colour is more alike. Squares along the diagonal are stretches of \
             one kind; colour beside it is what came back. In the last one the client runs across, the accompaniment up.</p>\n";
    text += &pair(&plots::matrices(report)?, "three");
    text += "</section>\n";
    text += &figure(&plots::novelty(report)?);
    Ok(text)
}

fn readouts(readouts: &[Readout]) -> String {
    let one = |readout: &Readout| {
        let steps: String = readout
            .gradient
            .iter()
            .enumerate()
            .map(|(index, step)| {
                let here = if readout.step == Some(index) { " class=\"here\"" } else { "" };
                format!("<li{here}>{step}</li>")
            })
            .collect();
        format!(
            "<div class=\"readout\"><h3>{}: {}</h3>\n<p class=\"soft\">{}</p>\n<ul class=\"steps\">{steps}</ul></div>\n",
            readout.name,
            escaped(&readout.told),
            escaped(readout.how)
        )
    };
    let all: String = readouts.iter().map(one).collect();
    format!(
        "<h2 class=\"leaf\">Read-outs beside the Improvisation Assessment Profiles</h2>\n<p>These are counts of notes, laid \
         beside the gradients of Bruscia (1987) for you to hold against what you heard. They are read-outs and no \
         assessment: they know nothing of the person, and they diagnose nothing. The scales and the steps are \
         Antiphon's.</p>\n{all}"
    )
}

fn footer(report: &Report) -> String {
    let strokes = report.session.client.strokes.len() + report.session.accompaniment.strokes.len();
    let drums = if strokes > 0 {
        " Strokes without a pitch count for density, pulse, loudness and turns, not for register or tonality."
    } else {
        ""
    };
    format!(
        "<footer class=\"soft\"><p>Made by Antiphon {} on this computer; the page holds no sound and loads nothing. It \
         describes the notes that were heard or played and claims no effect on anyone. A client's notes are heard by a \
         computer, and some will be wrong.{drums}</p></footer>\n",
        env!("CARGO_PKG_VERSION")
    )
}
