//! A window with a line in it, and a command that does nothing.

#[tauri::command]
async fn nothing() {}

fn main() {
    let run = tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![nothing])
        .run(tauri::generate_context!());
    if let Err(error) = run {
        eprintln!("the window could not be opened: {error}");
        std::process::exit(1);
    }
}
