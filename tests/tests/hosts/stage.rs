//! The plugin in both hosts, and a process of its own for what is tried on a display.

use antiphon_tests::host::clap::ClapHost;
use antiphon_tests::host::vst3::Vst3Host;
use antiphon_tests::window::{Manager, Screen, ended};
use std::io::Write;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

/// How long a process may take before it counts as hanging.
const LONGEST: Duration = Duration::from_secs(90);

/// What a process of its own is told: words, apart by spaces.
const ORDERS: &str = "ANTIPHON_ORDERS";

/// The linked plugin in the CLAP host.
pub fn clap() -> ClapHost {
    // SAFETY: this is the plugin's own entry.
    unsafe { ClapHost::from_entry(&antiphon::clap_entry) }.expect("the CLAP loads")
}

/// The linked plugin in the VST3 host.
pub fn vst3() -> Vst3Host {
    // SAFETY: these are the plugin's own exports.
    unsafe { Vst3Host::from_entry(antiphon::ModuleEntry, antiphon::GetPluginFactory) }.expect("the VST3 loads")
}

/// A screen, with a window manager if `managed`. Without the programs for it, says so past the test's own capture: who
/// runs the tests is to see it.
pub fn screen(managed: bool) -> Option<(Screen, Option<Manager>)> {
    let screen = Screen::start().expect("Xvfb starts, where there is one");
    let Some(screen) = screen else {
        let _ = writeln!(std::io::stderr(), "SKIPPED: the panel in a window was not tested, there is no Xvfb here");
        return None;
    };
    let manager = if managed { Manager::start(&screen).expect("openbox starts, where there is one") } else { None };
    if managed && manager.is_none() {
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: the panel was not tested under a window manager, there is no openbox"
        );
        return None;
    }
    Some((screen, manager))
}

/// Runs the ignored test `name` in a process of its own on `screen`, with these orders.
pub fn apart(screen: &Screen, name: &str, orders: &str) -> (ExitStatus, String) {
    let this = std::env::current_exe().expect("this program has a path");
    let mut child = Command::new(this)
        .args(["--exact", name, "--ignored", "--nocapture"])
        .env("DISPLAY", &screen.display)
        .env(ORDERS, orders)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut errors = child.stderr.take().expect("it has errors");
    let told = thread::spawn(move || std::io::read_to_string(&mut errors).unwrap_or_default());
    let status = ended(&mut child, LONGEST).unwrap_or_else(|| panic!("{name} hangs with {orders}"));
    (status, told.join().expect("its errors are read"))
}

/// The orders of this process.
pub fn orders() -> Vec<String> {
    std::env::var(ORDERS).expect("a test that stands alone has its orders").split(' ').map(str::to_owned).collect()
}
