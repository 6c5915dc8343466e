//! What was written is there after the ledger was opened again.

use super::sample::{
    authorised, close_tab, done, intend, line, note, now, operation, raising, read, report, said, seen, tab,
};
use super::{Durable, movements, refunds, renewals, reports, search};
use holdfast_domain::*;
use holdfast_ledger::{Account, ClosedFilter, LedgerError, Restored, SettingSeen};

pub async fn a_tab_with_all_that_is_on_it_is_there_again(durable: impl Durable) {
    let ledger = durable.ledger();
    let hold = authorised(ledger.as_ref()).await;
    let line = line(hold.tab, 1_225);
    ledger.add_line(&line, None, note("line")).await.unwrap();
    let take = operation(hold.id, OperationKind::Capture, 4_000);
    intend(&**ledger, &take, note("take")).await.unwrap();
    done(ledger.as_ref(), &take, seen(IntentStatus::Captured, &[4_000])).await;
    let renewal = renewals::begin(ledger.as_ref(), &hold).await.unwrap();

    let durable = durable.open_again();
    let ledger = durable.ledger();
    let Account {
        tab,
        lines,
        holds,
        renewals,
    } = ledger.accounts(vec![hold.tab]).await.unwrap().remove(0);
    assert_eq!((tab.name.as_str(), tab.id), ("Amira", hold.tab));
    assert_eq!(lines, [line]);
    assert_eq!(renewals, [renewal]);
    let (kept, operations) = &holds[0];
    assert_eq!(kept.seen, Some(seen(IntentStatus::Captured, &[4_000])));
    let states: Vec<_> = operations.iter().map(|o| (o.kind, o.state)).collect();
    assert_eq!(
        states,
        [
            (OperationKind::Create, OperationState::Succeeded),
            (OperationKind::Capture, OperationState::Succeeded)
        ]
    );
    assert_eq!(holds.len(), 2);
    assert_eq!(ledger.verify_journal().await.unwrap(), 8);
}

pub async fn an_open_decision_is_there_again_and_still_in_the_way(durable: impl Durable) {
    let ledger = durable.ledger();
    let hold = authorised(ledger.as_ref()).await;
    let take = operation(hold.id, OperationKind::Capture, 4_000);
    intend(&**ledger, &take, note("take")).await.unwrap();

    let durable = durable.open_again();
    let ledger = durable.ledger();
    assert_eq!(ledger.operation(take.id).await.unwrap(), Some(take));
    let second = operation(hold.id, OperationKind::Capture, 1_000);
    let refused = intend(&**ledger, &second, note("take")).await;
    assert!(matches!(refused, Err(LedgerError::Busy)), "{refused:?}");
}

pub async fn an_open_renewal_is_there_again_and_can_be_ended(durable: impl Durable) {
    let ledger = durable.ledger();
    let hold = authorised(ledger.as_ref()).await;
    let begun = renewals::begin(ledger.as_ref(), &hold).await.unwrap();

    let durable = durable.open_again();
    let ledger = durable.ledger();
    assert_eq!(
        ledger.open_renewals().await.unwrap(),
        std::slice::from_ref(&begun)
    );
    let ended = RenewalEnded {
        at: now(),
        how: RenewalEnd::Done,
    };
    ledger.end_renewal(begun.new, ended, vec![]).await.unwrap();

    let durable = durable.open_again();
    assert_eq!(durable.ledger().open_renewals().await.unwrap(), []);
}

pub async fn an_ask_is_there_again(durable: impl Durable) {
    let ledger = durable.ledger();
    let hold = authorised(ledger.as_ref()).await;
    let take = Operation {
        then_ask: 3_000,
        ..operation(hold.id, OperationKind::Capture, 10_000)
    };
    intend(&**ledger, &take, note("take")).await.unwrap();

    let durable = durable.open_again();
    assert_eq!(durable.ledger().open_asks().await.unwrap(), [take]);
}

pub async fn findings_and_settings_are_there_again(durable: impl Durable) {
    let ledger = durable.ledger();
    let told = raising("gone", FindingKey::Clock, None);
    ledger.set_setting("venue", "The Bell", told).await.unwrap();
    let restored = Restored {
        at: now(),
        knows_until: Some(now()),
        backup: Some("ledger-2026-03-02T10-00-00.db".into()),
        set_aside: None,
        read_again_at: None,
    };
    ledger.set_restored(&restored, note("put back")).await.unwrap();

    let durable = durable.open_again();
    let ledger = durable.ledger();
    let value = ledger.setting("venue").await.unwrap();
    assert_eq!(value.as_deref(), Some("The Bell"));
    assert_eq!(ledger.restored().await.unwrap(), Some(restored));
    let told = raising("gone again", FindingKey::Clock, None);
    ledger.put_findings(vec![], vec![told]).await.unwrap();
    let open = ledger.findings().await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(
        open[0].personal.name.as_deref(),
        Some("gone"),
        "it was told once already"
    );
}

pub async fn movements_and_reports_are_there_again_and_go_on(durable: impl Durable) {
    let ledger = durable.ledger();
    reports::three_movements(ledger.as_ref()).await;
    let first = report(1, 1, 3);
    ledger.add_report(&first, note("made")).await.unwrap();

    let durable = durable.open_again();
    let ledger = durable.ledger();
    assert_eq!(ledger.report(1).await.unwrap(), first);
    assert_eq!(ledger.unreported().await.unwrap().movements, []);
    movements::taken_in_two(ledger.as_ref()).await;
    let numbers: Vec<i64> = movements::all(ledger.as_ref())
        .await
        .iter()
        .map(|m| m.0)
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7]);
    let again = ledger.add_report(&report(1, 4, 7), note("made")).await;
    assert!(matches!(again, Err(LedgerError::Busy)), "{again:?}");
    ledger.add_report(&report(2, 4, 7), note("made")).await.unwrap();
}

pub async fn what_was_said_of_a_refund_is_there_again(durable: impl Durable) {
    let ledger = durable.ledger();
    let (hold, refund) = refunds::refunded(ledger.as_ref()).await;
    let say = |decision, said| ledger.say_refund(hold.id, decision, said, note("said"));
    say(Some(refund), said(2_000, 300, 500)).await.unwrap();
    say(None, said(400, 100, 0)).await.unwrap();

    let durable = durable.open_again();
    let ledger = durable.ledger();
    assert_eq!(refunds::parts(ledger.as_ref()).await, (3_000, 400, 500, 600));
    let again = ledger
        .say_refund(hold.id, Some(refund), said(2_000, 0, 0), note("said"))
        .await;
    assert!(matches!(again, Err(LedgerError::Known)), "{again:?}");
}

pub async fn tabs_are_found_again(durable: impl Durable) {
    let ledger = durable.ledger();
    let (open, closed) = (tab("Table 3, Lena"), tab("Table 4, Lena"));
    for tab in [&open, &closed] {
        ledger.add_tab(tab, note("opened")).await.unwrap();
    }
    close_tab(ledger.as_ref(), closed.id, now()).await;
    let both = (vec![open.id], vec![closed.id]);
    assert_eq!(search::found(ledger.as_ref(), "lena").await, both);

    let durable = durable.open_again();
    let ledger = durable.ledger();
    assert_eq!(search::found(ledger.as_ref(), "lena").await, both);
    let page = ledger
        .closed_accounts(ClosedFilter::default(), None, 10)
        .await
        .unwrap();
    let page: Vec<TabId> = page.into_iter().map(|account| account.tab.id).collect();
    assert_eq!(page, [closed.id]);
}

pub async fn the_journal_goes_on_where_it_ended(durable: impl Durable) {
    let hold = authorised(durable.ledger().as_ref()).await;
    let durable = durable.open_again();
    let ledger = durable.ledger();
    read(ledger.as_ref(), hold.id, seen(IntentStatus::Captured, &[4_000])).await;
    let entries = ledger
        .house_journal(holdfast_ledger::HouseTopic::Anything, 10)
        .await
        .unwrap();
    let numbers: Vec<i64> = entries.iter().map(|entry| entry.seq).collect();
    assert_eq!(numbers, [4, 3, 2, 1]);
    assert_eq!(ledger.verify_journal().await.unwrap(), 4);
}

pub async fn a_run_is_there_again_with_what_became_of_its_rows(durable: impl Durable) {
    let ledger = durable.ledger();
    let hold = authorised(ledger.as_ref()).await;
    let mut run = super::runs::run(&[hold.tab]);
    ledger.begin_run(&run, note("begun")).await.unwrap();
    let ended = holdfast_ledger::RowEnded {
        at: now(),
        trouble: None,
    };
    ledger
        .end_run_row(run.id, hold.tab, ended.clone(), note("done"))
        .await
        .unwrap();
    let stopped = holdfast_ledger::RunState::Stopped(now());
    ledger
        .set_run_state(run.id, stopped, note("stopped"))
        .await
        .unwrap();

    let durable = durable.open_again();
    run.rows[0].ended = Some(ended);
    run.stopped_at = Some(now());
    assert_eq!(durable.ledger().newest_run().await.unwrap(), Some(run));
}
