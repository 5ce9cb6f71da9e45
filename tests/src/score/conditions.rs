//! Who plays, and under which conditions.

use crate::singer::drum::{chaos, drum, groove};
use crate::singer::room::Noise;
use crate::singer::{Consonant, Performance, Score, Sound, Take, sing, thirteen_lines};
use antiphon_engine::settings::Listen;
use std::fmt;

/// The rate where the condition is not about rates, Hz.
pub const USUAL_HZ: u32 = 48_000;

/// Rates that are scored besides [`USUAL_HZ`], Hz.
pub const RATES_HZ: [u32; 7] = [8_000, 11_025, 16_000, 22_050, 44_100, 96_000, 192_000];

/// Who plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// A high voice, C4 to D5.
    HighVoice,
    /// A low voice, an octave below.
    LowVoice,
    /// A bowed string, F3 to G4.
    Bowed,
    /// A flute, C5 to D6.
    Blown,
    /// A plucked string, F3 to G4.
    Plucked,
    /// Drums: a groove and a flurry.
    Drums,
}

impl Client {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 6] = [Self::HighVoice, Self::LowVoice, Self::Bowed, Self::Blown, Self::Plucked, Self::Drums];

    /// What the ears are to listen for.
    pub fn listen(self, telling: Telling) -> Listen {
        match (telling, self) {
            (Telling::Auto, _) => Listen::Auto,
            (Telling::Told, Self::HighVoice | Self::LowVoice) => Listen::Voice,
            (Telling::Told, Self::Bowed | Self::Blown | Self::Plucked) => Listen::Tuned,
            (Telling::Told, Self::Drums) => Listen::Untuned,
        }
    }

    /// Whether `condition` can befall this client: strings that are plucked neither glide nor sway, drums even less.
    pub fn meets(self, condition: Condition) -> bool {
        let holds = !matches!(self, Self::Plucked | Self::Drums);
        holds || !matches!(condition, Condition::Vibrato | Condition::Glides)
    }

    fn performed(self) -> Option<(Sound, i8)> {
        match self {
            Self::HighVoice => Some((Sound::HighVoice, 0)),
            Self::LowVoice => Some((Sound::LowVoice, -12)),
            Self::Bowed => Some((Sound::Bowed, -7)),
            Self::Blown => Some((Sound::Blown, 12)),
            Self::Plucked => Some((Sound::Plucked, -7)),
            Self::Drums => None,
        }
    }
}

impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::HighVoice => "high voice",
            Self::LowVoice => "low voice",
            Self::Bowed => "bowed",
            Self::Blown => "blown",
            Self::Plucked => "plucked",
            Self::Drums => "drums",
        })
    }
}

/// Whether the ears are told what kind of client it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// The setting is right.
    Told,
    /// They find it out themselves.
    Auto,
}

impl fmt::Display for Telling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(if *self == Self::Told { "told" } else { "auto" })
    }
}

/// What it is heard under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// A quiet room.
    Clean,
    /// Pink noise so far below the client, dB.
    Noise(u8),
    /// Hum of the mains of 50 Hz at `HUM_DB`.
    Hum,
    /// Long notes with a vibrato of ±150 cents at 4, 6 and 8 Hz.
    Vibrato,
    /// No consonants: the pitch glides from note to note over `GLIDE_S`, and up to each line's first.
    Glides,
    /// A quiet room at another sample rate, Hz.
    Rate(u32),
}

/// Hum of a bad cable, dBFS; singing here lies about 15 dB over it.
const HUM_DB: f64 = -30.0;

/// A slow portamento, s.
const GLIDE_S: f64 = 0.25;

/// A deep scoop, cents.
const SCOOP_CENTS: f64 = 300.0;

/// Vibrato at its widest, cents either way, and its rates, Hz.
const VIBRATO_CENTS: f64 = 150.0;
const VIBRATO_HZ: [f64; 3] = [4.0, 6.0, 8.0];

impl Condition {
    /// All of them, in the order of the table.
    pub fn all() -> Vec<Self> {
        let room = [Self::Clean, Self::Noise(10), Self::Noise(0), Self::Hum, Self::Vibrato, Self::Glides];
        room.into_iter().chain(RATES_HZ.map(Self::Rate)).collect()
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clean => f.pad("clean"),
            Self::Noise(snr_db) => f.pad(&format!("noise {snr_db} dB")),
            Self::Hum => f.pad("hum"),
            Self::Vibrato => f.pad("vibrato"),
            Self::Glides => f.pad("glides"),
            Self::Rate(rate_hz) => f.pad(&format!("{} kHz", f64::from(*rate_hz) / 1e3)),
        }
    }
}

/// What `client` plays under `condition`.
pub(super) fn takes(client: Client, condition: Condition) -> Vec<Take> {
    let rate_hz = f64::from(if let Condition::Rate(rate_hz) = condition { rate_hz } else { USUAL_HZ });
    let takes = match client.performed() {
        Some((sound, semitones)) => {
            let performed = performances(sound, condition).into_iter();
            performed
                .map(|performance| sing(&written(condition).transposed(semitones), &performance, rate_hz))
                .collect()
        }
        None => vec![drums(rate_hz)],
    };
    let heard = |(index, take): (usize, Take)| match condition {
        Condition::Noise(snr_db) => take.with_noise(Noise::Pink, f64::from(snr_db), index as u64 + 1),
        Condition::Hum => take.with_hum(50.0, HUM_DB),
        _ => take,
    };
    takes.into_iter().enumerate().map(heard).collect()
}

fn performances(sound: Sound, condition: Condition) -> Vec<Performance> {
    let usual = Performance { sound, ..Performance::default() };
    match condition {
        Condition::Vibrato => {
            VIBRATO_HZ.map(|vibrato_hz| Performance { vibrato_hz, vibrato_cents: VIBRATO_CENTS, ..usual }).to_vec()
        }
        Condition::Glides => vec![Performance { glide_s: GLIDE_S, scoop_cents: SCOOP_CENTS, ..usual }],
        _ => vec![usual],
    }
}

/// The first four of the thirteen lines; for vibrato, five long notes.
fn written(condition: Condition) -> Score {
    if condition == Condition::Vibrato {
        return Score::melody(90.0, &[(62, 2.0), (69, 2.0), (65, 2.0), (74, 2.0), (70, 2.0)]);
    }
    let mut score = thirteen_lines();
    score.lines.truncate(4);
    score.ritard = None;
    if condition == Condition::Glides {
        score.lines.iter_mut().flat_map(|line| &mut line.notes).for_each(|note| note.consonant = Consonant::Open);
    }
    score
}

/// A groove of sixteen beats at 108 a minute, and eight seconds of five hits a second.
fn drums(rate_hz: f64) -> Take {
    let (groove, chaos) = (groove(108.0, 16, 0.8, 1), chaos(5.0, 8.0, 10.5, 1));
    drum(&[groove, chaos].concat(), 19.5, 0.5, 1, rate_hz)
}
