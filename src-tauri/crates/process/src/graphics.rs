//! What draws the window.

use std::path::Path;

/// What the window's engine has to find in its environment on this computer. Without a graphics card it would hand
/// its pictures over by an imitation of one: six times as long a picture and 100 MB more, measured on two cores.
/// Elsewhere than on Linux it is another engine, which needs to be told nothing.
pub fn drawing() -> Option<(&'static str, &'static str)> {
    let draws = !cfg!(target_os = "linux") || has_card(Path::new("/dev/dri"));
    (!draws).then_some(("WEBKIT_DISABLE_DMABUF_RENDERER", "1"))
}

/// The kernel has a device there for each card that draws.
fn has_card(devices: &Path) -> bool {
    let devices = std::fs::read_dir(devices).into_iter().flatten().flatten();
    let mut names = devices.map(|device| device.file_name());
    names.any(|name| name.to_string_lossy().starts_with("renderD"))
}

#[cfg(test)]
mod tests {
    use super::has_card;

    #[test]
    fn a_screen_that_does_not_draw_is_no_card() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(!has_card(&folder.path().join("none")));
        std::fs::write(folder.path().join("card0"), "").expect("a file");
        assert!(!has_card(folder.path()));
        std::fs::write(folder.path().join("renderD128"), "").expect("a file");
        assert!(has_card(folder.path()));
    }
}
