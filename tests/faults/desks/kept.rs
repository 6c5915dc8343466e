//! Seeds that failed once. They are run every time, each with what it found. A seed draws another venue whenever what
//! staff do changes, so what was found has its story in the tests of the desk or of the ledger as well.

pub(super) const SEEDS: &[u64] = &[];
