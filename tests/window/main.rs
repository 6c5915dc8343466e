//! What staff see and do, in the real window. `cargo xtask test` builds the app and runs these.
#![expect(clippy::unwrap_used, reason = "a story stops at the first surprise")]

mod browser;
mod day;

/// Selector of an element by its test id.
pub(crate) fn id(name: &str) -> String {
    format!("[data-testid='{name}']")
}
