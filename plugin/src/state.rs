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

#[cfg(test)]
mod tests {
    use super::*;
    use antiphon_engine::settings::Settings;
    use std::collections::BTreeMap;

    fn state(params: impl IntoIterator<Item = (&'static str, ParamValue)>) -> PluginState {
        let params = params.into_iter().map(|(id, value)| (id.to_owned(), value)).collect();
        PluginState { version: String::new(), params, fields: BTreeMap::new() }
    }

    /// What parameters stand at after `state` was loaded as the framework loads it.
    fn loaded(mut state: PluginState) -> AntiphonParams {
        make_harmless(&mut state);
        let params = AntiphonParams::default();
        for (id, param, _) in params.param_map() {
            // SAFETY: the pointers point into `params`.
            unsafe {
                let plain = match state.params[&id] {
                    ParamValue::F32(value) => value,
                    ParamValue::I32(value) => value as f32,
                    ParamValue::Bool(on) => f32::from(u8::from(on)),
                    ParamValue::String(_) => panic!("no parameter is saved as text"),
                };
                assert_eq!(param.preview_plain(param.preview_normalized(plain)), plain, "{id} lies in its range");
                param._internal_set_normalized_value(param.preview_normalized(plain));
            }
        }
        params.deserialize_fields(&state.fields);
        params
    }

    #[test]
    fn a_value_that_is_no_number_or_of_another_kind_or_missing_becomes_the_default() {
        let hostile = state([
            ("density", ParamValue::F32(f32::NAN)),
            ("mirror", ParamValue::F32(f32::NEG_INFINITY)),
            ("space", ParamValue::String("much".to_owned())),
            ("ceiling", ParamValue::F32(3.0)),
            ("goal", ParamValue::Bool(true)),
            ("nobody", ParamValue::I32(7)),
        ]);
        assert_eq!(loaded(hostile).settings(), Settings::default());
        assert_eq!(loaded(state([])).settings(), Settings::default());
    }

    #[test]
    fn a_value_out_of_range_becomes_the_nearest_in_range() {
        for (int, float) in [(i32::MIN, -1e30), (i32::MAX, 1e30)] {
            let ids = AntiphonParams::default().param_map();
            let hostile = ids.iter().map(|(id, param, _)| {
                let value = match param {
                    ParamPtr::FloatParam(_) => ParamValue::F32(float),
                    _ => ParamValue::I32(int),
                };
                (id.clone(), value)
            });
            let hostile = PluginState { params: hostile.collect(), ..state([]) };
            let settings = loaded(hostile).settings();
            assert_eq!(settings, settings.clamped());
            assert_eq!(settings.density, if float < 0.0 { 0.0 } else { 1.0 });
        }
    }

    #[test]
    fn every_loaded_state_is_noticed_and_none_leaves_a_trace_in_what_is_saved() {
        let fresh = AntiphonParams::default();
        let after = loaded(state([]));
        assert_eq!((fresh.loads(), after.loads()), (0, 1));
        assert_eq!(fresh.serialize_fields(), after.serialize_fields());
    }

    #[test]
    fn the_look_of_the_panel_is_saved_and_comes_back() {
        let (before, after) = (AntiphonParams::default(), AntiphonParams::default());
        before.look.change(|kept| kept.scale_percent = 150);
        after.deserialize_fields(&before.serialize_fields());
        assert_eq!(after.look.get(), before.look.get());
        assert_ne!(after.look.get(), AntiphonParams::default().look.get());
    }
}
