//! One figure an idea, wherever it stands: at night before, while and after it's closed, and on a tab whose request
//! never left.

use crate::refunds::{newest, one_more, refund, table, take};
use anyhow::{Context, Result, ensure};
use holdfast_desk::view::{BannerCode, TabStep};
use holdfast_desk::{
    Decision, Group, Night, NightAction, NightChoice, NightDeedCode, NightRow, RowProgress, TakeTyped,
};
use holdfast_domain::{Kind, OperationKind, TabId};
use holdfast_tests::press::Press;
use holdfast_tests::recorder::Mishap;
use holdfast_tests::{GOOD, Till, decide, typed};
use std::time::Duration;

fn ticked(tab_id: TabId, service: Option<&str>, bill: Option<&str>) -> NightChoice {
    NightChoice {
        tab_id,
        action: Some(NightAction::Take),
        typed: TakeTyped {
            bill: bill.map(str::to_owned),
            service: service.map(str::to_owned),
            tip: None,
        },
    }
}

fn row(night: &Night, tab: TabId) -> Result<&NightRow> {
    night.rows.iter().find(|row| row.tab.id == tab).context("no row")
}

fn flags(row: &NightRow) -> Vec<&str> {
    row.flags.iter().map(|flag| flag.words.as_str()).collect()
}

async fn ended(till: &Till) -> Result<Night> {
    for _ in 0..2_000 {
        let night = till.desk.night(&[]).await?;
        if night.run.as_ref().is_some_and(|run| !run.is_running()) {
            return Ok(night);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    anyhow::bail!("it never ends")
}

/// Two cards were taken in full and one of them refunded in part: the row says both cards' sums.
#[tokio::test]
async fn a_row_says_what_came_back_on_all_of_its_cards() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "40", "70").await?;
    one_more(&till, tab, "30").await?;
    till.desk.press_take(tab, TakeTyped::default()).await?;
    assert_eq!(till.desk.tab(tab).await?.row.detail, "£70.00 taken");
    let first = till.desk.read(first.id).await?;
    refund(&till, &first, ["5", "", ""], false).await?;
    let second = newest(&till, tab).await?;
    let second = till.desk.read(second.id).await?;
    refund(&till, &second, ["3", "", ""], false).await?;
    assert_eq!(till.desk.tab(tab).await?.row.detail, "£8.00 refunded");
    Ok(())
}

/// What isn't taken of bills is one figure: on the rows, in what is confirmed, and above the table afterwards.
#[tokio::test]
async fn what_bills_are_short_by_is_one_figure_before_and_after() -> Result<()> {
    let till = Till::open().await?;
    let (cut, _) = table(&till, "50", "62").await?;
    let (less, _) = table(&till, "100", "40").await?;
    let (no_service, _) = table(&till, "42", "40").await?;
    let choices = [
        ticked(cut, Some("12.5%"), None),
        ticked(less, None, Some("16")),
        ticked(no_service, Some("12.5%"), None),
    ];
    let night = till.desk.night(&choices).await?;
    // A tick changes no bill: what can't be taken of it is said.
    let of_cut = row(&night, cut)?;
    assert_eq!(
        [&of_cut.bill, &of_cut.service, &of_cut.total].map(|money| money.text.as_str()),
        ["£62.00", "£7.75", "£50.00"]
    );
    assert_eq!(flags(of_cut), ["£12.00 short", "Service cut by £7.75"]);
    assert_eq!(flags(row(&night, less)?), ["£24.00 short"]);
    assert_eq!(flags(row(&night, no_service)?), ["Service cut by £3.00"]);
    let short = night.deeds.iter().find(|deed| deed.code == NightDeedCode::Short);
    let short = short.context("nothing is short")?;
    assert_eq!(
        (short.words.as_str(), short.sums[0].text.as_str()),
        ("2 bills short", "£36.00")
    );

    till.desk.close_night(&choices, &night.seen()).await?;
    let run = ended(&till).await?.run.context("no run")?;
    assert_eq!(run.short.as_deref(), Some("2 bills short, £36.00"));
    Ok(())
}

/// A take that was given up on went through after all: its money is in the sum, and the row counts as not done.
#[tokio::test]
async fn what_a_night_took_counts_by_what_moved() -> Result<()> {
    let till = Till::open().await?;
    let (late, _) = table(&till, "100", "40").await?;
    let (sound, _) = table(&till, "100", "30").await?;
    till.fault_after("captures", "late", 120).await?;
    let choices = [ticked(late, None, None), ticked(sound, None, None)];
    let night = till.desk.night(&choices).await?;
    till.desk.close_night(&choices, &night.seen()).await?;
    let run = ended(&till).await?.run.context("no run")?;
    let done = run
        .rows
        .iter()
        .filter(|row| row.state.code == RowProgress::Done)
        .count();
    assert_eq!((done, run.done), (1, 1), "what is done, and how many");
    let before = run.taken[0].minor;
    ensure!(before == 3_000 || before == 4_000, "{:?}", run.taken);
    for _ in 0..3 {
        till.wind("00:01:10").await?;
        till.desk.sweep().await?;
    }
    let run = till.desk.night(&[]).await?.run.context("no run")?;
    assert_eq!(run.taken[0].text, "£70.00", "{:?}", run.rows);
    Ok(())
}

/// A night that only releases says how much, above the table and at its foot.
#[tokio::test]
async fn a_night_of_releases_says_what_is_released() -> Result<()> {
    let till = Till::open().await?;
    for name in ["Table 1", "Table 2"] {
        let tab = till.opened(Kind::Tab, name, "100").await?;
        till.pay(&till.hold(tab).await?, GOOD).await?;
        till.hold(tab).await?;
    }
    let night = till.desk.night(&[]).await?;
    till.desk.close_night(&[], &night.seen()).await?;
    let run = ended(&till).await?.run.context("no run")?;
    assert_eq!(run.releasing[0].text, "£200.00", "at the foot");
    assert_eq!(run.released[0].text, "£200.00", "in the head");
    Ok(())
}

/// What a person has to decide stands first at night.
#[tokio::test]
async fn flagged_rows_come_first_at_night() -> Result<()> {
    let till = Till::open().await?;
    for (name, bill) in [("Low", "95"), ("Plain", "20")] {
        let tab = till.opened(Kind::Tab, name, "100").await?;
        till.pay(&till.hold(tab).await?, GOOD).await?;
        till.hold(tab).await?;
        till.desk.add_line(tab, None, 1, bill).await?;
    }
    let empty = till.opened(Kind::Tab, "Nothing had", "100").await?;
    till.pay(&till.hold(empty).await?, GOOD).await?;
    till.hold(empty).await?;
    let night = till.desk.night(&[]).await?;
    let names: Vec<_> = night.rows.iter().map(|row| row.tab.name.as_str()).collect();
    assert_eq!(names, ["Nothing had", "Low", "Plain"]);
    Ok(())
}

/// A backup that failed counts as much as a tab: on the badge, the group and the filter.
#[tokio::test]
async fn what_is_about_no_tab_is_in_the_one_count() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "80").await?;
    let folder = tempfile::tempdir()?;
    till.desk.set_backup_folder(Some(folder.path())).await?;
    std::fs::remove_dir_all(folder.path())?;
    std::fs::write(folder.path(), b"a file in its place")?;
    till.desk.back_up().await?;
    let floor = till.desk.floor().await?;
    ensure!(floor.rows[0].id == tab && floor.rows[0].group == Group::Attention);
    assert_eq!(floor.attention, 2);
    assert_eq!(floor.groups[0].count, 2);
    let filter = floor
        .filters
        .iter()
        .find(|filter| filter.words == "Needs attention");
    assert_eq!(filter.context("no filter")?.count, 2);
    assert_eq!(till.desk.attention().await?.items.len(), 2);
    let others: Vec<&str> = floor
        .others
        .iter()
        .map(|other| other.state.words.as_str())
        .collect();
    assert_eq!(others, ["No second copy"]);
    let rows = floor.rows.iter().filter(|row| row.group == Group::Attention);
    assert_eq!(floor.attention, rows.count() + others.len());
    let all = floor.filters.iter().find(|filter| filter.words == "All");
    assert_eq!(all.context("no filter")?.count, floor.rows.len() + others.len());
    Ok(())
}

/// A request that never left is sent again, and one that Dojo refused is made once more: neither tab wants closing.
#[tokio::test]
async fn a_request_that_never_reached_the_guest_is_next() -> Result<()> {
    let till = Till::open().await?;
    till.wire.befall(Mishap::Unplugged);
    let unsent = till.desk.open_tab(typed(Kind::Tab, "Table 3", "60")).await?;
    let next = till.desk.tab(unsent).await?.next.context("nothing is next")?;
    assert_eq!(
        (next.step, next.words.as_str()),
        (TabStep::SendAgain, "Send £60.00 again")
    );
    // One button sends it, not two.
    let operation = till.desk.tab(unsent).await?.holds[0].operation.clone();
    assert!(!operation.context("nothing is said")?.may_be_sent_again);
    till.fault("payment-intents", "400").await?;
    let refused = till.desk.open_tab(typed(Kind::Tab, "Table 4", "60")).await?;
    let next = till.desk.tab(refused).await?.next.context("nothing is next")?;
    assert_eq!(
        (next.step, next.words.as_str()),
        (TabStep::HoldMore, "Hold £60.00…")
    );
    Ok(())
}

/// A renewal's link waits to be paid and nothing is to be taken: its code is next.
#[tokio::test]
async fn the_code_of_a_renewal_is_next_while_nothing_is_due() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Deposit, "Room 7", "200").await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    let hold = till.hold(tab).await?;
    till.desk.renew(&till.desk.renewing(hold.id).await?).await?;
    let view = till.desk.tab(tab).await?;
    let next = view.next.context("nothing is next")?;
    assert_eq!(
        (next.step, next.words.as_str()),
        (TabStep::ShowQr, "Show QR to guest")
    );
    till.desk.add_line(tab, None, 1, "50").await?;
    let view = till.desk.tab(tab).await?;
    assert_eq!(view.next.context("nothing is next")?.words, "Take £50.00…");
    ensure!(view.lesser.contains(&TabStep::ShowQr), "{:?}", view.lesser);
    Ok(())
}

/// While a take is pending nothing says that all is done.
#[tokio::test]
async fn nothing_is_called_done_above_a_pending_take() -> Result<()> {
    let till = Till::open().await?;
    let mut work = tokio::task::JoinSet::new();
    for _ in 0..3 {
        let (tab, _) = table(&till, "50", "40").await?;
        till.fault("captures", "stall").await?;
        let sheet = till.desk.sheet(tab, TakeTyped::default()).await?;
        let desk = till.desk.clone();
        work.spawn(async move { desk.take(&sheet).await });
    }
    while till.requests("POST", "/captures").await? < 3 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    work.shutdown().await;
    let till = till.restart().await?;
    till.desk.floor().await?;
    till.desk.sweep().await?;
    let told = async || {
        let banners = till.desk.floor().await?.banners;
        anyhow::Ok(
            banners
                .iter()
                .any(|banner| banner.code == BannerCode::Interrupted),
        )
    };
    assert!(told().await?, "all three are done");
    let (tab, _) = table(&till, "50", "40").await?;
    till.switch(|s| s.capture_settles_after = 600)?;
    till.desk.press_take(tab, TakeTyped::default()).await?;
    assert!(!told().await?, "and a fourth is pending");
    Ok(())
}

/// What is on hold on two cards isn't said to be on one of them.
#[tokio::test]
async fn the_panel_says_on_how_many_cards_the_hold_is() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "100", "130").await?;
    let stands = async || anyhow::Ok(till.desk.tab(tab).await?.stands);
    assert_eq!(stands().await?, "£100.00 on hold on MC 1005 · nothing taken yet");
    till.desk.press_more(tab, "30").await?;
    let another = "5200000000001096";
    till.pay(&till.hold(tab).await?, another).await?;
    till.hold(tab).await?;
    assert_eq!(stands().await?, "£130.00 on hold on 2 cards · nothing taken yet");
    take(&till, tab, "100", "0", "0").await?;
    assert_eq!(
        stands().await?,
        "£30.00 on hold on MC 1096 · £100.00 taken already"
    );
    Ok(())
}

/// After the night a guest whose tab stayed open has another drink. The night took all of the bill that it was to take,
/// and goes on saying so.
#[tokio::test]
async fn a_drink_after_the_night_makes_no_bill_short_that_it_took() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "40").await?;
    one_more(&till, tab, "30").await?;
    let (cut, _) = table(&till, "50", "62").await?;
    let choices = [ticked(tab, None, None), ticked(cut, None, None)];
    let night = till.desk.night(&choices).await?;
    till.desk.close_night(&choices, &night.seen()).await?;
    let run = ended(&till).await?.run.context("no run")?;
    ensure!(
        run.short.as_deref() == Some("1 bill short, £12.00"),
        "{:?}",
        run.short
    );
    till.desk.add_line(tab, None, 1, "8").await?;
    let run = till.desk.night(&[]).await?.run.context("no run")?;
    assert_eq!(run.short.as_deref(), Some("1 bill short, £12.00"));
    Ok(())
}

/// Staff ask for another amount, and for a tip with it, before the guest has paid. Each reads the same of what is asked
/// for: the floor, the guest's own page, the letter with the link, and afterwards the slip.
#[tokio::test]
async fn a_request_that_was_changed_is_one_figure_on_the_floor_on_the_guests_page_and_in_the_letter()
-> Result<()> {
    for kind in [Kind::Tab, Kind::Payment] {
        let till = Till::open().await?;
        let tab = till.opened(kind, "Taxi", "50").await?;
        let hold = till.hold(tab).await?;
        till.desk
            .press(decide(&hold, OperationKind::SetAmount, 8_000))
            .await?;
        let tip = Decision {
            tip: 500,
            ..decide(&hold, OperationKind::SetTips, 0)
        };
        till.desk.press(tip).await?;
        let shown = till.desk.tab(tab).await?;
        let asked = shown.row.asked.context("nothing is asked for")?.text;
        assert_eq!(asked, "£85.00");
        assert_eq!(
            till.desk.guest_page(hold.id).await?.amount.text,
            asked,
            "{kind:?}"
        );
        let letter = till.desk.link_mail(hold.id).await?;
        assert!(letter.contains("%C2%A385.00"), "{kind:?}: {letter}");
        assert!(
            shown.holds[0].stands.contains(&asked),
            "{:?}",
            shown.holds[0].stands
        );
        till.pay(&hold, GOOD).await?;
        till.hold(tab).await?;
        let row = till.desk.tab(tab).await?.row;
        assert_eq!(row.left.minor + row.captured.minor, 8_500);
        assert_eq!(
            till.desk.guest_page(hold.id).await?.amount.text,
            asked,
            "{kind:?}"
        );
    }
    Ok(())
}

/// A deposit was changed to £80 before its link ended. What is offered to be asked for again is that.
#[tokio::test]
async fn a_deposit_that_was_changed_is_asked_for_again_as_it_was_changed() -> Result<()> {
    let till = Till::open().await?;
    let today = till.desk.floor().await?.today;
    let mut wanted = typed(Kind::Deposit, "Room 5", "50");
    wanted.arrives_on = Some(today);
    let tab = till.desk.open_tab(wanted).await?;
    let hold = till.hold(tab).await?;
    till.desk
        .press(decide(&hold, OperationKind::SetAmount, 8_000))
        .await?;
    till.desk.press(decide(&hold, OperationKind::Cancel, 0)).await?;
    let deposits = till.desk.floor().await?.deposits;
    let mut entries = deposits.lists.iter().flat_map(|list| &list.entries);
    let entry = entries.next().context("nobody arrives")?;
    assert_eq!(entry.amount.text, "£80.00", "{entry:?}");
    Ok(())
}
