//! macOS: the menu at the top of the screen. Tauri's own has a Quit that ends the watch unasked. Untried: it was
//! written without a Mac.

use crate::{leaving, wording};
use tauri::menu::{Menu, MenuBuilder, MenuItemBuilder, SubmenuBuilder};
use tauri::{AppHandle, Builder, Wry};

const QUIT: &str = "quit-program";

/// Gives the program its menu.
pub(crate) fn on(builder: Builder<Wry>) -> Builder<Wry> {
    builder.menu(menu).on_menu_event(|app, event| {
        if event.id().as_ref() == QUIT {
            leaving::quit_asked(app);
        }
    })
}

/// What Tauri's own has and a till needs: hiding, closing, and the editing that its short cuts come with.
fn menu(app: &AppHandle) -> tauri::Result<Menu<Wry>> {
    let quit = MenuItemBuilder::with_id(QUIT, wording::QUIT)
        .accelerator("cmd+q")
        .build(app)?;
    let program = SubmenuBuilder::new(app, wording::PROGRAM)
        .hide()
        .hide_others()
        .show_all()
        .separator()
        .item(&quit)
        .build()?;
    let edit = SubmenuBuilder::new(app, wording::EDIT)
        .undo()
        .redo()
        .separator()
        .cut()
        .copy()
        .paste()
        .select_all()
        .build()?;
    let window = SubmenuBuilder::new(app, wording::WINDOW)
        .minimize()
        .close_window()
        .build()?;
    MenuBuilder::new(app).items(&[&program, &edit, &window]).build()
}
