//! What the rhythm promises.
