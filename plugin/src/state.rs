//! What a host saves and gives back: every parameter. What comes back is made harmless before it is taken.

use crate::params::AntiphonParams;
use nice_plug::params::persist::PersistentField;
use nice_plug::plugin::ParamValue;
use nice_plug::prelude::*;
use std::sync::atomic::{AtomicU32, Ordering};

/// Name of the field in a saved state by which [`Loads`] notices that one was loaded.
pub const LOADS_FIELD: &str = "loaded";

/// Counts the states loaded; holds nothing that is saved.
#[derive(Debug, Default)]
pub struct Loads(AtomicU32);

impl Loads {
    /// States loaded so far.
    pub fn count(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

impl PersistentField<'_, ()> for Loads {
    fn set(&self, (): ()) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn map<F: Fn(&()) -> R, R>(&self, f: F) -> R {
        f(&())
    }
}

/// Brings every value of a state into the range of its parameter. What is missing, of another kind or no number becomes
/// the default: a loaded state leaves nothing of the one before it. What no parameter knows is dropped.
pub fn make_harmless(state: &mut PluginState) {
    let usual = AntiphonParams::default();
    let given = std::mem::take(&mut state.params);
    for (id, param, _group) in usual.param_map() {
        let value = harmless(given.get(&id), &param);
        state.params.insert(id, value);
    }
    state.fields.insert(LOADS_FIELD.to_owned(), "null".to_owned());
}

fn harmless(given: Option<&ParamValue>, param: &ParamPtr) -> ParamValue {
    // SAFETY: each pointer points into the caller's `usual`, which outlives this call.
    unsafe {
        match (param, given) {
            (ParamPtr::BoolParam(_), Some(ParamValue::Bool(on))) => ParamValue::Bool(*on),
            (ParamPtr::BoolParam(param), _) => ParamValue::Bool((**param).default_plain_value()),
            (ParamPtr::IntParam(param), Some(ParamValue::I32(value))) => {
                let range = (**param).range();
                let (a, b) = (range.unnormalize(0.0), range.unnormalize(1.0));
                ParamValue::I32((*value).clamp(a.min(b), a.max(b)))
            }
            (ParamPtr::IntParam(param), _) => ParamValue::I32((**param).default_plain_value()),
            (ParamPtr::FloatParam(param), Some(ParamValue::F32(value))) if value.is_finite() => {
                let range = (**param).range();
                let (a, b) = (range.unnormalize(0.0), range.unnormalize(1.0));
                ParamValue::F32(value.clamp(a.min(b), a.max(b)))
            }
            (ParamPtr::FloatParam(param), _) => ParamValue::F32((**param).default_plain_value()),
            (ParamPtr::EnumParam(param), _) => ParamValue::I32((**param).default_plain_value()),
        }
    }
}
