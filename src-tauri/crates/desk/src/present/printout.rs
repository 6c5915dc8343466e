//! What becomes of a paper on the screen when it's printed or saved: its file's name and its page.

use crate::present::paper_offer::PaperKind;
use crate::wording::{papers, reports};
use crate::{AppError, Desk};
use holdfast_domain::HoldId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The paper that is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "is")]
#[ts(export)]
pub enum Printout {
    /// A paper of a hold.
    Paper {
        /// Which.
        kind: PaperKind,
        /// Whose.
        hold_id: HoldId,
    },
    /// A night report.
    Report {
        /// Its number.
        #[ts(type = "number")]
        number: i64,
    },
    /// The one that tries the printer.
    Test,
}

/// What it's printed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "is")]
#[ts(export)]
pub enum PageSize {
    /// A sheet of A4.
    A4,
    /// A roll of 80 mm.
    Roll {
        /// How long the text is, as the window measured it: the roll is cut there.
        #[ts(type = "number")]
        text_mm: u32,
    },
}

/// A page, in millimetres.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// From edge to edge.
    pub width: u32,
    /// From edge to edge.
    pub height: u32,
    /// Left and right. Many heads for 80 mm print 72 mm.
    pub side: u32,
    /// Above and below.
    pub end: u32,
}

/// The longest page that a PDF reader must be able to show is 14,400 points; what's longer goes on on a second page.
const LONGEST_MM: u32 = 5_000;

/// A cutter needs something to cut.
const SHORTEST_MM: u32 = 60;

/// Paper rounds each line a little differently. A spare line or two costs less than a second page.
const SPARE_MM: u32 = 6;
/// The text's length divided by this is spare too: what's rounded adds up.
const SPARE_PART: u32 = 100;

impl PageSize {
    /// The page to set up.
    #[must_use]
    pub fn page(self) -> Page {
        match self {
            Self::A4 => Page {
                width: 210,
                height: 297,
                side: 18,
                end: 14,
            },
            Self::Roll { text_mm } => {
                let end = 4;
                let height = text_mm.saturating_add(2 * end + SPARE_MM + text_mm / SPARE_PART);
                Page {
                    width: 80,
                    height: height.clamp(SHORTEST_MM, LONGEST_MM),
                    side: 4,
                    end,
                }
            }
        }
    }
}

impl Desk {
    /// What a file with this paper is called.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn printout_file(&self, of: Printout) -> Result<String, AppError> {
        Ok(match of {
            Printout::Paper { kind, hold_id } => {
                let tab = self.context.ledger.hold(hold_id).await?.tab;
                let reference = self.context.account(tab).await?.tab.reference;
                let kind = match kind {
                    PaperKind::Slip => papers::SLIP,
                    PaperKind::Receipt => papers::RECEIPT,
                    PaperKind::Letter => papers::LETTER,
                };
                papers::file(kind, &reference)
            }
            Printout::Test => papers::file(papers::TEST, ""),
            Printout::Report { number } => papers::file(&reports::title(number), ""),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roll_is_as_long_as_its_text() {
        let page = |text_mm| PageSize::Roll { text_mm }.page();
        assert_eq!(page(200).height, 216);
        assert_eq!(page(0).height, SHORTEST_MM);
        assert_eq!(page(u32::MAX).height, LONGEST_MM);
        assert_eq!(page(200).width, 80);
    }
}
