//! What a receipt adds up: what one card paid, what the tab's other cards paid, and all of it.

use crate::context::reasons::RefundPartName;
use crate::present::paper_lines::{line, strong, within};
use crate::present::report::ReportLine;
use holdfast_domain::{Hold, Operation, refunded_parts, taken_parts};

/// What was taken of one hold or of several, and refunded, in minor units. A refund is never taken off what was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Share {
    /// All that was taken.
    taken: ShareParts,
    /// All that was refunded.
    refunded: i64,
    /// What the refunds were of; none where nobody said of one of them.
    of: Option<ShareParts>,
}

/// An amount and what it is for, in minor units: bill + service + tip make it up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct ShareParts {
    bill: i64,
    service: i64,
    tip: i64,
}

impl ShareParts {
    /// Of `total`, the rest being of the bill. No part is larger than what the parts before it leave.
    fn of(total: i64, service: i64, tip: i64) -> Self {
        let tip = tip.clamp(0, total.max(0));
        let service = service.clamp(0, total.saturating_sub(tip).max(0));
        Self {
            bill: total.saturating_sub(tip).saturating_sub(service),
            service,
            tip,
        }
    }

    const fn with(self, other: Self) -> Self {
        Self {
            bill: self.bill.saturating_add(other.bill),
            service: self.service.saturating_add(other.service),
            tip: self.tip.saturating_add(other.tip),
        }
    }

    const fn total(self) -> i64 {
        self.bill.saturating_add(self.service).saturating_add(self.tip)
    }

    /// A line for each part there is.
    fn lines(self, money: &impl Fn(i64) -> String) -> Vec<ReportLine> {
        let parts = [
            (RefundPartName::Bill.label(), self.bill),
            (RefundPartName::Service.label(), self.service),
            (RefundPartName::Tip.label(), self.tip),
        ];
        let some = parts.into_iter().filter(|(_, minor)| *minor != 0);
        some.map(|(label, minor)| within(label, money(minor))).collect()
    }
}

/// What the lines of a share are called.
pub(crate) struct Labels {
    /// All that was taken.
    pub(crate) taken: &'static str,
    /// All that was refunded.
    pub(crate) refunded: &'static str,
    /// What remains of the one after the other.
    pub(crate) paid: &'static str,
}

impl Share {
    /// Nothing at all.
    pub(crate) const NONE: Self = Self {
        taken: ShareParts {
            bill: 0,
            service: 0,
            tip: 0,
        },
        refunded: 0,
        of: Some(ShareParts {
            bill: 0,
            service: 0,
            tip: 0,
        }),
    };

    /// Of one hold.
    pub(crate) fn of(hold: &Hold, operations: &[Operation]) -> Self {
        let (taken, back) = (taken_parts(hold, operations), refunded_parts(hold, operations));
        Self {
            taken: ShareParts::of(hold.captured(), taken.service, taken.tip),
            refunded: hold.refunded(),
            of: (back.not_said == 0).then(|| ShareParts::of(hold.refunded(), back.of.service, back.of.tip)),
        }
    }

    /// Of both.
    pub(crate) fn with(self, other: Self) -> Self {
        Self {
            taken: self.taken.with(other.taken),
            refunded: self.refunded.saturating_add(other.refunded),
            of: self.of.zip(other.of).map(|(one, other)| one.with(other)),
        }
    }

    /// All that was taken, in minor units.
    pub(crate) const fn taken(&self) -> i64 {
        self.taken.total()
    }

    /// Whether something else than the bill is in it; otherwise its total says it all.
    pub(crate) const fn is_mixed(&self) -> bool {
        self.taken.service != 0 || self.taken.tip != 0
    }

    /// Its lines; with the parts of each amount beneath it if `in_parts`.
    pub(crate) fn lines(
        &self,
        labels: &Labels,
        in_parts: bool,
        money: impl Fn(i64) -> String,
    ) -> Vec<ReportLine> {
        let beneath = |parts: ShareParts| match in_parts {
            true => parts.lines(&money),
            false => Vec::new(),
        };
        let mut lines = vec![strong(labels.taken, money(self.taken()))];
        lines.extend(beneath(self.taken));
        if self.refunded > 0 {
            lines.push(line(labels.refunded, money(self.refunded)));
            lines.extend(beneath(self.of.unwrap_or_default()));
            let paid = self.taken().saturating_sub(self.refunded);
            lines.push(strong(labels.paid, money(paid)));
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(share: Share) -> Vec<(String, String)> {
        let labels = Labels {
            taken: "Taken",
            refunded: "Refunded",
            paid: "Paid",
        };
        let lines = share.lines(&labels, true, |minor| minor.to_string());
        lines.into_iter().map(|line| (line.label, line.text)).collect()
    }

    fn said(lines: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |(label, text): &(&str, &str)| ((*label).to_owned(), (*text).to_owned());
        lines.iter().map(owned).collect()
    }

    #[test]
    fn a_refund_is_shown_in_its_parts_where_they_are_known() {
        let known = Share {
            taken: ShareParts::of(5_700, 500, 200),
            refunded: 1_200,
            of: Some(ShareParts::of(1_200, 0, 200)),
        };
        let all = [
            ("Taken", "5700"),
            ("Bill", "5000"),
            ("Service charge", "500"),
            ("Tip", "200"),
            ("Refunded", "1200"),
            ("Bill", "1000"),
            ("Tip", "200"),
            ("Paid", "4500"),
        ];
        assert_eq!(texts(known), said(&all));
        let unknown = Share { of: None, ..known };
        let (before, after) = (all.get(..5).unwrap(), all.get(7..).unwrap());
        assert_eq!(texts(unknown), said(&[before, after].concat()));
        assert_eq!(
            known.with(unknown).of,
            None,
            "nobody guesses at the parts of the sum"
        );
    }

    #[test]
    fn parts_never_make_more_than_their_total() {
        assert_eq!(
            ShareParts::of(1_000, 900, 300),
            ShareParts {
                bill: 0,
                service: 700,
                tip: 300
            }
        );
        assert_eq!(ShareParts::of(0, 50, 50), ShareParts::default());
    }
}
