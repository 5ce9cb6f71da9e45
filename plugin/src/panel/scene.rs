//! Everything that the parts of the panel need to draw themselves and to carry out what is done to them.

use super::hand::Hand;
use super::look::Look;
use super::meter::Meter;
use super::space::Space;
use super::theme::Ink;
use crate::params::AntiphonParams;
use crate::recorder::Recorder;
use crate::telemetry::View;
use crate::telemetry::trail::Trail;

/// One look at the session, and the therapist's hand.
pub struct Scene<'a> {
    /// The therapist's choices.
    pub params: &'a AntiphonParams,
    /// How she likes the panel.
    pub look: &'a Look,
    /// Her hand.
    pub hand: Hand<'a>,
    /// What happens now.
    pub view: &'a View,
    /// What happened in the last seconds.
    pub trail: &'a Trail,
    /// The client's latest peaks.
    pub meter: Meter,
    /// Keeps the session, when she asks for it.
    pub recorder: &'a Recorder,
    /// Colours.
    pub ink: &'static Ink,
    /// Sizes.
    pub space: Space,
}
