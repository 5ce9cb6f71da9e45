//! Nothing is left sounding, however a session ends: whatever sounds is off within the block that carries the ending,
//! or the next one processed.

use crate::client::{TUNE_S, sung_stereo};
use crate::play::{Cut, both, clap, inputs, through};
use antiphon_tests::check;
use antiphon_tests::host::{Host, Input, MovedController, PlayedEvent, Setup, Transport};
use anyhow::{Context, Result, bail, ensure};
use std::sync::OnceLock;

const RATE_HZ: f64 = 48_000.0;
const BLOCK: usize = 480;
/// Longer than anything that is planned when an ending comes.
const FADE_S: f64 = 12.0;
/// The client is silent; the music has ended by then.
const SILENCE_S: f64 = 20.0;
/// How long nothing begins after a panic; a second is promised, less the block that carries it.
const PANIC_S: f64 = 0.98;

/// What sounds when the ending comes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Playing {
    Drone,
    Countermelody,
    Cadence,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Ending {
    Stop,
    LocateAhead,
    LocateBack,
    Loop,
    Bypass,
    Reset,
    StopAndStart,
    DeactivateAndActivate,
    StateLoad,
    GoalChange,
    Silence,
    RateChange,
    Panic,
    EndOfBounce,
}

const ENDINGS: [Ending; 14] = [
    Ending::Stop,
    Ending::LocateAhead,
    Ending::LocateBack,
    Ending::Loop,
    Ending::Bypass,
    Ending::Reset,
    Ending::StopAndStart,
    Ending::DeactivateAndActivate,
    Ending::StateLoad,
    Ending::GoalChange,
    Ending::Silence,
    Ending::RateChange,
    Ending::Panic,
    Ending::EndOfBounce,
];

impl Ending {
    /// The sample of its block at which it comes.
    fn offset(self) -> u32 {
        match self {
            Self::GoalChange => 100,
            Self::Bypass => 200,
            Self::Panic => 300,
            _ => 0,
        }
    }
}

/// Two verses, sung once for all sessions.
fn client() -> &'static [Vec<f32>] {
    static CLIENT: OnceLock<Vec<Vec<f32>>> = OnceLock::new();
    CLIENT.get_or_init(|| sung_stereo(RATE_HZ, 2.0 * TUNE_S))
}

/// A host in mid-session, the client singing along.
struct Session {
    host: Box<dyn Host>,
    client: &'static [Vec<f32>],
    /// Samples sung.
    at: usize,
    transport: Transport,
    played: Vec<PlayedEvent>,
    moved: Vec<MovedController>,
}

impl Session {
    fn begin(mut host: Box<dyn Host>) -> Self {
        host.activate(setup(RATE_HZ)).expect("it activates");
        let transport = Transport { looped: Some((0, 48_000 * 600)), ..Transport::rolling(0) };
        Self { host, client: client(), at: 0, transport, played: Vec::new(), moved: Vec::new() }
    }

    fn set(&mut self, name: &str, text: &str, at: u32) -> Input {
        self.host.set(name, text, at).unwrap_or_else(|e| panic!("{e:#}"))
    }

    /// One block: the client sings on, or is silent.
    fn block(&mut self, sings: bool, changes: &[Input]) {
        let silence = [0.0; BLOCK];
        let from = self.at % (self.client[0].len() - BLOCK);
        let block = [0, 1].map(|channel| if sings { &self.client[channel][from..from + BLOCK] } else { &silence[..] });
        self.host.process(&block, changes, Some(self.transport)).expect("the plugin processes");
        self.host.idle();
        assert_eq!(self.host.outbox().fault, None);
        let before = self.played.len();
        self.played.append(&mut self.host.outbox().played);
        let moved = std::mem::take(&mut self.host.outbox().moved);
        self.moved.extend(moved.into_iter().map(|moved| MovedController { notes: before + moved.notes, ..moved }));
        self.at += BLOCK;
        if self.transport.playing {
            self.transport.position += BLOCK as i64;
        }
    }

    fn sounding(&self) -> Result<Vec<(u8, u8, u64)>> {
        check::sounding(&self.played)
    }

    /// Sings until the plugin plays what is wanted.
    fn until(&mut self, playing: Playing) -> Result<()> {
        let goal = if playing == Playing::Countermelody { "relationships" } else { "wellbeing" };
        let mut first = vec![self.set("channels", "voices", 0), self.set("goal", goal, 0)];
        let cadence_at = (9.0 * RATE_HZ) as usize / BLOCK * BLOCK;
        let limit = (38.0 * RATE_HZ) as usize;
        while self.at < limit {
            if playing == Playing::Cadence && self.at == cadence_at {
                first.push(self.set("cadence", "on", 0));
            }
            self.block(true, &std::mem::take(&mut first));
            let sounding = self.sounding()?;
            let on = |channel| sounding.iter().filter(|(on, ..)| *on == channel).count();
            // Bass, harmony and counter have channels 0, 1 and 2; only a cadence has three harmony notes at once.
            let there = match playing {
                Playing::Drone => on(0) > 0,
                Playing::Countermelody => on(2) > 0,
                Playing::Cadence => on(0) > 0 && on(1) >= 3,
            };
            if there {
                return Ok(());
            }
        }
        bail!("no {playing:?} within 38 s; played {:?}", self.played)
    }

    /// Where the last move of each channel's pedal left it down.
    fn pedals_down(&self) -> Vec<u8> {
        let last = |channel: &u8| self.moved.iter().rev().find(|moved| moved.channel == *channel);
        (0..16).filter(|channel| last(channel).is_some_and(|moved| moved.value > 0)).collect()
    }

    /// Brings the ending about, up to the block that carries it.
    fn end(&mut self, ending: Ending) {
        let mut change = Vec::new();
        match ending {
            Ending::Stop => self.transport.playing = false,
            Ending::LocateAhead => self.transport.position += 48_000 * 20,
            Ending::LocateBack => self.transport.position -= 48_000 * 2,
            Ending::Loop => {
                self.transport.looped = Some((0, self.transport.position));
                self.transport.position = 0;
            }
            Ending::Bypass => change.push(self.set("bypass", "on", ending.offset())),
            Ending::Reset => self.host.reset().expect("it resets"),
            Ending::StopAndStart => self.host.restart().expect("it stops and starts"),
            Ending::DeactivateAndActivate => {
                self.host.deactivate().expect("it deactivates");
                self.host.activate(setup(RATE_HZ)).expect("it activates");
            }
            Ending::StateLoad => {
                let state = self.host.save().expect("it saves");
                self.host.load(&state).expect("it loads what it saved");
            }
            Ending::GoalChange => change.push(self.set("goal", "pain", ending.offset())),
            Ending::Silence => {}
            Ending::RateChange => {
                self.host.deactivate().expect("it deactivates");
                self.host.activate(setup(96_000.0)).expect("it activates");
            }
            Ending::Panic => change.push(self.set("panic", "on", ending.offset())),
            Ending::EndOfBounce => {
                self.host.deactivate().expect("it deactivates");
                self.transport.playing = false;
                self.host.activate(setup(RATE_HZ)).expect("it activates");
            }
        }
        self.block(ending != Ending::Silence, &change);
    }

    /// Goes on in silence until nothing can sound any more.
    fn fade(&mut self, seconds: f64) -> Result<()> {
        for _ in 0..(seconds * RATE_HZ) as usize / BLOCK {
            self.block(false, &[]);
        }
        check::all_ended(&self.played)
    }
}

fn setup(rate_hz: f64) -> Setup {
    Setup { rate_hz, longest_block: BLOCK, channels: 2 }
}

/// Brings `ending` about while what is wanted sounds; an error says what was left.
fn check_ending(host: Box<dyn Host>, playing: Playing, ending: Ending) -> Result<()> {
    let mut session = Session::begin(host);
    session.until(playing)?;
    let (sounded, before) = (session.sounding()?, session.played.len());
    session.end(ending);
    if ending == Ending::Silence {
        return session.fade(SILENCE_S);
    }
    let carried = session.at;
    session.block(true, &[]);
    for &(channel, key, _) in &sounded {
        let ended = session.played[before..].iter().any(|e| !e.on && (e.channel, e.key) == (channel, key));
        ensure!(ended, "key {key} goes on sounding on channel {channel}");
    }
    let silent_s = match ending {
        Ending::Bypass => 2.0,
        Ending::Panic => PANIC_S,
        _ => 0.0,
    };
    while ((session.at - carried) as f64) < silent_s * RATE_HZ {
        session.block(true, &[]);
    }
    // What began in the same block before the ending's own sample is not held against it.
    let ended = (carried - BLOCK + ending.offset() as usize) as u64;
    let begins = session.played[before..].iter().find(|e| e.on && e.sample >= ended).filter(|_| silent_s > 0.0);
    ensure!(begins.is_none(), "a note begins within {silent_s} s of sample {ended}: {begins:?}");
    session.fade(FADE_S)
}

fn check_endings(playing: Playing) {
    let mut failures = Vec::new();
    for ending in ENDINGS {
        for host in both() {
            let format = host.format();
            if let Err(error) = check_ending(host, playing, ending) {
                failures.push(format!("{format}, {ending:?} during the {playing:?}: {error:#}"));
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn no_drone_is_left_sounding_by_any_ending() {
    check_endings(Playing::Drone);
}

#[test]
fn no_countermelody_is_left_sounding_by_any_ending() {
    check_endings(Playing::Countermelody);
}

#[test]
fn no_cadence_is_left_sounding_by_any_ending() {
    check_endings(Playing::Cadence);
}

/// A host takes no event while it stops a plugin or lets it rest, in either format. What sounded then is off at the first
/// sample that it asks for again, whatever else it says then.
#[test]
fn what_sounds_when_a_host_lets_the_plugin_rest_is_off_at_the_first_sample_after() {
    for (bypassed, playing) in [(false, true), (false, false), (true, true)] {
        for host in both() {
            let format = host.format();
            let mut session = Session::begin(host);
            session.until(Playing::Cadence).unwrap_or_else(|error| panic!("{format}: {error:#}"));
            let (sounded, before) = (session.sounding().expect("notes pair"), session.played.len());
            session.host.deactivate().expect("it deactivates in mid-note");
            assert_eq!(session.host.outbox().played, [], "{format}: no event may be sent while it rests");
            session.host.activate(setup(RATE_HZ)).expect("it activates");
            session.transport.playing = playing;
            let change = if bypassed { vec![session.set("bypass", "on", 0)] } else { vec![] };
            let from = session.host.outbox().now();
            session.block(true, &change);
            for (channel, key, _) in sounded {
                let ended = PlayedEvent { sample: from, on: false, channel, key, velocity: 0 };
                let same = |event: &&PlayedEvent| PlayedEvent { velocity: 0, ..**event } == ended;
                let found = session.played[before..].iter().find(same);
                assert!(found.is_some(), "{format}: key {key} on channel {channel} after the host's rest");
            }
        }
    }
}

/// Brings `ending` about while the pedal is down; an error says what was left.
fn check_pedal(host: Box<dyn Host>, ending: Ending) -> Result<()> {
    let mut session = Session::begin(host);
    let pedal = session.set("pedal", "on", 0);
    session.block(true, &[pedal]);
    session.until(Playing::Drone)?;
    let limit = session.at + (TUNE_S * RATE_HZ) as usize;
    while session.pedals_down().is_empty() {
        ensure!(session.at < limit, "the pedal is never down");
        session.block(true, &[]);
    }
    let (moves, notes) = (session.moved.len(), session.played.len());
    session.end(ending);
    if ending == Ending::Silence {
        session.fade(SILENCE_S)?;
    } else {
        session.block(true, &[]);
        let lifted = session.moved.get(moves).context("the pedal is not moved")?;
        let first = session.played[notes..].iter().position(|e| !e.on).context("no note ends")?;
        ensure!(lifted.value == 0 && lifted.notes <= notes + first, "the notes end under the pedal: {lifted:?}");
        session.fade(FADE_S)?;
    }
    let down = session.pedals_down();
    ensure!(down.is_empty(), "the pedal hangs on channels {down:?}");
    Ok(())
}

#[test]
fn no_pedal_is_left_down_by_any_ending() {
    let mut failures = Vec::new();
    for ending in ENDINGS {
        for host in both() {
            let format = host.format();
            if let Err(error) = check_pedal(host, ending) {
                failures.push(format!("{format}, {ending:?}: {error:#}"));
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn music_comes_back_after_every_ending_but_bypass() {
    for ending in ENDINGS.into_iter().filter(|ending| *ending != Ending::Bypass) {
        let mut session = Session::begin(Box::new(clap()));
        session.until(Playing::Drone).expect("a drone");
        session.end(ending);
        let before = session.played.len();
        let limit = session.at + (2.0 * TUNE_S * RATE_HZ) as usize;
        while session.at < limit && !session.played[before..].iter().any(|e| e.on) {
            session.block(true, &[]);
        }
        assert!(session.played[before..].iter().any(|e| e.on), "{ending:?} silences for good");
    }
}

#[test]
fn music_comes_back_when_bypass_is_taken_off() {
    for host in both() {
        let mut session = Session::begin(host);
        session.until(Playing::Drone).expect("a drone");
        session.end(Ending::Bypass);
        let off = session.set("bypass", "off", 5);
        session.block(true, &[off]);
        let before = session.played.len();
        for _ in 0..(2.0 * TUNE_S * RATE_HZ) as usize / BLOCK {
            session.block(true, &[]);
        }
        assert!(session.played[before..].iter().any(|e| e.on), "bypass silences for good");
        session.fade(FADE_S).expect("each note-on has one note-off");
    }
}

#[test]
fn a_refused_state_changes_nothing() {
    let audio = sung_stereo(RATE_HZ, 12.0);
    let halves: [Vec<Vec<f32>>; 2] = [0, 1].map(|half| {
        let middle = audio[0].len() / 2;
        audio.iter().map(|c| if half == 0 { c[..middle].to_vec() } else { c[middle..].to_vec() }).collect()
    });
    for (mut disturbed, mut undisturbed) in both().into_iter().zip(both()) {
        let play = |host: &mut dyn Host, refused: &[&[u8]]| {
            host.activate(setup(RATE_HZ)).expect("it activates");
            let changes = inputs(host, &[(10, "seed", "77"), (10, "density", "0.9")]);
            let mut played = through(host, &halves[0], Cut::Even(BLOCK), &changes);
            let values: Vec<_> = ids(host).into_iter().map(|id| host.value(id).expect("a value")).collect();
            for bytes in refused {
                assert!(host.load(bytes).is_err(), "{}: {:?} is no state", host.format(), bytes);
            }
            let kept: Vec<_> = ids(host).into_iter().map(|id| host.value(id).expect("a value")).collect();
            assert_eq!(kept, values);
            let at = played.len();
            played.extend(through(host, &halves[1], Cut::Even(BLOCK), &[]));
            assert!(played[..at].iter().any(|e| e.on) && played.len() > at, "there was music");
            played
        };
        let garbage: [&[u8]; 4] = [b"", b"{", b"\x10\0\0\0\0\0\0\0{\"params\":", &[0xFF; 64]];
        assert_eq!(play(&mut *disturbed, &garbage), play(&mut *undisturbed, &[]));
    }
}

fn ids(host: &dyn Host) -> Vec<u32> {
    host.params().iter().map(|p| p.id).collect()
}
