//! What buttons say. Three dots: a sheet opens first.

use holdfast_domain::{Kind, Money};

pub(crate) const SHOW_TAB: &str = "Show tab";
pub(crate) const CLOSE_TAB: &str = "Close tab";
pub(crate) const OPEN_SETTINGS: &str = "Open Settings";
pub(crate) const ASK_DOJO: &str = "Ask Dojo now";
pub(crate) const SEND_AGAIN: &str = "Send it again";
pub(crate) const BACK_UP: &str = "Back up now";
pub(crate) const EMAIL_LINK: &str = "E-mail the link again";
pub(crate) const SHOW_LINK: &str = "Show the link";
pub(crate) const SHOW_QR: &str = "Show QR to guest";
pub(crate) const REQUEST_HOLD: &str = "Request a hold…";
pub(crate) const REQUEST_NEW_HOLD: &str = "Request new hold";
pub(crate) const TAKE: &str = "Take…";

/// `Hold £50.00…`
pub(crate) fn hold(money: &str) -> String {
    format!("Hold {money}…")
}

/// The same where something is on hold already.
pub(crate) fn hold_more(money: &str) -> String {
    format!("Hold {money} more…")
}

/// `Take £50.00…`
pub(crate) fn take(money: &str) -> String {
    format!("Take {money}…")
}

/// `Send £50.00 again`, of a request that never left.
pub(crate) fn send_again(money: &str) -> String {
    format!("Send {money} again")
}

/// `Release £50.00…`
pub(crate) fn release(money: Money) -> String {
    format!("Release {money}…")
}

/// `Renew £50.00…`
pub(crate) fn renew(money: &str) -> String {
    format!("Renew {money}…")
}

/// `Request £50.00`
pub(crate) fn request(money: Money) -> String {
    format!("Request {money}")
}

/// What opens a tab, a deposit or a payment, with what the guest is asked for.
pub(crate) fn open(kind: Kind, money: Option<Money>) -> String {
    let what = match kind {
        Kind::Tab => "Open tab",
        Kind::Deposit => "Open deposit",
        Kind::Payment => "Request payment",
    };
    match (kind, money) {
        (_, None) => what.to_owned(),
        (Kind::Payment, Some(money)) => request(money),
        (_, Some(money)) => format!("{what}, hold {money}"),
    }
}
