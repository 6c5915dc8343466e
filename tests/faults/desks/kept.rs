//! Seeds that failed once. They are run every time. A seed draws another venue whenever what staff do changes.

pub(super) const SEEDS: &[u64] = &[
    // A till slept between Dojo's answer to a create and its record, and dated the reading by its waking.
    22,
    // The answer to a create came after another till had found the hold, and took its newer reading back.
    951, 1086, 1119,
    // A till's own reading showed a take before its answer came: the same money was taken and on its way.
    2_737, 4_317, // What search found was dated by the till's clock instead of Dojo's answer.
    3_219,
    3_535, // The evening was over before its cut came, and the cut fell into the calm: the suite's own mistake.
    4_591,
];
