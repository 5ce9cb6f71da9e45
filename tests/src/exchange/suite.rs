//! Which exchanges are judged together.

use super::take::{Cueing, Keeping, Piece, Player, Take};

/// Seeds of a whole suite.
pub const SEEDS: [u32; 3] = [1, 2, 3];

/// What must not happen, and the therapist's acts, each with who moves the states in it.
const CONTROLS: [(Piece, Cueing); 14] = [
    (Piece::NoRepetition, Cueing::Named),
    (Piece::NoRepetition, Cueing::Automatic),
    (Piece::StopsInPulse, Cueing::Named),
    (Piece::StopsInSwing, Cueing::Named),
    (Piece::StopsInSong, Cueing::Named),
    (Piece::StopsInBuild, Cueing::Named),
    (Piece::StopsInSolidify, Cueing::Named),
    (Piece::Loud, Cueing::Automatic),
    (Piece::Quiet, Cueing::Automatic),
    (Piece::Flat, Cueing::Automatic),
    (Piece::Leaves, Cueing::Automatic),
    (Piece::Chaos, Cueing::Automatic),
    (Piece::Two, Cueing::Automatic),
    (Piece::Therapist, Cueing::Named),
];

/// The thirteen lines of a player, in each of the given ways and seeds.
pub fn thirteen(player: Player, keepings: &[Keeping], seeds: &[u32], cueing: Cueing) -> Vec<Take> {
    let each = keepings.iter().flat_map(|&keeping| seeds.iter().map(move |&seed| (keeping, seed)));
    each.map(|(keeping, seed)| Take { piece: Piece::Whole, player, keeping, seed, cueing }).collect()
}

/// What must not happen, for a player.
pub fn controls(player: Player, keepings: &[Keeping], seeds: &[u32]) -> Vec<Take> {
    let each = keepings.iter().flat_map(|&keeping| seeds.iter().map(move |&seed| (keeping, seed)));
    each.flat_map(|(keeping, seed)| {
        CONTROLS.iter().map(move |&(piece, cueing)| Take { piece, player, keeping, seed, cueing })
    })
    .collect()
}
