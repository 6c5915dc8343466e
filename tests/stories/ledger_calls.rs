//! How often one take asks the ledger: each call would be a round trip where the ledger is not on this PC.

use anyhow::Result;
use holdfast_desk::{Desk, SystemClock, TakeTyped};
use holdfast_domain::{Kind, OperationState};
use holdfast_tests::counting::CountingLedger;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, KEY, Till};
use std::sync::Arc;

#[tokio::test]
async fn a_take_asks_the_ledger_nine_times() -> Result<()> {
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
