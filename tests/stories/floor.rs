//! Opening and finding, at the desk: what staff are told before they ask, and how they find it again.

use crate::portal::take_in_portal;
use crate::refunds::{one_more, sweeps, table, take};
use anyhow::{Context, Result, ensure};
use chrono::{NaiveDate, TimeDelta};
use holdfast_desk::view::{BannerCode, CloseKey, Floor, TabRow, TabStep};
use holdfast_desk::{
    Clock, ClosedAsked, Desk, Drawn, Filter, FurtherHold, Group, LinkEnds, OpenTab, Settings, SystemClock,
    TakeTyped,
};
use holdfast_domain::{Currency, FloorOrder, Kind, OperationKind, OperationState, TabId};
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press;
use holdfast_tests::{DECLINED, GOOD, KEY, Till, stepped::SteppedClock};
use std::sync::Arc;
use std::time::Duration;

fn names(rows: &[TabRow]) -> Vec<&str> {
    rows.iter().map(|row| row.name.as_str()).collect()
}

fn count(floor: &Floor, filter: Filter) -> Option<usize> {
    let found = floor.filters.iter().find(|f| f.filter == filter);
    found.map(|f| f.count)
}

/// A house with years behind it: a word that many have lists what is open, the best of the rest, and where to find all.
#[tokio::test]
async fn of_many_that_have_a_word_the_open_ones_are_listed_and_the_best_of_the_rest() -> Result<()> {
    let till = Till::open().await?;
    let house = holdfast_tests::house::House {
        open: 160,
        closed: 160,
        after: 0,
    };
    house.fill(till.ledger.as_ref(), SystemClock.now()).await?;
    let all = till.desk.search("bar").await?;
    assert_eq!((all.open.len(), all.closed.len()), (30, 12));
    assert_eq!(
        all.words,
        "30 open and more, 32 closed for “bar”; the best 12 are shown, History has them all"
    );
    let history = till.desk.closed(&ClosedAsked::query("bar"), None).await?;
    assert_eq!(history.rows.len(), 32);
    let few = till.desk.search("nguyen").await?;
    assert_eq!((few.open.len(), few.closed.len()), (10, 10), "{}", few.words);
    assert_eq!(few.words, "10 open, 10 closed for “nguyen”");
    Ok(())
}

async fn paid(till: &Till, name: &str, amount: &str) -> Result<TabId> {
    let tab = till.opened(Kind::Tab, name, amount).await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.hold(tab).await?;
    Ok(tab)
}

#[tokio::test]
async fn what_is_open_and_what_was_closed_is_found_spelling_forgiven() -> Result<()> {
    let till = Till::open().await?;
    let amira = paid(&till, "Ámira", "100").await?;
    till.desk.add_line(amira, None, 1, "86.40").await?;
    let brandt = till.opened(Kind::Deposit, "Room 14, O. Brandt", "250").await?;
    let walked = till.opened(Kind::Tab, "Brandon", "50").await?;
    let hold = till.hold(walked).await?;
    let cancel = till.desk.acting(hold.id).await?;
    till.desk
        .act(holdfast_domain::OperationKind::Cancel, cancel)
        .await?;
    till.desk.press_close(walked).await?;
    for (query, open, closed) in [
        ("amira", vec!["Ámira"], vec![]),
        ("86,40", vec!["Ámira"], vec![]),
        ("1005", vec!["Ámira"], vec![]),
        ("brant", vec!["Room 14, O. Brandt"], vec!["Brandon"]),
        ("250", vec!["Room 14, O. Brandt"], vec![]),
        ("nobody", vec![], vec![]),
    ] {
        let found = till.desk.search(query).await?;
        assert_eq!(
            (names(&found.open), names(&found.closed)),
            (open, closed),
            "{query}"
        );
    }
    let words = till.desk.search("brant").await?.words;
    assert_eq!(words, "1 open, 1 closed for “brant”");
    let renamed = holdfast_desk::Details {
        name: "Room 14, Oksana Marsh".to_owned(),
        place: None,
        email: None,
        note: None,
        arrives_on: None,
        departs_on: None,
    };
    till.desk.edit_tab(brandt, renamed).await?;
    assert_eq!(
        names(&till.desk.search("oksana").await?.open),
        ["Room 14, Oksana Marsh"]
    );
    assert!(till.desk.search("brant").await?.open.is_empty());
    let reference = till.desk.tab(brandt).await?.row.reference;
    assert_eq!(
        till.desk.search(&reference).await?.open.first().map(|r| r.id),
        Some(brandt)
    );
    Ok(())
}

#[tokio::test]
async fn the_floor_stands_as_it_was_put_and_its_filters_are_counted() -> Result<()> {
    let till = Till::open().await?;
    for name in ["Table 12", "Table 9", "Ämter"] {
        paid(&till, name, "100").await?;
    }
    till.opened(Kind::Deposit, "Room 7", "250").await?;
    let floor = till.desk.floor().await?;
    assert_eq!(floor.order, FloorOrder::Urgent);
    let counts = [
        Filter::All,
        Filter::Tab,
        Filter::Deposit,
        Filter::Waiting,
        Filter::Needs,
    ];
    assert_eq!(counts.map(|f| count(&floor, f)), [4, 3, 1, 1, 0].map(Some));
    till.desk.set_floor_order(FloorOrder::Name).await?;
    let till = till.restart().await?;
    let floor = till.desk.floor().await?;
    assert_eq!(names(&floor.rows), ["Ämter", "Room 7", "Table 9", "Table 12"]);
    till.desk.set_floor_order(FloorOrder::Newest).await?;
    let floor = till.desk.floor().await?;
    assert_eq!(names(&floor.rows), ["Room 7", "Ämter", "Table 9", "Table 12"]);
    Ok(())
}

#[tokio::test]
async fn a_bill_that_outgrows_its_hold_says_how_much_to_ask_for_until_it_is_asked() -> Result<()> {
    let till = Till::open().await?;
    let tab = paid(&till, "Booth 2", "100").await?;
    till.desk.add_line(tab, None, 1, "99.99").await?;
    let row = till.desk.tab(tab).await?.row;
    assert_eq!(
        row.gauge.context("no gauge")?.tone,
        holdfast_desk::view::Tone::Warn
    );
    assert_eq!(row.short, None);
    till.desk.add_line(tab, None, 1, "30.01").await?;
    let short = till.desk.tab(tab).await?.row.short.context("not short")?;
    assert_eq!(short.text, "£30.00");
    till.desk.press_more(tab, "50").await?;
    assert_eq!(till.desk.tab(tab).await?.row.short, None, "it has been asked for");
    Ok(())
}

#[tokio::test]
async fn nights_times_the_amount_is_what_is_asked_for() -> Result<()> {
    let till = Till::open().await?;
    let typed = OpenTab {
        nights: Some("3".to_owned()),
        arrives_on: NaiveDate::from_ymd_opt(2026, 11, 24),
        ..OpenTab::of(Kind::Deposit, "Room 7", "120", Currency::Eur)
    };
    let preview = till.desk.preview_new(&typed).await?;
    assert_eq!(preview.button, "Open deposit, hold €360.00");
    let sum = preview.sum.context("no sum")?;
    assert!(
        sum.starts_with("3 nights × €120.00 = €360.00, departs Fri 27 Nov"),
        "{sum}"
    );
    let tab = till.desk.open_tab(typed).await?;
    let view = till.desk.tab(tab).await?;
    assert_eq!(view.row.asked.context("nothing asked")?.text, "€360.00");
    assert_eq!(view.row.departs_on, NaiveDate::from_ymd_opt(2026, 11, 27));
    Ok(())
}

#[tokio::test]
async fn a_name_or_a_card_that_is_open_already_is_said_and_stops_nobody() -> Result<()> {
    let till = Till::open().await?;
    paid(&till, "Ámira", "100").await?;
    let typed = |name: &str| OpenTab::of(Kind::Tab, name, "50", Currency::Gbp);
    for name in ["amira ", "card 1005"] {
        let same = till.desk.preview_new(&typed(name)).await?.same;
        let words: Vec<_> = same.iter().map(|same| same.words.as_str()).collect();
        assert_eq!(
            words,
            ["Ámira is already open, £100.00 on hold on the card ending 1005, opened by Staff."],
            "{name}"
        );
    }
    assert!(till.desk.preview_new(&typed("Amir")).await?.same.is_empty());
    assert!(till.desk.preview_new(&typed("")).await?.same.is_empty());
    let second = paid(&till, "Amira", "50").await?;
    assert_eq!(till.desk.same_card(second).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn free_tables_come_first_and_the_amounts_used_last_are_offered_again() -> Result<()> {
    let till = Till::open().await?;
    let settings = till.desk.settings().await?;
    let places = ["Table 1", " Table 2 ", "table 1", "", "Room 7"].map(str::to_owned);
    let saved = till
        .desk
        .save_settings(Settings {
            places: places.to_vec(),
            ..settings
        })
        .await?;
    assert_eq!(
        saved.places,
        ["Table 1", "Table 2", "Room 7"],
        "each once, without blanks"
    );
    let at = |place: &str, amount: &str| OpenTab {
        place: Some(place.to_owned()),
        ..OpenTab::of(Kind::Tab, "", amount, Currency::Gbp)
    };
    for (place, amount) in [("TABLE 1", "75"), ("Bar", "62.50"), ("Bar", "100"), ("Bar", "75")] {
        till.desk.open_tab(at(place, amount)).await?;
    }
    let offers = till.desk.preview_new(&at("", "")).await?;
    let names: Vec<_> = offers
        .places
        .iter()
        .map(|place| (place.name.as_str(), place.is_taken))
        .collect();
    assert_eq!(names, [("Table 2", false), ("Room 7", false), ("Table 1", true)]);
    let amounts: Vec<_> = offers
        .last_amounts
        .iter()
        .map(|money| money.text.as_str())
        .collect();
    assert_eq!(amounts, ["£75.00", "£62.50"], "£100 is the manager’s already");
    let deposit = OpenTab::of(Kind::Deposit, "", "", Currency::Gbp);
    assert!(till.desk.preview_new(&deposit).await?.last_amounts.is_empty());
    // The manager’s own say the currency that is chosen, and put into the field what was typed in Settings.
    let euros = OpenTab::of(Kind::Tab, "", "", Currency::Eur);
    let first = till.desk.preview_new(&euros).await?.presets.into_iter().next();
    let first = first.context("nothing is offered")?;
    assert_eq!((first.typed.as_str(), first.label.as_str()), ("50", "€50.00"));

    for (places, problem) in [
        (vec!["x".repeat(41)], "at most 40 characters"),
        ((0..301).map(|n| n.to_string()).collect(), "at most 300"),
    ] {
        let settings = Settings {
            places,
            ..till.desk.settings().await?
        };
        let refused = till
            .desk
            .save_settings(settings)
            .await
            .err()
            .context("it was saved")?;
        assert_eq!(refused.fields[0].field.as_str(), "places");
        assert!(
            refused.fields[0].message.contains(problem),
            "{:?}",
            refused.fields
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_tab_without_a_name_is_called_by_its_card_and_a_deposit_needs_one() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "", "50").await?;
    let row = till.desk.tab(tab).await?.row;
    assert_eq!(
        (row.name, row.is_named),
        (format!("No name, {}", row.reference), false)
    );
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.hold(tab).await?;
    assert_eq!(till.desk.tab(tab).await?.row.name, "MC 1005");
    let night = till.desk.night(&[]).await?;
    ensure!(
        night
            .rows
            .iter()
            .any(|row| row.flags.iter().any(|flag| flag.words == "No name"))
    );
    let refused = till.opened(Kind::Deposit, " ", "50").await;
    ensure!(refused.is_err(), "a deposit is somebody's");
    Ok(())
}

#[tokio::test]
async fn a_link_ends_when_it_was_said_and_the_row_says_so() -> Result<()> {
    let till = Till::open().await?;
    let typed = OpenTab {
        link_ends: Some(LinkEnds::Day),
        ..OpenTab::of(Kind::Tab, "Booth 9", "80", Currency::Gbp)
    };
    let tab = till.desk.open_tab(typed).await?;
    let ends = till.desk.tab(tab).await?.row.link_ends_at.context("no end")?;
    let in_a_day = SystemClock.now() + TimeDelta::hours(24);
    ensure!((in_a_day - ends).abs() < TimeDelta::minutes(10), "{ends}");
    let hold = till.hold(tab).await?;
    till.pay(&hold, DECLINED).await?;
    till.hold(tab).await?;
    assert_eq!(
        till.desk.tab(tab).await?.row.state.words,
        "Card declined, waiting"
    );
    let mail = till.desk.link_mail(hold.id).await?;
    // Who asks, that nothing is charged, and for how long: a guest who can't tell takes it for phishing.
    for said in [
        "mailto:?subject=My%20venue%3A%20a%20hold%20of%20%C2%A380.00%2C%20not%20a%20payment&body=",
        "My%20venue%20asks%20to%20hold%20%C2%A380.00%20on%20your%20card.",
        "a%20hold%2C%20not%20a%20payment",
        "released%20within%20about%207%20days",
        "The%20link%20works%20until%20",
    ] {
        ensure!(mail.contains(said), "{said} is not in {mail}");
    }
    till.wind("2.00:00:00").await?;
    till.desk.read(hold.id).await?;
    let row = till.desk.tab(tab).await?.row;
    assert_eq!((row.link_ends_at, row.asked), (None, None));
    Ok(())
}

#[tokio::test]
async fn without_a_network_what_still_works_is_said() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Booth 9", "80").await?;
    till.plug(false)?;
    let hold = till.ledger.holds(tab).await?.pop().context("no hold")?;
    till.desk
        .read(hold.id)
        .await
        .err()
        .context("read without a network")?;
    let floor = till.desk.floor().await?;
    let banner = floor
        .banners
        .iter()
        .find(|b| b.code == BannerCode::Offline)
        .context("no banner")?;
    ensure!(
        banner
            .words
            .contains("You can still read, search and add to bills")
    );
    let typed = OpenTab::of(Kind::Tab, "Amira", "50", Currency::Gbp);
    ensure!(till.desk.preview_new(&typed).await?.offline.is_some());
    till.desk.add_line(tab, None, 1, "10").await?;
    assert_eq!(names(&till.desk.search("booth").await?.open), ["Booth 9"]);
    Ok(())
}

#[tokio::test]
async fn time_draws_the_floor_anew_when_it_changes_what_is_said_and_every_five_minutes() -> Result<()> {
    let till = Till::open().await?;
    paid(&till, "Amira", "50").await?;
    let clock = Arc::new(SteppedClock::begin());
    let desk = Desk::new(till.ledger.clone(), till.client(KEY)?, clock.clone());
    let (mut drawn, mut changes) = (Drawn::default(), desk.changes());
    let minute = Duration::from_secs(60);
    let mut is_drawn_after = async |span: Duration| -> Result<bool> {
        clock.run(span);
        changes.mark_unchanged();
        desk.redraw(&mut drawn).await;
        Ok(changes.has_changed()?)
    };
    assert!(is_drawn_after(Duration::ZERO).await?, "the first time");
    assert!(!is_drawn_after(minute).await?, "nothing is said otherwise");
    assert!(is_drawn_after(4 * minute).await?, "as it was for five minutes");
    // Down to the moment at which "in 6 days" becomes "in 5 days", redrawn a second before it.
    let deadline = async || -> Result<_> {
        let floor = desk.floor().await?;
        let deadline = floor.rows[0].deadline.clone().context("no deadline")?;
        Ok((deadline.words, deadline.at - floor.now))
    };
    let (before, left) = deadline().await?;
    let second = Duration::from_secs(1);
    let to_the_day = (left - TimeDelta::days(6)).to_std()?;
    assert!(is_drawn_after(to_the_day.saturating_sub(second)).await?);
    assert_eq!(deadline().await?.0, before);
    assert!(!is_drawn_after(Duration::ZERO).await?);
    assert!(is_drawn_after(2 * second).await?, "it is a day less");
    assert_ne!(deadline().await?.0, before);
    assert!(!is_drawn_after(minute).await?);
    Ok(())
}

/// One card's rest and another card's deadline are not one line of the floor.
#[tokio::test]
async fn a_row_says_of_one_hold_what_is_left_and_until_when() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "100", "40").await?;
    till.wind("2.00:00:00").await?;
    one_more(&till, tab, "50").await?;
    take(&till, tab, "40", "0", "0").await?;
    let second = till.ledger.holds(tab).await?.pop().context("no hold")?;
    take_in_portal(&till, &second, 1_000).await?;
    till.desk.read(second.id).await?;
    let row = till.desk.tab(tab).await?.row;
    assert!(
        !(row.detail.starts_with("£40.00 left") && row.detail.contains("in 4 days")),
        "£40 of the second card, in 4 days of the first: {} {}",
        row.left.text,
        row.detail
    );
    Ok(())
}

/// Of two cards on one tab one is expiring, and the other has days yet.
#[tokio::test]
async fn only_what_is_expiring_counts_as_such() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "120").await?;
    till.wind("6.00:00:00").await?;
    sweeps(&till, 1).await?;
    one_more(&till, tab, "100").await?;
    let floor = till.desk.floor().await?;
    let expiring: Vec<_> = floor.expiring.iter().map(|money| money.minor).collect();
    let said: Vec<_> = floor.banners.iter().map(|b| b.words.clone()).collect();
    assert_eq!(expiring, [5_000], "{said:?}");
    Ok(())
}

/// A filter, its count, its group and its figure are of the same tabs; what Settings say of warnings says when a hold
/// is expiring.
#[tokio::test]
async fn waiting_and_expiring_mean_the_same_everywhere() -> Result<()> {
    let till = Till::open().await?;
    let (early, _) = table(&till, "50", "10").await?;
    till.opened(Kind::Tab, "No card yet", "80").await?;
    // A declined take of a tab whose second guest hasn't paid: it needs attention, and waits for nobody first.
    one_more(&till, early, "20").await?;
    till.opened(Kind::Tab, "Nor here", "30").await?;
    let settings = Settings {
        warning_hours: vec![12],
        ..till.desk.settings().await?
    };
    till.desk.save_settings(settings.clone()).await?;
    // Dojo acts in 60 hours, and staff should have acted in 48.
    till.wind("4.11:00:00").await?;
    sweeps(&till, 1).await?;
    let floor = till.desk.floor().await?;
    assert_eq!(
        (count(&floor, Filter::Expiring), floor.expiring.len()),
        (Some(0), 0)
    );
    ensure!(floor.rows.iter().all(|row| !row.detail.contains("expires")));
    let waiting = floor.groups.iter().find(|group| group.group == Group::Waiting);
    assert_eq!(
        count(&floor, Filter::Waiting),
        Some(waiting.map_or(0, |group| group.count))
    );
    // Now the 48 hours are what Settings warn of.
    let settings = Settings {
        warning_hours: vec![48],
        ..settings
    };
    till.desk.save_settings(settings.clone()).await?;
    let floor = till.desk.floor().await?;
    assert_eq!(count(&floor, Filter::Expiring), Some(1));
    assert_eq!(floor.expiring.iter().map(|sum| sum.minor).sum::<i64>(), 7_000);
    let row = floor.rows.iter().find(|row| row.id == early).context("gone")?;
    ensure!(
        row.filters.contains(&Filter::Expiring) && row.detail.contains("expires"),
        "{}",
        row.detail
    );
    Ok(())
}

/// Of £100 the till took £20, and the portal is taking £40 when the deadline comes: £40 has expired.
#[tokio::test]
async fn what_is_being_taken_at_the_deadline_has_not_expired() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "60").await?;
    take(&till, tab, "20", "0", "0").await?;
    till.wind("6.00:00:00").await?;
    sweeps(&till, 1).await?;
    till.switch(|s| s.capture_settles_after = 90 * 24 * 3_600)?;
    take_in_portal(&till, &hold, 4_000).await?;
    till.desk.read(hold.id).await?;
    till.wind("1.00:00:00").await?;
    sweeps(&till, 2).await?;
    let row = till.desk.tab(tab).await?.row;
    let hold = till.hold(tab).await?;
    ensure!(hold.released() == 4_000, "{hold:?}");
    assert!(
        !row.detail.contains("80.00"),
        "{:?}, let go {}",
        row.detail,
        hold.released()
    );
    Ok(())
}

/// While the release of one card is unclear, the first button of its tab doesn’t promise to take from it.
#[tokio::test]
async fn the_first_button_names_what_can_be_taken() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "60", "50").await?;
    one_more(&till, tab, "20").await?;
    till.fault("reversal", "504-before").await?;
    let act = till.desk.acting(first.id).await?;
    let done = till.desk.act(OperationKind::Reversal, act).await?;
    ensure!(done.operations[0].state == OperationState::Unknown, "{done:?}");
    let view = till.desk.tab(tab).await?;
    let sheet = till.desk.preview_take(tab, &TakeTyped::default()).await?;
    let next = view.next.context("no button")?;
    let is_take = next.step == TabStep::Take && next.words.contains("50.00");
    assert!(
        !is_take || sheet.allowed,
        "button {:?}, sheet: over {:?}, {:?}, room {:?}",
        next.words,
        sheet.over,
        sheet.why,
        view.row.to_spend
    );
    Ok(())
}

/// A bill that is paid, with another card’s hold still there: the tab isn’t among those that are ready to close.
#[tokio::test]
async fn ready_to_close_can_be_closed() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "50").await?;
    one_more(&till, tab, "50").await?;
    take(&till, tab, "50", "0", "0").await?;
    let view = till.desk.tab(tab).await?;
    assert!(
        view.row.group != Group::Paid || view.close_refused.is_none(),
        "{:?}: {:?}",
        view.row.group,
        view.close_refused
    );
    Ok(())
}

/// One key puts no debt out of sight.
#[tokio::test]
async fn closing_asks_first_while_something_is_owed() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "80").await?;
    take(&till, tab, "50", "0", "0").await?;
    let view = till.desk.tab(tab).await?;
    assert_eq!(
        (view.keys.close_tab, view.why_not_take),
        (Some(CloseKey::Ask), None)
    );

    let (paid, _) = table(&till, "50", "50").await?;
    take(&till, paid, "50", "0", "0").await?;
    let view = till.desk.tab(paid).await?;
    assert_eq!(view.keys.close_tab, Some(CloseKey::Now));
    assert_eq!(view.lesser, [TabStep::Refund, TabStep::HoldMore]);
    Ok(())
}

/// A guest who has one link isn't offered a second one: what more is asked for is another guest's. A bill that is
/// beyond the link asks for the rest.
#[tokio::test]
async fn while_the_first_link_is_unpaid_a_second_one_is_another_guests() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Ida", "50").await?;
    let view = till.desk.tab(tab).await?;
    let keys = view.keys;
    assert!(keys.hold_more && keys.show_qr.is_some(), "{keys:?}");
    assert_eq!(view.further.which, FurtherHold::AnotherGuest);
    assert!(
        !view.lesser.contains(&TabStep::HoldMore),
        "it stands in the menu: {:?}",
        view.lesser
    );
    till.desk.add_line(tab, None, 1, "60").await?;
    let view = till.desk.tab(tab).await?;
    assert!(view.keys.hold_more, "{:?}", view.next);
    assert_eq!(view.further.which, FurtherHold::First);
    Ok(())
}

/// While one card's release is unclear, the tab says of that card why nothing can be taken, not of one that is over.
#[tokio::test]
async fn why_nothing_can_be_taken_is_said_of_the_hold_that_keeps_the_tab_open() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "60", "10").await?;
    till.desk.press_more(tab, "20").await?;
    let request = till.hold(tab).await?;
    let act = till.desk.acting(request.id).await?;
    till.desk.act(OperationKind::Cancel, act).await?;
    till.fault("reversal", "504-before").await?;
    let act = till.desk.acting(first.id).await?;
    till.desk.act(OperationKind::Reversal, act).await?;
    let view = till.desk.tab(tab).await?;
    assert_eq!(
        view.why_not_take.as_deref(),
        Some("The last request isn’t settled with Dojo yet.")
    );
    Ok(())
}
