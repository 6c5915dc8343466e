//! Seeds that failed once. They are run every time. A seed draws another venue whenever what staff do changes.

pub(super) const SEEDS: &[u64] = &[
    // A till slept between Dojo's answer to a create and its record, and dated the reading by its waking.
    22,
    // The answer to a create came after another till had found the hold, and took its newer reading back.
    951, 1086, 1119,
];
