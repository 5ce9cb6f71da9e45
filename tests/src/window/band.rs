//! The audio thread of a host whose panel is open: sound flows in real time.

use crate::host::{Audio, Input, Transport};
use anyhow::{Result, bail};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Sound on a thread of its own.
pub struct Band<A: Audio + 'static> {
    thread: JoinHandle<Result<A>>,
    over: Arc<AtomicBool>,
    /// Blocks processed so far.
    pub blocks: Arc<AtomicU64>,
    /// Notes of the plugin's that sound now.
    pub sounding: Arc<AtomicI64>,
    /// Parameters that the panel changed: id, value.
    pub changes: mpsc::Receiver<(u32, f64)>,
}

impl<A: Audio + 'static> Band<A> {
    /// Plays `client`, two channels of equal length at `rate_hz`, round and round, in blocks of `samples`; each block
    /// comes with the inputs that `inputs` gives for it.
    pub fn start(
        mut audio: A,
        client: [Vec<f32>; 2],
        rate_hz: f64,
        samples: usize,
        mut inputs: impl FnMut(u64) -> Vec<Input> + Send + 'static,
    ) -> Self {
        let (over, blocks) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let sounding = Arc::new(AtomicI64::new(0));
        let (sender, changes) = mpsc::channel();
        let (is_over, count, sounds) = (over.clone(), blocks.clone(), sounding.clone());
        let thread = thread::spawn(move || {
            let begin = Instant::now();
            for block in 0.. {
                if is_over.load(Ordering::SeqCst) {
                    break;
                }
                let from = block * samples % (client[0].len() - samples);
                let span = from..from + samples;
                let transport = Transport::rolling((block * samples) as i64);
                let inputs = inputs(block as u64);
                audio.process(&[&client[0][span.clone()], &client[1][span]], &inputs, Some(transport))?;
                let notes = audio.outbox().take_played();
                sounds.fetch_add(notes.iter().map(|e| if e.on { 1 } else { -1 }).sum(), Ordering::SeqCst);
                for (_, id, value) in audio.outbox().changed.drain(..) {
                    // Who does not listen does not mind.
                    let _ = sender.send((id, value));
                }
                count.fetch_add(1, Ordering::SeqCst);
                let due = Duration::from_secs_f64((block * samples) as f64 / rate_hz);
                thread::sleep(due.saturating_sub(begin.elapsed()));
            }
            Ok(audio)
        });
        Self { thread, over, blocks, sounding, changes }
    }

    /// Stops; gives the audio side back.
    ///
    /// # Errors
    /// Processing failed, or panicked.
    pub fn stop(self) -> Result<A> {
        self.over.store(true, Ordering::SeqCst);
        match self.thread.join() {
            Ok(audio) => audio,
            Err(_) => bail!("the audio thread panicked"),
        }
    }
}
