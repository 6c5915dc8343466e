//! Lines of a paper.

use crate::present::report::ReportLine;

/// A line with its amount or text.
pub(crate) fn line(label: &str, text: String) -> ReportLine {
    ReportLine {
        label: label.to_owned(),
        text,
        within: false,
        strong: false,
    }
}

/// One that others add up to.
pub(crate) fn strong(label: &str, text: String) -> ReportLine {
    ReportLine {
        strong: true,
        ..line(label, text)
    }
}

/// One that is a part of another.
pub(crate) fn within(label: &str, text: String) -> ReportLine {
    ReportLine {
        within: true,
        ..line(label, text)
    }
}
