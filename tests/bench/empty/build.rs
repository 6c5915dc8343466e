//! The same as any Tauri app's.

fn main() {
    tauri_build::build();
}
