//! What the program says: results on stdout, notes beside them on stderr. Whoever reads may have read enough, like `head`.

use anyhow::{Context, Result};
use std::fmt::Display;
use std::io::{ErrorKind, Write, stderr, stdout};

/// Says `text` on stdout, a line or several.
pub(super) fn say(text: impl Display) -> Result<()> {
    match writeln!(stdout(), "{text}") {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        said => said.context("cannot write what is to be told"),
    }
}

/// Says `text` on stderr; where nobody can hear it, nothing else would be heard either.
pub(super) fn note(text: impl Display) {
    drop(writeln!(stderr(), "antiphon: {text}"));
}
