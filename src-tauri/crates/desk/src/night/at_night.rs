//! What a take comes to at night, where a hold may be too small for it.

use super::choice::NightChoice;
use super::flag::Flag;
use crate::account::{Account, due};
use crate::capture::TakeFigures;
use crate::context::frame::Frame;
use holdfast_domain::Money;

/// A take as the night offers it.
pub(super) struct AtNight {
    /// What it would do.
    pub(super) take: TakeFigures,
    /// Bill, service charge and tip as they were typed, or are due.
    pub(super) asked: [Money; 3],
    /// By how much that is over the hold.
    pub(super) over: Option<Money>,
}

impl AtNight {
    /// Where more is due than is held and nobody typed the bill, a tick takes all that there is: the bill first, then
    /// service charge and tip.
    pub(super) fn of(
        account: &Account,
        choice: Option<&NightChoice>,
        is_under_way: bool,
        frame: Frame,
    ) -> Self {
        let typed = choice.map(|c| c.typed.clone()).unwrap_or_default();
        let take = TakeFigures::of(account, &typed, frame);
        let asked = [take.sums.bill, take.sums.service, take.sums.tip];
        // While something is on its way nothing can be taken, which makes no bill too large for its hold.
        let over = if is_under_way || due::unsettled_take(account, frame.now).is_some() {
            due::missing(account, frame.now)
        } else {
            take.over
        };
        let take = if take.over.is_none() || typed.bill.is_some() {
            take
        } else {
            take.of_what_is_held(account, frame)
        };
        Self { take, asked, over }
    }
}

/// What isn't taken of a bill, and of the service charge and tip that were asked for with it.
pub(super) fn short_and_cut(take: &TakeFigures, [_, service, tip]: [Money; 3]) -> Vec<Flag> {
    let less = |more: Money, than: Money| {
        let minor = more.minor.saturating_sub(than.minor).max(0);
        Money::new(minor, more.currency)
    };
    let short = less(take.due, take.sums.bill);
    let (service, tip) = (less(service, take.sums.service), less(tip, take.sums.tip));
    let is_cut = service.minor > 0 || tip.minor > 0;
    let short = (short.minor > 0).then_some(Flag::Short(short));
    short
        .into_iter()
        .chain(is_cut.then_some(Flag::Cut { service, tip }))
        .collect()
}
