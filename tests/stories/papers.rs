//! What a guest is handed adds up, to the penny, and claims no more than Dojo took. Each paper is added up here from
//! its own lines and held against Dojo's record.

use crate::capture;
use crate::portal::{refund_in_portal, take_in_portal};
use crate::refunds::{one_more, table};
use anyhow::{Context, Result, ensure};
use holdfast_desk::view::BannerCode;
use holdfast_desk::{Clock, Paper, PaperKind, ReportLine, Settings, SystemClock, TakeTyped};
use holdfast_domain::{Action, DeadlineAction, Hold, Kind, OperationKind, OperationState, TabId};
use holdfast_ledger::prelude::*;
use holdfast_ledger_sqlite::SqliteLedger;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, Till, decide, typed};

/// `£1,234.56` in pence.
fn pence(text: &str) -> Result<i64> {
    let digits: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '-').collect();
    ensure!(text.contains('£') && text.contains('.'), "no amount: {text}");
    Ok(digits.parse()?)
}

/// An amount under a heading, and the parts beneath it.
#[derive(Debug, PartialEq, Eq)]
struct Stated {
    label: String,
    amount: i64,
    parts: Vec<(String, i64)>,
}

/// Every amount among `lines`, with its parts; what is no amount is left out.
fn stated(lines: &[ReportLine]) -> Result<Vec<Stated>> {
    let mut all: Vec<Stated> = Vec::new();
    for line in lines.iter().filter(|line| line.text.contains('£')) {
        let amount = pence(&line.text)?;
        if line.within {
            let whole = all.last_mut().context("a part of nothing")?;
            whole.parts.push((line.label.clone(), amount));
        } else {
            let label = line.label.clone();
            all.push(Stated {
                label,
                amount,
                parts: Vec::new(),
            });
        }
    }
    Ok(all)
}

fn find<'a>(all: &'a [Stated], label: &str) -> Result<&'a Stated> {
    let found = all.iter().find(|stated| stated.label == label);
    found.with_context(|| format!("no “{label}” on it: {all:#?}"))
}

fn part(stated: &Stated, label: &str) -> i64 {
    let found = stated.parts.iter().find(|(name, _)| name == label);
    found.map_or(0, |(_, amount)| *amount)
}

/// What Dojo took and refunded of each of `holds`: taken, tip in it, refunded.
async fn truth(till: &Till, holds: &[Hold]) -> Result<Vec<(i64, i64, i64)>> {
    let truth = till.truth().await?;
    let intents = truth["intents"].as_array().context("no intents")?;
    let of = |hold: &Hold| {
        let intent = intents
            .iter()
            .find(|i| i["id"].as_str() == hold.intent_id.as_deref())?;
        let captures = intent["captures"].as_array()?.iter();
        let (mut taken, mut tips) = (0, 0);
        for capture in captures.filter(|c| c["status"] == "Successful") {
            let tip = capture["tipsAmount"].as_i64().unwrap_or(0);
            taken += capture["amount"].as_i64()? + tip;
            tips += tip;
        }
        Some((taken, tips, intent["refunded"].as_i64()?))
    };
    holds.iter().map(|hold| of(hold).context("not at Dojo")).collect()
}

/// Whatever has parts is the sum of them.
fn adds_up(paper: &Paper) -> Result<Vec<Stated>> {
    let facts = stated(&paper.facts)?;
    for one in facts.iter().filter(|one| !one.parts.is_empty()) {
        let sum: i64 = one.parts.iter().map(|(_, amount)| amount).sum();
        ensure!(sum == one.amount, "{one:?}");
    }
    let bill = stated(&paper.bill)?;
    if let Some((total, lines)) = bill.split_last() {
        let sum: i64 = lines.iter().map(|line| line.amount).sum();
        ensure!(total.label == "Bill" && sum == total.amount, "{bill:#?}");
    }
    Ok(facts)
}

async fn paid(till: &Till, tab: TabId) -> Result<Hold> {
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.hold(tab).await
}

async fn take(till: &Till, tab_id: TabId, of: TakeTyped) -> Result<()> {
    let preview = till.desk.preview_take(tab_id, &of).await?;
    ensure!(preview.allowed, "{:?}", preview.why);
    let done = till.desk.press_take(tab_id, of).await?.operations;
    ensure!(
        done.iter().all(|o| o.state == OperationState::Succeeded),
        "{done:?}"
    );
    Ok(())
}

fn with(service: &str, tip: &str) -> TakeTyped {
    TakeTyped {
        bill: None,
        service: Some(service.to_owned()),
        tip: Some(tip.to_owned()),
    }
}

#[tokio::test]
async fn a_bill_over_two_cards_is_one_bill_on_both_receipts() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Booth 4", "60").await?;
    let first = paid(&till, tab).await?;
    till.desk.press_more(tab, "50").await?;
    let second = paid(&till, tab).await?;
    for (what, each) in [("Supper", "52.50"), ("Wine", "24"), ("Coffee", "3.50")] {
        till.desk.add_line(tab, Some(what.to_owned()), 1, each).await?;
    }
    take(&till, tab, with("8", "5")).await?;
    let holds = [first, second];
    let truth = truth(&till, &holds).await?;
    let all: i64 = truth.iter().map(|(taken, _, _)| taken).sum();
    assert_eq!(all, 9_300, "bill, service charge and tip");
    let (mut this_cards, mut services) = (0, 0);
    for (hold, (taken, tip, _)) in holds.iter().zip(&truth) {
        let paper = till.desk.paper(PaperKind::Receipt, hold.id).await?;
        let facts = adds_up(&paper)?;
        let bill = stated(&paper.bill)?;
        assert_eq!(find(&bill, "Bill")?.amount, 8_000);
        let this = find(&facts, "Taken from this card")?;
        assert_eq!((this.amount, part(this, "Tip")), (*taken, *tip), "{paper:#?}");
        let others = find(&facts, "Taken from other cards")?;
        assert_eq!(this.amount + others.amount, all);
        let in_all = find(&facts, "Taken in all")?;
        assert_eq!(in_all.amount, all);
        let parts = ["Bill", "Service charge", "Tip"].map(|label| part(in_all, label));
        assert_eq!(parts, [8_000, 800, 500], "{in_all:?}");
        for label in ["Bill", "Service charge", "Tip"] {
            assert_eq!(part(this, label) + part(others, label), part(in_all, label));
        }
        this_cards += this.amount;
        services += part(this, "Service charge");
    }
    assert_eq!(
        (this_cards, services),
        (all, 800),
        "both receipts together claim it once"
    );
    Ok(())
}

#[tokio::test]
async fn the_tip_and_the_service_charge_are_on_the_receipt() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Ada", "100").await?;
    let hold = paid(&till, tab).await?;
    till.desk.add_line(tab, None, 2, "20").await?;
    take(&till, tab, with("5", "2")).await?;
    let paper = till.desk.paper(PaperKind::Receipt, hold.id).await?;
    let facts = adds_up(&paper)?;
    let taken = find(&facts, "Taken from the card")?;
    let parts = ["Bill", "Service charge", "Tip"].map(|label| part(taken, label));
    assert_eq!((taken.amount, parts), (4_700, [4_000, 500, 200]));
    let (dojo, tip, _) = *truth(&till, &[hold]).await?.first().context("none")?;
    assert_eq!((taken.amount, part(taken, "Tip")), (dojo, tip));
    ensure!(
        !facts.iter().any(|one| one.label.contains("the bill")),
        "{facts:?}"
    );
    Ok(())
}

#[tokio::test]
async fn what_was_not_taken_of_the_bill_and_what_was_refunded_is_said() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Ada", "50").await?;
    let hold = paid(&till, tab).await?;
    till.desk
        .add_line(tab, Some("Supper".to_owned()), 1, "80")
        .await?;
    till.desk.press(capture(&hold, 5_000)).await?;
    till.desk
        .press(decide(&hold, OperationKind::Refund, 1_500))
        .await?;
    till.hold(tab).await?;
    let paper = till.desk.paper(PaperKind::Receipt, hold.id).await?;
    let facts = adds_up(&paper)?;
    let (taken, _, refunded) = *truth(&till, &[hold]).await?.first().context("none")?;
    assert_eq!((taken, refunded), (5_000, 1_500));
    assert_eq!(find(&facts, "Taken from the card")?.amount, taken);
    assert_eq!(find(&facts, "Refunded to the card")?.amount, refunded);
    assert_eq!(find(&facts, "Paid after refunds")?.amount, taken - refunded);
    assert_eq!(find(&facts, "Of the bill, not paid by card")?.amount, 3_000);
    Ok(())
}

/// A tab of £100 whose rest Dojo ends as `action` says, £40 of it taken.
async fn part_taken(till: &Till, action: DeadlineAction) -> Result<(TabId, Hold)> {
    let mut wanted = typed(Kind::Tab, "Table 12", "100");
    wanted.deadline_action = Some(action);
    let tab = till.desk.open_tab(wanted).await?;
    let hold = paid(till, tab).await?;
    till.desk.press(capture(&hold, 4_000)).await?;
    Ok((tab, till.hold(tab).await?))
}

#[tokio::test]
async fn papers_and_refusals_say_what_dojo_will_do_with_the_rest() -> Result<()> {
    let released = ("releases the rest", "The rest is released by");
    let taken = ("takes the rest", "We charge the rest by");
    for (action, does, never) in [
        (DeadlineAction::Release, released, taken),
        (DeadlineAction::Capture, taken, released),
    ] {
        let till = Till::open().await?;
        let (tab, hold) = part_taken(&till, action).await?;
        let view = till.desk.tab(tab).await?;
        let actions = &view.holds.first().context("no hold")?.actions;
        for refused in [Action::Release, Action::Renew] {
            let why = actions.iter().find(|a| a.action == refused);
            let why = why.and_then(|a| a.why.clone()).context("it is not refused")?;
            ensure!(
                why.contains(does.0) && !why.contains(never.0),
                "{refused:?}: {why}"
            );
        }
        for kind in [PaperKind::Receipt, PaperKind::Slip] {
            let paper = till.desk.paper(kind, hold.id).await?;
            let words = paper.words.join(" ");
            ensure!(
                words.contains(does.1) && !words.contains(never.1),
                "{kind:?}: {words}"
            );
            let promises = words.contains("isn’t a charge") || paper.notice.is_some();
            ensure!(
                promises == (action == DeadlineAction::Release),
                "{kind:?}: {paper:#?}"
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_renewal_that_ends_on_a_take_says_what_becomes_of_the_old_rest() -> Result<()> {
    for (action, does) in [
        (DeadlineAction::Release, "Dojo releases the rest of it"),
        (DeadlineAction::Capture, "Dojo takes the rest of it"),
    ] {
        let till = Till::open().await?;
        let mut wanted = typed(Kind::Deposit, "Room 7", "100");
        wanted.deadline_action = Some(action);
        let tab = till.desk.open_tab(wanted).await?;
        let old = paid(&till, tab).await?;
        till.desk.renew(&till.desk.renewing(old.id).await?).await?;
        till.desk.press(capture(&old, 4_000)).await?;
        paid(&till, tab).await?;
        till.desk.sweep().await?;
        till.desk.sweep().await?;
        let items = till.desk.attention().await?.items;
        let told = &items.first().context("nobody is told")?.meaning;
        ensure!(told.contains(does), "{action:?}: {told}");
    }
    Ok(())
}

#[tokio::test]
async fn a_slip_of_a_hold_that_dojo_will_take_does_not_say_that_the_rest_comes_free() -> Result<()> {
    let till = Till::open().await?;
    let mut wanted = typed(Kind::Tab, "Table 12", "100");
    wanted.deadline_action = Some(DeadlineAction::Capture);
    let tab = till.desk.open_tab(wanted).await?;
    let hold = paid(&till, tab).await?;
    let slip = till.desk.paper(PaperKind::Slip, hold.id).await?;
    let words = slip.words.join(" ");
    ensure!(
        words.contains("We charge all of it") && !words.contains("is released"),
        "{words}"
    );
    assert_eq!(slip.notice.as_deref(), Some("Not charged yet"));
    Ok(())
}

#[tokio::test]
async fn what_dojo_released_of_a_part_taken_hold_is_not_told_as_taken_by_dojo() -> Result<()> {
    for action in [DeadlineAction::Release, DeadlineAction::Capture] {
        let till = Till::open().await?;
        let (tab, _) = part_taken(&till, action).await?;
        till.desk.add_line(tab, None, 1, "150").await?;
        till.wind("7.00:00:00").await?;
        till.desk.sweep().await?;
        till.hold(tab).await?;
        let row = till.desk.tab(tab).await?.row;
        let floor = till.desk.floor().await?;
        let banner = floor.banners.iter().find(|b| b.tab_id == Some(tab));
        let banner = &banner.context("nobody is told of the rest")?.words;
        let is_taken = action == DeadlineAction::Capture;
        ensure!(
            row.detail.contains("taken") && row.detail.contains("Dojo") == is_taken,
            "{row:#?}"
        );
        ensure!(
            banner.contains("released the rest") != is_taken && banner.contains("Dojo took") == is_taken,
            "{banner}"
        );
    }
    Ok(())
}

/// The intent of `hold` in Dojo's record.
async fn at_dojo(till: &Till, hold: &Hold) -> Result<serde_json::Value> {
    let truth = till.truth().await?;
    let intents = truth["intents"].as_array().context("no intents")?;
    let is_it = |i: &&serde_json::Value| i["id"].as_str() == hold.intent_id.as_deref();
    intents.iter().find(is_it).cloned().context("not at Dojo")
}

#[tokio::test]
async fn a_slip_and_a_letter_say_what_dojo_holds_and_what_it_released() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = part_taken(&till, DeadlineAction::Release).await?;
    let slip = till.desk.paper(PaperKind::Slip, hold.id).await?;
    let held = find(&stated(&slip.facts)?, "On hold on your card")?.amount;
    assert_eq!(Some(held), at_dojo(&till, &hold).await?["remaining"].as_i64());
    till.wind("7.00:00:00").await?;
    till.desk.sweep().await?;
    till.hold(tab).await?;
    let letter = till.desk.paper(PaperKind::Letter, hold.id).await?;
    let released = find(&stated(&letter.facts)?, "Released")?.amount;
    let truth = at_dojo(&till, &hold).await?;
    let (asked, taken) = (truth["amount"].as_i64(), truth["captured"].as_i64());
    assert_eq!((asked, taken), (Some(10_000), Some(4_000)));
    assert_eq!(released, 6_000);
    let receipt = till.desk.paper(PaperKind::Receipt, hold.id).await?;
    let words = receipt.words.join(" ");
    ensure!(words.contains("The other £60.00 on hold was released"), "{words}");
    Ok(())
}

/// Takes `fields` out of an answer, however deep they lie, as Dojo leaves out what a wallet does not say.
fn without(fields: &[&str], answer: &mut serde_json::Value) {
    if let Some(all) = answer.as_object_mut() {
        all.retain(|name, _| !fields.contains(&name.as_str()));
        all.values_mut().for_each(|one| without(fields, one));
    }
    if let Some(all) = answer.as_array_mut() {
        all.iter_mut().for_each(|one| without(fields, one));
    }
}

#[tokio::test]
async fn a_letter_points_only_at_what_is_on_it() -> Result<()> {
    for hidden in [
        &[][..],
        &["authCode"],
        &["authCode", "cardNumber", "paymentEvents"],
    ] {
        let till = Till::open().await?;
        till.wire.rewrite(|_, answer| without(hidden, answer));
        let tab = till.opened(Kind::Tab, "Ada", "50").await?;
        let hold = paid(&till, tab).await?;
        till.desk.press(decide(&hold, OperationKind::Reversal, 0)).await?;
        let letter = till.desk.paper(PaperKind::Letter, hold.id).await?;
        let has = |label: &str| letter.facts.iter().any(|fact| fact.label == label);
        let words = letter.words.join(" ").to_lowercase();
        for (label, said) in [("Authorisation code", "authorisation code"), ("Card", " ending ")] {
            ensure!(has(label) == words.contains(said), "{hidden:?}: {letter:#?}");
        }
        ensure!(
            has("Authorisation code") != hidden.contains(&"authCode"),
            "{letter:#?}"
        );
        ensure!(has("Dojo’s reference"), "{letter:#?}");
        ensure!(
            words.contains("reference above") == hidden.contains(&"authCode"),
            "{words}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn the_restored_ledger_says_the_time_by_the_venues_wall() -> Result<()> {
    let till = Till::open().await?;
    let settings = Settings {
        time_zone: "Asia/Kathmandu".to_owned(),
        ..till.desk.settings().await?
    };
    till.desk.save_settings(settings).await?;
    till.opened(Kind::Tab, "Ada", "50").await?;
    till.desk.back_up().await?;
    let backups = till.ledger.backups().await?;
    let name = backups.first().context("no backup")?.name.clone();
    let newest = till.ledger.newest_entry().await?.context("an empty ledger")?;
    let till = till
        .restart_after(|folder| {
            SqliteLedger::restore(folder, &name, SystemClock.now())?;
            Ok(())
        })
        .await?;
    let banners = till.desk.floor().await?.banners;
    let told = &banners
        .iter()
        .find(|b| b.code == BannerCode::Restored)
        .context("nobody is told")?
        .words;
    // Kathmandu is 5 hours and 45 minutes ahead, all the year.
    let there = newest + chrono::TimeDelta::minutes(345);
    let there = there.format("%H:%M").to_string();
    ensure!(told.contains(&there) && !told.contains("UTC"), "{there}: {told}");
    Ok(())
}

/// What the guest is given on paper does not say that too much was taken when it was given back already.
#[tokio::test]
async fn a_receipt_does_not_call_taken_beyond_the_bill_what_went_back() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "50", "40").await?;
    one_more(&till, tab, "60").await?;
    take(&till, tab, TakeTyped::default()).await?;
    let second = till.ledger.holds(tab).await?.pop().context("no hold")?;
    take_in_portal(&till, &second, 4_000).await?;
    refund_in_portal(&till, &second, 4_000, "one").await?;
    let paper = till
        .desk
        .paper(holdfast_desk::PaperKind::Receipt, first.id)
        .await?;
    let facts: Vec<String> = paper
        .facts
        .iter()
        .map(|l| format!("{} {}", l.label, l.text))
        .collect();
    assert!(
        !facts.iter().any(|fact| fact.contains("beyond the bill")),
        "{facts:?}"
    );
    Ok(())
}

/// The venue's address stands on what a guest is handed, and on the report.
#[tokio::test]
async fn the_address_is_on_every_paper() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "50", "50").await?;
    let with = async |address: String| {
        let settings = Settings {
            address,
            ..till.desk.settings().await?
        };
        till.desk.save_settings(settings).await
    };
    ensure!(with("x".repeat(201)).await.is_err(), "there's no room for it");
    let address = "1 Quay Street\nHarbour Town\n020 7946 0000";
    with(format!(" {address}\n")).await?;
    assert_eq!(till.desk.paper(PaperKind::Slip, hold.id).await?.address, address);
    till.desk.press_take(tab, TakeTyped::default()).await?;
    assert_eq!(
        till.desk.paper(PaperKind::Receipt, hold.id).await?.address,
        address
    );
    assert_eq!(till.desk.make_report().await?.address, address);
    assert_eq!(till.desk.report(1).await?.address, address);
    Ok(())
}
