//! The X server's side of the window: its cross, and whether it is on the screen.

use anyhow::{Context, Result};
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{AtomEnum, ClientMessageEvent, ConnectionExt, EventMask, MapState, Window};
use x11rb::rust_connection::RustConnection;

fn shown(x: &RustConnection, below: Window) -> Result<Option<Window>> {
    for child in x.query_tree(below)?.reply()?.children {
        let name = x
            .get_property(false, child, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 64)?
            .reply()?;
        let is_shown = x.get_window_attributes(child)?.reply()?.map_state == MapState::VIEWABLE;
        if is_shown && name.value == b"Holdfast" {
            return Ok(Some(child));
        }
        if let Some(found) = shown(x, child)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn find(display: &str) -> Result<(RustConnection, Option<Window>)> {
    let (x, screen) = RustConnection::connect(Some(display))?;
    let root = x.setup().roots.get(screen).context("no screen")?.root;
    let window = shown(&x, root)?;
    Ok((x, window))
}

/// Whether the app's window is on the screen.
pub(crate) fn is_shown(display: &str) -> Result<bool> {
    Ok(find(display)?.1.is_some())
}

/// Presses the window's cross, as a window manager does it.
pub(crate) fn cross(display: &str) -> Result<()> {
    let (x, window) = find(display)?;
    let window = window.context("there is no window")?;
    let atom = |name: &str| anyhow::Ok(x.intern_atom(false, name.as_bytes())?.reply()?.atom);
    let data = [atom("WM_DELETE_WINDOW")?, x11rb::CURRENT_TIME, 0, 0, 0];
    let event = ClientMessageEvent::new(32, window, atom("WM_PROTOCOLS")?, data);
    x.send_event(false, window, EventMask::NO_EVENT, event)?.check()?;
    Ok(())
}
