//! The therapist's hand on a parameter: each move is a gesture that the host sees begin, change and end.

use nice_plug::prelude::*;

/// Moves parameters.
pub struct Hand<'a>(ParamSetter<'a>);

impl<'a> Hand<'a> {
    /// A hand that moves parameters through `setter`.
    pub fn new(setter: ParamSetter<'a>) -> Self {
        Self(setter)
    }

    /// Puts `param` to `value` in one gesture.
    pub fn put<P: Param>(&self, param: &P, value: P::Plain) {
        self.grasp(param);
        self.0.set_parameter(param, value);
        self.let_go(param);
    }

    /// Puts `param` back to its usual value in one gesture.
    pub fn usual<P: Param>(&self, param: &P) {
        self.put(param, param.default_plain_value());
    }

    /// Begins a gesture.
    pub fn grasp<P: Param>(&self, param: &P) {
        self.0.begin_set_parameter(param);
    }

    /// Moves `param` to the value nearest to `normalized`, 0 to 1, within a gesture.
    pub fn pull<P: Param>(&self, param: &P, normalized: f32) {
        self.0.set_parameter(param, param.preview_plain(normalized));
    }

    /// Ends a gesture.
    pub fn let_go<P: Param>(&self, param: &P) {
        self.0.end_set_parameter(param);
    }
}
