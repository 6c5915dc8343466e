//! The HTML of the guest's page: one file, nothing fetched from elsewhere.

use crate::engine::{Intent, Status, TEST_CARDS};

const STYLE: &str = "
:root{color-scheme:light dark;--ink:#16202b;--paper:#f6f4ef;--card:#fff;--line:#d8d3c8;--go:#0b5d4e;--bad:#a3301c}
@media(prefers-color-scheme:dark){
:root{--ink:#eef1f3;--paper:#14181c;--card:#1e242a;--line:#39424b;--go:#5fd0b8;--bad:#ff9a86}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:17px/1.45 system-ui,sans-serif}
main{max-width:26rem;margin:0 auto;padding:1.25rem}
header{font-weight:600}.sum{font-size:2.6rem;font-weight:700;margin:.4rem 0;font-variant-numeric:tabular-nums}
.note{border-left:4px solid var(--line);padding:.6rem .8rem;background:var(--card);margin:1rem 0}
.good{border-color:var(--go)}.bad{border-color:var(--bad)}
button{display:block;width:100%;min-height:4rem;margin:.7rem 0;padding:.7rem 1rem;text-align:left;
font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:.7rem}
button:focus-visible{outline:3px solid var(--go)}button b{display:block;font-variant-numeric:tabular-nums}
small{opacity:.8}
";

/// The page of an intent.
pub(crate) fn intent(intent: &Intent) -> String {
    let whole = intent.total().checked_div(100).unwrap_or(0);
    let pence = intent.total().checked_rem(100).unwrap_or(0);
    let sign = if intent.currency == "EUR" { "€" } else { "£" };
    let declined = intent
        .events
        .last()
        .is_some_and(|event| event.event_type == "Declined");
    let (class, text) = match intent.status {
        Status::Created if declined => ("bad", "The card was declined. Please try another one."),
        Status::Created => ("", "Choose a test card. No money moves."),
        Status::Authorized => (
            "good",
            "Thank you. The amount is held on your card and not yet taken.",
        ),
        Status::Captured => ("good", "Thank you. The payment was taken."),
        Status::Refunded => ("good", "The payment was given back."),
        Status::Reversed => ("", "The hold was released. Nothing was taken."),
        Status::Canceled => ("bad", "This payment was canceled."),
    };
    let cards = if intent.status == Status::Created {
        cards()
    } else {
        String::new()
    };
    frame(&format!(
        "<div>{}</div><div class=sum>{sign}{whole}.{pence:02}</div>\
         <div class=\"note {class}\" role=status data-status=\"{:?}\">{text}</div>{cards}",
        escape(&intent.reference),
        intent.status,
    ))
}

/// A page that only says something.
pub(crate) fn plain(text: &str) -> String {
    frame(&format!("<div class=note>{}</div>", escape(text)))
}

fn cards() -> String {
    let buttons = TEST_CARDS.iter().map(|card| {
        let digits: Vec<&str> = (0..16_usize)
            .step_by(4)
            .filter_map(|at| card.number.get(at..at.saturating_add(4)))
            .collect();
        format!(
            "<button name=card value={}><b>{}</b><small>{} · {}</small></button>",
            card.number,
            digits.join(" "),
            card.scheme,
            card.about,
        )
    });
    format!("<form method=post>{}</form>", buttons.collect::<String>())
}

fn frame(inside: &str) -> String {
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8>\
         <meta name=viewport content=\"width=device-width,initial-scale=1\">\
         <title>Checkout (simulator)</title><style>{STYLE}</style>\
         <main><header>The Harbour Hotel <small>(simulated checkout)</small></header>{inside}</main></html>"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
