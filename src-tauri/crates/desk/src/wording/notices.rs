//! What is told outside the window, in words.

use holdfast_domain::{FindingKind, Money, isolated};

/// What is wrong, for one finding.
pub(crate) const fn title(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Deadline => "A hold ends soon",
        FindingKind::Lapsed => "Expired",
        FindingKind::TakenByDojo => "Taken by Dojo",
        FindingKind::TakenElsewhere
        | FindingKind::ReleasedElsewhere
        | FindingKind::RefundedElsewhere
        | FindingKind::CancelledElsewhere => "Changed elsewhere",
        FindingKind::AmountDiffers => "An amount differs",
        FindingKind::Contradicts => "Dojo contradicts itself",
        FindingKind::Renewal => "A hold wasn’t renewed",
        FindingKind::Stranger | FindingKind::Foreign => "Found at Dojo",
        FindingKind::Clock => "Set this PC’s clock",
        FindingKind::TillClock => "Set a till’s clock",
        FindingKind::CommitsLost => "The shared ledger lost entries",
    }
}

/// How many findings one notification is about.
pub(crate) fn many(count: usize) -> String {
    format!("{count} things need attention")
}

/// What the first of them says.
pub(crate) fn starting_with(first: &str) -> String {
    format!("Starting with {first}")
}

/// Whom a finding is about, its words, and its amount if it has one.
pub(crate) fn about(name: &str, words: &str, amount: Option<Money>) -> String {
    let amount = amount.map_or_else(String::new, |money| format!(" ({money})"));
    format!("{}: {words}{amount}", isolated(name))
}
