//! Hosts in this process: what a DAW does with a plugin, without the DAW.
//!
//! [`clap::ClapHost`] and [`vst3::Vst3Host`] drive the two formats the plugin comes in; [`Host`] is what both can do,
//! so that one test runs over either. Event lists are allocated ahead: nothing a host does inside a process call
//! allocates, and what the plugin allocates there is the plugin's.

pub mod clap;
pub mod outbox;
pub mod vst3;

pub use outbox::{Fault, MovedController, Outbox, PlayedEvent};

use anyhow::{Context, Result};

/// What the host tells the plugin before it processes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setup {
    /// Samples a second, Hz.
    pub rate_hz: f64,
    /// Longest block, samples.
    pub longest_block: usize,
    /// Of the track: 1 or 2. The plugin is given two in either case.
    pub channels: usize,
}

impl Default for Setup {
    fn default() -> Self {
        Self { rate_hz: 48_000.0, longest_block: 1024, channels: 2 }
    }
}

/// What goes into the plugin at a sample of the block. A list of these is in time order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Input {
    /// A parameter changes.
    Param {
        /// Samples from the start of the block.
        at: u32,
        /// Stable id, the same in both formats.
        id: u32,
        /// New value, 0 to 1.
        value: f64,
    },
    /// A key goes down or up.
    Note {
        /// Samples from the start of the block.
        at: u32,
        /// MIDI channel, 0-15.
        channel: u8,
        /// MIDI key.
        key: u8,
        /// MIDI velocity; 0 is a note-off.
        velocity: u8,
    },
    /// Three raw MIDI bytes. VST3 has no such thing: there it carries notes and controllers alone, translated.
    Midi {
        /// Samples from the start of the block.
        at: u32,
        /// Status and data.
        bytes: [u8; 3],
    },
    /// The transport changes within the block; VST3 has no such thing and hears of it with the next block.
    Transport {
        /// Samples from the start of the block.
        at: u32,
        /// Where it stands from here on.
        transport: Transport,
    },
}

impl Input {
    /// Samples from the start of the block.
    pub fn at(&self) -> u32 {
        match *self {
            Self::Param { at, .. } | Self::Note { at, .. } | Self::Midi { at, .. } | Self::Transport { at, .. } => at,
        }
    }

    /// The same at another sample of the block.
    pub fn moved_to(mut self, sample: u32) -> Self {
        let (Self::Param { at, .. } | Self::Note { at, .. } | Self::Midi { at, .. } | Self::Transport { at, .. }) =
            &mut self;
        *at = sample;
        self
    }
}

/// Where the host's transport stands at the first sample of a block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transport {
    /// Whether it rolls.
    pub playing: bool,
    /// Song position, samples.
    pub position: i64,
    /// Tempo, quarter notes a minute.
    pub tempo_bpm: f64,
    /// The loop, first sample and the one after the last.
    pub looped: Option<(i64, i64)>,
}

impl Transport {
    /// Rolling from `position` at 120 a minute, no loop.
    pub fn rolling(position: i64) -> Self {
        Self { playing: true, position, tempo_bpm: 120.0, looped: None }
    }

    /// Standing at `position`.
    pub fn stopped(position: i64) -> Self {
        Self { playing: false, ..Self::rolling(position) }
    }

    /// Song position in quarter notes.
    fn beats(&self, samples: i64, rate_hz: f64) -> f64 {
        samples as f64 / rate_hz * self.tempo_bpm / 60.0
    }
}

/// A parameter as the host sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Stable id, the same in both formats.
    pub id: u32,
    /// Display name.
    pub name: String,
    /// Value before anybody touched it, 0 to 1.
    pub default: f64,
    /// Steps between the lowest and the highest value; 0 for a continuous one.
    pub steps: u32,
    /// The host's own bypass switch.
    pub bypass: bool,
    /// Offered for automation.
    pub automatable: bool,
    /// Not shown to the user.
    pub hidden: bool,
}

/// What a DAW does with a plugin. Values of parameters are 0 to 1.
pub trait Host {
    /// The plugin's format, for messages.
    fn format(&self) -> &'static str;

    /// Every parameter, in the plugin's order.
    fn params(&self) -> &[Param];

    /// What parameter `id` is now.
    fn value(&mut self, id: u32) -> Result<f64>;

    /// How the plugin writes `value` of parameter `id`.
    fn text(&mut self, id: u32, value: f64) -> Result<String>;

    /// The value of parameter `id` that the plugin reads in `text`; `None` if it refuses.
    fn parse(&mut self, id: u32, text: &str) -> Result<Option<f64>>;

    /// Changes parameters without processing: the plugin is not active, or gets an empty block.
    fn flush(&mut self, inputs: &[Input]) -> Result<()>;

    /// Makes the plugin ready and starts processing.
    fn activate(&mut self, setup: Setup) -> Result<()>;

    /// Stops processing and lets the plugin rest.
    fn deactivate(&mut self) -> Result<()>;

    /// Forget the past, go on processing.
    fn reset(&mut self) -> Result<()>;

    /// Stops processing and starts again without letting the plugin rest.
    fn restart(&mut self) -> Result<()>;

    /// Hands over one block, one slice of equal length a channel, and takes what comes out: the channels, and the
    /// events into the [`Outbox`].
    fn process(&mut self, block: &[&[f32]], inputs: &[Input], transport: Option<Transport>) -> Result<&[Vec<f32>]>;

    /// What came out so far.
    fn outbox(&mut self) -> &mut Outbox;

    /// The plugin's state.
    fn save(&mut self) -> Result<Vec<u8>>;

    /// Gives the plugin a state. An error if it refuses.
    fn load(&mut self, state: &[u8]) -> Result<()>;

    /// What hosts do on their main thread now and then: the callbacks that the plugin asked for.
    fn idle(&mut self);

    /// The parameter with this display name, in any case, `_` for a space.
    fn param(&self, name: &str) -> Result<&Param> {
        let same = |other: &str| other.replace(' ', "_").eq_ignore_ascii_case(&name.replace(' ', "_"));
        let known = || self.params().iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(", ");
        let found = self.params().iter().find(|p| same(&p.name));
        found.with_context(|| format!("no parameter is called '{name}'; there are {}", known()))
    }

    /// The input that sets parameter `name` to what `text` says, at sample `at`.
    fn set(&mut self, name: &str, text: &str, at: u32) -> Result<Input> {
        let id = self.param(name)?.id;
        let value = self.parse(id, text)?.with_context(|| format!("{name} cannot be '{text}'"))?;
        Ok(Input::Param { at, id, value })
    }

    /// How the plugin writes the present value of parameter `name`.
    fn shown(&mut self, name: &str) -> Result<String> {
        let id = self.param(name)?.id;
        let value = self.value(id)?;
        self.text(id, value)
    }
}

/// The part of a host that may live on an audio thread of its own.
pub trait Audio: Send {
    /// As [`Host::process`].
    fn process(&mut self, block: &[&[f32]], inputs: &[Input], transport: Option<Transport>) -> Result<()>;

    /// What came out so far.
    fn outbox(&mut self) -> &mut Outbox;
}

impl Audio for clap::ClapAudio {
    fn process(&mut self, block: &[&[f32]], inputs: &[Input], transport: Option<Transport>) -> Result<()> {
        Self::process(self, block, inputs, transport).map(|_| ())
    }

    fn outbox(&mut self) -> &mut Outbox {
        Self::outbox(self)
    }
}

impl Audio for vst3::Vst3Audio {
    fn process(&mut self, block: &[&[f32]], inputs: &[Input], transport: Option<Transport>) -> Result<()> {
        Self::process(self, block, inputs, transport).map(|_| ())
    }

    fn outbox(&mut self) -> &mut Outbox {
        Self::outbox(self)
    }
}

/// A host that can show the plugin's panel in an X11 window.
#[cfg(target_os = "linux")]
pub trait ShowsPanel: Host {
    /// Its audio side.
    type Audio: Audio + 'static;

    /// Has the plugin make its panel, which is not seen yet; gives its size in pixels.
    fn make_panel(&mut self) -> Result<(u32, u32)>;

    /// Puts the panel into the window `parent`, which outlives it, and has it shown.
    fn show_panel(&mut self, parent: u32) -> Result<()>;

    /// Changes the plugin from the main thread while its audio side is elsewhere: sets the parameter where the format can,
    /// or else loads the state that the plugin has.
    ///
    /// # Errors
    /// The plugin refuses.
    fn change(&mut self, id: u32, value: f64) -> Result<()>;

    /// Closes the panel.
    fn close_panel(&mut self) -> Result<()>;

    /// Takes the audio side of the active plugin away, for another thread; give it back with [`ShowsPanel::join`].
    fn detach(&mut self) -> Result<Self::Audio>;

    /// Takes back what [`ShowsPanel::detach`] gave away.
    fn join(&mut self, audio: Self::Audio);
}

/// Channels that the plugin is given, whatever its track has: both hear a mono track, and its left is what is heard.
const PLUGIN_CHANNELS: usize = 2;

/// Preallocated audio on both sides of a process call.
struct Buffers {
    input: [Vec<f32>; PLUGIN_CHANNELS],
    output: [Vec<f32>; PLUGIN_CHANNELS],
    /// Of the track.
    channels: usize,
}

impl Buffers {
    fn new(setup: Setup) -> Self {
        let silent = || std::array::from_fn(|_| Vec::with_capacity(setup.longest_block));
        Self { input: silent(), output: silent(), channels: setup.channels }
    }

    /// Copies `block` in; the output holds NaN, so that a sample which is not written is seen.
    fn fill(&mut self, block: &[&[f32]]) -> Result<usize> {
        let samples = block.first().map_or(0, |channel| channel.len());
        anyhow::ensure!(
            block.len() == self.channels && block.iter().all(|channel| channel.len() == samples),
            "a block has {} channels of equal length",
            self.channels
        );
        for (place, channel) in self.input.iter_mut().zip(block.iter().cycle()) {
            place.clear();
            place.extend_from_slice(channel);
        }
        for place in &mut self.output {
            place.clear();
            place.resize(samples, f32::NAN);
        }
        Ok(samples)
    }

    /// What came out, for the channels of the track.
    fn heard(&self) -> &[Vec<f32>] {
        &self.output[..self.channels]
    }
}
