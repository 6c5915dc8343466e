//! Which hold, request or paper a key acts on while a tab is shown.

use crate::account::Account;
use crate::account::allowed::allowing;
use crate::account::due::paid;
use crate::context::frame::Frame;
use crate::operations::bill::close_refused;
use crate::present::paper::{PaperKind, offered};
use crate::present::view::{self, PrintKey, ReleaseKey, TabKeys};
use holdfast_domain::{Action, Hold, Kind};

/// The keys of a tab; `holds` are its own as they are shown, newest first.
pub(crate) fn keys(account: &Account, holds: &[view::Hold], frame: Frame) -> TabKeys {
    let newest = |action| {
        allowing(account, action, frame.now)
            .next_back()
            .map(|hold| hold.id)
    };
    let key = |act| newest(act).map(|hold_id| ReleaseKey { act, hold_id });
    let is_open = account.tab.closed_at.is_none();
    let mut newest_first = account.holds.iter().rev();
    TabKeys {
        take: newest(Action::Take).is_some(),
        hold_more: is_open && account.tab.kind != Kind::Payment,
        release: key(Action::Release).or_else(|| key(Action::Cancel)),
        renew: newest(Action::Renew),
        refund: newest(Action::Refund),
        show_qr: holds.iter().find(|hold| is_shown(hold)).map(|hold| hold.id),
        print: newest_first.find_map(|(hold, _)| paper(hold)),
        move_bill: is_open && account.tab.kind != Kind::Payment && paid(account).due() > 0,
        close_tab: is_open && close_refused(&account.holds, frame.earliest).is_none(),
    }
}

/// Whether the guest may be shown a hold's page.
fn is_shown(hold: &view::Hold) -> bool {
    hold.link.is_some() && hold.link_qr.is_some() && !hold.link_ended
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
