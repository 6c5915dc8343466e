//! Money that is given back: what it was of, what the guest owes afterwards, and what staff are paid of it.

use crate::decide;
use crate::portal::{refund_in_portal, refund_unread_in_portal, take_in_portal};
use anyhow::{Context, Result, ensure};
use holdfast_desk::RefundPartCode;
use holdfast_desk::{
    Act, DayRow, ErrorCode, ExportKind, NightAction, PaperKind, RefundTyped, ReportLine, ReportView,
    SayRefund, TakeTyped, view,
};
use holdfast_domain::{Hold, Kind, OperationKind, OperationState, TabId};
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, KEY, Till};

/// A table whose guest has paid a hold, with a bill.
pub(crate) async fn table(till: &Till, held: &str, bill: &str) -> Result<(TabId, Hold)> {
    let tab = till.opened(Kind::Tab, "Table 12", held).await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    let hold = till.hold(tab).await?;
    till.desk.add_line(tab, None, 1, bill).await?;
    Ok((tab, hold))
}

pub(crate) async fn take(till: &Till, tab_id: TabId, bill: &str, service: &str, tip: &str) -> Result<()> {
    let typed = TakeTyped {
        bill: Some(bill.to_owned()),
        service: Some(service.to_owned()),
        tip: Some(tip.to_owned()),
    };
    let done = till.desk.press_take(tab_id, typed).await?.operations;
    ensure!(!done.iter().any(|o| o.state.is_open()), "{done:?}");
    Ok(())
}

/// Another hold on the tab, paid.
pub(crate) async fn one_more(till: &Till, tab: TabId, amount: &str) -> Result<()> {
    till.desk.press_more(tab, amount).await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.hold(tab).await?;
    Ok(())
}

pub(crate) fn typed([bill, service, tip]: [&str; 3], charge_again: bool) -> RefundTyped {
    RefundTyped {
        bill: Some(bill.to_owned()),
        service: Some(service.to_owned()),
        tip: Some(tip.to_owned()),
        charge_again,
        expect_owed_minor: None,
    }
}

async fn act(till: &Till, hold: &Hold, refund: RefundTyped) -> Result<Act> {
    Ok(Act {
        refund: Some(refund),
        reason: Some("Complaint".to_owned()),
        ..till.desk.acting(hold.id).await?
    })
}

/// Bill, service charge and tip.
pub(crate) async fn refund(till: &Till, hold: &Hold, parts: [&str; 3], charge_again: bool) -> Result<()> {
    let act = act(till, hold, typed(parts, charge_again)).await?;
    let done = till.desk.act(OperationKind::Refund, act).await?;
    let operation = done.operations.first().context("nothing was done")?;
    ensure!(operation.state == OperationState::Succeeded, "{done:?}");
    Ok(())
}

pub(crate) async fn due(till: &Till, tab: TabId) -> Result<i64> {
    Ok(till
        .desk
        .preview_take(tab, &TakeTyped::default())
        .await?
        .bill
        .minor)
}

/// What the lines of the bill add up to as they are shown, and the bill that is shown.
pub(crate) fn bill(tab: &view::TabView) -> (i64, i64) {
    let lines = tab.lines.iter().map(|line| line.total.minor).sum();
    (lines, tab.row.bill.minor)
}

#[tokio::test]
async fn a_goodwill_refund_is_not_taken_back_by_the_night_from_the_other_hold() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "50", "50").await?;
    take(&till, tab, "50", "0", "0").await?;
    one_more(&till, tab, "30").await?;
    refund(&till, &first, ["20", "0", "0"], false).await?;

    assert_eq!(due(&till, tab).await?, 0, "the guest owes nothing");
    let night = till.desk.night(&[]).await?;
    let row = night.rows.first().context("no row")?;
    assert_ne!(row.action, NightAction::Take, "{row:?}");
    let shown = till.desk.tab(tab).await?;
    assert_eq!(bill(&shown), (3_000, 3_000), "{:?}", shown.lines);
    let receipt = till.desk.paper(PaperKind::Receipt, first.id).await?;
    let said = |lines: &[ReportLine]| {
        lines
            .iter()
            .map(|l| (l.label.clone(), l.text.clone()))
            .collect::<Vec<_>>()
    };
    let of = |label: &str, text: &str| (label.to_owned(), text.to_owned());
    assert_eq!(
        said(&receipt.bill)[1..],
        [
            of("Removed from the bill by a refund", "-£20.00"),
            of("Bill", "£30.00")
        ]
    );
    let facts = said(&receipt.facts);
    for fact in [
        of("Refunded to the card", "£20.00"),
        of("Paid after refunds", "£30.00"),
    ] {
        assert!(facts.contains(&fact), "{facts:?}");
    }
    let is_odd = |(label, _): &(String, String)| {
        label.contains("not taken by card") || label.contains("beyond the bill")
    };
    assert!(!facts.iter().any(is_odd), "{facts:?}");
    Ok(())
}

/// Tips and service charge of all days together: taken, refunded, to pay out.
pub(crate) async fn paid_out(till: &Till) -> Result<([i64; 3], [i64; 3], i64)> {
    let days = till.desk.days(None, None, None).await?;
    let of = |row: &DayRow| {
        let tips = [&row.tips, &row.refunded_tips, &row.kept_tips].map(|m| m.minor);
        let service = [&row.service, &row.refunded_service, &row.kept_service].map(|m| m.minor);
        (tips, service, row.not_said.minor)
    };
    let total = of(&days.total);
    let rows = days.rows.iter().map(of).fold(([0; 3], [0; 3], 0), |sum, row| {
        let add = |a: [i64; 3], b: [i64; 3]| [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
        (add(sum.0, row.0), add(sum.1, row.1), sum.2 + row.2)
    });
    ensure!(rows == total, "the days add up to {rows:?}, not to {total:?}");
    Ok(total)
}

/// What a line of the report says.
pub(crate) fn line<'a>(report: &'a ReportView, label: &str) -> Result<&'a str> {
    let lines = report.parts.iter().flat_map(|part| &part.lines);
    let line = lines.into_iter().find(|line| line.label == label);
    Ok(&line.with_context(|| format!("no line {label}"))?.text)
}

#[tokio::test]
async fn a_tip_that_was_given_back_is_not_paid_out_and_is_not_due() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "80").await?;
    take(&till, tab, "80", "0", "10").await?;
    refund(&till, &hold, ["0", "0", "10"], false).await?;
    let shown = till.desk.tab(tab).await?.holds.pop().context("no hold")?;
    let of: Vec<_> = shown
        .refunded_of
        .iter()
        .map(|of| (of.label, of.amount.minor))
        .collect();
    assert_eq!(of, [("tip", 1_000)]);

    assert_eq!(due(&till, tab).await?, 0);
    assert_eq!(bill(&till.desk.tab(tab).await?), (8_000, 8_000));
    assert_eq!(paid_out(&till).await?, ([1_000, 1_000, 0], [0; 3], 0));
    let today = till.desk.days(None, None, None).await?.to;
    let tips = till.desk.export(ExportKind::Tips, today, today).await?;
    assert_eq!(tips.rows, 2, "{}", tips.text);
    ensure!(tips.text.contains("\"Taken\",\"Staff\","), "{}", tips.text);
    ensure!(
        tips.text.contains(",10.00,0.00,10.00,0.00,1000,"),
        "{}",
        tips.text
    );
    ensure!(
        tips.text.contains(",0.00,10.00,-10.00,0.00,-1000,"),
        "{}",
        tips.text
    );
    let report = till.desk.make_report().await?;
    for (label, text) in [
        ("of which tips", "£10.00"),
        ("Tips taken", "£10.00"),
        ("Tips refunded", "-£10.00"),
        ("Tips to pay out", "£0.00"),
    ] {
        assert_eq!(line(&report, label)?, text, "{label}");
    }
    let staff = report.staff.first().context("nobody")?;
    assert_eq!(
        (
            staff.tips.as_str(),
            staff.refunded_tips.as_str(),
            staff.kept_tips.as_str()
        ),
        ("£10.00", "£10.00", "£0.00")
    );
    Ok(())
}

#[tokio::test]
async fn a_duplicate_that_was_refunded_leaves_nothing_due_and_the_bill_whole() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "150", "50").await?;
    take(&till, tab, "50", "0", "5").await?;
    let id = hold.intent_id.as_deref().context("no intent")?;
    till.client(KEY)?.capture(id, 5_000, Some(500)).await?;
    till.hold(tab).await?;
    refund(&till, &hold, ["50", "0", "5"], false).await?;

    assert_eq!(due(&till, tab).await?, 0);
    assert_eq!(bill(&till.desk.tab(tab).await?), (5_000, 5_000));
    Ok(())
}

#[tokio::test]
async fn what_is_not_covered_counts_neither_service_nor_what_came_back() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "60", "50").await?;
    take(&till, tab, "30", "5", "0").await?;
    till.wind("7.00:00:01").await?;
    till.desk.sweep().await?;
    let row = till.desk.tab(tab).await?.row;
    assert_eq!(row.uncovered.map(|m| m.minor), Some(2_000));
    Ok(())
}

#[tokio::test]
async fn what_another_till_refunded_is_due_again_to_nobody() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "50", "50").await?;
    take(&till, tab, "50", "0", "0").await?;
    one_more(&till, tab, "30").await?;
    let back = holdfast_dojo::RefundRequest {
        amount: 2_000,
        reason: None,
        notes: None,
    };
    let id = hold.intent_id.as_deref().context("no intent")?;
    till.client(KEY)?.refund(id, &back, "another till's").await?;
    till.desk.read(hold.id).await?;
    assert_eq!(till.hold(tab).await?.left(), 3_000);
    assert_eq!(due(&till, tab).await?, 0, "nobody said that it is due again");
    Ok(())
}

#[tokio::test]
async fn what_is_charged_again_is_due_and_can_be_taken_from_the_other_hold() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "50", "50").await?;
    take(&till, tab, "50", "0", "0").await?;
    one_more(&till, tab, "30").await?;
    let preview = till
        .desk
        .preview_refund(first.id, &typed(["20", "", ""], false))
        .await?;
    assert_eq!(preview.taken_off, "The bill drops to £30.00. Nothing is due.");
    assert_eq!(
        preview.charged_again,
        "The bill stays £50.00. £20.00 is due again."
    );
    refund(&till, &first, ["20", "0", "0"], true).await?;

    let shown = till.desk.tab(tab).await?;
    assert_eq!(bill(&shown), (5_000, 5_000));
    assert_eq!(due(&till, tab).await?, 2_000);
    take(&till, tab, "20", "0", "0").await?;
    assert_eq!(due(&till, tab).await?, 0);
    Ok(())
}

#[tokio::test]
async fn without_another_hold_what_is_charged_again_is_missing() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "50", "50").await?;
    take(&till, tab, "50", "0", "0").await?;
    refund(&till, &hold, ["20", "0", "0"], true).await?;
    let missing = till.desk.tab(tab).await?.missing;
    assert_eq!(missing.map(|m| m.minor), Some(2_000), "the guest is asked for it");
    Ok(())
}

#[tokio::test]
async fn a_bill_that_goes_on_after_a_refund_adds_up() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "50", "30").await?;
    take(&till, tab, "30", "0", "0").await?;
    refund(&till, &hold, ["10", "0", "0"], false).await?;
    till.desk.add_line(tab, None, 1, "7").await?;
    let shown = till.desk.tab(tab).await?;
    assert_eq!(bill(&shown), (2_700, 2_700), "{:?}", shown.lines);
    assert_eq!(due(&till, tab).await?, 700);
    let first = shown.lines.iter().map(|line| line.what.as_deref()).nth(1);
    assert_eq!(first, Some(Some("Removed from the bill by a refund")));
    Ok(())
}

#[tokio::test]
async fn no_more_of_a_part_is_refunded_than_was_taken_of_it() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "50").await?;
    take(&till, tab, "50", "5", "10").await?;
    for (parts, field) in [
        (["50.01", "0", "0"], "bill"),
        (["0", "5.01", "0"], "service"),
        (["0", "0", "10.01"], "tip"),
        (["0", "0", "-1"], "tip"),
        (["0", "0", "0"], "bill"),
    ] {
        let refused = till
            .desk
            .act(
                OperationKind::Refund,
                act(&till, &hold, typed(parts, false)).await?,
            )
            .await;
        let error = refused.err().context("it was refunded")?;
        assert_eq!(error.code, ErrorCode::Invalid, "{parts:?}");
        assert_eq!(
            error.fields.first().map(|f| f.field.as_str()),
            Some(field),
            "{error:?}"
        );
    }
    refund(&till, &hold, ["0", "5", "4"], false).await?;
    let preview = till.desk.preview_refund(hold.id, &RefundTyped::default()).await?;
    let all: Vec<(RefundPartCode, i64)> = preview.parts.iter().map(|p| (p.code, p.all.minor)).collect();
    assert_eq!(
        all,
        [
            (RefundPartCode::Bill, 5_000),
            (RefundPartCode::Service, 0),
            (RefundPartCode::Tip, 600)
        ]
    );
    assert_eq!((preview.most.minor, preview.errors.len()), (5_600, 0));
    refund(&till, &hold, ["50", "0", "6"], false).await?;
    assert_eq!(till.hold(tab).await?.refunded(), 6_500);
    assert_eq!(paid_out(&till).await?, ([1_000, 1_000, 0], [500, 500, 0], 0));
    let moved = till.ledger.movements(1, i64::MAX).await?;
    assert!(
        moved
            .iter()
            .all(|m| m.what.said == 0 || m.what.said == m.what.amount)
    );
    Ok(())
}

#[tokio::test]
async fn the_same_press_twice_is_one_refund() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "50", "50").await?;
    take(&till, tab, "50", "0", "0").await?;
    let press = act(&till, &hold, typed(["50", "", ""], false)).await?;
    for _ in 0..2 {
        let done = till.desk.act(OperationKind::Refund, press.clone()).await?;
        assert_eq!(done.operations.len(), 1);
    }
    assert_eq!(till.requests("POST", "refunds").await?, 1);
    let shown = till.desk.tab(tab).await?;
    assert_eq!((bill(&shown), due(&till, tab).await?), ((0, 0), 0));
    Ok(())
}

#[tokio::test]
async fn a_bill_that_grew_while_the_sheet_was_open_is_not_forgiven() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "120", "50").await?;
    take(&till, tab, "50", "0", "0").await?;
    let id = hold.intent_id.as_deref().context("no intent")?;
    till.client(KEY)?.capture(id, 5_000, None).await?;
    till.desk.read(hold.id).await?;
    // The duplicate is to go back; another drink comes in the meantime, and due is £0.00 before and after.
    let preview = till
        .desk
        .preview_refund(hold.id, &typed(["50", "", ""], false))
        .await?;
    let mut press = act(&till, &hold, typed(["50", "", ""], false)).await?;
    till.desk.add_line(tab, None, 1, "30").await?;
    press.refund = press.refund.map(|refund| RefundTyped {
        expect_owed_minor: Some(preview.owed_minor),
        ..refund
    });
    let refused = till.desk.act(OperationKind::Refund, press).await;
    assert_eq!(refused.err().map(|e| e.code), Some(ErrorCode::Changed));
    assert_eq!(till.requests("POST", "refunds").await?, 0);
    Ok(())
}

/// A second refund elsewhere, said later, does not make the first one due again.
#[tokio::test]
async fn what_was_charged_again_stays_charged_when_another_refund_is_said() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "50", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    one_more(&till, tab, "60").await?;
    refund_in_portal(&till, &hold, 2_000, "one").await?;
    let say = |bill: &str, again| SayRefund {
        hold_id: hold.id,
        refund: None,
        typed: typed([bill, "", ""], again),
    };
    till.desk.say_refund(&say("20", true)).await?;
    take(&till, tab, "20", "0", "0").await?;
    refund_in_portal(&till, &hold, 500, "two").await?;
    till.desk.say_refund(&say("5", false)).await?;
    till.desk.add_line(tab, Some("Gin".to_owned()), 1, "8").await?;
    let night = till.desk.night(&[]).await?;
    let row = &night.rows[0];
    let flags: Vec<&str> = row.flags.iter().map(|flag| flag.words.as_str()).collect();
    assert!(
        !flags.iter().any(|words| words.contains("charge again")),
        "{flags:?}"
    );
    Ok(())
}

/// A duplicate that was made and refunded in the portal, and nobody has said so: the payment here is not beyond
/// the bill.
#[tokio::test]
async fn what_the_portal_gave_back_already_is_not_beyond_the_bill_here() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "50", "40").await?;
    one_more(&till, tab, "60").await?;
    take(&till, tab, "40", "0", "0").await?;
    let second = till.ledger.holds(tab).await?.pop().context("no hold")?;
    take_in_portal(&till, &second, 4_000).await?;
    refund_in_portal(&till, &second, 4_000, "one").await?;
    let preview = till
        .desk
        .preview_refund(first.id, &typed(["40", "", ""], false))
        .await?;
    assert!(
        preview.concerns_bill,
        "the sheet says that it was paid beyond the bill: {}",
        preview.taken_off
    );
    Ok(())
}

/// What is still on hold on a card that can't be taken from any more is on hold all the same.
#[tokio::test]
async fn a_take_sheet_does_not_say_that_nothing_stays_on_hold_while_something_does() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    refund(&till, &first, ["10", "", ""], false).await?;
    till.desk.add_line(tab, None, 1, "20").await?;
    one_more(&till, tab, "20").await?;
    let left = till.desk.tab(tab).await?.row.left.minor;
    let preview = till.desk.preview_take(tab, &TakeTyped::default()).await?;
    ensure!(preview.allowed, "{preview:?}");
    assert!(
        left <= 2_000 || !preview.sentence.contains("Nothing stays on hold"),
        "{left} is on hold: {}",
        preview.sentence
    );
    Ok(())
}

/// More is had after a refund in part: what is held can't be taken, and the sheet says so, and asks for more.
#[tokio::test]
async fn after_a_refund_in_part_the_sheet_does_not_say_that_nothing_is_held() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    refund(&till, &first, ["10", "", ""], false).await?;
    till.desk.add_line(tab, None, 1, "20").await?;
    let row = till.desk.tab(tab).await?.row;
    let preview = till.desk.preview_take(tab, &TakeTyped::default()).await?;
    ensure!(row.left.minor == 6_000 && preview.due.minor == 2_000, "{row:?}");
    let why = preview.why.unwrap_or_default();
    assert!(
        !why.contains("Nothing is held"),
        "{} on hold, short {:?}: {why}",
        row.left.text,
        row.short
    );
    Ok(())
}

/// The same: nothing of the new drinks is covered, and the floor says so.
#[tokio::test]
async fn what_is_held_and_can_not_be_taken_covers_nothing() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    refund(&till, &first, ["10", "", ""], false).await?;
    till.desk.add_line(tab, None, 1, "20").await?;
    let shown = till.desk.tab(tab).await?;
    assert_eq!(
        shown.missing.map(|money| money.minor),
        Some(2_000),
        "nobody is asked for it"
    );
    Ok(())
}

/// “Charge it again here” is offered only where something can be charged, or says that the guest has to be asked.
#[tokio::test]
async fn charged_again_on_the_only_card_is_missing_though_some_of_it_is_held() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    refund(&till, &first, ["40", "", ""], true).await?;
    let shown = till.desk.tab(tab).await?;
    assert_eq!(
        (due(&till, tab).await?, shown.missing.map(|money| money.minor)),
        (4_000, Some(4_000)),
        "£40 is due, nothing can be taken, and nobody is told to ask: {:?}",
        till.desk.preview_take(tab, &TakeTyped::default()).await?.why
    );
    Ok(())
}

/// A release under way on one card, and a take of the other: the sheet says what stays on hold.
#[tokio::test]
async fn what_is_being_released_and_is_not_yet_is_not_called_nothing() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "40", "40").await?;
    one_more(&till, tab, "50").await?;
    let second = till.ledger.holds(tab).await?.pop().context("no hold")?;
    till.fault_after("reversal", "late", 600).await?;
    till.desk
        .press(decide(&second, OperationKind::Reversal, 0))
        .await?;
    let preview = till.desk.preview_take(tab, &TakeTyped::default()).await?;
    let left = till.desk.tab(tab).await?.row.left.minor;
    assert!(
        left == 4_000 || !preview.sentence.contains("Nothing stays"),
        "{left} is on hold, and its release is unclear: {}",
        preview.sentence
    );
    Ok(())
}

/// What a refund sheet sends, as the window does: with what it said comes off the bill.
pub(crate) async fn refunding(till: &Till, hold: &Hold, bill: &str, charge_again: bool) -> Result<Act> {
    let mut refund = typed([bill, "", ""], charge_again);
    let preview = till.desk.preview_refund(hold.id, &refund).await?;
    refund.expect_owed_minor = Some(preview.owed_minor);
    act(till, hold, refund).await
}

/// The tab's newest hold, as it is known.
pub(crate) async fn newest(till: &Till, tab: TabId) -> Result<Hold> {
    till.ledger.holds(tab).await?.pop().context("no hold")
}

/// So many looks of the watch, each more than a minute after the one before.
pub(crate) async fn sweeps(till: &Till, count: usize) -> Result<()> {
    for _ in 0..count {
        till.wind("00:01:10").await?;
        till.desk.sweep().await?;
    }
    Ok(())
}

/// Both cards are taken to the last penny, and the portal has refunded one of them: the till, which reads no hold that
/// is over, must not refund the other as what was paid twice.
#[tokio::test]
async fn what_was_paid_twice_is_refunded_once_though_both_holds_are_over() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "40", "40").await?;
    one_more(&till, tab, "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    let second = newest(&till, tab).await?;
    take_in_portal(&till, &second, 4_000).await?;
    till.desk.read(second.id).await?;
    refund_unread_in_portal(&till, &second, 4_000, "the portal's").await?;
    // Hours and sweeps later the till knows nothing of it.
    sweeps(&till, 3).await?;
    let act = refunding(&till, &first, "40", false).await?;
    let answer = till.desk.act(OperationKind::Refund, act).await;
    assert!(
        answer.is_err(),
        "£80 is refunded of a bill of £40 that was paid twice"
    );
    Ok(())
}

/// What was to be charged again came back from the bank, and the hold is over: the guest is not charged again.
#[tokio::test]
async fn what_the_bank_sent_back_is_not_charged_again_though_its_hold_is_over() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "40", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    one_more(&till, tab, "50").await?;
    till.fault_after("refunds", "refund-fails-later", 30).await?;
    refund(&till, &first, ["20", "", ""], true).await?;
    sweeps(&till, 3).await?;
    let sheet = till.desk.sheet(tab, TakeTyped::default()).await?;
    let answer = till.desk.take(&sheet).await;
    assert!(answer.is_err(), "£60 is taken for £40, and nothing was refunded");
    Ok(())
}

/// A bill that two cards have paid. The first refund is on its way: the second sheet must not call the other payment
/// one beyond the bill as well.
#[tokio::test]
async fn while_one_of_two_payments_is_being_refunded_the_other_is_not_beyond_the_bill() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "50", "40").await?;
    one_more(&till, tab, "60").await?;
    take(&till, tab, "40", "0", "0").await?;
    let second = newest(&till, tab).await?;
    take_in_portal(&till, &second, 4_000).await?;
    till.desk.read(second.id).await?;
    till.fault_after("refunds", "refund-later", 100).await?;
    till.desk
        .act(
            OperationKind::Refund,
            refunding(&till, &first, "40", false).await?,
        )
        .await?;
    let act = refunding(&till, &second, "40", false).await?;
    let said = act.refund.as_ref().and_then(|refund| refund.expect_owed_minor);
    let answer = till.desk.act(OperationKind::Refund, act).await;
    sweeps(&till, 3).await?;
    let shown = till.desk.tab(tab).await?;
    assert!(
        answer.is_err() || said == Some(4_000),
        "the sheet said that it was paid beyond the bill; now {} is due and {} is refunded",
        due(&till, tab).await?,
        shown.row.bill.text,
    );
    Ok(())
}

/// A duplicate in the portal is refunded while the till's own take settles: the sheet must not take it off the bill.
#[tokio::test]
async fn a_refund_while_a_take_settles_leaves_the_bill_whole() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "30").await?;
    one_more(&till, tab, "60").await?;
    let second = newest(&till, tab).await?;
    till.switch(|s| s.capture_settles_after = 90)?;
    till.desk.press_take(tab, TakeTyped::default()).await?;
    till.switch(|s| s.capture_settles_after = 0)?;
    take_in_portal(&till, &second, 3_000).await?;
    till.desk.read(second.id).await?;
    let answer = till
        .desk
        .act(
            OperationKind::Refund,
            refunding(&till, &second, "30", false).await?,
        )
        .await;
    sweeps(&till, 3).await?;
    let shown = till.desk.tab(tab).await?;
    // Had £30, paid £60, got £30 back, if it was sent.
    assert_eq!(
        (shown.row.bill.minor, shown.row.captured.minor),
        (3_000, 6_000),
        "{} {:?}",
        answer.is_ok(),
        shown.lines
    );
    Ok(())
}

/// A refund that Dojo accepted, and a smaller one in the portal that shows first: neither is put at odds by the other.
#[tokio::test]
async fn a_refund_in_the_portal_puts_an_accepted_one_of_ours_not_at_odds_for_good() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "0", "20").await?;
    till.fault_after("refunds", "refund-later", 100).await?;
    let tip = Act {
        refund: Some(typed(["", "", "20"], false)),
        reason: Some("Complaint".to_owned()),
        ..till.desk.acting(hold.id).await?
    };
    till.desk.act(OperationKind::Refund, tip).await?;
    refund_unread_in_portal(&till, &hold, 500, "one").await?;
    till.desk.read(hold.id).await?;
    sweeps(&till, 4).await?;
    let refunds = till.ledger.operations(hold.id).await?;
    let state = refunds.last().context("no refund")?.state;
    let (tips, _, not_said) = paid_out(&till).await?;
    assert_eq!(
        (till.hold(tab).await?.refunded(), state),
        (2_500, OperationState::Succeeded)
    );
    assert_eq!(
        (tips, not_said),
        ([2_000, 2_000, 0], 500),
        "the tip that went back is paid out to staff"
    );
    Ok(())
}

/// A lost refund that comes after somebody refunded a little in the portal keeps what it was of.
#[tokio::test]
async fn a_lost_refund_that_comes_after_one_in_the_portal_keeps_what_it_was_of() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "0", "20").await?;
    till.fault_after("refunds", "late", 600).await?;
    let tip = Act {
        refund: Some(typed(["", "", "20"], false)),
        reason: Some("Complaint".to_owned()),
        ..till.desk.acting(hold.id).await?
    };
    till.desk.act(OperationKind::Refund, tip).await?;
    sweeps(&till, 4).await?;
    refund_unread_in_portal(&till, &hold, 500, "one").await?;
    till.desk.read(hold.id).await?;
    till.wind("00:10:00").await?;
    sweeps(&till, 2).await?;
    let refunds = till.ledger.operations(hold.id).await?;
    let state = refunds.last().context("no refund")?.state;
    assert_eq!(
        (till.hold(tab).await?.refunded(), state),
        (2_500, OperationState::Succeeded)
    );
    Ok(())
}

/// A refund sheet that was opened while a refund of the other card was under way, and accepted: the night of it all.
#[tokio::test]
async fn what_staff_are_paid_of_tips_is_right_when_the_portal_gave_a_tip_back_and_then_we_do() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "0", "10").await?;
    refund_in_portal(&till, &hold, 1_000, "tip").await?;
    // Nobody has said what that was for. The till's own refund of the tip: at most £10 of tip was ever taken.
    let tip = typed(["", "", "10"], false);
    let preview = till.desk.preview_refund(hold.id, &tip).await?;
    let act = Act {
        refund: Some(tip),
        reason: Some("Complaint".to_owned()),
        ..till.desk.acting(hold.id).await?
    };
    ensure!(
        till.desk.act(OperationKind::Refund, act).await.is_ok() == preview.allowed,
        "{preview:?}"
    );
    let say = SayRefund {
        hold_id: hold.id,
        refund: None,
        typed: typed(["10", "", ""], false),
    };
    till.desk.say_refund(&say).await?;
    let shown = till.desk.tab(tab).await?;
    assert_eq!(
        (shown.row.bill.minor, due(&till, tab).await?),
        (3_000, 0),
        "{:?}",
        shown.lines
    );
    let (tips, _, not_said) = paid_out(&till).await?;
    assert_eq!((tips, not_said), ([1_000, 1_000, 0], 0));
    Ok(())
}

/// What is to be charged again is not refused for good as “the bill has changed”.
#[tokio::test]
async fn what_the_refund_sheet_says_is_due_again_can_be_done() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "0", "40").await?;
    // The tip went back in the portal, and nobody has said so.
    refund_in_portal(&till, &hold, 4_000, "one").await?;
    // A dish was removed.
    till.desk.add_line(tab, None, 1, "-10").await?;
    let mut typed = RefundTyped {
        bill: Some("40".to_owned()),
        charge_again: true,
        ..RefundTyped::default()
    };
    let preview = till.desk.preview_refund(hold.id, &typed).await?;
    ensure!(preview.allowed, "{preview:?}");
    // As the window does.
    typed.expect_owed_minor = Some(preview.owed_minor);
    let act = Act {
        refund: Some(typed),
        reason: Some("Complaint".to_owned()),
        ..till.desk.acting(hold.id).await?
    };
    till.desk
        .act(OperationKind::Refund, act)
        .await
        .map_err(|error| anyhow::anyhow!("owed {}: {error}", preview.owed_minor))?;
    Ok(())
}

/// A drink line that is removed after its take: what was paid for it is beyond the bill once, with two cards too.
#[tokio::test]
async fn what_two_cards_paid_beyond_the_bill_is_given_back_once() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "30", "50").await?;
    one_more(&till, tab, "30").await?;
    take(&till, tab, "50", "5", "5").await?;
    let second = newest(&till, tab).await?;
    till.desk.add_line(tab, None, 1, "-20").await?;
    refund(&till, &first, ["20", "", ""], true).await?;
    assert_eq!(due(&till, tab).await?, 0, "it was beyond the bill");
    refund(&till, &second, ["10", "", "3"], true).await?;
    assert_eq!(due(&till, tab).await?, 1_000);
    till.desk.press_more(tab, "10").await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.hold(tab).await?;
    take(&till, tab, "10", "0", "0").await?;
    assert_eq!(due(&till, tab).await?, 0);
    let row = till.desk.tab(tab).await?.row;
    assert_eq!((row.bill.minor, row.captured.minor), (3_000, 7_000));
    Ok(())
}

/// A double click on Refund is one refund, and both presses are told what it came to.
#[tokio::test]
async fn two_presses_of_one_refund_at_once_are_told_the_same() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "40", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    let typed: RefundTyped = typed(["40", "", ""], false);
    let act = Act {
        refund: Some(typed),
        reason: Some("Complaint".to_owned()),
        ..till.desk.acting(hold.id).await?
    };
    let (one, other) = tokio::join!(
        till.desk.act(OperationKind::Refund, act.clone()),
        till.desk.act(OperationKind::Refund, act.clone())
    );
    assert_eq!(till.hold(tab).await?.refunded(), 4_000, "once");
    let words = |error: holdfast_desk::AppError| (error.message, error.fields);
    let (one, other) = (one.map_err(words), other.map_err(words));
    assert!(one.is_ok() && other.is_ok(), "{:?} {:?}", one.err(), other.err());
    Ok(())
}
