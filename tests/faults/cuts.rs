//! Every way to cut a request and its answer. The matrix, for each of capture, reversal, refund, create
//! and cancel:
//!
//! | Dojo | How |
//! | --- | --- |
//! | did not do it | the request is cut after every byte before its last |
//! | did it | the answer is cut after every byte from none to all |
//! | does it late | the request is held up whole, what is answered meanwhile is cut after every byte |
//!
//! and each cut three times: closed in order, reset, stalled. The long run has all of it. The size for
//! every change has every byte too: of a capture, which would cost a guest money twice, in all three ways,
//! of the others in one way after the other.

use crate::{
    Options,
    proxy::{Cut, Side, Way},
};
use holdfast_domain::OperationKind;

/// What is sent and cut.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Work {
    pub(crate) kind: OperationKind,
    pub(crate) name: &'static str,
    /// For the figures.
    pub(crate) what: &'static str,
    /// Held up on Dojo's side, and applied when the till no longer waits for it.
    pub(crate) is_late: bool,
}

impl Work {
    /// Under which name Dojo's faults are ordered for it.
    pub(crate) const fn fault(self) -> &'static str {
        match self.kind {
            OperationKind::Create => "payment-intents",
            OperationKind::Reversal => "reversal",
            OperationKind::Refund => "refunds",
            OperationKind::Cancel => "cancel",
            _ => "captures",
        }
    }
}

const fn work(kind: OperationKind, name: &'static str, what: &'static str) -> Work {
    Work {
        kind,
        name,
        what,
        is_late: false,
    }
}

/// The same, held up on Dojo's side.
const fn late(kind: OperationKind, name: &'static str, what: &'static str) -> Work {
    Work {
        is_late: true,
        ..work(kind, name, what)
    }
}

/// All of it. A further operation is attacked by being listed here, whole and late.
pub(crate) const WORK: [Work; 10] = [
    work(OperationKind::Capture, "capture", "takes cut"),
    work(OperationKind::Reversal, "reversal", "releases cut"),
    work(OperationKind::Refund, "refund", "refunds cut"),
    work(OperationKind::Cancel, "cancel", "cancellations cut"),
    work(OperationKind::Create, "create", "requests to a guest cut"),
    late(OperationKind::Capture, "late", "takes held up and cut"),
    late(
        OperationKind::Reversal,
        "late-reversal",
        "releases held up and cut",
    ),
    late(OperationKind::Refund, "late-refund", "refunds held up and cut"),
    late(
        OperationKind::Cancel,
        "late-cancel",
        "cancellations held up and cut",
    ),
    late(
        OperationKind::Create,
        "late-request",
        "requests to a guest held up and cut",
    ),
];

const WAYS: [(Way, &str); 3] = [
    (Way::Close, "close"),
    (Way::Reset, "reset"),
    (Way::Stall, "stall"),
];

/// One attack; its name is what `--only` takes.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) work: Work,
    pub(crate) cut: Cut,
}

/// All cuts of `work`, whose request and answer have so many bytes.
pub(crate) fn cases(options: &Options, work: Work, (request, answer): (usize, usize)) -> Vec<Case> {
    let has_all_ways = options.long || (work.kind == OperationKind::Capture && !work.is_late);
    let mut all = Vec::new();
    for (side, side_name, length) in [
        (Side::Request, "request", request),
        (Side::Answer, "answer", answer),
    ] {
        // A late request is whole: only what the proxy in between answers can be cut.
        if work.is_late && side == Side::Request {
            continue;
        }
        for byte in 0..=length {
            for (number, (way, way_name)) in WAYS.into_iter().enumerate() {
                // Of the others, every second byte in one way for every change.
                if has_all_ways || byte % (2 * WAYS.len()) == 2 * number {
                    all.push(Case {
                        name: format!("{}:{side_name}:{byte}:{way_name}", work.name),
                        work,
                        cut: Cut { side, byte, way },
                    });
                }
            }
        }
    }
    all.retain(|case| options.wants(&case.name));
    all
}
