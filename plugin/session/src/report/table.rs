//! The table beside the page: a row for every second.

use super::rows::Row;
use super::session::Session;
use crate::analysis::NAMES;

/// Columns of a player beside the features, and of both.
const PLAYER: [&str; 4] = ["tempo_bpm", "contour", "arousal_proxy", "valence_proxy"];
const TOGETHER: [&str; 9] = [
    "roughness_both",
    "common_pulse",
    "common_bpm",
    "joint_share",
    "asynchrony_s",
    "asynchrony_sd_s",
    "lead",
    "overlap",
    "client_floor",
];

/// The rows as csv text.
pub(super) fn csv(session: &Session, rows: &[Row]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let of_player =
        |who: &'static str| NAMES.iter().chain(&PLAYER).map(move |name| format!("{who}_{name}")).collect::<Vec<_>>();
    let together = TOGETHER.map(str::to_owned);
    let head = [
        &["time_s".to_owned()][..],
        &of_player("client"),
        &of_player("accompaniment"),
        &together,
        &["state".to_owned()],
    ];
    writer.write_record(head.concat())?;
    let arc = session.arc();
    for row in rows {
        let mut cells = vec![format!("{:.0}", row.time_s)];
        for player in [&row.client, &row.accompaniment] {
            let more = [player.tempo_bpm, player.contour, player.arousal, player.valence];
            cells.extend(player.moment.iter().chain(&more).map(|value| cell(*value)));
        }
        let both = &row.together;
        let together = [
            both.roughness,
            both.common_pulse,
            both.common_bpm,
            both.joint_share,
            both.asynchrony_s,
            both.asynchrony_sd_s,
            both.lead,
            both.overlap,
            both.floor,
        ];
        cells.extend(together.map(cell));
        let state = arc.iter().take_while(|state| state.0 < row.time_s).last().map_or("", |state| state.1);
        cells.push(state.to_owned());
        writer.write_record(cells)?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn cell(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| format!("{value:.4}"))
}
