//! Pressing a button in a test: with the figures of this very moment, as a person sees them who looks and
//! presses in one breath. A person who looks first and presses later brings what was seen.

use anyhow::{Context, Result};
use holdfast_desk::{
    Act, Agreed, AppError, AskForMore, Decision, Desk, Renew, Seen, Take, TakeTyped, Taken, view,
};
use holdfast_domain::{HoldId, Operation, TabId};

/// What a person at the desk presses.
#[expect(async_fn_in_trait, reason = "only the desk has it")]
pub trait Press {
    /// Carries out a decision on a hold.
    async fn press(&self, decision: Decision) -> Result<Operation, AppError>;
    /// The decision that a take sheet sends for what is typed, as the window sends it: the bill in digits, and a yes to
    /// whatever the sheet asks about.
    async fn sheet(&self, tab: TabId, typed: TakeTyped) -> Result<Take>;
    /// Takes what is typed.
    async fn press_take(&self, tab: TabId, typed: TakeTyped) -> Result<Taken>;
    /// Asks for a further hold.
    async fn press_more(&self, tab: TabId, amount: &str) -> Result<(), AppError>;
    /// Closes a tab.
    async fn press_close(&self, tab: TabId) -> Result<(), AppError>;
    /// The decision that a renew sheet sends.
    async fn renewing(&self, hold: HoldId) -> Result<Renew, AppError>;
    /// The decision that a sheet on a hold sends.
    async fn acting(&self, hold: HoldId) -> Result<Act, AppError>;
}

impl Press for Desk {
    async fn press_close(&self, tab: TabId) -> Result<(), AppError> {
        let seen = self.tab(tab).await?.seen;
        self.close_tab(tab, &seen).await
    }

    async fn press(&self, mut decision: Decision) -> Result<Operation, AppError> {
        if decision.seen == Seen::default() {
            decision.seen = self.seen_with(decision.hold).await?;
        }
        self.operate(decision).await
    }

    async fn sheet(&self, tab: TabId, typed: TakeTyped) -> Result<Take> {
        let first = self.preview_take(tab, &TakeTyped::default()).await?;
        let digits = |text: &str| text.replace(|c: char| !c.is_ascii_digit() && c != '.', "");
        let typed = TakeTyped {
            bill: typed.bill.or_else(|| Some(digits(&first.bill.text))),
            ..typed
        };
        let preview = self.preview_take(tab, &typed).await?;
        let minor = |money: Option<&view::Money>| money.map_or(0, |money| money.minor);
        Ok(Take {
            tab_id: tab,
            typed,
            seen: preview.seen.clone(),
            expect_total_minor: preview.total.minor,
            then_ask_minor: 0,
            agreed: Agreed {
                above_minor: minor(preview.above.as_ref()),
                dojo_takes_minor: minor(preview.dojo_takes.as_ref().map(|takes| &takes.money)),
            },
            decision: crate::decision(),
        })
    }

    async fn press_take(&self, tab: TabId, typed: TakeTyped) -> Result<Taken> {
        let take = self.sheet(tab, typed).await?;
        self.take(&take).await.context("it was refused")
    }

    async fn press_more(&self, tab: TabId, amount: &str) -> Result<(), AppError> {
        self.ask_for_more(&AskForMore {
            tab_id: tab,
            amount: amount.to_owned(),
            deadline_action: None,
            decision: crate::decision(),
            seen: self.tab(tab).await?.seen,
        })
        .await
    }

    async fn renewing(&self, hold: HoldId) -> Result<Renew, AppError> {
        Ok(Renew::of(hold, self.seen_with(hold).await?))
    }

    async fn acting(&self, hold: HoldId) -> Result<Act, AppError> {
        Ok(Act {
            hold_id: hold,
            decision: crate::decision(),
            seen: self.seen_with(hold).await?,
            amount: None,
            refund: None,
            reason: None,
            email: None,
        })
    }
}
