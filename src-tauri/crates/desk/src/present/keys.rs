//! Which hold, request or paper a key acts on while a tab is shown.

use crate::account::allowed::allowing;
use crate::account::due::{self, paid};
use crate::account::state::state;
use crate::account::{Account, totals};
use crate::context::frame::Frame;
use crate::operations::bill::close_refused;
use crate::present::paper_offer::PaperKind;
use crate::present::paper_offer::offered;
use crate::present::view::{self, CloseKey, PrintKey, ReleaseAct, ReleaseKey, TabKeys};
use holdfast_domain::{Action, Hold, Kind, TabState};

/// The keys of a tab; `holds` are its own as they are shown, newest first.
pub(crate) fn keys(account: &Account, holds: &[view::Hold], frame: Frame) -> TabKeys {
    let newest = |action| {
        allowing(account, action, frame.now)
            .next_back()
            .map(|hold| hold.id)
    };
    let key = |action, act| newest(action).map(|hold_id| ReleaseKey { act, hold_id });
    let is_open = account.tab.closed_at.is_none();
    let mut newest_first = account.holds.iter().rev();
    let shown = shown(holds);
    let is_closable = is_open && close_refused(&account.holds, frame.earliest).is_none();
    // What is owed isn't put out of sight by one key.
    let closing = if due::takeable(account, frame.now).0.minor > 0 {
        CloseKey::Ask
    } else {
        CloseKey::Now
    };
    TabKeys {
        take: newest(Action::Take).is_some(),
        hold_more: is_open && account.tab.kind != Kind::Payment,
        release: key(Action::Release, ReleaseAct::Release)
            .or_else(|| key(Action::Cancel, ReleaseAct::Cancel)),
        renew: newest(Action::Renew),
        refund: newest(Action::Refund),
        show_qr: shown.map(|hold| hold.id),
        send_again: unsent(account, frame).next().map(|hold| hold.id),
        print: newest_first.find_map(|(hold, _)| paper(hold)),
        move_bill: is_open && account.tab.kind != Kind::Payment && paid(account).due() > 0,
        close_tab: is_closable.then_some(closing),
        forget: !is_open && !account.tab.is_forgotten,
    }
}

/// The requests of an open tab that never left this PC, the newest first.
pub(crate) fn unsent(account: &Account, frame: Frame) -> impl Iterator<Item = &Hold> {
    let is_open = account.tab.closed_at.is_none();
    let newest_first = account.holds.iter().rev();
    let unsent =
        newest_first.filter(move |(hold, its)| is_open && state(hold, its, frame.now) == TabState::NotSent);
    unsent.map(|(hold, _)| hold)
}

/// The newest hold whose page the guest may be shown.
fn shown(holds: &[view::Hold]) -> Option<&view::Hold> {
    let mut newest_first = holds.iter();
    newest_first.find(|hold| hold.link.is_some() && hold.link_qr.is_some() && !hold.link_ended)
}

/// While the first link is unpaid a second one would only confuse its guest: what is asked for then is another guest's,
/// so that it stands in the menu and beside no first button. What the bill is beyond it is asked for
/// all the same, and beside a renewal's link, which goes by mail.
pub(crate) fn is_first_unpaid(account: &Account, holds: &[view::Hold], frame: Frame) -> bool {
    totals::left(account) == 0
        && due::missing(account, frame.now).is_none()
        && shown(holds).is_some_and(|hold| !hold.renewal.as_ref().is_some_and(|renewal| renewal.is_new))
}

/// The receipt, if there is one; else the first paper that there is of a hold.
fn paper(hold: &Hold) -> Option<PrintKey> {
    let offered = offered(hold);
    let receipt = offered.iter().find(|offer| offer.kind == PaperKind::Receipt);
    let offer = receipt.or(offered.first())?;
    Some(PrintKey {
        kind: offer.kind,
        hold_id: hold.id,
    })
}
