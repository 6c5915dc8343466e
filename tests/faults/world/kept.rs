//! Seeds that failed once. They are run every time.

/// Each with what it found, in the commit that added it.
pub(super) const SEEDS: &[u64] = &[4, 58, 92, 158];
