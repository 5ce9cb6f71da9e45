//! Where sessions are kept, and where that choice is.

use super::file::{make_folder, try_folder, write_text};
use std::io;
use std::path::{Path, PathBuf};

/// Folder of the sessions, and the file that remembers the therapist's choice of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// Where sessions are kept.
    pub folder: PathBuf,
    /// Where the choice is remembered; `None` where the system has no place for it.
    pub choice: Option<PathBuf>,
}

impl Home {
    /// The user's own: what she chose last, or the folder for local data, which no cloud copies, unlike that for documents
    /// on many computers.
    pub fn of_user() -> Self {
        let choice = dirs::config_local_dir().map(|dir| dir.join("antiphon").join("folder.txt"));
        let usual = dirs::data_local_dir().unwrap_or_else(std::env::temp_dir).join("Antiphon").join("Sessions");
        let chosen = choice.as_ref().and_then(|path| std::fs::read_to_string(path).ok());
        let chosen = chosen.and_then(|text| path_of(&text).ok());
        Self { folder: chosen.unwrap_or(usual), choice }
    }

    /// Keeps sessions in the folder that `text` names from now on. It is tried first; if it will not do nothing changes,
    /// and the words say why.
    pub fn choose(&mut self, text: &str) -> Result<(), String> {
        let folder = path_of(text)?;
        try_folder(&folder).map_err(|error| words(&error, &folder))?;
        self.folder = folder;
        // A choice that cannot be remembered still holds for now.
        let _ = self.remember();
        Ok(())
    }

    fn remember(&self) -> io::Result<()> {
        let Some(choice) = &self.choice else { return Ok(()) };
        choice.parent().map_or(Ok(()), make_folder)?;
        write_text(choice, &self.folder.to_string_lossy())
    }
}

/// The folder that a person typed: a whole path, `~` for her own folder, in quotes or not.
fn path_of(text: &str) -> Result<PathBuf, String> {
    let text = text.trim().trim_matches(['"', '\'']);
    let path = match text.strip_prefix('~').map(|rest| rest.trim_start_matches(['/', '\\'])) {
        Some(rest) => dirs::home_dir().ok_or("Your own folder is not known. Give the whole path.")?.join(rest),
        None => PathBuf::from(text),
    };
    if path.is_absolute() { Ok(path) } else { Err(format!("'{text}' is not a whole path to a folder.")) }
}

/// What went wrong at `place`, and what to do.
pub(super) fn words(error: &io::Error, place: &Path) -> String {
    use io::ErrorKind::{
        FileTooLarge, NotADirectory, NotFound, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull,
    };
    let place = place.display();
    match error.kind() {
        StorageFull | QuotaExceeded | FileTooLarge => {
            format!("The disk of '{place}' is full. Make room, or choose another folder.")
        }
        PermissionDenied | ReadOnlyFilesystem => format!("Nothing may be written to '{place}'. Choose another folder."),
        NotFound => format!("'{place}' has gone. Bring it back, or choose another folder."),
        NotADirectory | io::ErrorKind::AlreadyExists => format!("'{place}' is not a folder. Choose another."),
        _ => format!("'{place}' cannot be written to ({error}). Choose another folder."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_folder_is_made_tried_and_remembered() {
        let dir = tempfile::tempdir().unwrap();
        let (old, new) = (dir.path().join("old"), dir.path().join("a").join("new"));
        let choice = dir.path().join("config").join("folder.txt");
        let mut home = Home { folder: old, choice: Some(choice.clone()) };
        home.choose(&format!(" \"{}\" ", new.display())).unwrap();
        assert_eq!((&home.folder, new.read_dir().unwrap().count()), (&new, 0));
        assert_eq!(std::fs::read_to_string(choice).unwrap(), new.to_string_lossy());
    }

    #[test]
    fn a_folder_that_will_not_do_changes_nothing_and_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        std::fs::write(&file, "").unwrap();
        let mut home = Home { folder: dir.path().to_owned(), choice: None };
        let before = home.clone();
        for text in [file.to_str().unwrap(), "sessions", "", "/proc/nowhere"] {
            let refused = home.choose(text).unwrap_err();
            assert!(refused.contains(text) && refused.ends_with('.'), "{refused}");
            assert_eq!(home, before);
        }
    }
}
