//! Reads a session from what a host exported, or from one session file.

mod align;
mod ears;
mod kept;
mod score;

use super::session::{Marker, Part, Session};
use crate::analysis::Note;
use crate::journal::{MAGIC, Session as Journal};
use crate::problem::Problem;
use crate::record::CLIENT_CHANNEL;
use crate::source::Source;
use align::CLIENT;
use antiphon_engine::listen::heard::THERAPIST_CHANNEL;
use antiphon_engine::settings::Settings;
use score::{Score, Track};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The channel of drums, 0-15, whose keys are no pitches (General MIDI).
const DRUMS: u8 = 9;

/// Lengths that differ by less than this are alike, s.
const ALIKE_S: f64 = 5.0;

/// What to read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// The client's recording or MIDI file; or, if there is no other, the whole session as a session file or a MIDI file.
    pub client: PathBuf,
    /// The accompaniment as MIDI.
    pub accompaniment: Option<PathBuf>,
    /// When the accompaniment's file begins in the client's time, s; found or assumed if `None`.
    pub offset_s: Option<f64>,
    /// How to listen to a recording.
    pub settings: Settings,
}

/// How far the reading has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// The beginning of the recording is heard to match it with the client's notes in the accompaniment's file.
    Matching {
        /// Heard so far, s.
        heard_s: f64,
        /// Of so much at most, s.
        of_s: f64,
    },
    /// The recording is heard.
    Hearing {
        /// Heard so far, s.
        heard_s: f64,
    },
}

/// Reads what `request` names. `progress` is told how far it has come, if a recording is to be heard.
pub fn read(request: &Request, progress: &mut dyn FnMut(Step)) -> Result<Session, Problem> {
    match &request.accompaniment {
        Some(accompaniment) => two_files(request, accompaniment, progress),
        None => one_file(request),
    }
}

/// The session of a file that the recorder kept; `None` if it broke off before the first sample.
pub fn of_journal(journal: &Journal) -> Option<Session> {
    kept::session(journal)
}

/// Whether `path` begins as a Standard MIDI File does.
fn is_midi(path: &Path) -> Result<bool, Problem> {
    begins(path, b"MThd")
}

fn begins(path: &Path, with: &[u8]) -> Result<bool, Problem> {
    let mut first = Vec::new();
    let file = std::fs::File::open(path).map_err(Problem::read(path))?;
    file.take(with.len() as u64).read_to_end(&mut first).map_err(Problem::read(path))?;
    Ok(first == with)
}

fn one_file(request: &Request) -> Result<Session, Problem> {
    if begins(&request.client, MAGIC)? {
        let path = request.client.clone();
        let journal = Journal::open(&path)?;
        let why = "it broke off before the first sound".to_owned();
        let name = file_name(&path);
        let session = of_journal(&journal).ok_or(Problem::NoSession { path, why })?;
        return Ok(Session { client_source: name.clone(), accompaniment_source: name, ..session });
    }
    if !is_midi(&request.client)? {
        // Tells what is wrong with the file before what is missing beside it.
        Source::open(&request.client)?;
        return Err(Problem::Alone { path: request.client.clone() });
    }
    let score = score::read(&request.client)?;
    let mut assumptions = Vec::new();
    let named = score.tracks.iter().any(is_client);
    let on_hers = |channel: u8| channel == CLIENT_CHANNEL;
    if !named {
        // One track for all, as type 0 has it: the client's notes are on the channel that a session file gives her.
        if !score.tracks.iter().flat_map(|track| &track.notes).any(|(channel, _)| on_hers(*channel)) {
            return Err(Problem::NoClient { path: request.client.clone() });
        }
        assumptions.push(
            "The file has no track named \"client\"; the notes on channel 15 were taken as the client's.".to_owned(),
        );
    }
    let is_hers = |track: &Track, channel: u8| if named { is_client(track) } else { on_hers(channel) };
    let client = part(notes_of(&score, is_hers));
    let is_ours =
        |track: &Track, channel: u8| !is_hers(track, channel) && !is_therapist(track) && channel != THERAPIST_CHANNEL;
    let accompaniment = part(notes_of(&score, is_ours));
    let name = file_name(&request.client);
    Ok(Session {
        length_s: score.end_s,
        client_source: name.clone(),
        accompaniment_source: name,
        client,
        accompaniment,
        voices: voices(&score, is_ours),
        therapist_notes: notes_of(&score, |track, channel| is_therapist(track) || channel == THERAPIST_CHANNEL).len(),
        markers: markers(&score, 0.0),
        assumptions,
        ..Session::default()
    })
}

fn two_files(request: &Request, accompaniment: &Path, progress: &mut dyn FnMut(Step)) -> Result<Session, Problem> {
    if !is_midi(accompaniment)? {
        return Err(Problem::NotMidi { path: accompaniment.to_owned() });
    }
    let score = score::read(accompaniment)?;
    let mut assumptions = Vec::new();
    // A track of the client's in the accompaniment's file is what was heard while it played: that is no accompaniment.
    let is_ours =
        |track: &Track, channel: u8| !is_client(track) && !is_therapist(track) && channel != THERAPIST_CHANNEL;
    let notes = part(notes_of(&score, is_ours));
    let offset_s = offset_s(request, &score, &mut assumptions, progress)?;
    let count = notes.count();
    let part = notes.moved(offset_s);
    let hearing = &mut |heard_s| progress(Step::Hearing { heard_s });
    let (client, client_s) = client(request, &part.all(), f64::INFINITY, &mut assumptions, hearing)?;
    let is_therapists =
        |track: &Track, channel: u8| !is_client(track) && (is_therapist(track) || channel == THERAPIST_CHANNEL);
    if part.count() < count {
        let lost = crate::summary::counted(count - part.count(), "note");
        assumptions.push(format!("{lost} of the accompaniment lay before the client's file began and were left out."));
    }
    let accompaniment_s = score.end_s + offset_s;
    if (accompaniment_s - client_s).abs() > ALIKE_S {
        let (longer, by_s) = if accompaniment_s > client_s {
            ("accompaniment goes on", accompaniment_s - client_s)
        } else {
            ("client's file goes on", client_s - accompaniment_s)
        };
        assumptions.push(format!("The two files differ in length: the {longer} for {by_s:.0} s after the other ends."));
    }
    Ok(Session {
        length_s: client_s.max(accompaniment_s).max(part.end_s()),
        client_source: file_name(&request.client),
        accompaniment_source: file_name(accompaniment),
        client,
        accompaniment: part,
        voices: voices(&score, is_ours),
        therapist_notes: notes_of(&score, is_therapists).len(),
        markers: markers(&score, offset_s),
        assumptions,
        ..Session::default()
    })
}

/// The client's part until about `until_s` and its length, s, while the accompaniment played `own`.
fn client(
    request: &Request,
    own: &[Note],
    until_s: f64,
    assumptions: &mut Vec<String>,
    progress: &mut dyn FnMut(f64),
) -> Result<(Part, f64), Problem> {
    if !is_midi(&request.client)? {
        let mut source = Source::open(&request.client)?;
        let heard = ears::hear(&mut source, own, &request.settings.clamped(), until_s, progress)?;
        assumptions.extend(source.warning().map(|warning| format!("{warning}.")));
        return Ok(heard);
    }
    let score = score::read(&request.client)?;
    let named = score.tracks.iter().any(is_client);
    let others = score.tracks.iter().flat_map(|track| &track.notes).any(|(channel, _)| *channel != THERAPIST_CHANNEL);
    let is_hers = |track: &Track, channel: u8| match (named, others) {
        (true, _) => is_client(track),
        (false, true) => channel != THERAPIST_CHANNEL,
        (false, false) => true,
    };
    Ok((part(notes_of(&score, is_hers)), score.end_s))
}

/// So much of the client's file is heard to match it with what the accompaniment's file holds of it, s.
const MATCHED_S: f64 = 180.0;

/// When the accompaniment's file begins in the client's time, s, and, in `assumptions`, how that is known.
fn offset_s(
    request: &Request,
    score: &Score,
    assumptions: &mut Vec<String>,
    progress: &mut dyn FnMut(Step),
) -> Result<f64, Problem> {
    if let Some(given_s) = request.offset_s {
        assumptions.push(format!("The accompaniment's file begins at {given_s:.3} s of the client's, as you said."));
        return Ok(given_s);
    }
    let written = part(notes_of(score, |track, _| is_client(track))).notes;
    if !written.is_empty() {
        let matching = &mut |heard_s| progress(Step::Matching { heard_s, of_s: MATCHED_S });
        let (heard, _) = client(request, &[], MATCHED_S, &mut Vec::new(), matching)?;
        if let Some((offset_s, same)) = align::offset_s(&heard.notes, &written) {
            assumptions.push(format!(
                "The accompaniment's file begins at {offset_s:.3} s of the client's: {same} of the client's notes are in \
                 both files."
            ));
            return Ok(offset_s);
        }
    }
    if let Some(offset_s) = marked_s(score) {
        assumptions.push(format!(
            "The accompaniment's file begins at {offset_s:.3} s of the client's: its marker \"client\" says so."
        ));
        return Ok(offset_s);
    }
    assumptions.push(
        "Both files were taken to begin at the same instant. If they do not, give --offset, or set a marker named \
         \"client\" in the MIDI file where the client's recording begins."
            .to_owned(),
    );
    Ok(0.0)
}

/// The offset that a marker named "client" tells, s.
fn marked_s(score: &Score) -> Option<f64> {
    score.markers.iter().find(|(_, text)| text.eq_ignore_ascii_case(CLIENT)).map(|(at_s, _)| -at_s)
}

fn is_client(track: &Track) -> bool {
    track.name.eq_ignore_ascii_case(CLIENT)
}

fn is_therapist(track: &Track) -> bool {
    track.name.eq_ignore_ascii_case("therapist")
}

fn notes_of(score: &Score, belongs: impl Fn(&Track, u8) -> bool) -> Vec<(u8, Note)> {
    let mut notes = Vec::new();
    for track in &score.tracks {
        notes.extend(track.notes.iter().copied().filter(|(channel, _)| belongs(track, *channel)));
    }
    notes
}

fn part(notes: Vec<(u8, Note)>) -> Part {
    let (strokes, notes): (Vec<_>, Vec<_>) = notes.into_iter().partition(|(channel, _)| *channel == DRUMS);
    let bare = |notes: Vec<(u8, Note)>| notes.into_iter().map(|(_, note)| note).collect();
    Part::new(bare(notes), bare(strokes))
}

fn voices(score: &Score, belongs: impl Fn(&Track, u8) -> bool) -> Vec<(String, usize)> {
    let of_track = |track: &Track| {
        let count = track.notes.iter().filter(|(channel, _)| belongs(track, *channel)).count();
        (track.name.clone(), count)
    };
    score.tracks.iter().map(of_track).filter(|(name, count)| !name.is_empty() && *count > 0).collect()
}

fn markers(score: &Score, offset_s: f64) -> Vec<Marker> {
    let marker = |(at_s, text): &(f64, String)| Marker { at_s: (at_s + offset_s).max(0.0), text: text.clone() };
    let told = score.markers.iter().filter(|(_, text)| !text.is_empty() && !text.eq_ignore_ascii_case(CLIENT));
    told.map(marker).collect()
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
