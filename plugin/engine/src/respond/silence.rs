//! Falling silent with the client: a while after they have stopped, what sounds is let go, and nothing begins before they do
//! or the therapist asks. The state stays, so that the music goes on from where it was when they come back (silence as a
//! technique: Wigram 2004; nobody is left alone with a machine that plays on).

use super::lead::LEAD_THAT_BEGINS;
use super::plan::{Behaviour, Order, Orders};
use crate::intend::intent::{Ground, Intent};
use crate::names::Named;
use crate::settings::Settings;
use crate::time::Clock;
use crate::understand::meaning::Meaning;

/// A client has stopped, and does not just take a breath, after so long, s: lines of a song are 0.6 to 1.5 s apart.
const STOPPED_S: f32 = 3.1;
/// What sounds then is let go within so long, s: four seconds after the client's last tone there is silence.
const LETS_GO_S: f64 = 0.6;

/// Whether it has fallen silent.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Silence {
    silent: bool,
}

impl Silence {
    /// Follows one hop and lets go what sounds as the silence begins; whether it lasts. A close goes on to its end, and where
    /// the therapist plays, holds, or lets Antiphon lead, the silence is not the client's alone.
    pub fn process(
        &mut self,
        meaning: &Meaning,
        intent: &Intent,
        settings: &Settings,
        clock: Clock,
        orders: &mut Orders,
    ) -> bool {
        let goes_on = intent.body.ground == Ground::Close
            || intent.invite.is_some()
            || meaning.therapist.playing
            || settings.hold
            || settings.lead >= LEAD_THAT_BEGINS;
        let was = self.silent;
        self.silent = meaning.silence_s >= STOPPED_S && !goes_on;
        if self.silent && !was {
            let within = clock.samples(LETS_GO_S);
            let all = Behaviour::ALL.iter().filter(|&&behaviour| behaviour != Behaviour::Inviting);
            all.for_each(|&behaviour| orders.push(Order::Withdraw { behaviour, within }));
        }
        self.silent
    }
}
