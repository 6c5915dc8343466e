//! How the C library hands out memory. It has to be said before a program starts, and holds for all that it starts.
//!
//! A block from this size on is asked of the system and given back to it. Left to itself, glibc raises that size to
//! whatever was freed last, at most 32 MB (mallopt(3), `M_MMAP_THRESHOLD`). Where there is no graphics card, the
//! window's pictures are such blocks: they come and go with each press, and between what stays they left the heap in
//! pieces, 50 MB more in an hour.

/// Starts this program anew, in its own place, with the size at which glibc begins.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn keep_tidy() {
    use std::os::unix::process::CommandExt;
    const SIZE: (&str, &str) = ("MALLOC_MMAP_THRESHOLD_", "131072");
    if std::env::var_os(SIZE.0).is_some() {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        let mut again = std::process::Command::new(program);
        // It comes back only when it could not be done; then the program works all the same.
        drop(again.args(std::env::args_os().skip(1)).env(SIZE.0, SIZE.1).exec());
    }
}

/// Elsewhere nothing has to be said.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn keep_tidy() {}
