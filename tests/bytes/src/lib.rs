//! What the fuzzer throws bytes at, and what must hold whatever it throws. Each body is written once: the
//! fuzz targets under `tests/fuzz` call it for as long as one likes, `tests/corpus.rs` for its corpus and some
//! thousand changes of it with every test run.

mod answers;
mod backups;
mod typing;

/// One target: its name, as its corpus and its fuzz target have it, and its body, which panics where
/// something does not hold.
pub struct Target {
    /// Of its folder under `tests/fuzz/corpus`.
    pub name: &'static str,
    /// The body.
    pub body: fn(&[u8]),
    /// How many changes of each file of the corpus are tried with every test run.
    pub changes: u32,
}

/// All of them. What reads bytes from outside joins by being listed here, with a file in
/// `tests/fuzz/fuzz_targets` and a folder in `tests/fuzz/corpus`.
pub const TARGETS: [Target; 6] = [
    target("answers", answers::answers, 400),
    target("problems", answers::problems, 400),
    target("pages", answers::pages, 400),
    target("amounts", typing::amounts, 400),
    target("timespans", typing::timespans, 400),
    target("backups", backups::backups, 20),
];

const fn target(name: &'static str, body: fn(&[u8]), changes: u32) -> Target {
    Target { name, body, changes }
}

/// Runs the target of that name; for the fuzz targets, which are a line each.
///
/// # Panics
/// Where something does not hold, and when there is no such target.
pub fn run(name: &str, bytes: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name);
    (target.expect("a target of that name").body)(bytes);
}
