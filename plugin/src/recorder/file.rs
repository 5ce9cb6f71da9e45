//! Files of a session: made for the user alone, each once, and noticed when they vanish.

use antiphon_session::journal::{EXTENSION, Medium};
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Names tried before giving up: each has sixteen random bits.
const TRIES: usize = 16;

/// A lock is tried for this often, and this long.
const LOCK_TRIES: usize = 50;
const LOCK_PAUSE: Duration = Duration::from_millis(5);

/// A session file being written.
#[derive(Debug)]
pub(super) struct SessionFile {
    file: File,
    path: PathBuf,
}

impl SessionFile {
    /// Makes a new file in `folder`, whose name is `begun` (a date and time) and some random letters. Nobody else can have
    /// it, in this process or another.
    pub fn create(folder: &Path, begun: &str) -> io::Result<Self> {
        make_folder(folder)?;
        let mut tries = 0;
        loop {
            let id = RandomState::new().hash_one(tries) as u16;
            let path = folder.join(format!("{begun}_{id:04x}.{EXTENSION}"));
            match private().create_new(true).open(&path) {
                Ok(file) => {
                    lock(&file);
                    settle_folder(folder);
                    return Ok(Self { file, path });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tries < TRIES => tries += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// An error if the file is no longer where it was made: deleted, or its folder moved away.
    fn is_there(&self) -> io::Result<()> {
        let there = std::fs::metadata(&self.path)?;
        if same_file(&there, &self.file.metadata()?) { Ok(()) } else { Err(io::ErrorKind::NotFound.into()) }
    }
}

#[cfg(unix)]
fn same_file(there: &std::fs::Metadata, here: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (there.dev(), there.ino()) == (here.dev(), here.ino())
}

#[cfg(not(unix))]
fn same_file(there: &std::fs::Metadata, here: &std::fs::Metadata) -> bool {
    there.len() == here.len()
}

impl Write for SessionFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Medium for SessionFile {
    fn settle(&mut self) -> io::Result<()> {
        self.file.settle()?;
        self.is_there()
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.file.cut(length)
    }
}

/// Locks `file` for as long as it is open: by that others know that it is being written. Someone who only looks whether it
/// is may have the lock for a moment. Where there are no locks, others go by the time of the last change.
fn lock(file: &File) {
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
            _ => return,
        }
    }
}

/// Makes `folder`, and those it lies in, for the user alone; one that exists stays as it is.
pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Writes `text` to `path` in one piece: what was there before stays until it is replaced.
pub(super) fn write_text(path: &Path, text: &str) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = private().create(true).truncate(true).open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_data()?;
    std::fs::rename(&beside, path)
}

/// An error unless files can be made in `folder`, which is made if need be.
pub(super) fn try_folder(folder: &Path) -> io::Result<()> {
    make_folder(folder)?;
    let probe = folder.join(format!(".antiphon-{:016x}", RandomState::new().hash_one(0)));
    private().create_new(true).open(&probe)?;
    std::fs::remove_file(probe)
}

/// Files that the user alone may read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// The name of a new file is on the disk as well; where a folder cannot be settled the system does it by itself.
fn settle_folder(folder: &Path) {
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}
