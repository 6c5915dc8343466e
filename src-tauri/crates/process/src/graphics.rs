//! What draws the window.

use std::path::Path;

/// Whether there is a graphics card that draws: the kernel has a device for each. Elsewhere than on Linux nobody needs to
/// know, and there is.
pub fn has_graphics_card() -> bool {
    !cfg!(target_os = "linux") || has_device(Path::new("/dev/dri"))
}

fn has_device(folder: &Path) -> bool {
    let devices = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names = devices.map(|device| device.file_name());
    names.any(|name| name.to_string_lossy().starts_with("renderD"))
}

#[cfg(test)]
mod tests {
    use super::has_device;

    #[test]
    fn a_screen_that_does_not_draw_is_no_card() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(!has_device(&folder.path().join("none")));
        std::fs::write(folder.path().join("card0"), "").expect("a file");
        assert!(!has_device(folder.path()));
        std::fs::write(folder.path().join("renderD128"), "").expect("a file");
        assert!(has_device(folder.path()));
    }
}
