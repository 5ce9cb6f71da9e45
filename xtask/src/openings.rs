//! The panel opened as DAWs open it, often: is it painted each time, does it stand parameters that change under it, and
//! what does it leave behind?

use crate::bundle::{Bundles, bundle};
use antiphon_tests::host::clap::ClapHost;
use antiphon_tests::host::vst3::Vst3Host;
use antiphon_tests::window::opening::{Opening, open};
use antiphon_tests::window::{Desk, Manager, Screen, attach};
use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Formats, and what is loaded of each bundle.
const FORMATS: [&str; 2] = ["CLAP", "VST3"];

/// Open the panel as DAWs do, hundreds of times: painted or black, parameters changing meanwhile, memory left behind
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// First openings of each kind: each delay, format, with and without sound, with and without a window manager
    #[arg(long, value_name = "TIMES", default_value_t = 5)]
    times: u32,
    /// Openings in one process while parameters change, for each format
    #[arg(long, value_name = "TIMES", default_value_t = 200)]
    rounds: usize,
    /// What one process does: a format, a file, and an opening or a number of rounds
    #[arg(long, hide = true, num_args = 3..=4)]
    one: Option<Vec<String>>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    if let Some(orders) = &arguments.one {
        return one(orders);
    }
    let bundles = bundle(vec!["--release".to_owned()])?;
    let (mut painted, mut tried) = (0, 0);
    for managed in [false, true] {
        let screen = Screen::start()?.context("Xvfb is needed, and is not there; install xvfb")?;
        let manager = if managed { Manager::start(&screen)? } else { None };
        ensure!(manager.is_some() == managed, "openbox is needed, and is not there; install openbox");
        for format in FORMATS {
            for opening in Opening::all() {
                let orders = [opening.delay_ms.to_string(), opening.audio.to_string()];
                let seen = (0..arguments.times)
                    .map(|_| apart(&screen, format, &file(&bundles, format), &orders).map(|told| told == "painted"))
                    .collect::<Result<Vec<_>>>()?;
                let good = seen.iter().filter(|seen| **seen).count();
                (painted, tried) = (painted + good, tried + seen.len());
                let manager = if managed { "window manager" } else { "no window manager" };
                println!("{format}, {opening}, {manager}: {good} of {} painted", seen.len());
            }
        }
    }
    println!("{painted} of {tried} first openings painted");
    let screen = Screen::start()?.context("Xvfb is needed, and is not there; install xvfb")?;
    for format in FORMATS {
        let told = apart(&screen, format, &file(&bundles, format), &[arguments.rounds.to_string()])?;
        println!("{format}: {told}");
    }
    ensure!(painted == tried, "{} panels stayed black", tried - painted);
    Ok(())
}

/// The shared library of a bundle.
fn file(bundles: &Bundles, format: &str) -> PathBuf {
    match format {
        "CLAP" => bundles.clap.clone(),
        _ => bundles.vst3.join("Contents").join(format!("{}-linux", std::env::consts::ARCH)).join("Antiphon.so"),
    }
}

/// Does it in a process of its own; what that told last.
fn apart(screen: &Screen, format: &str, file: &Path, orders: &[String]) -> Result<String> {
    let this = std::env::current_exe()?;
    let mut command = Command::new(this);
    command.args(["openings", "--one", format]).arg(file).args(orders).env("DISPLAY", &screen.display);
    let output = command.output()?;
    let (told, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "{format}, {orders:?}: {}\n{errors}", output.status);
    // What the panel's log warns of is no failure, and is to be seen.
    eprint!("{errors}");
    Ok(told.lines().last().unwrap_or_default().to_owned())
}

fn one(orders: &[String]) -> Result<()> {
    let [format, file, orders @ ..] = orders else { bail!("a process is told a format and a file") };
    let file = Path::new(file);
    match format.as_str() {
        // SAFETY: this is the bundle that was built just now.
        "CLAP" => try_one(&mut unsafe { ClapHost::from_file(file) }?, orders),
        // SAFETY: as above.
        _ => try_one(&mut unsafe { Vst3Host::from_file(file) }?, orders),
    }
}

fn try_one<H: antiphon_tests::host::ShowsPanel>(host: &mut H, orders: &[String]) -> Result<()> {
    let desk = Desk::new()?;
    match orders {
        [delay_ms, audio] => {
            let opening = Opening { delay_ms: delay_ms.parse()?, audio: audio.parse()? };
            println!("{}", if open(host, &desk, opening)?.is_some() { "painted" } else { "black" });
        }
        [rounds] => {
            let rounds = rounds.parse()?;
            // The first few fetch what every later one uses.
            attach::open_and_close(host, &desk, 5)?;
            let before = resident_mb()?;
            attach::open_and_close(host, &desk, rounds)?;
            let after = resident_mb()?;
            println!("{rounds} openings while parameters change, {before} MB before, {after} MB after");
        }
        _ => bail!("a process is told an opening or a number of rounds"),
    }
    Ok(())
}

/// Memory that this process holds, MB.
fn resident_mb() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("the system tells no memory")?;
    let kb: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kb / 1024)
}
