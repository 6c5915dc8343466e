//! How often one take asks the ledger: each call would be a round trip where the ledger is not on this PC.

use anyhow::Result;
use holdfast_desk::{Desk, SystemClock, Take, TakeTyped};
use holdfast_domain::{Kind, OperationState};
use holdfast_ledger::prelude::*;
use holdfast_tests::counting::CountingLedger;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, KEY, Till};
use std::sync::Arc;

/// A till with £100 on hold and a bill of £76, read once, as the watch does from the start.
async fn ready() -> Result<(Till, Arc<CountingLedger>, Arc<Desk>, Take)> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 12, Amira", "100").await?;
    let hold = till.hold(tab).await?;
    till.pay(&hold, GOOD).await?;
    till.desk.add_line(tab, None, 1, "76").await?;
    let ledger = Arc::new(CountingLedger::over(till.ledger.clone()));
    let desk = Arc::new(Desk::new(
        ledger.clone(),
        till.client(KEY)?,
        Arc::new(SystemClock),
    ));
    // As the watch does from the start: what is looked for once was looked for.
    desk.read_again(1).await?;
    desk.read(hold.id).await?;
    let take = desk.sheet(tab, TakeTyped::default()).await?;
    Ok((till, ledger, desk, take))
}

#[tokio::test]
async fn a_take_asks_the_ledger_nine_times() -> Result<()> {
    let (_till, ledger, desk, take) = ready().await?;

    ledger.calls();
    let taken = desk.take(&take).await?;
    let calls = ledger.calls();

    assert_eq!(taken.operations.len(), 1);
    assert!(
        taken
            .operations
            .iter()
            .all(|o| o.state == OperationState::Succeeded)
    );
    let plan = ["accounts", "setting"];
    let decide = ["operation", "accounts", "intend"];
    let answer = ["record"];
    let settle = ["accounts", "record", "accounts"];
    assert_eq!(calls, [&plan[..], &decide, &answer, &settle].concat());
    assert_eq!(calls.len(), 9);
    Ok(())
}

#[tokio::test]
async fn a_hold_that_is_written_while_somebody_decides_is_decided_on_again() -> Result<()> {
    let (till, ledger, desk, take) = ready().await?;
    ledger.calls();
    ledger.be_late(2);
    let taken = desk.take(&take).await?;
    assert_eq!(taken.operations.len(), 1);
    let intended = ledger.calls().into_iter().filter(|call| *call == "intend");
    assert_eq!(intended.count(), 3);
    assert_eq!(till.requests("POST", "captures").await?, 1);
    till.ledger.verify_journal().await?;
    Ok(())
}

#[tokio::test]
async fn nothing_is_sent_for_a_hold_that_never_stays_as_it_was() -> Result<()> {
    let (till, ledger, desk, take) = ready().await?;
    ledger.be_late(100);
    assert!(desk.take(&take).await.is_err());
    assert_eq!(till.requests("POST", "captures").await?, 0);
    Ok(())
}
