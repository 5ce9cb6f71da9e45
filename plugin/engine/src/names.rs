//! Words that files, cues, parameters and `--set` share: one table an enum, read both ways.

use thiserror::Error;

/// A word that is not in the table it was looked up in.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("'{word}' is not {} {what}; it is one of: {known}", article(.what))]
pub struct UnknownName {
    /// What was looked for, for example "goal".
    pub what: &'static str,
    /// The word as it came.
    pub word: String,
    /// The words that would have done, comma separated.
    pub known: String,
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// An enum whose values have one word each.
pub trait Named: Sized + Copy + PartialEq + 'static {
    /// What this is a table of, for messages.
    const WHAT: &'static str;
    /// Every value, in the order of the table.
    const ALL: &'static [Self];
    /// The word.
    fn name(self) -> &'static str;
    /// The words as a person reads them.
    fn label(self) -> &'static str;

    /// The value that `word` names; case and outer spaces do not matter, and the label does as well.
    fn parse(word: &str) -> Result<Self, UnknownName> {
        let wanted = word.trim();
        let is_it = |v: &&Self| v.name().eq_ignore_ascii_case(wanted) || v.label().eq_ignore_ascii_case(wanted);
        Self::ALL.iter().find(is_it).copied().ok_or_else(|| UnknownName {
            what: Self::WHAT,
            word: word.to_owned(),
            known: Self::ALL.iter().map(|v| v.name()).collect::<Vec<_>>().join(", "),
        })
    }

    /// Position in the table.
    fn index(self) -> usize {
        Self::ALL.iter().position(|&v| v == self).unwrap_or(0)
    }

    /// The value at `index`; the last one if there is none.
    fn at(index: usize) -> Self {
        Self::ALL[index.min(Self::ALL.len() - 1)]
    }
}

/// Declares an enum with its table of words: `Value = "word", "label"`.
macro_rules! named {
    ($(#[$outer:meta])* $name:ident, $what:literal: $($(#[$inner:meta])* $value:ident = $word:literal, $label:literal;)+) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$inner])* $value),+ }

        impl $crate::names::Named for $name {
            const WHAT: &'static str = $what;
            const ALL: &'static [Self] = &[$(Self::$value),+];
            fn name(self) -> &'static str {
                match self { $(Self::$value => $word),+ }
            }
            fn label(self) -> &'static str {
                match self { $(Self::$value => $label),+ }
            }
        }
    };
}
pub(crate) use named;
