//! Seeds that failed once. They are run every time. A seed draws another venue whenever what staff do changes.

pub(super) const SEEDS: &[u64] = &[
    // A till slept between Dojo's answer to a create and its record, and dated the reading by its waking.
    22,
];
