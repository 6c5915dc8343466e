//! A clock that goes on while the computer sleeps.

use std::time::Duration;

/// How long the computer has been on since some moment, asleep or awake. Setting the clock doesn't change it; it never
/// goes back.
///
/// Rust's own `Instant` stands still in sleep on Linux and macOS. Only Linux was tried; on Windows and macOS this rests
/// on what their makers say of the clocks below.
pub fn since_boot() -> Duration {
    system::since_boot()
}

#[cfg(unix)]
mod system {
    use rustix::time::{ClockId, clock_gettime};
    use std::time::Duration;

    #[cfg(any(target_os = "linux", target_os = "android"))]
    const COUNTS_SLEEP: ClockId = ClockId::Boottime;
    // Apple's counts sleep under this name.
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    const COUNTS_SLEEP: ClockId = ClockId::Monotonic;

    pub(super) fn since_boot() -> Duration {
        let now = clock_gettime(COUNTS_SLEEP);
        let seconds = u64::try_from(now.tv_sec).unwrap_or(0);
        Duration::new(seconds, u32::try_from(now.tv_nsec).unwrap_or(0))
    }
}

#[cfg(not(unix))]
mod system {
    use std::sync::LazyLock;
    use std::time::{Duration, Instant};

    /// Windows' performance counter, which `Instant` reads, counts sleep.
    pub(super) fn since_boot() -> Duration {
        static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
        BEGUN.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_on() {
        let before = since_boot();
        std::thread::sleep(Duration::from_millis(20));
        let passed = since_boot().saturating_sub(before);
        assert!(passed >= Duration::from_millis(20), "{passed:?}");
    }
}
