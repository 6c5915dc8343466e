//! What the suites `kill` and `io` attack. Whatever later moves money or writes the ledger is attacked
//! at each of its calls to the system by being listed here.

use holdfast_domain::OperationKind;

/// A command of the command line that moves money, or writes the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Deed {
    pub(crate) name: &'static str,
    /// What its decisions are; none where nothing is decided.
    pub(crate) kind: Option<OperationKind>,
    /// How many guests it is about, one decision each.
    pub(crate) guests: usize,
    pub(crate) way: Way,
    pub(crate) before: Before,
}

/// What each guest has when it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    /// What its kind can be done to; nothing where the guest is new.
    ByKind,
    /// A hold in force.
    Held,
    /// A hold in force, and the new one paid with which it is being renewed.
    Renewed,
}

/// How the guests are got through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// A process for each of them, one after another. `{}` stands for the tab.
    Each(&'static [&'static str]),
    /// One process for all of them; the second one goes on where the first was cut off.
    All(&'static [&'static str], Option<&'static [&'static str]>),
}

/// All of them.
pub(crate) const DEEDS: [Deed; 10] = [
    each("take", OperationKind::Capture, 1, &["take", "{}", "--bill", "10"]),
    each("open", OperationKind::Create, 1, &["open", "tab", "{}", "50"]),
    each("release", OperationKind::Reversal, 1, &["release", "{}"]),
    each("cancel", OperationKind::Cancel, 1, &["cancel", "{}"]),
    each("refund", OperationKind::Refund, 1, &["refund", "{}", "10"]),
    // A busy evening: one command after another, each hurt alike.
    each(
        "evening",
        OperationKind::Capture,
        3,
        &["take", "{}", "--bill", "10"],
    ),
    // A run over many tabs.
    Deed {
        name: "night",
        kind: Some(OperationKind::Capture),
        guests: 3,
        way: Way::All(&["night"], Some(&["night"])),
        before: Before::ByKind,
    },
    Deed {
        before: Before::Held,
        ..each("renew", OperationKind::Create, 1, &["renew", "{}"])
    },
    // The new hold is paid: the watch releases the old one.
    Deed {
        before: Before::Renewed,
        ..each("renewed", OperationKind::Reversal, 1, &["sweep"])
    },
    Deed {
        name: "backup",
        kind: None,
        guests: 1,
        way: Way::All(&["backup"], None),
        before: Before::ByKind,
    },
];

const fn each(
    name: &'static str,
    kind: OperationKind,
    guests: usize,
    words: &'static [&'static str],
) -> Deed {
    Deed {
        name,
        kind: Some(kind),
        guests,
        way: Way::Each(words),
        before: Before::ByKind,
    }
}
