//! The exchange of thirteen lines as a rig, and its judge: what a client sings, and whether what is answered is what
//! Turry's therapist would have played (Turry 2010, *Qualitative Inquiries in Music Therapy* 5:116-172).

pub mod files;
pub mod judge;
pub mod measure;
pub mod rig;
pub mod suite;
pub mod sung;
pub mod table;
pub mod take;

pub use judge::{Criterion, Verdict, judge};
pub use rig::{Exchange, exchange};
pub use take::{Cueing, Keeping, Piece, Player, STATES, Take};
