//! Silent with the client: she has stopped, and so has the music, until she begins again.

use super::super::state::State;
use super::{STILL, Technique, by_act, stays};

/// Silent.
pub const SILENT: Technique = Technique { state: State::Silent, body: STILL, enters: by_act, leaves: stays };
