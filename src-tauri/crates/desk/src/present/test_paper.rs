//! A paper that is about nothing, to see whether the printer is set up.

use crate::present::paper::{Paper, headed, paper};
use crate::present::paper_lines::{line, strong};
use crate::wording::{full_moment, papers};
use crate::{AppError, Desk};
use holdfast_domain::Money;

/// As wide as a figure on a paper gets. It ends at the paper's right edge.
const WIDEST_MINOR: i64 = 9_999_999;

impl Desk {
    /// The paper that tries the printer, with the venue's head as guests see it.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn test_paper(&self) -> Result<Paper, AppError> {
        let settings = self.context.settings().await?;
        let zone = self.context.business_days_by(&settings)?.zone;
        let made = papers::made(&full_moment(self.context.now(), zone), &settings.staff_name);
        let figure = Money::new(WIDEST_MINOR, settings.currency).to_string();
        let facts = vec![
            line(papers::LETTERS, papers::SOME_LETTERS.to_owned()),
            strong(papers::LAST_FIGURE, figure),
        ];
        let words = papers::TEST_WORDS.map(str::to_owned).to_vec();
        Ok(headed(paper(papers::TEST, facts, words), settings, made))
    }
}
