//! The X server's side of the window: its cross, its picture, and whether it is on the screen.

use anyhow::{Context, Result};
use std::fs::File;
use std::path::Path;
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt, EventMask, ImageFormat, InputFocus, KEY_PRESS_EVENT,
    KEY_RELEASE_EVENT, MapState, Window,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

/// The title of the till's window.
const TILLS: &str = "Holdfast";

fn shown(x: &RustConnection, below: Window, title: &str) -> Result<Option<Window>> {
    for child in x.query_tree(below)?.reply()?.children {
        let name = x
            .get_property(false, child, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 64)?
            .reply()?;
        let is_shown = x.get_window_attributes(child)?.reply()?.map_state == MapState::VIEWABLE;
        if is_shown && name.value == title.as_bytes() {
            return Ok(Some(child));
        }
        if let Some(found) = shown(x, child, title)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn find(display: &str, title: &str) -> Result<(RustConnection, Option<Window>)> {
    let (x, screen) = RustConnection::connect(Some(display))?;
    let root = x.setup().roots.get(screen).context("no screen")?.root;
    let window = shown(&x, root, title)?;
    Ok((x, window))
}

/// Whether the app's window is on the screen.
pub(crate) fn is_shown(display: &str) -> Result<bool> {
    Ok(find(display, TILLS)?.1.is_some())
}

/// Whether a window of this title is on the screen.
pub(crate) fn has(display: &str, title: &str) -> Result<bool> {
    Ok(find(display, title)?.1.is_some())
}

/// Presses the till's window's cross, as a window manager does it.
pub(crate) fn cross(display: &str) -> Result<()> {
    cross_of(display, TILLS)
}

/// The same of the window of this title.
pub(crate) fn cross_of(display: &str, title: &str) -> Result<()> {
    let (x, window) = find(display, title)?;
    let window = window.context("there is no window")?;
    let atom = |name: &str| anyhow::Ok(x.intern_atom(false, name.as_bytes())?.reply()?.atom);
    let data = [atom("WM_DELETE_WINDOW")?, x11rb::CURRENT_TIME, 0, 0, 0];
    let event = ClientMessageEvent::new(32, window, atom("WM_PROTOCOLS")?, data);
    x.send_event(false, window, EventMask::NO_EVENT, event)?.check()?;
    Ok(())
}

/// Writes the till's window down as a picture.
pub(crate) fn picture(display: &str, path: &Path) -> Result<()> {
    picture_of(display, TILLS, path)
}

/// Writes the window of this title down as a picture.
pub(crate) fn picture_of(display: &str, title: &str, path: &Path) -> Result<()> {
    let (x, window) = find(display, title)?;
    let window = window.context("there is no window")?;
    let size = x.get_geometry(window)?.reply()?;
    let whole = x.get_image(ImageFormat::Z_PIXMAP, window, 0, 0, size.width, size.height, !0)?;
    let dots = whole.reply()?.data;
    let mut file = png::Encoder::new(File::create(path)?, size.width.into(), size.height.into());
    file.set_color(png::ColorType::Rgb);
    // The server has blue first, and a byte to spare.
    let dots = dots.as_chunks::<4>().0.iter();
    let dots: Vec<u8> = dots
        .flat_map(|[blue, green, red, _]| [*red, *green, *blue])
        .collect();
    file.write_header()?.write_image_data(&dots)?;
    Ok(())
}

/// Types into the window of this title as a keyboard does, and ends with Enter. Small letters, digits and marks that
/// need no Shift.
pub(crate) fn type_into(display: &str, title: &str, text: &str) -> Result<()> {
    let (x, window) = find(display, title)?;
    let window = window.context("there is no window")?;
    x.set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME)?
        .check()?;
    let (first, last) = (x.setup().min_keycode, x.setup().max_keycode);
    let mapping = x
        .get_keyboard_mapping(first, last.saturating_sub(first).saturating_add(1))?
        .reply()?;
    let each = usize::from(mapping.keysyms_per_keycode);
    let enter = 0xff0d;
    for sign in text.chars().map(u32::from).chain([enter]) {
        if sign == enter {
            // What completes a path looks at the disk, and takes Enter for its own meanwhile.
            std::thread::sleep(std::time::Duration::from_millis(800));
        }
        let at = mapping
            .keysyms
            .chunks(each)
            .position(|key| key.first() == Some(&sign));
        let key = first.saturating_add(u8::try_from(at.context("no key writes it")?)?);
        for kind in [KEY_PRESS_EVENT, KEY_RELEASE_EVENT] {
            x.xtest_fake_input(kind, key, x11rb::CURRENT_TIME, x11rb::NONE, 0, 0, 0)?
                .check()?;
        }
        std::thread::sleep(std::time::Duration::from_millis(40));
    }
    Ok(())
}
