//! Training's busy night: invented guests in every state that a till can meet, made by the desk's own calls and by what
//! the simulator does to them.

use crate::simulator::Simulator;
use crate::training::{DECLINED, GOOD};
use anyhow::Context;
use chrono::{Days, NaiveDate};
use holdfast_desk::{Act, Agreed, AskForMore, Desk, OpenTab, RefundTyped, Take, TakeTyped, view};
use holdfast_domain::{Currency, Kind, OperationId, OperationKind, TabId};
use holdfast_simulator::engine::Fault;
use uuid::Uuid;

/// What happens to a guest after the tab is opened.
#[derive(Clone, Copy)]
enum Step {
    /// The guest pays the newest request with this test card.
    Card(&'static str),
    /// What goes on the bill, and for how much.
    Bill(&'static str, &'static str),
    /// A further hold is asked for.
    More(&'static str),
    /// Bill, service charge and tip are taken.
    Take([&'static str; 3]),
    Release,
    Cancel,
    /// This much of the bill is refunded and comes off it.
    Refund(&'static str),
    /// What Dojo does to the next request of this kind, and for how many seconds.
    Dojo(&'static str, &'static str, i64),
    /// The clock is wound on past the end of a hold that was made short.
    Lapse,
    /// Somebody has seen that Dojo made something else of the request.
    PutAside,
}

use Step::{Bill, Cancel, Card, Dojo, Lapse, More, PutAside, Refund, Release, Take as Taken};

struct Guest {
    kind: Kind,
    name: &'static str,
    place: &'static str,
    amount: &'static str,
    currency: Currency,
    /// Arrival and departure, in days from three days ago.
    stay: Option<[u64; 2]>,
    /// What Dojo does to the request that opens the tab, and for how many seconds it holds then.
    fault: Option<(&'static str, i64)>,
    steps: &'static [Step],
}

const fn tab(name: &'static str, amount: &'static str, steps: &'static [Step]) -> Guest {
    Guest {
        kind: Kind::Tab,
        name,
        place: "Bar",
        amount,
        currency: Currency::Gbp,
        stay: None,
        fault: None,
        steps,
    }
}

const fn deposit(name: &'static str, stay: [u64; 2], amount: &'static str, steps: &'static [Step]) -> Guest {
    Guest {
        kind: Kind::Deposit,
        place: "Third floor",
        stay: Some(stay),
        ..tab(name, amount, steps)
    }
}

const fn payment(name: &'static str, amount: &'static str, steps: &'static [Step]) -> Guest {
    Guest {
        kind: Kind::Payment,
        place: "Terrace",
        ..tab(name, amount, steps)
    }
}

const HOURS_20: i64 = 20 * HOUR;

const HOUR: i64 = 60 * 60;
/// A little more than the least that a hold may last.
const SHORT: i64 = 60;
/// Past the end of such a hold.
const PAST: &str = "00:02:00";

/// Those whose end is over come first: for them the clock is wound on.
const GUESTS: [Guest; 28] = [
    Guest {
        fault: Some(("echo-interval", SHORT)),
        ..tab(
            "Table 28, Edna Expired",
            "80",
            &[Card(GOOD), Bill("Long gone", "35.00"), PutAside, Lapse],
        )
    },
    Guest {
        fault: Some(("echo-interval-late", SHORT)),
        ..tab(
            "Table 29, Oscar Overdue",
            "90",
            &[Card(GOOD), Bill("Late supper", "40.00"), PutAside, Lapse],
        )
    },
    tab(
        "Table 30, Ulla Unclear",
        "100",
        &[
            Card(GOOD),
            Bill("Tasting menu", "75.00"),
            Dojo("captures", "late", HOUR),
            Taken(["75.00", "0", "0"]),
        ],
    ),
    tab(
        "Table 49, Pavel Pending",
        "100",
        &[
            Card(GOOD),
            Bill("Set lunch", "31.20"),
            Dojo("captures", "capture-declined-later", HOUR),
            Taken(["31.20", "0", "0"]),
        ],
    ),
    Guest {
        fault: Some(("500-before", 0)),
        ..tab("Table 50, Nell No-record", "70", &[])
    },
    tab("Table 31, Nora No-card", "50", &[]),
    tab("Table 32, Declan Declined", "80", &[Card(DECLINED)]),
    tab("Table 33, Hattie Held", "100", &[Card(GOOD)]),
    tab(
        "Table 34, Una Underway",
        "150",
        &[Card(GOOD), Bill("Starters", "28.50"), Bill("Mains", "41.00")],
    ),
    tab(
        "Table 35, Nick Nearly-there",
        "100",
        &[Card(GOOD), Bill("Five courses", "96.40")],
    ),
    tab(
        "Table 36, Otto Overhold",
        "50",
        &[Card(GOOD), Bill("Champagne", "84.20")],
    ),
    tab(
        "Table 37, Petra Part-taken",
        "100",
        &[Card(GOOD), Bill("Dinner", "80.00"), Taken(["30.00", "0", "0"])],
    ),
    tab(
        "Table 38, Paula Paid",
        "60",
        &[Card(GOOD), Bill("Supper", "60.00"), Taken(["60.00", "0", "0"])],
    ),
    tab(
        "Table 39, Tim Tipwell",
        "90",
        &[
            Card(GOOD),
            Bill("Lunch", "70.00"),
            Taken(["70.00", "8.75", "5.00"]),
        ],
    ),
    tab(
        "Table 40, Rita Refunded",
        "40",
        &[
            Card(GOOD),
            Bill("Cold soup", "40.00"),
            Taken(["40.00", "0", "0"]),
            Refund("40.00"),
        ],
    ),
    tab(
        "Table 41, Hugo Half-back",
        "60",
        &[
            Card(GOOD),
            Bill("Two soups", "60.00"),
            Taken(["60.00", "0", "0"]),
            Refund("30.00"),
        ],
    ),
    tab(
        "Table 42, Theo Two-cards",
        "50",
        &[Card(GOOD), Bill("Banquet", "88.00"), More("60"), Card(GOOD)],
    ),
    tab(
        "Table 43, Sasha Second-card",
        "50",
        &[Card(GOOD), Bill("Cocktails", "45.00"), More("50")],
    ),
    tab("Table 44, Carla Cancelled", "70", &[Cancel]),
    tab("Table 45, Rolf Released", "70", &[Card(GOOD), Release]),
    Guest {
        fault: Some(("400", 0)),
        ..tab("Table 46, Ruth Refused", "70", &[])
    },
    Guest {
        fault: Some(("echo-interval", HOURS_20)),
        ..tab(
            "Table 47, Dora Deadline",
            "120",
            &[Card(GOOD), Bill("A long lunch", "52.00"), PutAside],
        )
    },
    Guest {
        currency: Currency::Eur,
        ..tab(
            "Table 48, Ernst Euro",
            "100",
            &[Card(GOOD), Bill("Kaffee", "12.00")],
        )
    },
    deposit("Room 31, Delia Departed", [0, 2], "200", &[Card(GOOD)]),
    deposit("Room 32, Arno Arriving", [3, 6], "300", &[]),
    deposit(
        "Room 33, Stella Long-stay",
        [3, 15],
        "400",
        &[Card(GOOD), Bill("Minibar", "22.00")],
    ),
    payment("Stool 31, Pia Payment", "18.50", &[]),
    payment("Stool 32, Axel At-once", "24.00", &[Card(GOOD)]),
];

/// Invents all of them, and says how many.
pub(crate) async fn fill(desk: &Desk, simulator: &Simulator) -> anyhow::Result<usize> {
    let today = desk.floor().await?.today;
    for guest in &GUESTS {
        invent(desk, simulator, guest, today)
            .await
            .with_context(|| guest.name)?;
    }
    // The watch would look within a second; who reads the floor before that must find the deadline there too.
    desk.warn(false).await?;
    Ok(GUESTS.len())
}

async fn invent(desk: &Desk, simulator: &Simulator, guest: &Guest, today: NaiveDate) -> anyhow::Result<()> {
    if let Some((fault, delay)) = guest.fault {
        order(simulator, "payment-intents", fault, delay).await?;
    }
    let first = today
        .checked_sub_days(Days::new(3))
        .context("there is no such day")?;
    let day = |of: usize| {
        let days = *guest.stay.as_ref()?.get(of)?;
        first.checked_add_days(Days::new(days))
    };
    let tab = desk
        .open_tab(OpenTab {
            place: Some(guest.place.to_owned()),
            arrives_on: day(0),
            departs_on: day(1),
            note: Some("Invented, for training.".to_owned()),
            ..OpenTab::of(guest.kind, guest.name, guest.amount, guest.currency)
        })
        .await?;
    for step in guest.steps {
        go_on(desk, simulator, tab, *step).await?;
    }
    Ok(())
}

async fn order(simulator: &Simulator, operation: &str, fault: &str, delay: i64) -> anyhow::Result<()> {
    let fault = Fault {
        operation: operation.to_owned(),
        fault: fault.to_owned(),
        times: 1,
        byte: None,
        delay: Some(delay),
    };
    simulator.order(fault).await
}

async fn go_on(desk: &Desk, simulator: &Simulator, tab: TabId, step: Step) -> anyhow::Result<()> {
    match step {
        Card(number) => {
            let hold = newest(desk, tab).await?;
            let intent = hold.intent_id.as_deref().context("no intent")?;
            simulator.pay(intent, number).await?;
            desk.read(hold.id).await?;
        }
        Bill(what, amount) => {
            desk.add_line(tab, Some(what.to_owned()), 1, amount).await?;
        }
        More(amount) => {
            let more = AskForMore {
                tab_id: tab,
                amount: amount.to_owned(),
                deadline_action: None,
                decision: decision(),
                seen: desk.tab(tab).await?.seen,
            };
            desk.ask_for_more(&more).await?;
        }
        Taken(parts) => take(desk, tab, parts).await?,
        Release => act(desk, tab, OperationKind::Reversal, None).await?,
        Cancel => act(desk, tab, OperationKind::Cancel, None).await?,
        Refund(bill) => {
            let typed = RefundTyped {
                bill: Some(bill.to_owned()),
                service: None,
                tip: None,
                charge_again: false,
                expect_owed_minor: None,
            };
            act(desk, tab, OperationKind::Refund, Some(typed)).await?;
        }
        Dojo(operation, fault, seconds) => order(simulator, operation, fault, seconds).await?,
        Lapse => {
            simulator.wind_on(PAST).await?;
            let hold = newest(desk, tab).await?;
            desk.read(hold.id).await?;
        }
        PutAside => {
            let hold = newest(desk, tab).await?;
            let create = hold.operation.context("no request")?;
            desk.put_aside(create.id).await?;
        }
    }
    Ok(())
}

async fn take(desk: &Desk, tab: TabId, parts: [&str; 3]) -> anyhow::Result<()> {
    let [bill, service, tip] = parts.map(|part| Some(part.to_owned()));
    let typed = TakeTyped { bill, service, tip };
    let preview = desk.preview_take(tab, &typed).await?;
    let take = Take {
        tab_id: tab,
        typed,
        seen: preview.seen,
        expect_total_minor: preview.total.minor,
        then_ask_minor: 0,
        agreed: Agreed::default(),
        decision: decision(),
    };
    desk.take(&take).await?;
    Ok(())
}

async fn act(
    desk: &Desk,
    tab: TabId,
    kind: OperationKind,
    refund: Option<RefundTyped>,
) -> anyhow::Result<()> {
    let hold = newest(desk, tab).await?;
    let act = Act {
        hold_id: hold.id,
        decision: decision(),
        seen: desk.seen_with(hold.id).await?,
        amount: None,
        refund,
        reason: Some("Invented, for training".to_owned()),
        email: None,
    };
    desk.act(kind, act).await?;
    Ok(())
}

async fn newest(desk: &Desk, tab: TabId) -> anyhow::Result<view::Hold> {
    let holds = desk.tab(tab).await?.holds;
    holds.into_iter().next().context("the tab has no hold")
}

fn decision() -> OperationId {
    OperationId(Uuid::now_v7())
}
