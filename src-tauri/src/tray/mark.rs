//! The tray's icon while something is wrong that can't wait: with a red disc at its lower right.

use tauri::image::Image;

/// The red of the window's warnings, opaque.
const RED: [u8; 4] = [0xc6, 0x28, 0x28, 0xff];

/// The same icon with the disc, which is half as wide as the icon.
pub(super) fn red(icon: &Image<'_>) -> Image<'static> {
    let (width, height) = (icon.width(), icon.height());
    let radius = i64::from(width.min(height) / 4);
    // Doubled, so that a pixel's middle is a whole number.
    let middle = |length: u32| 2 * (i64::from(length) - radius);
    let (middle, centre) = (middle(width), middle(height));
    let mut pixels = icon.rgba().to_vec();
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    for (pixel, (x, y)) in pixels.chunks_exact_mut(4).zip(places) {
        let (across, down) = (2 * i64::from(x) + 1 - middle, 2 * i64::from(y) + 1 - centre);
        if across * across + down * down <= 4 * radius * radius {
            pixel.copy_from_slice(&RED);
        }
    }
    Image::new_owned(pixels, width, height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_disc_is_at_the_lower_right_and_the_rest_stays() {
        let icon = Image::new_owned(vec![9; 16 * 16 * 4], 16, 16);
        let marked = red(&icon);
        let at = |x: usize, y: usize| &marked.rgba()[(y * 16 + x) * 4..][..4];
        assert_eq!(at(12, 12), RED);
        assert_eq!(at(3, 3), [9; 4]);
        assert_eq!(at(15, 15), [9; 4], "it is round");
    }
}
