//! Waiting: nothing has been heard that asks for an answer. Silence is an answer.

use super::super::state::State;
use super::{STILL, Technique, by_act, stays};

/// Waiting.
pub const WAITING: Technique = Technique { state: State::Waiting, body: STILL, enters: by_act, leaves: stays };
