//! Declares every command, so that none may be called that `capabilities/window.json` does not name.

/// All commands of `src/commands.rs`.
const COMMANDS: &[&str] = &[
    "start",
    "choose_training",
    "enter_key",
    "forget_key",
    "use_mode",
    "leave_mode",
    "test_connection",
    "floor",
    "tab",
    "closed",
    "search",
    "set_floor_order",
    "attention",
    "put_aside",
    "ask_dojo",
    "check_amount",
    "preview_new",
    "open_tab",
    "same_card",
    "retry_open",
    "ask_for_more",
    "add_line",
    "take_off",
    "mend_tab",
    "close_tab",
    "reopen_tab",
    "preview_take",
    "take",
    "take_what_is_held",
    "release",
    "cancel",
    "refund",
    "change_amount",
    "change_tip",
    "send_receipt",
    "settings",
    "settings_changes",
    "save_settings",
    "backups",
    "back_up",
    "put_back_preview",
    "put_back",
    "night",
    "close_night",
    "stop_night",
    "go_on_with_night",
    "let_night_be",
    "make_report",
    "report",
    "reports",
    "paper",
    "days",
    "export",
    "open_link",
    "email_link",
    "training_pay",
    "training_clock",
];

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    if let Err(error) = tauri_build::try_build(attributes) {
        // Cargo shows a build script's panic with its message and nothing else.
        panic!("{error:#}");
    }
}
