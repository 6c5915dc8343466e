//! The night report, from the desk to Dojo's record and back: over the clock change, after a crash, to the penny.

use anyhow::{Context, Result, anyhow, ensure};
use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};
use holdfast_desk::view::BannerCode;
use holdfast_desk::{Decision, ExportKind, Paper, PaperKind, Settings, SpreadsheetNumbers, TakeTyped};
use holdfast_domain::{
    Actor, BusinessDays, Currency, Event, Kind, NightReport, OperationKind, OperationState, Personal, Sums,
    TabId,
};
use holdfast_ledger::SettingSeen;
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, Till, decision};

const LONDON: &str = "Europe/London";

async fn london(till: &Till) -> Result<BusinessDays> {
    let settings = Settings {
        time_zone: LONDON.to_owned(),
        ..till.desk.settings().await?
    };
    till.desk.save_settings(settings).await?;
    BusinessDays::parse("05:00", LONDON).map_err(|problem| anyhow!("{problem:?}"))
}

async fn paid(till: &Till, name: &str) -> Result<TabId> {
    let id = till.opened(Kind::Tab, name, "100").await?;
    till.pay(&till.hold(id).await?, GOOD).await?;
    till.hold(id).await?;
    Ok(id)
}

async fn take(till: &Till, tab_id: TabId, bill: &str, service: &str, tip: &str) -> Result<()> {
    let typed = TakeTyped {
        bill: Some(bill.to_owned()),
        service: Some(service.to_owned()),
        tip: Some(tip.to_owned()),
    };
    till.desk.add_line(tab_id, None, 1, bill).await?;
    let done = till.desk.press_take(tab_id, typed).await?.operations;
    ensure!(!done.iter().any(|o| o.state.is_open()), "{done:?}");
    Ok(())
}

/// Closes the night with its defaults, to its end; the report comes by itself.
async fn close(till: &Till) -> Result<NightReport> {
    let night = till.desk.night(&[]).await?;
    let number = night.report.number;
    till.desk.close_night(&[], &night.seen()).await?;
    let mut changes = till.desk.changes();
    while till.desk.night(&[]).await?.run.context("no run")?.is_running() {
        changes.changed().await?;
    }
    Ok(till.ledger.report(number).await?)
}

/// All movements, and all reports, added up.
async fn sums(till: &Till) -> Result<(Sums, Sums)> {
    let movements = till.ledger.movements(1, i64::MAX).await?;
    let moved = movements
        .iter()
        .try_fold(Sums::default(), Sums::with)
        .context("too much")?;
    let reports = till.ledger.reports(None, 1_000).await?;
    let mut all = reports.iter().flat_map(|r| &r.sums);
    let reported = all
        .try_fold(Sums::default(), |sum, s| sum.plus(s.sums))
        .context("too much")?;
    Ok((moved, reported))
}

/// What Dojo knows to have been taken, tips in it.
async fn taken_at_dojo(till: &Till) -> Result<(i64, i64)> {
    let truth = till.truth().await?;
    let intents = truth["intents"].as_array().context("no intents")?;
    let captures = intents
        .iter()
        .flat_map(|i| i["captures"].as_array().into_iter().flatten())
        .filter(|c| c["status"] == "Successful");
    Ok(captures.fold((0, 0), |(taken, tips), c| {
        let (amount, tip) = (
            c["amount"].as_i64().unwrap_or(0),
            c["tipsAmount"].as_i64().unwrap_or(0),
        );
        (taken + amount + tip, tips + tip)
    }))
}

async fn now(till: &Till) -> Result<DateTime<Utc>> {
    let truth: serde_json::Value = reqwest::get(format!("{}/_simulator/clock", till.address()))
        .await?
        .json()
        .await?;
    Ok(truth["now"].as_str().context("no time")?.parse()?)
}

pub(crate) async fn wind_to(till: &Till, at: DateTime<Utc>) -> Result<()> {
    let seconds = at.signed_duration_since(now(till).await?).num_seconds();
    ensure!(seconds >= 0, "time does not go back");
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let span = format!(
        "{days}.{:02}:{:02}:{:02}",
        rest / 3_600,
        rest / 60 % 60,
        rest % 60
    );
    till.wind(&span).await?;
    // The till hears from Dojo what time it is.
    ensure!(till.desk.test_connection().await.ok, "Dojo can’t be reached");
    till.desk.sweep().await?;
    Ok(())
}

/// The next last Sunday of `month` whose night before has not begun.
fn clock_change(month: u32, after: DateTime<Utc>) -> Result<NaiveDate> {
    let in_year = |year| {
        let mut day = NaiveDate::from_ymd_opt(year, month, 31)?;
        while day.weekday() != Weekday::Sun {
            day = day.pred_opt()?;
        }
        Some(day)
    };
    let from = after
        .date_naive()
        .checked_add_days(Days::new(2))
        .context("no such day")?;
    let days = [from.year(), from.year() + 1].into_iter().filter_map(in_year);
    days.into_iter().find(|day| *day > from).context("no such Sunday")
}

#[tokio::test]
async fn a_night_over_the_clock_change_is_one_business_day() -> Result<()> {
    for month in [3, 10] {
        let till = Till::open().await?;
        let days = london(&till).await?;
        let sunday = clock_change(month, now(&till).await?)?;
        let saturday = sunday.pred_opt().context("no such day")?;
        // 18:00 on the wall is 13 hours after the day began at 05:00.
        let opens = days.start(saturday) + TimeDelta::hours(13);
        let closes = days.end(saturday) - TimeDelta::hours(1);
        let hours = closes.signed_duration_since(opens).num_hours();
        assert_eq!(
            hours,
            if month == 3 { 9 } else { 11 },
            "18:00 to 04:00 on the wall"
        );
        for hour in 0..=hours {
            wind_to(&till, opens + TimeDelta::hours(hour)).await?;
            let id = paid(&till, &format!("Guest {hour}")).await?;
            take(&till, id, "20", "2.50", "1.15").await?;
        }
        let report = close(&till).await?;
        assert_eq!(report.day, saturday);
        let on: Vec<NaiveDate> = report.by_day.iter().map(|s| s.of).collect();
        assert_eq!(on, [saturday], "every movement is on the evening's day");
        let taken = (hours + 1) * 2_365;
        let all = report.sums.first().context("no sums")?.sums;
        assert_eq!(
            (all.taken, all.service, all.tips),
            (taken, (hours + 1) * 250, (hours + 1) * 115)
        );

        // Sunday's own evening; what was carried forward belongs to it.
        wind_to(&till, days.end(saturday) + TimeDelta::hours(13)).await?;
        let id = paid(&till, "Sunday's guest").await?;
        take(&till, id, "10", "0", "0").await?;
        let next = close(&till).await?;
        assert_eq!((next.number, next.day, next.first), (2, sunday, report.last + 1));
        assert_eq!(next.by_day.iter().map(|s| s.of).collect::<Vec<_>>(), [sunday]);
        let (moved, reported) = sums(&till).await?;
        assert_eq!(moved, reported);
        assert_eq!((moved.taken, moved.tips), taken_at_dojo(&till).await?);
        till.ledger.verify_journal().await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_report_says_who_took_what_and_names_what_is_left() -> Result<()> {
    let till = Till::open().await?;
    london(&till).await?;
    let first = paid(&till, "Ada").await?;
    take(&till, first, "40", "5", "2").await?;
    let as_kim = Settings {
        staff_name: "Kim".to_owned(),
        ..till.desk.settings().await?
    };
    till.desk.save_settings(as_kim).await?;
    let second = paid(&till, "Ben").await?;
    till.desk.add_line(second, None, 1, "30").await?;
    let stays = till.opened(Kind::Deposit, "Room 7", "250").await?;
    till.pay(&till.hold(stays).await?, GOOD).await?;
    till.hold(stays).await?;
    let report = close(&till).await?;
    let staff: Vec<(&str, i64, i64, i64)> = report
        .by_staff
        .iter()
        .map(|s| (s.of.name(), s.sums.taken, s.sums.service, s.sums.tips))
        .collect();
    assert_eq!(staff, [("Kim", 3_000, 0, 0), ("Staff", 4_700, 500, 200)]);
    let held: Vec<(i64, i64)> = report
        .still_held
        .iter()
        .map(|h| (h.holds, h.money.minor))
        .collect();
    assert_eq!(
        held,
        [(3, 25_000 + 5_300 + 7_000)],
        "two rests and the deposit, apart from takings"
    );
    let left: Vec<(&str, i64)> = report
        .leftovers
        .iter()
        .map(|l| (l.name.as_str(), l.times))
        .collect();
    assert_eq!(
        left,
        [("Room 7", 1), ("Ada", 1)]
            .into_iter()
            .filter(|l| left.contains(l))
            .collect::<Vec<_>>()
    );
    assert!(left.contains(&("Room 7", 1)), "{left:?}");
    assert_eq!(report.journal.seal.len(), 64);

    assert!(till.desk.make_report().await.is_err(), "nothing has moved since");
    till.desk.press_more(stays, "50").await?;
    let next = till.desk.make_report().await?;
    assert_eq!(next.number, 2);
    let again = till.ledger.report(2).await?;
    assert_eq!(
        again
            .leftovers
            .iter()
            .find(|l| l.name == "Room 7")
            .map(|l| l.times),
        Some(2)
    );
    assert_eq!(till.desk.report(2).await?, next, "printed again as it was");
    Ok(())
}

#[tokio::test]
async fn money_that_moved_elsewhere_or_at_the_deadline_is_in_it() -> Result<()> {
    let till = Till::open().await?;
    let days = london(&till).await?;
    let lapses = paid(&till, "Forgotten").await?;
    let opened = now(&till).await?;
    till.desk.make_report().await?;
    till.wind("8.00:00:00").await?;
    till.hold(lapses).await?;
    till.hold(lapses).await?;
    till.desk.make_report().await?;
    let report = till.ledger.report(2).await?;
    let all = report.sums.first().context("no sums")?;
    assert_eq!(
        (all.currency, all.sums.lapsed, all.sums.taken),
        (Currency::Gbp, 10_000, 0)
    );
    assert_eq!(report.by_staff.first().map(|s| s.of.name()), Some("Dojo"));
    let on = report.by_day.first().context("no day")?.of;
    assert_eq!(
        on,
        days.of(opened + TimeDelta::hours(167)),
        "the day of the deadline, not of the reading"
    );
    let (moved, reported) = sums(&till).await?;
    assert_eq!(moved, reported);
    Ok(())
}

#[tokio::test]
async fn days_lists_and_papers_say_what_the_movements_say() -> Result<()> {
    let till = Till::open().await?;
    let days = london(&till).await?;
    let tricky = paid(&till, "=HYPERLINK(\"http://example.com\")").await?;
    take(&till, tricky, "40", "5", "2").await?;
    let goes = paid(&till, "Ben").await?;
    let hold = till.hold(goes).await?;
    let released = till.desk.press(Decision {
        id: decision(),
        hold: hold.id,
        kind: OperationKind::Reversal,
        amount: 0,
        service: 0,
        tip: 0,
        cause: holdfast_domain::Cause::Person,
        reason: Some("Paid another way".to_owned()),
        by: Actor::staff("Kim"),
        seen: holdfast_desk::Seen::default(),
        then_ask: 0,
        of: None,
    });
    assert_eq!(released.await?.state, OperationState::Succeeded);
    let today = days.of(now(&till).await?);

    let view = till.desk.days(None, None, None).await?;
    let total = &view.total;
    assert_eq!(
        (total.taken.minor, total.service.minor, total.tips.minor),
        (4_700, 500, 200)
    );
    assert_eq!(
        (total.released.minor, total.held.minor),
        (10_000, 5_300),
        "what is held is not takings"
    );
    assert_eq!(
        (view.charts.len(), view.charts[0].bars.len(), view.rows.len()),
        (4, 30, 1)
    );
    assert_eq!(view.charts[0].bars.last().map(|bar| bar.height), Some(1_000));
    let before = till.desk.days(today.pred_opt(), today.pred_opt(), None).await?;
    assert_eq!(
        (
            before.total.taken.minor,
            before.total.held.minor,
            before.rows.len()
        ),
        (0, 0, 0)
    );
    assert!(till.desk.days(Some(today), today.pred_opt(), None).await.is_err());

    let list = till.desk.export(ExportKind::Movements, today, today).await?;
    assert!(
        list.text.contains("\"'=HYPERLINK(\"\"http://example.com\"\")\""),
        "{}",
        list.text
    );
    assert!(list.text.contains(",GBP,47.00,5.00,2.00,4700,"), "{}", list.text);
    assert!(
        !list.text.contains(holdfast_tests::KEY) && !list.text.contains(GOOD),
        "no secret leaves"
    );
    let tips = till.desk.export(ExportKind::Tips, today, today).await?;
    assert_eq!(tips.rows, 1);
    assert!(
        tips.text.contains("\"Staff\",")
            && tips.text.contains(",GBP,5.00,0.00,5.00,2.00,0.00,2.00,0.00,200,"),
        "{}",
        tips.text
    );

    let letter = till.desk.paper(PaperKind::Letter, hold.id).await?;
    let fact = |paper: &Paper, label: &str| {
        paper
            .facts
            .iter()
            .find(|f| f.label == label)
            .map(|f| f.text.clone())
    };
    assert_eq!(fact(&letter, "Released").as_deref(), Some("£100.00"));
    assert_eq!(fact(&letter, "Card").as_deref(), Some("MC ending 1005"));
    assert!(fact(&letter, "Authorisation code").is_some());
    assert!(
        till.desk.paper(PaperKind::Receipt, hold.id).await.is_err(),
        "nothing was taken"
    );
    let taken = till.hold(tricky).await?;
    let receipt = till.desk.paper(PaperKind::Receipt, taken.id).await?;
    assert_eq!(fact(&receipt, "Taken from the card").as_deref(), Some("£47.00"));
    assert_eq!(fact(&receipt, "Service charge").as_deref(), Some("£5.00"));
    let slip = till.desk.paper(PaperKind::Slip, taken.id).await?;
    assert_eq!(slip.notice.as_deref(), Some("This is not a charge"));
    assert_eq!(fact(&slip, "On hold on your card").as_deref(), Some("£53.00"));
    Ok(())
}

#[tokio::test]
async fn a_venue_in_a_comma_country_gets_files_that_its_spreadsheet_reads() -> Result<()> {
    let till = Till::open().await?;
    let days = london(&till).await?;
    let guest = till.opened(Kind::Tab, "Chez Zoé; 2,50", "1500").await?;
    till.pay(&till.hold(guest).await?, GOOD).await?;
    till.hold(guest).await?;
    take(&till, guest, "1234.50", "5", "2").await?;
    let today = days.of(now(&till).await?);
    let written = async |kind| -> Result<String> { Ok(till.desk.export(kind, today, today).await?.text) };

    let before = written(ExportKind::Movements).await?;
    assert!(before.contains(",GBP,1241.50,5.00,2.00,124150,"), "{before}");
    assert!(before.contains("\"Currency\",\"Amount\","), "{before}");

    let settings = till.desk.settings().await?;
    let abroad = Settings {
        spreadsheet_numbers: SpreadsheetNumbers::Comma,
        ..settings
    };
    till.desk.save_settings(abroad).await?;
    let after = written(ExportKind::Movements).await?;
    assert!(after.starts_with("\u{feff}\"Business day\";\"Time\";"), "{after}");
    assert!(after.contains(";GBP;1241,50;5,00;2,00;124150;"), "{after}");
    assert!(
        after.contains(";\"Chez Zoé; 2,50\";"),
        "a name stays as it is: {after}"
    );
    let tips = written(ExportKind::Tips).await?;
    assert!(
        tips.contains(";GBP;5,00;0,00;5,00;2,00;0,00;2,00;0,00;200;"),
        "{tips}"
    );
    let changes = till.desk.settings_changes().await?;
    assert_eq!(
        changes.first().context("no change is kept")?.words,
        "Settings changed: the numbers in files for a spreadsheet from “point” to “comma”"
    );
    Ok(())
}

#[tokio::test]
async fn settings_that_can_t_be_read_are_named_and_a_change_is_kept_with_what_it_was() -> Result<()> {
    let till = Till::open().await?;
    london(&till).await?;
    let note = holdfast_ledger::Note {
        at: now(&till).await?,
        by: Actor::staff("A damaged hand"),
        tab: None,
        event: Event::SettingsChanged,
        personal: Personal::default(),
        reference: None,
        raises: None,
    };
    let broken = r#"{"venue":"The Bell","safeHours":"twelve","timeZone":"Europe/London"}"#;
    till.ledger
        .set_setting("settings", broken, SettingSeen::Anything, note)
        .await?;
    let settings = till.desk.settings().await?;
    assert_eq!((settings.venue.as_str(), settings.safe_hours), ("The Bell", 12));
    let floor = till.desk.floor().await?;
    let banner = floor
        .banners
        .iter()
        .find(|b| b.code == BannerCode::Settings)
        .context("nobody is told")?;
    assert!(banner.words.contains("the safety margin"), "{banner:?}");
    till.desk
        .save_settings(Settings {
            safe_hours: 8,
            ..settings
        })
        .await?;
    assert!(
        !till
            .desk
            .floor()
            .await?
            .banners
            .iter()
            .any(|b| b.code == BannerCode::Settings)
    );
    let changes = till.desk.settings_changes().await?;
    let newest = changes.first().context("no change is kept")?;
    assert_eq!(newest.words, "Settings changed: the safety margin from 12 to 8");
    Ok(())
}

/// Days to come have no end yet, so nothing was held at it: asked for as far as next week, the list ends today.
#[tokio::test]
async fn a_day_that_has_not_come_has_no_figures() -> Result<()> {
    let till = Till::open().await?;
    let days = london(&till).await?;
    paid(&till, "Ada").await?;
    let today = days.of(till.desk.floor().await?.now);
    let next_week = today.checked_add_days(Days::new(7)).context("no such day")?;
    let shown = till.desk.days(Some(today), Some(next_week), None).await?;
    let rows: Vec<_> = shown.rows.iter().map(|row| (&row.day, row.held.minor)).collect();
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(shown.total.held.minor, 10_000);
    Ok(())
}
