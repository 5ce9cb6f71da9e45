//! Whatever a host does, in whatever order: no crash, no note left, no note ended twice.

use crate::client::{Dice, TUNE_S, sung_stereo};
use crate::play::both;
use antiphon_tests::check;
use antiphon_tests::host::{Host, Input, PlayedEvent, Setup, Transport};
use anyhow::{Context, Result};

/// Things that each host does.
const ACTS: usize = 700;
/// Seeds; a failure names the one that found it.
const SEEDS: u64 = 6;

struct Chaos {
    dice: Dice,
    setup: Setup,
    transport: Transport,
    client: Vec<Vec<f32>>,
    at: usize,
    states: Vec<Vec<u8>>,
    played: Vec<PlayedEvent>,
}

impl Chaos {
    fn new(seed: u64) -> Self {
        Self {
            dice: Dice::new(seed),
            setup: Setup { rate_hz: 48_000.0, longest_block: 4096, channels: 2 },
            transport: Transport::rolling(0),
            client: sung_stereo(48_000.0, TUNE_S),
            at: 0,
            states: Vec::new(),
            played: Vec::new(),
        }
    }

    fn act(&mut self, host: &mut dyn Host) -> Result<()> {
        match self.dice.between(0, 39) {
            0 => host.reset()?,
            1 => {
                host.deactivate()?;
                let rates_hz = [44_100.0, 48_000.0, 48_000.0, 96_000.0, 1_000.0];
                self.setup.rate_hz = rates_hz[self.dice.between(0, rates_hz.len() - 1)];
                self.setup.channels = self.dice.between(1, 2);
                host.activate(self.setup)?;
            }
            2 => self.states.push(host.save()?),
            3 if !self.states.is_empty() => {
                let chosen = self.dice.between(0, self.states.len() - 1);
                host.load(&self.states[chosen])?;
            }
            4 => {
                // Refused or not: it does no harm.
                let mut broken = host.save()?;
                let place = self.dice.between(0, broken.len() - 1);
                broken[place] = self.dice.bits() as u8;
                let _ = host.load(&broken);
            }
            5 => self.transport.playing = !self.transport.playing,
            6 => self.transport.position = self.dice.between(0, 48_000 * 600) as i64,
            7 => {
                let room = [Some(0), Some(1), Some(3), None][self.dice.between(0, 3)];
                host.outbox().limit(room);
            }
            8 => {
                let input = self.param(host);
                host.flush(&[input])?;
            }
            _ => self.sing(host)?,
        }
        host.idle();
        Ok(())
    }

    fn param(&mut self, host: &dyn Host) -> Input {
        let param = &host.params()[self.dice.between(0, host.params().len() - 1)];
        Input::Param { at: 0, id: param.id, value: self.dice.between(0, 1000) as f64 / 1000.0 }
    }

    /// A few blocks, the client singing, playing or neither.
    fn sing(&mut self, host: &mut dyn Host) -> Result<()> {
        let sings = self.dice.between(0, 4) > 0;
        let longest = [1, 64, 500, 4096][self.dice.between(0, 3)];
        for _ in 0..self.dice.between(1, 20) {
            let samples = self.dice.between(1, longest);
            let mut inputs = Vec::new();
            if self.dice.between(0, 9) == 0 {
                inputs.extend((0..self.dice.between(1, 8)).map(|_| self.input(host, samples)));
                inputs.sort_by_key(Input::at);
            }
            let silence = vec![0.0; samples];
            let from = self.at % (self.client[0].len() - samples);
            let client = self.client.iter().map(|channel| &channel[from..from + samples]);
            let block: Vec<&[f32]> =
                client.map(|sung| if sings { sung } else { &silence[..] }).take(self.setup.channels).collect();
            let transport = (self.dice.between(0, 30) > 0).then_some(self.transport);
            let out = host.process(&block, &inputs, transport)?;
            check::harmless(out)?;
            self.at += samples;
            self.transport.position += if self.transport.playing { samples as i64 } else { 0 };
        }
        let fault = host.outbox().fault;
        anyhow::ensure!(fault.is_none(), "an impossible event: {fault:?}");
        self.played.append(&mut host.outbox().played);
        check::sounding(&self.played)?;
        Ok(())
    }

    fn input(&mut self, host: &dyn Host, samples: usize) -> Input {
        let at = self.dice.between(0, samples - 1) as u32;
        let key = self.dice.between(0, 127) as u8;
        match self.dice.between(0, 5) {
            0 | 1 => Input::Note { at, channel: key % 16, key, velocity: self.dice.between(0, 127) as u8 },
            2 => Input::Transport { at, transport: self.transport },
            _ => self.param(host).moved_to(at),
        }
    }

    /// Room for all, no lead, every key of the client's lifted, and silence: nothing may sound in the end.
    fn end(&mut self, host: &mut dyn Host) -> Result<()> {
        host.outbox().limit(None);
        let mut quiet = vec![host.set("lead", "0", 0)?];
        quiet.extend((0..128).map(|key| Input::Note { at: 0, channel: 0, key, velocity: 0 }));
        let silence = vec![0.0; 4096];
        let block = vec![&silence[..]; self.setup.channels];
        host.process(&block, &quiet, None)?;
        for _ in 0..(20.0 * self.setup.rate_hz) as usize / silence.len() {
            host.process(&block, &[], None)?;
        }
        self.played.append(&mut host.outbox().played);
        check::all_ended(&self.played)
    }
}

fn run(host: &mut dyn Host, seed: u64) -> Result<usize> {
    let mut chaos = Chaos::new(seed);
    host.activate(chaos.setup)?;
    for act in 0..ACTS {
        chaos.act(host).with_context(|| format!("act {act}"))?;
    }
    chaos.end(host).context("at the end")?;
    Ok(chaos.played.iter().filter(|event| event.on).count())
}

#[test]
fn nothing_a_host_does_leaves_a_note_or_ends_one_twice() {
    let mut notes = 0;
    for seed in 0..SEEDS {
        for mut host in both() {
            match run(&mut *host, seed) {
                Ok(count) => notes += count,
                Err(error) => panic!("{}, seed {seed}: {error:#}", host.format()),
            }
        }
    }
    assert!(notes >= 50, "there was music: {notes} notes");
}
