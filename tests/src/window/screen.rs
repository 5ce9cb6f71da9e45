//! An X server without a screen, and a window manager.

use anyhow::{Context, Result, ensure};
use std::io::{BufRead, BufReader, ErrorKind};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long a window manager takes to begin.
const BEGINNING: Duration = Duration::from_millis(500);

/// An X server of our own.
pub struct Screen {
    server: Child,
    /// What programs that are to use it find in `DISPLAY`.
    pub display: String,
}

impl Screen {
    /// `None` if there is no Xvfb on this machine.
    ///
    /// # Errors
    /// Xvfb is there and does not start.
    pub fn start() -> Result<Option<Self>> {
        let mut command = Command::new("Xvfb");
        // The server chooses a free number and writes it to its standard output.
        command.args(["-displayfd", "1", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]);
        let mut server = match command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn() {
            Ok(server) => server,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).context("Xvfb does not start"),
        };
        let stdout = server.stdout.take().context("Xvfb has no output")?;
        let mut screen = Self { server, display: String::new() };
        let mut number = String::new();
        BufReader::new(stdout).read_line(&mut number)?;
        ensure!(!number.trim().is_empty(), "Xvfb did not say which display it serves");
        screen.display = format!(":{}", number.trim());
        Ok(Some(screen))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// A window manager on a screen.
pub struct Manager(Child);

impl Manager {
    /// `None` if there is no openbox on this machine.
    ///
    /// # Errors
    /// openbox is there and does not start.
    pub fn start(screen: &Screen) -> Result<Option<Self>> {
        let mut command = Command::new("openbox");
        command.args(["--sm-disable"]).env("DISPLAY", &screen.display);
        match command.stdout(Stdio::null()).stderr(Stdio::null()).spawn() {
            Ok(manager) => {
                let manager = Self(manager);
                thread::sleep(BEGINNING);
                Ok(Some(manager))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).context("openbox does not start"),
        }
    }
}

impl Drop for Manager {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// How `child` ended; `None` if it took longer than `longest`, and it is ended then.
pub fn ended(child: &mut Child, longest: Duration) -> Option<ExitStatus> {
    let begin = Instant::now();
    loop {
        match child.try_wait().expect("it can be waited for") {
            Some(status) => return Some(status),
            None if begin.elapsed() > longest => {
                let _ = child.kill();
                return None;
            }
            None => thread::sleep(Duration::from_millis(20)),
        }
    }
}
