//! What a crash leaves behind.

/// From now on a crash of this program, or of one that it starts, leaves no image of its memory: Dojo's key and guests'
/// names stand in it. On Windows only its owner sets that up.
pub fn dump_no_memory() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        if let Err(error) = setrlimit(Resource::Core, none) {
            tracing::warn!(%error, "a crash may leave an image of the memory");
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #[test]
    fn nothing_raises_the_limit_again() {
        super::dump_no_memory();
        let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
        let core = limits
            .lines()
            .find(|line| line.starts_with("Max core file size"))
            .unwrap();
        let amounts: Vec<&str> = core.split_whitespace().skip(4).take(2).collect();
        assert_eq!(amounts, ["0", "0"], "{core}");
    }
}
