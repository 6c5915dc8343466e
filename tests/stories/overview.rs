//! What a head office is shown of a venue, beside the floor of that venue: the same figures, from the same rows.

use crate::refunds::{table, take};
use anyhow::{Context, Result, ensure};
use holdfast_desk::view::{Floor, Money};
use holdfast_desk::{OverviewIn, TakeTyped, VenueOverview};
use holdfast_domain::Currency;
use holdfast_ledger::prelude::*;
use holdfast_tests::Till;
use holdfast_tests::press::Press;

/// The figures in sterling, of the tabs that are open and those that were closed with something on them.
async fn seen_from_afar(till: &Till) -> Result<(OverviewIn, Floor)> {
    let floor = till.desk.floor().await?;
    let mut accounts = till.ledger.open_accounts(100).await?;
    accounts.extend(till.ledger.unsettled_accounts().await?);
    let settings = till.ledger.setting("settings").await?;
    let overview = VenueOverview::of(accounts, settings.as_deref(), floor.now)?;
    let [figures] = <[OverviewIn; 1]>::try_from(overview.currencies)
        .map_err(|all| anyhow::anyhow!("in one currency: {all:?}"))?;
    ensure!(figures.currency == Currency::Gbp, "{figures:?}");
    Ok((figures, floor))
}

fn minor(sums: &[Money]) -> i64 {
    sums.iter().map(|sum| sum.minor).sum()
}

fn agrees(figures: &OverviewIn, floor: &Floor) -> Result<()> {
    ensure!(figures.open_tabs == floor.open_count, "{figures:?}");
    ensure!(figures.on_hold.minor == minor(&floor.held), "{figures:?}");
    ensure!(figures.still_to_take.minor == minor(&floor.due), "{figures:?}");
    ensure!(
        figures.being_taken.minor == minor(&floor.being_taken),
        "{figures:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_head_office_is_shown_what_the_floor_shows() -> Result<()> {
    let till = Till::open().await?;
    let (_, _) = table(&till, "100", "40").await?;
    let (lost, _) = table(&till, "80", "30.50").await?;
    let (taken, _) = table(&till, "60", "60").await?;
    take(&till, taken, "60", "0", "0").await?;
    let (figures, floor) = seen_from_afar(&till).await?;
    agrees(&figures, &floor)?;
    assert_eq!(
        (
            figures.open_tabs,
            figures.on_hold.minor,
            figures.still_to_take.minor
        ),
        (3, 18_000, 7_050)
    );
    assert_eq!((figures.near_end_holds, figures.not_confirmed), (0, 0));

    till.fault("captures", "reset-before").await?;
    let _lost = till.desk.press_take(lost, TakeTyped::default()).await;
    let (figures, floor) = seen_from_afar(&till).await?;
    agrees(&figures, &floor)?;
    assert_eq!((figures.not_confirmed, figures.being_taken.minor), (1, 3_050));
    Ok(())
}

/// Whatever the venue's own settings warn of.
#[tokio::test]
async fn a_hold_is_near_its_end_two_days_before_dojos_deadline() -> Result<()> {
    let till = Till::open().await?;
    let (_, hold) = table(&till, "100", "40").await?;
    let deadline = hold.deadline().context("it has one")?.at;
    let accounts = till.ledger.open_accounts(10).await?;
    for (hours, near) in [(49, 0), (48, 1), (1, 1), (-1, 1)] {
        let now = deadline - chrono::TimeDelta::hours(hours);
        let overview = VenueOverview::of(accounts.clone(), None, now)?;
        let figures = overview.currencies.first().context("it has a tab")?;
        assert_eq!(figures.near_end_holds, near, "{hours} hours before");
        assert_eq!(figures.near_end.minor, i64::try_from(near)? * 10_000);
    }
    Ok(())
}
