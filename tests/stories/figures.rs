//! Every screen's figures add up, and agree with each other. What is added are the texts that people read, by hand:
//! the paper beside the till knows what was typed on each bill and taken by whom, the simulator what is on each card.

use anyhow::{Context, Result, ensure};
use chrono::Days;
use holdfast_desk::view::{Floor, Money, TabRow, TabStep};
use holdfast_desk::{
    Group, Night, NightAction, NightChoice, NightDeedCode, NightRow, PaperKind, ReportSums, ReportView,
    TakeTyped,
};
use holdfast_domain::{Kind, OperationKind, TabId};
use holdfast_ledger::Queries;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, Till, decide, typed};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// A guest, as somebody beside the till would note it. Amounts in pence.
struct Guest {
    name: &'static str,
    kind: Kind,
    /// Holds that were asked for, as they are typed.
    asked: &'static [&'static str],
    /// How many of them the guest paid.
    paid: usize,
    /// What was put on the bill, as it is typed.
    bill: &'static [&'static str],
    /// What was taken: of the bill, service charge, tip.
    taken: Option<[&'static str; 3]>,
}

const fn guest(
    name: &'static str,
    asked: &'static [&'static str],
    paid: usize,
    bill: &'static [&'static str],
) -> Guest {
    Guest {
        name,
        kind: Kind::Tab,
        asked,
        paid,
        bill,
        taken: None,
    }
}

const GUESTS: [Guest; 11] = [
    guest("Under", &["100"], 1, &["12.40", "63.60"]),
    guest("Over", &["100"], 1, &["92.40", "37.60"]),
    guest("To the penny", &["50"], 1, &["49.99", "0.01"]),
    guest("Nothing yet", &["60"], 1, &[]),
    guest("Waiting", &["80"], 0, &["8.05"]),
    guest("Two cards", &["100", "45.50"], 2, &["120.10"]),
    Guest {
        taken: Some(["40", "0", "0"]),
        ..guest("Part", &["100"], 1, &["71.20"])
    },
    Guest {
        taken: Some(["132.40", "16.55", "6"]),
        ..guest("Paid", &["160"], 1, &["132.40"])
    },
    Guest {
        taken: Some(["145.50", "0", "0"]),
        ..guest("Both taken", &["100", "45.50"], 2, &["145.50"])
    },
    Guest {
        taken: Some(["100", "0", "0"]),
        ..guest("One taken", &["100", "45.50"], 2, &["120"])
    },
    Guest {
        kind: Kind::Deposit,
        ..guest("Room 7", &["1250"], 1, &["46"])
    },
];

/// Pence of `£1,234.50` or `1234.5`; a minus in front counts.
fn pence(text: &str) -> Result<i64> {
    let digits = text.replace(['£', ','], "");
    let (sign, digits) = match digits.strip_prefix(['-', '−']) {
        Some(digits) => (-1, digits.to_owned()),
        None => (1, digits),
    };
    let (pounds, rest) = digits.split_once('.').unwrap_or((&digits, ""));
    let minor = pounds.parse::<i64>().with_context(|| text.to_owned())? * 100
        + format!("{rest:0<2}")
            .parse::<i64>()
            .with_context(|| text.to_owned())?;
    Ok(sign * minor)
}

/// As people read pence.
fn pounds(minor: i64) -> String {
    let digits = format!("{}.{:02}", minor / 100, minor % 100);
    match digits.len() {
        7.. => format!("£{},{}", &digits[..digits.len() - 6], &digits[digits.len() - 6..]),
        _ => format!("£{digits}"),
    }
}

/// What stands under a row's state, by what is on its cards and taken from them: how it begins, and whether more
/// follows.
fn detail(held: i64, taken: i64, to_take: i64) -> (String, bool) {
    match held - to_take {
        _ if taken > 0 && to_take == 0 && held == 0 => (format!("{} taken", pounds(taken)), false),
        _ if taken > 0 && to_take == 0 => (format!("{} drops off ", pounds(held)), true),
        room if held > 0 && room >= 0 => (format!("{} to spend", pounds(room)), false),
        _ => (String::new(), false),
    }
}

fn added<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<i64> {
    texts.into_iter().map(pence).sum()
}

fn column<'a>(money: impl IntoIterator<Item = &'a Money>) -> Result<i64> {
    added(money.into_iter().map(|money| money.text.as_str()))
}

/// The guest pays the newest hold, and the till reads it.
async fn pays(till: &Till, tab: TabId) -> Result<()> {
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.hold(tab).await?;
    Ok(())
}

async fn seat(till: &Till, guest: &Guest) -> Result<TabId> {
    let tab = till
        .desk
        .open_tab(typed(guest.kind, guest.name, guest.asked[0]))
        .await?;
    for (number, amount) in guest.asked.iter().enumerate() {
        if number > 0 {
            till.desk.press_more(tab, amount).await?;
        }
        if number < guest.paid {
            pays(till, tab).await?;
        }
    }
    for line in guest.bill {
        till.desk.add_line(tab, None, 1, line).await?;
    }
    if let Some([bill, service, tip]) = guest.taken {
        let typed = TakeTyped {
            bill: Some(bill.to_owned()),
            service: Some(service.to_owned()),
            tip: Some(tip.to_owned()),
        };
        till.desk.press_take(tab, typed).await?;
    }
    Ok(tab)
}

/// What is on each guest's cards by Dojo's own books: still held, and taken.
async fn cards(till: &Till) -> Result<BTreeMap<TabId, (i64, i64)>> {
    let truth = till.truth().await?;
    let mut cards = BTreeMap::new();
    for hold in till
        .ledger
        .open_accounts(100)
        .await?
        .iter()
        .flat_map(|whole| &whole.holds)
    {
        let intents = truth["intents"].as_array().context("no intents")?;
        let id = hold.0.intent_id.as_deref();
        let intent = intents.iter().find(|intent| intent["id"].as_str() == id);
        let of = |name: &str| {
            intent
                .and_then(|intent| intent[name].as_i64())
                .context(name.to_owned())
        };
        let card: &mut (i64, i64) = cards.entry(hold.0.tab).or_default();
        let is_held = intent.is_some_and(|intent| intent["authorisedAt"].is_string());
        card.0 += if is_held { of("remaining")? } else { 0 };
        card.1 += of("captured")?;
    }
    Ok(cards)
}

fn row<'a>(floor: &'a Floor, name: &str) -> Result<&'a TabRow> {
    floor
        .rows
        .iter()
        .find(|row| row.name == name)
        .with_context(|| name.to_owned())
}

/// The floor's columns against the paper, Dojo's books, the headers and the groups.
async fn check_floor(till: &Till, tabs: &BTreeMap<&str, TabId>) -> Result<()> {
    let floor = till.desk.floor().await?;
    let cards = cards(till).await?;
    for guest in &GUESTS {
        let row = row(&floor, guest.name)?;
        let (held, taken) = cards[&tabs[guest.name]];
        let bill = added(guest.bill.iter().copied())?;
        let of_bill = guest.taken.map_or(Ok(0), |[bill, _, _]| pence(bill))?;
        let to_take = bill - of_bill;
        let shown = [&row.bill, &row.due, &row.left, &row.captured].map(|money| pence(&money.text));
        let shown: Vec<i64> = shown.into_iter().collect::<Result<_>>()?;
        assert_eq!(shown, [bill, to_take, held, taken], "{}", guest.name);
        let room = held - to_take;
        let spend = row
            .to_spend
            .as_ref()
            .map(|money| pence(&money.text))
            .transpose()?;
        assert_eq!(spend, (held > 0 && room >= 0).then_some(room), "{}", guest.name);
        let (begins, goes_on) = detail(held, taken, to_take);
        assert!(
            row.detail.starts_with(&begins) && (goes_on || row.detail == begins),
            "{}: {:?}, not {begins:?}",
            guest.name,
            row.detail
        );
        if taken > 0 && to_take == 0 {
            assert_eq!(
                row.state.words,
                format!("Paid {}", pounds(taken)),
                "{}",
                guest.name
            );
        }
        let over = row.short.as_ref().map(|money| pence(&money.text)).transpose()?;
        assert_eq!(over, (held > 0 && room < 0).then_some(-room), "{}", guest.name);
    }
    assert_eq!(
        column(&floor.due)?,
        column(floor.rows.iter().map(|row| &row.due))?
    );
    assert_eq!(
        column(&floor.held)?,
        column(floor.rows.iter().map(|row| &row.left))?
    );
    assert_eq!(
        column(&floor.held)?,
        cards.values().map(|(held, _)| held).sum::<i64>()
    );
    assert_eq!(
        column(&floor.due)?,
        column(floor.groups.iter().flat_map(|group| &group.due))?
    );
    assert_eq!(
        column(&floor.held)?,
        column(floor.groups.iter().flat_map(|group| &group.held))?
    );
    assert_eq!(
        floor.open_count,
        floor.groups.iter().map(|group| group.count).sum::<usize>()
    );
    for group in &floor.groups {
        let rows: Vec<_> = floor.rows.iter().filter(|row| row.group == group.group).collect();
        assert_eq!(rows.len(), group.count, "{}", group.words);
        assert_eq!(
            column(rows.iter().map(|row| &row.due))?,
            column(&group.due)?,
            "{}",
            group.words
        );
        assert_eq!(
            column(rows.iter().map(|row| &row.left))?,
            column(&group.held)?,
            "{}",
            group.words
        );
    }
    // The rows of a group stand together, and the groups in their order.
    let order: Vec<Group> = floor.rows.iter().map(|row| row.group).collect();
    assert!(order.is_sorted(), "{order:?}");
    check_counters(till, &floor).await
}

/// One counter for what needs attention: the badge, the group, the filter, the tray, and the list itself.
async fn check_counters(till: &Till, floor: &Floor) -> Result<()> {
    let listed = till.desk.attention().await?.items;
    let tabs: BTreeSet<_> = listed.iter().filter_map(|item| item.tab_id).collect();
    let house = listed.iter().filter(|item| item.tab_id.is_none()).count();
    assert_eq!(floor.attention, tabs.len() + house);
    assert_eq!(till.desk.venue_summary().await?.waiting, floor.attention);
    let group = floor.groups.iter().find(|group| group.group == Group::Attention);
    let count = group.map_or(0, |group| group.count);
    assert_eq!(count, floor.attention);
    let filter = floor
        .filters
        .iter()
        .find(|filter| filter.words == "Needs attention");
    assert_eq!(filter.context("no filter")?.count, count);
    Ok(())
}

/// A tab's panel and its take sheet against its row.
async fn check_tabs(till: &Till) -> Result<()> {
    for row in till.desk.floor().await?.rows {
        let view = till.desk.tab(row.id).await?;
        assert_eq!(view.row.due, row.due);
        let stands = view.lines.iter().filter(|line| !line.is_struck);
        assert_eq!(
            column(stands.map(|line| &line.total))?,
            pence(&row.bill.text)?,
            "{}",
            row.name
        );
        assert_eq!(
            column(view.lines.iter().map(|line| &line.total))?,
            pence(&row.bill.text)?
        );
        assert_eq!(
            column(view.holds.iter().map(|hold| &hold.left))?,
            pence(&row.left.text)?
        );
        assert_eq!(
            column(view.holds.iter().map(|hold| &hold.captured))?,
            pence(&row.captured.text)?
        );

        let sheet = till.desk.preview_take(row.id, &TakeTyped::default()).await?;
        assert_eq!(sheet.due.text, row.due.text, "{}", row.name);
        assert_eq!(
            column([&sheet.bill, &sheet.service, &sheet.tip])?,
            pence(&sheet.total.text)?
        );
        if sheet.allowed {
            let parts = sheet.split.iter().flat_map(|part| [&part.amount, &part.tip]);
            assert_eq!(column(parts)?, pence(&sheet.total.text)?, "{}", row.name);
            assert_eq!(
                column([&sheet.total, &sheet.released])?,
                pence(&row.left.text)?,
                "{}",
                row.name
            );
        }
        if let Some(way) = &sheet.way_on {
            assert_eq!(
                column([&way.take, &way.ask])?,
                pence(&row.due.text)?,
                "{}",
                row.name
            );
        }
    }
    Ok(())
}

/// The night's sums against its rows. What stands in the sentence is what stands at the foot.
fn check_night(night: &Night) -> Result<()> {
    let takes = || night.rows.iter().filter(|row| row.action == NightAction::Take);
    assert!(takes().count() > 2, "nothing is to be taken");
    for row in takes() {
        assert_eq!(
            column([&row.bill, &row.service, &row.tip])?,
            column([&row.total, &row.beyond])?
        );
        assert_eq!(
            column([&row.total, &row.back])?,
            pence(&row.tab.left.text)?,
            "{}",
            row.tab.name
        );
    }
    assert_eq!(column(&night.taking)?, column(takes().map(|row| &row.total))?);
    assert_eq!(column(&night.bills)?, column(takes().map(|row| &row.bill))?);
    assert_eq!(column(&night.beyond)?, column(takes().map(|row| &row.beyond))?);
    assert_eq!(
        column([&night.bills, &night.service, &night.tips].into_iter().flatten())?,
        column([&night.taking, &night.beyond].into_iter().flatten())?,
        "the foot adds up"
    );
    assert_eq!(column(&night.service)?, column(takes().map(|row| &row.service))?);
    assert_eq!(column(&night.tips)?, column(takes().map(|row| &row.tip))?);
    // One name, one sum: at the foot, in the confirm, and in the rows that it is made of.
    let drops = night.deeds.iter().filter(|deed| deed.code == NightDeedCode::Back);
    assert_eq!(column(&night.back)?, column(drops.flat_map(|deed| &deed.sums))?);
    let by_itself = |row: &&NightRow| matches!(row.action, NightAction::Take | NightAction::CloseTab);
    assert_eq!(
        column(&night.back)?,
        column(night.rows.iter().filter(by_itself).map(|row| &row.back))?
    );
    // What is on hold on all tabs is taken, released, drops off by itself, is left or is Dojo's to take.
    let of = |code| {
        let deeds = night.deeds.iter().filter(move |deed| deed.code == code);
        column(deeds.flat_map(|deed| &deed.sums))
    };
    let mut named = 0;
    for code in [
        NightDeedCode::Take,
        NightDeedCode::Release,
        NightDeedCode::Back,
        NightDeedCode::Dojo,
        NightDeedCode::Leave,
    ] {
        named += of(code)?;
    }
    assert_eq!(named, column(night.rows.iter().map(|row| &row.tab.left))?);
    let said = format!("Take {} from {} tabs", night.taking[0].text, takes().count());
    assert!(night.sentence.starts_with(&said), "{}", night.sentence);
    Ok(())
}

/// The report's lines by their labels: taken less refunded is what is left, and people and days come to the same.
fn check_report(report: &ReportView, taken: i64, held: i64) -> Result<()> {
    let part = |title: &str| {
        let part = report.parts.iter().find(|part| part.title == title);
        part.with_context(|| title.to_owned())
    };
    let line = |part: &str, label: &str| {
        let lines = &self::find(&report.parts, part)?.lines;
        let line = lines.iter().find(|line| line.label.starts_with(label));
        pence(&line.with_context(|| label.to_owned())?.text)
    };
    let (all, given) = (line("Takings", "Taken")?, line("Takings", "Refunded")?);
    assert_eq!(all, taken);
    assert_eq!(line("Takings", "Net takings")?, all + given);
    for name in ["Service charge", "Tips"] {
        let of = |what: &str| line("Service charge and tips", &format!("{name} {what}"));
        assert_eq!(of("to pay out")?, of("taken")? + of("refunded")?, "{name}");
    }
    part("Holds, not takings")?;
    let of_service = |what: &str| line("Service charge and tips", &format!("Service charge {what}"));
    let of_tips = |what: &str| line("Service charge and tips", &format!("Tips {what}"));
    for sums in [&report.staff, &report.days] {
        let column = |of: fn(&ReportSums) -> &str| added(sums.iter().map(of));
        assert_eq!(column(|sums| &sums.taken)?, all);
        assert_eq!(column(|sums| &sums.refunded)?, -given);
        assert_eq!(column(|sums| &sums.takings)?, all + given);
        assert_eq!(
            column(|sums| &sums.service)?,
            line("Takings", "of which service")?
        );
        assert_eq!(column(|sums| &sums.refunded_service)?, -of_service("refunded")?);
        assert_eq!(column(|sums| &sums.kept_service)?, of_service("to pay out")?);
        assert_eq!(column(|sums| &sums.tips)?, line("Takings", "of which tips")?);
        assert_eq!(column(|sums| &sums.refunded_tips)?, -of_tips("refunded")?);
        assert_eq!(column(|sums| &sums.kept_tips)?, of_tips("to pay out")?);
    }
    let typed = |part: usize| added(GUESTS.iter().filter_map(|guest| Some(guest.taken?[part])));
    assert_eq!(line("Takings", "of which service")?, typed(1)?);
    assert_eq!(line("Takings", "of which tips")?, typed(2)?);
    assert_eq!(
        added(report.still_held.iter().map(|line| line.text.as_str()))?,
        held
    );
    assert_eq!(
        added(report.leftovers.iter().map(|left| left.left.as_str()))?,
        held
    );
    Ok(())
}

fn find<'a>(parts: &'a [holdfast_desk::ReportPart], title: &str) -> Result<&'a holdfast_desk::ReportPart> {
    parts
        .iter()
        .find(|part| part.title == title)
        .with_context(|| title.to_owned())
}

#[tokio::test]
async fn every_screen_adds_up() -> Result<()> {
    let till = Till::open().await?;
    let mut tabs = BTreeMap::new();
    for guest in &GUESTS {
        tabs.insert(guest.name, seat(&till, guest).await?);
    }
    check_floor(&till, &tabs).await?;
    check_tabs(&till).await?;

    let floor = till.desk.floor().await?;
    assert_eq!(floor.rows[0].name, "Over", "what is over its hold comes first");
    for (name, group) in [
        ("Over", Group::Attention),
        ("Waiting", Group::Waiting),
        ("Nothing yet", Group::Held),
        ("Paid", Group::Paid),
    ] {
        assert_eq!(row(&floor, name)?.group, group, "{name}");
    }
    // All is paid: a full bar, and nothing to warn of.
    let bar = row(&floor, "Paid")?.gauge.clone().context("no bar")?;
    assert_eq!((bar.percent, bar.tone), (100, holdfast_desk::view::Tone::Good));
    assert!(row(&floor, "Paid")?.detail.starts_with("£5.05 drops off "));
    assert_eq!(
        row(&floor, "Under")?.detail,
        "£24.00 to spend",
        "its deadline is far"
    );

    let night = till.desk.night(&[]).await?;
    check_night(&night)?;
    // With service and a tip on one of them the bills are no longer all that is taken.
    let served = NightChoice {
        tab_id: tabs["Under"],
        action: Some(NightAction::Take),
        typed: TakeTyped {
            bill: None,
            service: Some("5".to_owned()),
            tip: Some("2.50".to_owned()),
        },
    };
    let served = till.desk.night(&[served]).await?;
    check_night(&served)?;
    assert_eq!(column(&served.service)?, 500);
    assert_eq!(column(&served.tips)?, 250);
    assert_eq!(column(&served.bills)?, column(&night.bills)?);

    // The paper of the one that is paid: its lines come to the bill, and what was taken to all three parts.
    let hold = till.desk.tab(tabs["Paid"]).await?.holds[0].id;
    let paper = till.desk.paper(PaperKind::Receipt, hold).await?;
    let fact = |label: &str| {
        let line = paper.facts.iter().find(|line| line.label.starts_with(label));
        pence(&line.with_context(|| format!("{label}: {:?}", paper.facts))?.text)
    };
    let of_bill: Vec<&str> = paper
        .bill
        .iter()
        .filter(|line| !line.strong)
        .map(|line| line.text.as_str())
        .collect();
    assert_eq!(added(of_bill)?, 13_240);
    assert_eq!(fact("Taken from the card")?, 13_240 + 1_655 + 600);

    // Once it's closed, it's paid all the same.
    till.desk.press_close(tabs["Both taken"]).await?;
    let closed = till
        .desk
        .closed(&holdfast_desk::ClosedAsked::default(), None)
        .await?;
    assert_eq!(closed.rows[0].state.words, "Paid £145.50");
    assert_eq!(closed.rows[0].detail, "£145.50 taken");
    till.desk.reopen_tab(tabs["Both taken"]).await?;

    let report = till.desk.make_report().await?;
    let cards = cards(&till).await?;
    let (held, taken) = cards
        .values()
        .fold((0, 0), |sum, card| (sum.0 + card.0, sum.1 + card.1));
    check_report(&report, taken, held)?;
    let days = till.desk.days(None, None, None).await?;
    assert_eq!(pence(&days.total.taken.text)?, taken);
    assert_eq!(column(days.rows.iter().map(|day| &day.taken))?, taken);
    assert_eq!(pence(&days.total.service.text)?, 1_655);
    assert_eq!(pence(&days.total.tips.text)?, 600);
    assert_eq!(pence(&days.total.kept_service.text)?, 1_655);
    assert_eq!(pence(&days.total.kept_tips.text)?, 600);
    assert_eq!(pence(&days.rows[0].held.text)?, held);
    Ok(())
}

#[tokio::test]
async fn what_was_removed_a_refund_and_a_release_leave_no_figure_out() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 12", "100").await?;
    pays(&till, tab).await?;
    till.desk
        .add_line(tab, Some("Crisps".to_owned()), 1, "1.50")
        .await?;
    till.desk.add_line(tab, None, 1, "40").await?;
    let crisps = till
        .desk
        .tab(tab)
        .await?
        .lines
        .into_iter()
        .find(|line| line.what.is_some());
    let crisps = crisps.context("no crisps")?.id;
    till.desk.take_off(tab, crisps).await?;
    let view = till.desk.tab(tab).await?;
    let remover = view.lines.iter().find(|line| line.strikes == Some(crisps));
    assert!(
        remover.is_some_and(|line| line.is_struck),
        "it says which line it removes"
    );
    check_tabs(&till).await?;
    till.desk.press_take(tab, TakeTyped::default()).await?;
    check_tabs(&till).await?;
    assert_eq!(till.desk.tab(tab).await?.row.due.text, "£0.00");

    let other = till.opened(Kind::Deposit, "Room 7", "250").await?;
    pays(&till, other).await?;
    let hold = till.hold(other).await?;
    till.desk.press(decide(&hold, OperationKind::Reversal, 0)).await?;
    check_tabs(&till).await?;
    let floor = till.desk.floor().await?;
    assert_eq!(row(&floor, "Room 7")?.left.text, "£0.00");
    assert_eq!(column(&floor.held)?, 6_000);
    check_counters(&till, &floor).await
}

/// The step that the panel's first button is, and its words.
async fn next(till: &Till, tab: TabId) -> Result<Option<(TabStep, String)>> {
    let next = till.desk.tab(tab).await?.next;
    Ok(next.map(|next| (next.step, next.words)))
}

#[tokio::test]
async fn the_first_button_is_what_to_do_now() -> Result<()> {
    let till = Till::open().await?;
    let said = |step, words: &str| Some((step, words.to_owned()));
    let tab = till.opened(Kind::Tab, "Table 12", "100").await?;
    assert_eq!(next(&till, tab).await?, said(TabStep::ShowQr, "Show QR to guest"));
    pays(&till, tab).await?;
    assert_eq!(next(&till, tab).await?, said(TabStep::Take, "Take…"));
    till.desk.add_line(tab, None, 1, "76").await?;
    assert_eq!(next(&till, tab).await?, said(TabStep::Take, "Take £76.00…"));
    till.desk.add_line(tab, None, 1, "54").await?;
    assert_eq!(
        next(&till, tab).await?,
        said(TabStep::HoldMore, "Hold £30.00 more…")
    );
    // The guest has the link for it: the code is next, and nothing more is asked for.
    till.desk.press_more(tab, "30").await?;
    assert_eq!(next(&till, tab).await?, said(TabStep::ShowQr, "Show QR to guest"));
    pays(&till, tab).await?;
    till.desk.press_take(tab, TakeTyped::default()).await?;
    assert_eq!(next(&till, tab).await?, said(TabStep::CloseTab, "Close tab"));
    till.desk.press_close(tab).await?;
    assert_eq!(next(&till, tab).await?, None, "a closed tab has none");

    // A stay of ten nights outlives its hold: it's renewed, unless there is something to take.
    let mut stay = typed(Kind::Deposit, "Room 7", "200");
    let today = till.desk.floor().await?.today;
    stay.departs_on = today.checked_add_days(Days::new(10));
    let tab = till.desk.open_tab(stay).await?;
    pays(&till, tab).await?;
    assert_eq!(next(&till, tab).await?, said(TabStep::Renew, "Renew £200.00…"));
    till.desk.add_line(tab, None, 1, "50").await?;
    assert_eq!(next(&till, tab).await?, said(TabStep::Take, "Take £50.00…"));

    // What is left of a bill after its hold is gone is requested.
    let hold = till.hold(tab).await?;
    till.desk.press(decide(&hold, OperationKind::Reversal, 0)).await?;
    assert_eq!(next(&till, tab).await?, said(TabStep::HoldMore, "Hold £50.00…"));
    ensure!(
        till.desk.tab(tab).await?.row.to_spend.is_none(),
        "nothing is on hold"
    );
    Ok(())
}

/// Once the night is closed, what it took is bill, service and tip, and its foot adds up as the table's did.
#[tokio::test]
async fn what_a_closed_night_says_adds_up() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 12", "100").await?;
    pays(&till, tab).await?;
    till.desk.add_line(tab, None, 1, "76").await?;
    let choices = [NightChoice {
        tab_id: tab,
        action: Some(NightAction::Take),
        typed: TakeTyped {
            bill: None,
            service: Some("5".to_owned()),
            tip: Some("2.50".to_owned()),
        },
    }];
    let night = till.desk.night(&choices).await?;
    till.desk.close_night(&choices, &night.seen()).await?;
    let run = loop {
        let run = till.desk.night(&[]).await?.run.context("no run")?;
        if !run.is_running() {
            break run;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!(
        (run.done, run.total, run.words.as_str()),
        (1, 1, "The night is closed: 1 of 1 done")
    );
    assert_eq!(column(&run.taken)?, 8_350);
    assert_eq!(column(&run.taking)?, column(&run.taken)?);
    let figures: Vec<_> = run.rows.iter().filter_map(|row| row.taking.as_ref()).collect();
    assert_eq!(column(&run.bills)?, column(figures.iter().map(|its| &its.bill))?);
    assert_eq!(
        column(&run.service)?,
        column(figures.iter().map(|its| &its.service))?
    );
    assert_eq!(column(&run.tips)?, column(figures.iter().map(|its| &its.tip))?);
    assert_eq!(
        column([&run.bills, &run.service, &run.tips].into_iter().flatten())?,
        column([&run.taking, &run.beyond].into_iter().flatten())?
    );
    Ok(())
}
