//! What staff may type, how much there may be of it, and what the days do to a hold.

use crate::capture;
use anyhow::{Context, Result};
use holdfast_desk::view::BannerCode;
use holdfast_desk::view::StateCode;
use holdfast_desk::{Desk, ErrorCode, LinkEnds, OpenTab, TakeTyped, view::Tone};
use holdfast_domain::{Action, Currency, DeadlineAction, Hold, Kind, OperationState, TabId};
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, Till, decision, recorder::Mishap};

fn typed(name: &str, amount: &str) -> OpenTab {
    OpenTab::of(Kind::Tab, name, amount, Currency::Gbp)
}

/// A tab of £50 that the guest has paid and that Dojo ends as `action` says.
async fn held(till: &Till, action: DeadlineAction) -> Result<(TabId, Hold)> {
    let mut wanted = typed("Table 12", "50");
    wanted.deadline_action = Some(action);
    let tab = till.desk.open_tab(wanted).await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    Ok((tab, till.hold(tab).await?))
}

#[tokio::test]
async fn what_the_sheet_allows_is_taken_whole_though_the_tip_is_over_two_holds() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = held(&till, DeadlineAction::Release).await?;
    till.desk.press_more(tab, "50").await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.hold(tab).await?;
    till.desk.add_line(tab, None, 1, "48").await?;
    let of = |bill: &str, tip: &str| TakeTyped {
        bill: Some(bill.to_owned()),
        service: None,
        tip: Some(tip.to_owned()),
    };
    // The first hold has room for the bill and for part of the tip.
    let typed = of("45", "10");
    let preview = till.desk.preview_take(tab, &typed).await?;
    assert!(preview.allowed, "{:?}", preview.why);
    till.desk.press_take(tab, typed).await?;
    let row = till.desk.tab(tab).await?.row;
    assert_eq!((row.captured.minor, row.left.minor), (5_500, 4_500));
    let tips: i64 = till
        .desk
        .tab(tab)
        .await?
        .holds
        .iter()
        .map(|h| h.captured_tip.minor)
        .sum();
    assert_eq!(tips, 1_000, "the tip is a tip, all of it");

    // Dojo takes no tip alone: the sheet says so before anybody presses.
    let typed = of("0", "3");
    let preview = till.desk.preview_take(tab, &typed).await?;
    let why = preview.why.context("it is refused")?;
    assert!(
        !preview.allowed && why.contains("can’t be taken on its own"),
        "{why}"
    );
    let refused = till.desk.take(&till.desk.sheet(tab, typed).await?).await;
    assert_eq!(refused.err().map(|e| e.code), Some(ErrorCode::NotAllowed));
    Ok(())
}

#[tokio::test]
async fn an_amount_means_what_it_says_or_is_refused_beside_the_field() -> Result<()> {
    let till = Till::open().await?;
    for (text, minor) in [
        ("12.5", 1_250),
        ("12,50", 1_250),
        ("£1,200", 120_000),
        ("0.01", 1),
        ("999,999.99", 99_999_999),
        ("40", 4_000),
        ("40.5", 4_050),
        ("£ 40", 4_000),
        ("40 £", 4_000),
        ("40.", 4_000),
        (".50", 50),
        ("1.234,50", 123_450),
        ("1 234,50", 123_450),
        ("1,234.50", 123_450),
        ("GBP 40", 4_000),
        ("40 gbp", 4_000),
    ] {
        let checked = Desk::check_amount(text, Currency::Gbp, false);
        assert_eq!(checked.money.map(|m| m.minor), Some(minor), "{text}");
        let tab = till.desk.open_tab(typed(text, text)).await?;
        let hold = till.hold(tab).await?;
        assert_eq!(hold.asked, minor, "{text}");
        assert_eq!(hold.seen.map(|seen| seen.amount), Some(minor), "{text}: at Dojo");
    }
    let open = till.desk.floor().await?.open_count;
    let sent = till.requests("POST", "/payment-intents").await?;
    for (text, words) in [
        ("", "Type an amount"),
        ("0", "more than zero"),
        ("0.00", "more than zero"),
        ("-3", "can’t be negative"),
        ("1e3", "isn’t an amount"),
        ("9999999999999", "999,999.99"),
        ("1000000", "999,999.99"),
        ("12.345", "at most two digits"),
        ("€5", "another currency"),
        ("5 EUR", "another currency"),
        ("4 0", "isn’t an amount"),
        ("4,0,0", "isn’t an amount"),
        ("1.234", "at most two digits"),
        ("1,23.4", "isn’t an amount"),
        ("1.23,4", "isn’t an amount"),
        (".", "isn’t an amount"),
        ("40..", "isn’t an amount"),
        ("40+2", "isn’t an amount"),
        ("forty", "isn’t an amount"),
        ("٥٠", "isn’t an amount"),
    ] {
        let checked = Desk::check_amount(text, Currency::Gbp, false);
        let beside = checked.error.context("it was taken")?;
        assert!(
            beside.contains(words) && checked.money.is_none(),
            "{text}: {beside}"
        );
        let refused = till.desk.open_tab(typed("Table 1", text)).await.err();
        let refused = refused.with_context(|| format!("{text} was taken"))?;
        assert_eq!(refused.code, ErrorCode::Invalid, "{text}");
        assert_eq!(refused.fields.len(), 1, "{text}");
        assert_eq!(
            (refused.fields[0].field.as_str(), &refused.fields[0].message),
            ("amount", &beside)
        );
    }
    assert!(Desk::check_amount("0", Currency::Gbp, true).error.is_none());
    assert_eq!(
        till.desk.floor().await?.open_count,
        open,
        "nothing of it was written"
    );
    assert_eq!(
        till.requests("POST", "/payment-intents").await?,
        sent,
        "nothing of it was sent"
    );
    Ok(())
}

#[tokio::test]
async fn names_are_kept_as_they_are_typed_up_to_their_length() -> Result<()> {
    let till = Till::open().await?;
    let longest = "é".repeat(80);
    let party = "🎉".repeat(80);
    for name in [
        "Lena 🎉👩‍👩‍👧",
        "שולחן דוד",
        "طاولة ١٢ / Table 12",
        "O’Brien & \"Sons\" <b>",
        &longest,
        &party,
    ] {
        let tab = till.desk.open_tab(typed(&format!("  {name} "), "20")).await?;
        let till_says = till.desk.tab(tab).await?.row;
        assert_eq!(till_says.name, name);
        assert_eq!(till_says.state.code, StateCode::Waiting, "{name}: Dojo took it");
        let history = till.desk.tab(tab).await?.history;
        assert!(history.last().is_some_and(|step| step.words.contains(name)));
    }
    let mut wrong = typed(&"é".repeat(81), "0");
    wrong.place = Some("x".repeat(41));
    wrong.note = Some("x".repeat(501));
    wrong.email = Some("nobody".to_owned());
    let refused = till.desk.open_tab(wrong).await.err().context("it was opened")?;
    let mut fields: Vec<&str> = refused.fields.iter().map(|f| f.field.as_str()).collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        ["amount", "email", "name", "note", "place"],
        "all of it at once"
    );
    let mut nameless = typed(" \u{a0}\t ", "20");
    let tab = till.desk.open_tab(nameless.clone()).await?;
    assert!(
        !till.desk.tab(tab).await?.row.is_named,
        "a tab gets its name later"
    );
    nameless.kind = Kind::Deposit;
    nameless.decision = decision();
    let refused = till.desk.open_tab(nameless).await.err();
    assert_eq!(refused.context("it was opened")?.fields[0].field.as_str(), "name");
    Ok(())
}

#[tokio::test]
async fn two_hundred_tabs_are_listed_in_one_call_and_the_urgent_ones_first() -> Result<()> {
    let till = Till::open().await?;
    let mut tabs = Vec::new();
    for number in 0..200 {
        if number == 100 {
            till.wire.befall(Mishap::Unplugged);
        }
        let mut wanted = typed(&format!("Table {number}"), "40");
        wanted.link_ends = Some(LinkEnds::Day);
        tabs.push(till.desk.open_tab(wanted).await?);
    }
    // The clock of the one that pays first runs out first, whenever it was opened.
    for paying in [57, 3, 120] {
        till.pay(&till.hold(tabs[paying]).await?, GOOD).await?;
        till.hold(tabs[paying]).await?;
        till.wind("05:00:00").await?;
    }
    assert_eq!(till.desk.sweep().await?, 0);
    let floor = till.desk.floor().await?;
    // What failed, then whom we wait for, then what is on hold: there the first to end comes first.
    let (failed, held) = (100, [57, 3, 120]);
    let waiting = (0..200)
        .rev()
        .filter(|number| *number != failed && !held.contains(number));
    let expected: Vec<String> = std::iter::once(failed)
        .chain(waiting)
        .chain(held)
        .map(|number| format!("Table {number}"))
        .collect();
    let seen: Vec<&str> = floor.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(seen, expected);
    assert_eq!(floor.open_count, 200);
    assert_eq!(
        floor.held.iter().map(|m| m.text.as_str()).collect::<Vec<_>>(),
        ["£120.00"]
    );
    assert!(floor.rows[0].needs_person && !floor.rows[1].needs_person);
    Ok(())
}

#[tokio::test]
async fn as_the_deadline_comes_nearer_the_warning_grows() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = held(&till, DeadlineAction::Release).await?;
    let floor = till.desk.floor().await?;
    let deadline = floor.rows[0].deadline.clone().context("no deadline")?;
    assert_eq!((deadline.threshold, deadline.tone), (None, Tone::Quiet));
    assert!(floor.banners.is_empty(), "{:?}", floor.banners);
    // A hold is asked for 6 days and 23 hours, and should be dealt with 12 hours before that. The
    // seconds keep clear of the edge.
    for (span, threshold, tone, words) in [
        ("5.00:00:05", 48, Tone::Warn, "in 46 hours"),
        ("1.00:00:00", 24, Tone::Warn, "in 22 hours"),
        ("06:00:00", 6, Tone::Bad, "in 16 hours"),
        ("04:30:00", 1, Tone::Bad, "in 12 hours"),
        ("12:00:00", 0, Tone::Bad, "in 29 minutes"),
    ] {
        till.wind(span).await?;
        assert_eq!(till.desk.sweep().await?, 0);
        let floor = till.desk.floor().await?;
        let deadline = floor.rows[0].deadline.clone().context("no deadline")?;
        assert_eq!(
            (deadline.threshold, deadline.tone),
            (Some(threshold), tone),
            "{span}"
        );
        let about = |banner: &&holdfast_desk::view::Banner| banner.code == BannerCode::Deadline;
        let banner = floor.banners.iter().find(about).context("no banner")?;
        assert_eq!(banner.words, format!("Table 12: Dojo releases £50.00 {words}."));
        assert_eq!((banner.tab_id, banner.tone), (Some(tab), tone));
    }
    Ok(())
}

#[tokio::test]
async fn after_seven_days_it_is_expired_and_nothing_offers_to_take_it() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till, DeadlineAction::Release).await?;
    till.desk.add_line(tab, None, 1, "30").await?;
    // Nobody was there all week.
    let till = till.restart().await?;
    till.wind("7.00:00:00").await?;
    assert_eq!(till.desk.sweep().await?, 0);
    let view = till.desk.tab(tab).await?;
    assert_eq!(
        (view.row.state.code, view.row.state.tone),
        (StateCode::Expired, Tone::Bad)
    );
    assert_eq!((view.row.left.minor, view.row.deadline), (0, None));
    let since = till.ledger.hold(hold.id).await?.lapsed_at.context("it lapsed")?;
    let words = view.row.detail;
    assert!(words.starts_with("£50.00 expired "), "{words}");
    assert!(words.ends_with(&since.format(":%M").to_string()), "{words}");
    let offered: Vec<_> = view.holds[0].actions.iter().filter(|a| a.allowed).collect();
    assert!(offered.is_empty(), "{offered:?}");
    let preview = till.desk.preview_take(tab, &TakeTyped::default()).await?;
    assert!(!preview.allowed, "{preview:?}");
    let refused = till.desk.press(capture(&hold, 1_000)).await.err();
    assert_eq!(refused.context("it was sent")?.code, ErrorCode::NotAllowed);
    assert_eq!(till.requests("POST", "/captures").await?, 0);
    let floor = till.desk.floor().await?;
    let banner = floor
        .banners
        .iter()
        .find(|banner| banner.code == BannerCode::Expired);
    assert_eq!(
        banner.context("no banner")?.words,
        "Table 12: expired, released by Dojo. £30.00 of the bill isn’t covered."
    );
    Ok(())
}

#[tokio::test]
async fn a_hold_that_dojo_is_to_take_is_taken_by_dojo() -> Result<()> {
    for before in [0, 1_000] {
        let till = Till::open().await?;
        let (tab, hold) = held(&till, DeadlineAction::Capture).await?;
        if before > 0 {
            till.desk.press(capture(&hold, before)).await?;
        }
        till.wind("6.12:00:00").await?;
        till.desk.sweep().await?;
        let floor = till.desk.floor().await?;
        let warning = floor
            .banners
            .iter()
            .find(|banner| banner.code == BannerCode::Deadline);
        assert!(warning.context("no banner")?.words.contains("Dojo takes £"));
        till.wind("12:00:00").await?;
        till.desk.sweep().await?;
        let view = till.desk.tab(tab).await?;
        assert_eq!(
            view.row.state.code,
            StateCode::TakenByDojo,
            "{before} taken before"
        );
        assert_eq!((view.row.captured.minor, view.row.left.minor), (5_000, 0));
        for allowed in &view.holds[0].actions {
            let is_due = matches!(allowed.action, Action::Refund | Action::Receipt);
            assert_eq!(allowed.allowed, is_due, "{allowed:?}");
        }
        let told = view
            .history
            .iter()
            .find(|s| s.words == "Taken by Dojo at the deadline");
        let told = told.context("the history does not say so")?;
        assert_eq!(told.amount.as_ref().map(|m| m.minor), Some(5_000 - before));
        assert_eq!(till.requests("POST", "/captures").await?, usize::from(before > 0));
    }
    Ok(())
}

#[tokio::test]
async fn what_was_taken_in_time_stays_taken_and_only_the_rest_goes_back() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till, DeadlineAction::Release).await?;
    let done = till.desk.press(capture(&hold, 2_000)).await?;
    assert_eq!(done.state, OperationState::Succeeded);
    till.wind("7.00:00:00").await?;
    till.desk.sweep().await?;
    let view = till.desk.tab(tab).await?;
    assert_eq!(view.row.state.code, StateCode::Paid);
    assert_eq!((view.row.captured.minor, view.row.left.minor), (2_000, 0));
    let told = view
        .history
        .iter()
        .find(|step| step.words == "Expired: Dojo released it at the deadline");
    let back = told.context("the history does not say so")?.amount.clone();
    assert_eq!(back.map(|m| m.minor), Some(3_000));
    let refused = till.desk.press(capture(&hold, 100)).await.err();
    assert_eq!(
        refused.context("it was sent")?.message,
        "Dojo released the rest at the deadline. Nothing is on hold."
    );
    Ok(())
}
