//! What is left of a panic.

use std::panic;

/// Has every panic logged by its place in the code. Its message may hold what was typed, so that goes nowhere.
pub fn log_panics() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a thread panicked");
    }));
}

#[cfg(test)]
mod tests {
    use super::log_panics;
    use crate::CappedLog;

    #[test]
    fn a_panic_leaves_its_place_and_none_of_its_data() {
        let folder = tempfile::tempdir().unwrap();
        let log = tracing_subscriber::fmt()
            .with_writer(CappedLog::open(folder.path()))
            .finish();
        tracing::subscriber::with_default(log, || {
            log_panics();
            let ended = std::panic::catch_unwind(|| panic!("Ada Lovelace, room 14"));
            // The other tests' panics are told as ever.
            drop(std::panic::take_hook());
            assert!(ended.is_err());
        });
        let told = CappedLog::tail(folder.path(), 10);
        assert!(told.contains("panics.rs:") && !told.contains("Ada"), "{told}");
    }
}
