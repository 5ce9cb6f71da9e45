//! How the therapist likes the panel: theme, size, room. Kept with the plugin's state; no sound depends on it.

use super::SMALLEST;
use egui::{Vec2, vec2};
use nice_plug::params::persist::PersistentField;
use std::sync::Mutex;

/// Dark or light.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// For a dim room.
    #[default]
    Dark,
    /// For daylight.
    Light,
}

/// What the panel shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Room {
    /// What is heard and played now, and what the session is for.
    #[default]
    Play,
    /// How it plays.
    Shape,
    /// What is kept of the session.
    Session,
}

impl Room {
    /// Every room, from left to right.
    pub const ALL: [Self; 3] = [Self::Play, Self::Shape, Self::Session];

    /// Its name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Play => "Play",
            Self::Shape => "Shape",
            Self::Session => "Session",
        }
    }
}

/// Scales to choose from, percent.
pub const SCALES_PERCENT: [u16; 3] = [100, 150, 200];

/// Largest size that is taken from a saved state, points.
const LARGEST: Vec2 = vec2(8_000.0, 8_000.0);

/// The choices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kept {
    /// Dark or light.
    pub theme: Theme,
    /// How large everything is, percent; one of [`SCALES_PERCENT`].
    pub scale_percent: u16,
    /// The room that is open.
    pub room: Room,
    /// Size of the window, points of the screen.
    pub size: Vec2,
}

impl Default for Kept {
    fn default() -> Self {
        let size = vec2(super::SIZE.width, super::SIZE.height);
        Self { theme: Theme::Dark, scale_percent: 100, room: Room::Play, size }
    }
}

impl Kept {
    /// As text: `dark 150% play 960x640`.
    fn text(&self) -> String {
        let theme = if self.theme == Theme::Dark { "dark" } else { "light" };
        let room = self.room.label().to_lowercase();
        format!("{theme} {}% {room} {:.0}x{:.0}", self.scale_percent, self.size.x, self.size.y)
    }

    /// Reads such a text; a word that is none of these changes nothing.
    fn read(text: &str) -> Self {
        let mut kept = Self::default();
        for word in text.split_whitespace() {
            if let Some(room) = Room::ALL.into_iter().find(|room| room.label().eq_ignore_ascii_case(word)) {
                kept.room = room;
            } else if let Some(percent) = word.strip_suffix('%').and_then(|number| number.parse::<u16>().ok()) {
                kept.scale_percent = *SCALES_PERCENT.iter().find(|scale| **scale == percent).unwrap_or(&100);
            } else if let Some((width, height)) = word.split_once('x') {
                let size = width.parse().ok().zip(height.parse().ok()).map(|(width, height)| vec2(width, height));
                let size = size.filter(|size| size.is_finite());
                let least = vec2(SMALLEST.width, SMALLEST.height);
                kept.size = size.map_or(kept.size, |size: Vec2| size.clamp(least, LARGEST));
            } else if word == "light" {
                kept.theme = Theme::Light;
            }
        }
        kept
    }

    /// How large everything is where there is room for it.
    pub fn scale(&self) -> f32 {
        f32::from(self.scale_percent) / 100.0
    }
}

/// The choices, shared by the panel and the state. The audio thread never looks.
#[derive(Debug, Default)]
pub struct Look(Mutex<Kept>);

impl Look {
    /// The choices now.
    pub fn get(&self) -> Kept {
        *self.0.lock().unwrap_or_else(|broken| broken.into_inner())
    }

    /// Makes another choice.
    pub fn change(&self, change: impl FnOnce(&mut Kept)) {
        change(&mut self.0.lock().unwrap_or_else(|broken| broken.into_inner()));
    }
}

impl PersistentField<'_, String> for Look {
    fn set(&self, text: String) {
        self.change(|kept| *kept = Kept::read(&text));
    }

    fn map<F: Fn(&String) -> R, R>(&self, f: F) -> R {
        f(&self.get().text())
    }
}

/// How large everything is drawn in a window of `size` points of the screen: as chosen, but never so large that less
/// than [`SMALLEST`] is left to lay things out in.
pub fn fitting_scale(chosen: f32, size: Vec2) -> f32 {
    chosen.min(size.x / SMALLEST.width).min(size.y / SMALLEST.height).max(0.25)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_back() {
        let kept = Kept { theme: Theme::Light, scale_percent: 150, room: Room::Shape, size: vec2(1_234.0, 567.0) };
        assert_eq!(Kept::read(&kept.text()), kept);
        assert_eq!(Kept::read(&Kept::default().text()), Kept::default());
    }

    #[test]
    fn a_text_that_is_nonsense_leaves_the_usual() {
        for text in ["", "x", "purple 7% kitchen NaNxNaN", "%", "1x", "999999999999999%"] {
            let kept = Kept::read(text);
            assert_eq!((kept.theme, kept.scale_percent, kept.room), (Theme::Dark, 100, Room::Play), "{text}");
            assert!(kept.size.x >= SMALLEST.width && kept.size.is_finite(), "{text}: {}", kept.size);
        }
        assert_eq!(Kept::read("1x1").size, vec2(SMALLEST.width, SMALLEST.height));
    }

    #[test]
    fn a_scale_that_the_window_has_no_room_for_becomes_the_largest_it_has() {
        assert_eq!(fitting_scale(2.0, vec2(1920.0, 1280.0)), 2.0);
        assert_eq!(fitting_scale(2.0, vec2(960.0, 640.0)), 1.5);
        assert_eq!(fitting_scale(1.0, vec2(640.0, 420.0)), 1.0);
        assert_eq!(fitting_scale(1.0, vec2(320.0, 420.0)), 0.5);
    }
}
