//! Seeds that failed once. They are run every time. A seed draws another world whenever the steps change,
//! so each bug has its story in `late.rs`, `trouble.rs` or `elsewhere.rs` of `tests/stories` as well.

/// Each with what it found.
pub(super) const SEEDS: &[u64] = &[
    4,     // an older reading overtook a newer one
    58,    // a change that was overtaken waited for ever
    92,    // a receipt that was answered by a page was called done
    158,   // a doubled take was called refused
    32,    // a status that is not known made a payment that was taken count as nothing
    565,   // a request that ended unpaid by itself, its cancel cut off before it left (the oracle's mistake)
    2_284, // a request that never left, sent again twice by one press too many
    1_796, // a part taken and given back, the rest still held until the deadline (the oracle's mistake)
    4_093, // another till's second refund had the key of its first, which Dojo had forgotten (the step's mistake)
    3_340, // a payment whose status is not known was refunded in part and counted as never taken
    4_343, // a hold whose card's time Dojo never says was called over at the earliest end that it can have had
    771,   // a take in the portal said when its card was authorised at the latest
    4_522, // a take on its way hides what Dojo takes by itself at the deadline (the oracle's mistake)
    4_634, // so does one that somebody made in the portal while the till was off
    5_467, // what went back with the first take was called taken by Dojo at the deadline
    5_942, // so was what somebody released in the portal
    4_851, // what Dojo took at the deadline passed for a take of as much that was lost long before
    3_233, // a refund that failed long after its hold was over (the step's and the oracle's mistake)
    9_730, // where a tip is beyond the hold, as much was left and not seen, and Dojo took it at the deadline
    5_375, // what Dojo took at a deadline that nobody knows for sure passed for a take that was lost six days before
    109,   // decisions changed places when the clock was set back
    19, // a renewal whose rows were refused at first: the hold it had made was looked for (the oracle's mistake)
    973, // so was that of a press that was made once
];
