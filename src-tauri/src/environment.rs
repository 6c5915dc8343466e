//! What has to be said before a program starts, and then holds for all that it starts: the C library and the window's
//! engine read it from their environment, once.

/// Restarts this program, in its own place, with what it lacks. What somebody has set stays as it is.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn complete() {
    use std::os::unix::process::CommandExt;
    let wanted = std::iter::once(LARGE_BLOCKS).chain(holdfast_process::drawing());
    let lacks: Vec<_> = wanted
        .filter(|(name, _)| std::env::var_os(name).is_none())
        .collect();
    if lacks.is_empty() {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        let mut again = std::process::Command::new(program);
        // It comes back only when it could not be done; then the program works all the same.
        drop(again.args(std::env::args_os().skip(1)).envs(lacks).exec());
    }
}

/// Elsewhere nothing has to be said.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn complete() {}

/// A block from this size on is asked of the system and given back to it. Left to itself, glibc raises that size to
/// whatever was freed last, at most 32 MB (mallopt(3), `M_MMAP_THRESHOLD`). Where there is no graphics card, the
/// window's pictures are such blocks: they come and go with each press, and between what stays they left the heap in
/// pieces, 50 MB more in an hour.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const LARGE_BLOCKS: (&str, &str) = ("MALLOC_MMAP_THRESHOLD_", "131072");
