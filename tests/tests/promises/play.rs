//! Whole recordings through a host, or through the musician without any host.

use crate::client::Dice;
use antiphon_engine::listen::downmix::Downmix;
use antiphon_engine::listen::heard::KeyMessage;
use antiphon_engine::settings::Settings;
use antiphon_engine::speak::{NoRoom, Spoken};
use antiphon_engine::{Audience, Musician};
use antiphon_tests::check;
use antiphon_tests::host::clap::ClapHost;
use antiphon_tests::host::vst3::Vst3Host;
use antiphon_tests::host::{Host, Input, PlayedEvent, Setup, Transport};
use wmidi::MidiMessage;

/// The linked plugin in the CLAP host.
pub fn clap() -> ClapHost {
    // SAFETY: this is the plugin's own entry.
    unsafe { ClapHost::from_entry(&antiphon::clap_entry) }.expect("the CLAP loads")
}

/// The linked plugin in the VST3 host.
pub fn vst3() -> Vst3Host {
    #[cfg(target_os = "linux")]
    use antiphon::ModuleEntry as enter;
    #[cfg(target_os = "macos")]
    use antiphon::bundleEntry as enter;
    #[cfg(target_os = "windows")]
    extern "C" fn enter(_: *mut std::ffi::c_void) -> bool {
        antiphon::InitDll()
    }
    // SAFETY: these are the plugin's own exports.
    unsafe { Vst3Host::from_entry(enter, antiphon::GetPluginFactory) }.expect("the VST3 loads")
}

/// The plugin in both hosts.
pub fn both() -> [Box<dyn Host>; 2] {
    [Box::new(clap()), Box::new(vst3())]
}

/// How a recording is cut into blocks.
#[derive(Clone, Copy, Debug)]
pub enum Cut {
    /// Blocks of one length.
    Even(usize),
    /// Blocks of any length up to this, by this seed.
    Random(usize, u64),
}

impl Cut {
    /// The longest block.
    pub fn longest(self) -> usize {
        match self {
            Self::Even(samples) | Self::Random(samples, _) => samples,
        }
    }

    /// The lengths, one after the other, for ever.
    pub fn lengths(self) -> impl Iterator<Item = usize> {
        let mut dice = Dice::new(match self {
            Self::Even(_) => 0,
            Self::Random(_, seed) => seed,
        });
        std::iter::repeat_with(move || match self {
            Self::Even(samples) => samples,
            Self::Random(longest, _) => dice.between(1, longest),
        })
    }
}

/// Something that happens at a sample of the recording: what the host sends, or what the therapist sets.
pub type Cue<'a> = (u64, &'a str, &'a str);

/// The cues as this host's inputs.
pub fn inputs(host: &mut dyn Host, cues: &[Cue]) -> Vec<(u64, Input)> {
    cues.iter()
        .map(|&(sample, name, text)| (sample, host.set(name, text, 0).unwrap_or_else(|e| panic!("{e:#}"))))
        .collect()
}

/// Plays a recording through a host that is active, the transport rolling along; gives what was played, which may
/// begin with the ends of what sounded before. What comes out is the client with a sound that keeps below its ceiling;
/// every event is a possible one.
pub fn through(host: &mut dyn Host, audio: &[Vec<f32>], cut: Cut, inputs: &[(u64, Input)]) -> Vec<PlayedEvent> {
    let mut out = vec![Vec::new(); audio.len()];
    let played = through_to(host, audio, cut, inputs, &mut out);
    for (at, (out, client)) in out.iter().flatten().zip(audio.iter().flatten()).enumerate() {
        assert!((out - client).abs() <= LOUDEST, "sample {at} is {out}, and was {client}");
    }
    played
}

/// The most that the sound adds at its usual level, and a little for rounding.
const LOUDEST: f32 = antiphon_sound::CEILING * 1.0001;

/// The same, adding what comes out to `heard`, whatever that is.
pub fn through_to(
    host: &mut dyn Host,
    audio: &[Vec<f32>],
    cut: Cut,
    inputs: &[(u64, Input)],
    heard: &mut [Vec<f32>],
) -> Vec<PlayedEvent> {
    let total = audio[0].len();
    let begin = host.outbox().now();
    let mut inputs = inputs.iter().peekable();
    let mut from = 0;
    for length in cut.lengths() {
        if from == total {
            break;
        }
        let until = total.min(from + length);
        let mut now = Vec::new();
        while let Some((at, input)) = inputs.next_if(|(at, _)| (*at as usize) < until) {
            now.push(input.moved_to(*at as u32 - from as u32));
        }
        let block: Vec<&[f32]> = audio.iter().map(|channel| &channel[from..until]).collect();
        let out = host.process(&block, &now, Some(Transport::rolling(from as i64))).expect("the plugin processes");
        heard.iter_mut().zip(out).for_each(|(heard, out)| heard.extend(out));
        if !now.is_empty() {
            host.idle();
        }
        from = until;
    }
    let fault = host.outbox().fault;
    assert_eq!(fault, None, "{}", host.format());
    let mut played = host.outbox().take_played();
    for event in &mut played {
        event.sample -= begin;
    }
    played
}

/// The same from a fresh host, activated for the purpose.
pub fn alone(
    mut host: Box<dyn Host>,
    rate_hz: f64,
    audio: &[Vec<f32>],
    cut: Cut,
    cues: &[Cue],
    more: &[(u64, Input)],
) -> Vec<PlayedEvent> {
    let mut all = inputs(&mut *host, cues);
    all.extend_from_slice(more);
    all.sort_by_key(|(sample, _)| *sample);
    host.activate(Setup { rate_hz, longest_block: cut.longest(), channels: audio.len() }).expect("it activates");
    let played = through(&mut *host, audio, cut, &all);
    check::sounding(&played).unwrap_or_else(|e| panic!("{}: {e}", host.format()));
    played
}

/// The same without a host, as `antiphon render` does it.
pub fn directly(rate_hz: f64, audio: &[Vec<f32>], cut: Cut, cues: &[Cue], notes: &[(u64, Input)]) -> Vec<PlayedEvent> {
    let total = audio[0].len();
    let mut settings = Settings::default();
    let mut musician = Musician::new(rate_hz);
    let mut cues = cues.iter().peekable();
    let mut notes = notes.iter().peekable();
    let mut stage = Stage { block: 0, played: Vec::new() };
    let mut lengths = cut.lengths();
    let mut downmix = Downmix::default();
    let mut block_end = 0;
    let mut from = 0;
    while from < total {
        while let Some((_, name, text)) = cues.next_if(|(at, ..)| *at as usize <= from) {
            settings.set(name, text).expect("a setting that exists");
        }
        if from == block_end {
            block_end = total.min(from + lengths.next().unwrap_or(1));
        }
        let until = block_end.min(cues.peek().map_or(total, |(at, ..)| *at as usize));
        let mut midi = Vec::new();
        while let Some((at, note)) = notes.next_if(|(at, _)| (*at as usize) < until) {
            if let Input::Note { key, velocity, .. } = *note {
                midi.push(KeyMessage { offset: *at as u32 - from as u32, key, velocity, ..KeyMessage::default() });
            }
        }
        let mut mono = vec![0.0; until - from];
        downmix.process(audio, from, &mut mono);
        stage.block = from as u64;
        musician.process(&mono, &midi, &settings, &mut stage);
        from = until;
    }
    check::sounding(&stage.played).expect("the notes keep the rules");
    stage.played
}

struct Stage {
    block: u64,
    played: Vec<PlayedEvent>,
}

impl Audience for Stage {
    fn event(&mut self, offset: u32, event: &Spoken) -> Result<(), NoRoom> {
        let sample = self.block + u64::from(offset);
        let (on, channel, key, velocity) = match event.message {
            MidiMessage::NoteOn(channel, key, velocity) => (true, channel, key, velocity),
            MidiMessage::NoteOff(channel, key, velocity) => (false, channel, key, velocity),
            _ => return Ok(()),
        };
        let (channel, key, velocity) = (channel.index(), key.into(), velocity.into());
        self.played.push(PlayedEvent { sample, on, channel, key, velocity });
        Ok(())
    }
}
