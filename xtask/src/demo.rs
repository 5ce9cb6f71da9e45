//! The whole path from a fresh clone: the built plugin in a host, a singer, and everything that happened as files.

use crate::bundle::bundle;
use antiphon_session::record::Played;
use antiphon_session::render::{BLOCK, FILES, Plan, render};
use antiphon_session::source::Source;
use antiphon_tests::host::clap::ClapHost;
use antiphon_tests::host::{Host, Input, PlayedEvent, Setup, Transport};
use antiphon_tests::singer::{Performance, sing, thirteen_lines};
use anyhow::{Context, Result, ensure};
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};

/// What the synthetic singer sang, in the folder of the demo.
const SINGER_FILE: &str = "synthetic-singer.wav";

/// Rate of the synthetic singer, Hz.
const SINGER_RATE_HZ: u32 = 48_000;

/// Build the plugin, let it hear a recording in a host, and write down what happened
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A recording or a MIDI file; without it, a synthetic singer sings a melody of thirteen lines
    input: Option<PathBuf>,
    /// The folder to write into
    #[arg(long, value_name = "DIR", default_value = "target/demo")]
    out: PathBuf,
}

pub(crate) fn demo(arguments: &Arguments) -> Result<()> {
    // Building changes the current folder, and the paths are meant from here.
    let out = std::path::absolute(&arguments.out)?;
    let input = arguments.input.as_ref().map(std::path::absolute).transpose()?;
    fs::create_dir_all(&out).with_context(|| format!("cannot make {}; choose another --out", out.display()))?;
    let (input, who) = match input {
        Some(input) => (input.clone(), input.display().to_string()),
        None => (singer(&out)?, format!("a synthetic singer (no person), thirteen lines: {SINGER_FILE}")),
    };
    // Opened before anything is built: what cannot be read is said at once.
    let mut source = Source::open(&input)?;
    let plugin = bundle(Vec::new())?.clap;

    eprintln!("Playing {who} to {}", plugin.display());
    let received = play(&plugin, &mut source)?;
    let messages = received.len();
    let mut source = Source::open(&input)?;
    let summary = render(&mut source, &Plan::default(), &out, Some(received), &mut |_| {})?;

    println!("Client   {who}");
    println!("Plugin   {}, in a CLAP host, {BLOCK} samples a block", plugin.display());
    println!("{summary}");
    match summary.differences {
        0 => println!("Checked  {messages} messages from the plugin, the same as from the musician beside it"),
        count => println!("Checked  {count} messages DIFFER between the plugin and the musician beside it"),
    }
    println!("Files    in {}", out.display());
    for file in FILES {
        println!("         {file}");
    }
    println!("Listen to session.wav, or open session.mid in a DAW.");
    ensure!(summary.differences == 0, "the plugin and the musician beside it did not play the same");
    Ok(())
}

/// Lets the synthetic singer sing into a file.
fn singer(out: &Path) -> Result<PathBuf> {
    let path = out.join(SINGER_FILE);
    let take = sing(&thirteen_lines(), &Performance::default(), f64::from(SINGER_RATE_HZ));
    take.write(&path)?;
    Ok(path)
}

/// Hosts the plugin at `path`, plays `source` through it block by block, and stops; what the host received.
fn play(path: &Path, source: &mut Source) -> Result<Vec<Played>> {
    // SAFETY: the file is the plugin that was just built.
    let mut host = unsafe { ClapHost::from_file(path) }?;
    host.activate(Setup { rate_hz: source.rate_hz(), longest_block: BLOCK, channels: source.channels() })?;
    let mut received: Vec<PlayedEvent> = Vec::new();
    let (mut at, mut heard, mut block) = (0_u64, 0, Vec::new());
    loop {
        let count = source.read(BLOCK, &mut block)?;
        if count == 0 {
            break;
        }
        let coming = source.messages()[heard..].iter().take_while(|message| message.time < at + count as u64);
        let inputs: Vec<Input> = coming
            .map(|message| {
                let (key, velocity) = (message.key, message.velocity);
                Input::Note { at: (message.time - at) as u32, channel: 0, key, velocity }
            })
            .collect();
        heard += inputs.len();
        let channels: Vec<&[f32]> = block.iter().map(Vec::as_slice).collect();
        host.process(&channels, &inputs, Some(Transport::rolling(at as i64)))?;
        received.append(&mut host.outbox().take_played());
        host.idle();
        at += count as u64;
    }
    // The transport stops; the plugin owes what still sounds with the next sample.
    let silence = vec![&[0.0_f32][..]; source.channels()];
    host.process(&silence, &[], Some(Transport::stopped(at as i64)))?;
    received.extend(host.outbox().take_played().into_iter().filter(|event| !event.on));
    let (fault, refused) = (host.outbox().fault, host.outbox().refused);
    host.deactivate()?;
    ensure!(fault.is_none() && refused == 0, "the plugin sent what no host takes: {fault:?}, {refused} refused");
    Ok(received.iter().map(played).collect())
}

fn played(event: &PlayedEvent) -> Played {
    let velocity = if event.on { event.velocity } else { 0 };
    Played { time: event.sample, channel: event.channel, key: event.key, velocity, label: None }
}
