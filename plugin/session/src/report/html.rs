//! Words in a page: escaping, times, small pieces of markup.

/// `text` as it may stand in markup or in an attribute.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            // What no document may hold: a track's name comes from anywhere.
            other if other.is_control() && other != '\n' => safe.push(' '),
            other => safe.push(other),
        }
    }
    safe
}

/// An instant as minutes and seconds, or hours, minutes and seconds.
pub(super) fn clock(seconds: f64) -> String {
    let whole = seconds.max(0.0).round() as u64;
    let (hours, minutes, seconds) = (whole / 3_600, whole / 60 % 60, whole % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// A row of a table: its head and its cells.
pub(super) fn row(head: &str, cells: impl IntoIterator<Item = String>) -> String {
    let cells: String = cells.into_iter().map(|cell| format!("<td>{}</td>", escaped(&cell))).collect();
    format!("<tr><th scope=\"row\">{}</th>{cells}</tr>\n", escaped(head))
}

/// A whole page with `body` under `title`.
pub(super) fn page(title: &str, body: &str) -> String {
    let (title, style) = (escaped(title), include_str!("style.css"));
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>{title}</title>\n\
         <style>\n{style}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

/// A text to copy, with a button for those whose browser can; it can be marked and copied without.
pub(super) fn note(text: &str) -> String {
    let text = escaped(text);
    format!(
        "<div class=\"note\"><button type=\"button\" id=\"copy\" hidden=\"hidden\">Copy as text</button>\
         <pre id=\"facts\">{text}</pre></div>\n<script>\n{}</script>\n",
        include_str!("copy.js")
    )
}
