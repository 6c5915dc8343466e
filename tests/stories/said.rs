//! Refunds of which nobody said what they were of: made elsewhere, or by an older version.

use crate::portal::{refund_in_portal, take_in_portal};
use crate::refunds::{bill, due, line, newest, one_more, paid_out, table, take, typed};
use anyhow::{Context, Result};
use holdfast_desk::{ErrorCode, SayRefund};
use holdfast_domain::{OperationKind, OperationState};
use holdfast_tests::press::Press;
use holdfast_tests::{KEY, Till};

#[tokio::test]
async fn what_another_till_refunded_stands_apart_until_somebody_says_what_it_was_for() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "50").await?;
    take(&till, tab, "50", "5", "10").await?;
    let back = holdfast_dojo::RefundRequest {
        amount: 2_000,
        reason: None,
        notes: None,
    };
    let id = hold.intent_id.as_deref().context("no intent")?;
    till.client(KEY)?.refund(id, &back, "another till's").await?;
    till.desk.read(hold.id).await?;
    assert_eq!(
        paid_out(&till).await?,
        ([1_000, 0, 1_000], [500, 0, 500], 2_000),
        "it is in neither"
    );
    let shown = till.desk.tab(tab).await?;
    let not_said = &shown.holds[0].not_said;
    assert_eq!(not_said.len(), 1, "{not_said:?}");
    assert!(
        not_said[0].words.starts_with("£20.00 was refunded elsewhere."),
        "{not_said:?}"
    );
    till.desk.make_report().await?;

    let say = |parts: [&str; 3]| SayRefund {
        hold_id: hold.id,
        refund: None,
        typed: typed(parts, false),
    };
    for (parts, field) in [
        (["10", "0", "9"], "bill"),
        (["5", "5", "11"], "tip"),
        (["10", "6", "4"], "service"),
    ] {
        let refused = till.desk.say_refund(&say(parts)).await;
        let error = refused.err().context("it was kept")?;
        assert_eq!(
            error.fields.first().map(|f| f.field.as_str()),
            Some(field),
            "{error:?}"
        );
    }
    let shown = till.desk.say_refund(&say(["8", "2", "10"])).await?;
    assert_eq!(bill(&shown), (4_200, 4_200));
    assert!(shown.holds[0].not_said.is_empty());
    assert_eq!(due(&till, tab).await?, 0);
    assert_eq!(paid_out(&till).await?, ([1_000, 1_000, 0], [500, 200, 300], 0));
    let again = till.desk.say_refund(&say(["8", "2", "10"])).await;
    assert_eq!(
        again.err().map(|e| e.code),
        Some(ErrorCode::NotAllowed),
        "it is said once"
    );

    // The report that was made stays as it was; the next one has the difference.
    let report = till.desk.make_report().await?;
    assert_eq!(line(&report, "Refunded")?, "£0.00");
    assert_eq!(line(&report, "Tips refunded")?, "-£10.00");
    assert_eq!(line(&report, "of which no purpose given")?, "£20.00");
    let first = till.desk.report(1).await?;
    assert_eq!(line(&first, "of which no purpose given")?, "-£20.00");
    assert_eq!(till.requests("POST", "refunds").await?, 1, "nothing was sent");
    Ok(())
}

#[tokio::test]
async fn a_refund_from_an_older_ledger_is_not_said_and_may_be_said() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "50", "50").await?;
    take(&till, tab, "50", "0", "0").await?;
    one_more(&till, tab, "30").await?;
    // An older version decided without saying what it was of.
    let old = crate::decide(&hold, OperationKind::Refund, 2_000);
    let refund = till.desk.press(old).await?;
    assert_eq!(refund.state, OperationState::Succeeded);
    assert_eq!(due(&till, tab).await?, 0);
    assert_eq!(paid_out(&till).await?.2, 2_000);
    assert_eq!(bill(&till.desk.tab(tab).await?), (5_000, 5_000));

    let say = SayRefund {
        hold_id: hold.id,
        refund: Some(refund.id),
        typed: typed(["20", "", ""], true),
    };
    let preview = till.desk.preview_said(&say).await?;
    assert_eq!(
        preview.charged_again,
        "The bill stays £50.00. £20.00 is due again."
    );
    assert_eq!(preview.taken_off, "The bill drops to £30.00. Nothing is due.");
    till.desk.say_refund(&say).await?;
    assert_eq!(due(&till, tab).await?, 2_000);
    assert_eq!(paid_out(&till).await?.2, 0);
    Ok(())
}

/// The bill was paid twice, and the portal gave one of the two back: that was beyond the bill, so saying so leaves
/// the bill alone and makes nothing due.
#[tokio::test]
async fn a_duplicate_that_the_portal_gave_back_is_beyond_the_bill_when_said() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "40", "40").await?;
    one_more(&till, tab, "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    let second = newest(&till, tab).await?;
    take_in_portal(&till, &second, 4_000).await?;
    till.desk.read(second.id).await?;
    refund_in_portal(&till, &second, 4_000, "the portal's").await?;
    let say = SayRefund {
        hold_id: second.id,
        refund: None,
        typed: typed(["40", "", ""], false),
    };
    let preview = till.desk.preview_said(&say).await?;
    assert!(preview.is_beyond_bill && !preview.concerns_bill, "{preview:?}");
    till.desk.say_refund(&say).await?;
    assert_eq!(due(&till, tab).await?, 0);
    assert_eq!(bill(&till.desk.tab(tab).await?).0, 4_000);
    Ok(())
}
