//! Several sessions of one client side by side, and how the figures change over them.

use super::data::{Data, Named, Stretch};
use super::figures::{Kind, PLAYER, TOGETHER};
use super::html::{self, clock, escaped, row};
use super::plots::{BOTH, CLIENT, OURS, trend};
use std::fmt::Write;

/// Figures of the players whose course is drawn.
const DRAWN: [&str; 6] = ["density", "sounding", "mean_key", "velocity", "pulse_clarity", "roughness"];

/// Figures of the two together whose course is drawn.
const DRAWN_TOGETHER: [&str; 6] = ["joint_share", "asynchrony_s", "floor", "overlap", "answer_s", "common_pulse"];

/// Figures that the facts tell of the first and the last session.
const TOLD: [&str; 7] = ["density", "sounding", "longest_rest_s", "mean_key", "velocity", "tempo_bpm", "articulation"];

/// The page that compares `sessions`, in the order given.
pub fn compare(sessions: &[Data]) -> Result<String, String> {
    let title = "Sessions side by side";
    let mut body =
        format!("<h1>{title}</h1>\n<p class=\"soft\">{} sessions, in the order given.</p>\n", sessions.len());
    body += "<h2>For the progress note</h2>\n";
    body += &html::note(&facts(sessions));
    body += &format!(
        "<h2 class=\"leaf\">From session to session</h2>\n<p><span class=\"key client\"></span>Client<span class=\"key \
         ours\"></span>Accompaniment<span class=\"key both\"></span>Both</p>\n{}",
        courses(sessions)?
    );
    body += &table(sessions);
    body += "<footer class=\"soft\"><p>Made by Antiphon on this computer. Figures describe the notes that were heard or \
             played; a change in them may have many reasons, and none is claimed here.</p></footer>\n";
    Ok(html::page(title, &body))
}

/// What a session is called.
fn name(index: usize, session: &Data) -> String {
    let named = [session.date.as_str(), session.title.as_str()];
    let named: Vec<&str> = named.into_iter().filter(|part| !part.is_empty()).collect();
    if named.is_empty() { format!("session {}", index + 1) } else { format!("{}: {}", index + 1, named.join(" ")) }
}

fn figure(named: &Named, kind: &Kind) -> Option<f64> {
    named.get(kind.name).copied().flatten()
}

fn facts(sessions: &[Data]) -> String {
    let mut text = String::new();
    for (index, session) in sessions.iter().enumerate() {
        let notes = |named: &Named| PLAYER[0].unit.told(figure(named, &PLAYER[0]));
        let _ = writeln!(
            text,
            "{}, {} long: client {} notes, accompaniment {} notes.",
            name(index, session),
            clock(session.length_s),
            notes(&session.whole.client),
            notes(&session.whole.accompaniment)
        );
    }
    let (Some(first), Some(last)) = (sessions.first(), sessions.last()) else { return text };
    let _ = writeln!(text, "\nFirst session, then the last one:\nClient");
    for kind in PLAYER.iter().filter(|kind| TOLD.contains(&kind.name)) {
        let _ = writeln!(text, "  {}", change(kind, &first.whole.client, &last.whole.client));
    }
    let _ = writeln!(text, "Together");
    for kind in TOGETHER.iter().filter(|kind| DRAWN_TOGETHER.contains(&kind.name)) {
        let _ = writeln!(text, "  {}", change(kind, &first.whole.together, &last.whole.together));
    }
    text
}

fn change(kind: &Kind, first: &Named, last: &Named) -> String {
    format!("{}: {}, then {}", kind.label, kind.unit.told(figure(first, kind)), kind.unit.told(figure(last, kind)))
}

fn courses(sessions: &[Data]) -> Result<String, String> {
    type Of = fn(&Stretch) -> &Named;
    let course = |of: Of, kind: &Kind| -> Vec<Option<f64>> {
        sessions.iter().map(|session| figure(of(&session.whole), kind)).collect()
    };
    let (client, ours, both): (Of, Of, Of) = (|of| &of.client, |of| &of.accompaniment, |of| &of.together);
    let mut text = String::from("<div class=\"three\">\n");
    let mut add = |kind: &Kind, figures: &[(_, &[Option<f64>])]| -> Result<(), String> {
        let svg = trend(kind.label, figures, &|value| kind.unit.told(Some(value)))?;
        let label = escaped(kind.label);
        let _ = writeln!(text, "<figure><figcaption><p>{label}</p></figcaption>\n{svg}</figure>");
        Ok(())
    };
    for kind in PLAYER.iter().filter(|kind| DRAWN.contains(&kind.name)) {
        add(kind, &[(OURS, &course(ours, kind)), (CLIENT, &course(client, kind))])?;
    }
    for kind in TOGETHER.iter().filter(|kind| DRAWN_TOGETHER.contains(&kind.name)) {
        add(kind, &[(BOTH, &course(both, kind))])?;
    }
    Ok(text + "</div>\n")
}

fn table(sessions: &[Data]) -> String {
    let head: String = sessions
        .iter()
        .enumerate()
        .map(|(index, session)| format!("<th scope=\"col\">{}</th>", escaped(&name(index, session))))
        .collect();
    let columns = sessions.len() + 2;
    let mut rows = row("Length", sessions.iter().map(|one| clock(one.length_s)).chain([String::new()]));
    type Of = fn(&Stretch) -> &Named;
    let groups: [(&str, &[Kind], Of); 3] = [
        ("Client", &PLAYER, |of| &of.client),
        ("Accompaniment", &PLAYER, |of| &of.accompaniment),
        ("Together", &TOGETHER, |of| &of.together),
    ];
    for (group, kinds, of) in groups {
        let _ = writeln!(rows, "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{columns}\">{group}</th></tr>");
        for kind in kinds {
            let values: Vec<Option<f64>> = sessions.iter().map(|session| figure(of(&session.whole), kind)).collect();
            if values.iter().any(Option::is_some) {
                let cells = values.iter().map(|value| kind.unit.told(*value));
                rows += &row(kind.label, cells.chain([difference(kind, &values)]));
            }
        }
    }
    format!(
        "<h2 class=\"leaf\">In figures</h2>\n<table>\n<thead><tr><th scope=\"col\"></th>{head}<th scope=\"col\">last less \
         first</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
    )
}

/// The last less the first; a register moves by semitones.
fn difference(kind: &Kind, values: &[Option<f64>]) -> String {
    use super::figures::Unit;
    let Some((first, last)) = values.first().copied().flatten().zip(values.last().copied().flatten()) else {
        return String::new();
    };
    let by = last - first;
    if kind.unit == Unit::Key {
        return format!("{by:+.1} semitones");
    }
    let sign = if by > 0.0 { "+" } else { "" };
    format!("{sign}{}", kind.unit.told(Some(by)))
}
