//! Who counts what is played.

use antiphon_engine::Audience;
use antiphon_engine::speak::{NoRoom, Spoken};

/// The block that the promise about cost is made for, samples.
pub const BLOCK: usize = 64;

/// An audience that counts.
#[derive(Default)]
pub struct Counting {
    /// Events so far.
    pub events: usize,
}

impl Audience for Counting {
    fn event(&mut self, _offset: u32, _event: &Spoken) -> Result<(), NoRoom> {
        self.events += 1;
        Ok(())
    }
}
