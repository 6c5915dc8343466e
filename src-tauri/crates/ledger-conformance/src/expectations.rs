//! What a decision rests on is compared in its commit, so that no other till comes in between.

use super::sample::{
    authorised, close_tab, created, done, hold, intend, line, note, now, operation, progress, read, renewal,
    rests_on, seen, tab,
};
use holdfast_domain::*;
use holdfast_ledger::{BillMove, Expect, Learnt, Ledger, LedgerError, TabSeen};
use std::fmt::Debug;
use uuid::Uuid;

fn has_changed(answer: Result<impl Debug, LedgerError>) {
    assert!(matches!(answer, Err(LedgerError::Changed)), "{answer:?}");
}

/// What there is to see of a tab.
async fn of(ledger: &dyn Ledger, tab: TabId) -> TabSeen {
    TabSeen::of(&ledger.accounts(vec![tab]).await.unwrap()[0])
}

/// A tab with a bill of 40.00 and two holds that are in force, each with room for it.
async fn two_holds(ledger: &dyn Ledger) -> [Hold; 2] {
    let first = authorised(ledger).await;
    let second = hold(first.tab);
    let create = created(&second);
    let asked = ledger.add_hold(&second, &create, None, note("asked for"));
    asked.await.unwrap();
    read(ledger, second.id, seen(IntentStatus::Authorized, &[])).await;
    ledger
        .add_line(&line(first.tab, 4_000), None, note("line"))
        .await
        .unwrap();
    let holds = ledger.holds(first.tab).await.unwrap();
    holds.try_into().unwrap()
}

fn capture(of: &Hold, amount: i64) -> Operation {
    operation(of.id, OperationKind::Capture, amount)
}

fn on(hold: &Hold, seen: TabSeen) -> Expect {
    Expect {
        tab: Some(seen),
        ..rests_on(hold.version)
    }
}

/// How much a refused call could have left behind.
async fn left_behind(ledger: &dyn Ledger) -> (usize, i64) {
    let holds = ledger.every_hold().await.unwrap().len();
    (holds, ledger.verify_journal().await.unwrap())
}

pub async fn a_bill_is_taken_once_by_those_who_see_it_whatever_hold_they_take_it_from(ledger: &dyn Ledger) {
    let [one, other] = two_holds(ledger).await;
    let bill = of(ledger, one.tab).await;
    let first = capture(&one, 4_000);
    ledger.intend(&first, on(&one, bill), note("take")).await.unwrap();
    let second = capture(&other, 4_000);
    let before = left_behind(ledger).await;
    has_changed(ledger.intend(&second, on(&other, bill), note("take")).await);
    assert_eq!(ledger.operation(second.id).await.unwrap(), None);
    assert_eq!(left_behind(ledger).await, before);
    let since = of(ledger, one.tab).await;
    ledger
        .intend(&second, on(&other, since), note("take"))
        .await
        .unwrap();
}

pub async fn a_decision_rests_on_the_bill_that_was_seen(ledger: &dyn Ledger) {
    let [one, _] = two_holds(ledger).await;
    let bill = of(ledger, one.tab).await;
    ledger
        .add_line(&line(one.tab, 500), None, note("line"))
        .await
        .unwrap();
    let take = capture(&one, 4_000);
    has_changed(ledger.intend(&take, on(&one, bill), note("take")).await);
    // What rests on the hold alone doesn't mind.
    ledger
        .intend(&take, rests_on(one.version), note("take"))
        .await
        .unwrap();
}

pub async fn a_reading_of_a_hold_that_was_written_since_is_refused(ledger: &dyn Ledger) {
    let [one, _] = two_holds(ledger).await;
    let reading = |version| Learnt {
        read_from: Some(version),
        seen: Some(seen(IntentStatus::Captured, &[4_000])),
        ..Learnt::default()
    };
    // Another till has read it meanwhile: what this one asked for may be older.
    read(ledger, one.id, seen(IntentStatus::Reversed, &[])).await;
    let kept = left_behind(ledger).await;
    for version in [one.version, one.version + 2] {
        has_changed(
            ledger
                .record(one.id, reading(version), None, vec![note("read")])
                .await,
        );
    }
    let hold = ledger.hold(one.id).await.unwrap();
    assert_eq!(hold.seen.map(|seen| seen.status), Some(IntentStatus::Reversed));
    assert_eq!(left_behind(ledger).await, kept);
    let recorded = ledger
        .record(one.id, reading(hold.version), None, vec![note("read")])
        .await;
    assert_eq!(recorded.unwrap(), hold.version + 1);
    let hold = ledger.hold(one.id).await.unwrap();
    assert_eq!((hold.captured(), hold.version), (4_000, one.version + 2));
}

pub async fn an_answer_is_recorded_whatever_was_written_since(ledger: &dyn Ledger) {
    let [one, _] = two_holds(ledger).await;
    let take = capture(&one, 4_000);
    ledger
        .intend(&take, rests_on(one.version), note("take"))
        .await
        .unwrap();
    read(ledger, one.id, seen(IntentStatus::Authorized, &[])).await;
    let accepted = progress(take.id, OperationState::Accepted);
    let recorded = ledger
        .record(one.id, Learnt::default(), Some(accepted), vec![note("accepted")])
        .await;
    assert_eq!(recorded.unwrap(), one.version + 2);
    let kept = ledger.operation(take.id).await.unwrap().unwrap();
    assert_eq!(kept.state, OperationState::Accepted);
}

pub async fn a_hold_is_asked_for_on_a_tab_as_it_was_seen(ledger: &dyn Ledger) {
    let [one, _] = two_holds(ledger).await;
    let before = of(ledger, one.tab).await;
    let ask = |more: Hold, seen| async move {
        ledger
            .add_hold(&more, &created(&more), Some(seen), note("more"))
            .await
    };
    ask(hold(one.tab), before).await.unwrap();
    let kept = left_behind(ledger).await;
    has_changed(ask(hold(one.tab), before).await);
    assert_eq!(left_behind(ledger).await, kept);
    ask(hold(one.tab), of(ledger, one.tab).await).await.unwrap();
}

pub async fn what_was_found_at_dojo_rests_on_nothing_that_was_seen(ledger: &dyn Ledger) {
    let [one, _] = two_holds(ledger).await;
    close_tab(ledger, one.tab, now()).await;
    let found = hold(one.tab);
    let create = created(&found);
    let added = ledger.add_hold(&found, &create, None, note("found"));
    added.await.unwrap();
    assert_eq!(ledger.holds(one.tab).await.unwrap().len(), 3);
}

pub async fn the_rest_is_asked_for_on_a_tab_as_it_was_seen(ledger: &dyn Ledger) {
    let [one, other] = two_holds(ledger).await;
    let take = Operation {
        then_ask: 3_000,
        ..capture(&one, 4_000)
    };
    intend(ledger, &take, note("take")).await.unwrap();
    done(ledger, &take, seen(IntentStatus::Captured, &[4_000])).await;
    let before = of(ledger, one.tab).await;
    intend(ledger, &capture(&other, 1_000), note("take"))
        .await
        .unwrap();
    let ask = |rest: Hold, seen| async move {
        let opened = Some((rest.clone(), created(&rest)));
        ledger
            .end_ask(rest.tab, take.id, opened, Some(seen), vec![note("asked")])
            .await
    };
    has_changed(ask(hold(one.tab), before).await);
    assert_eq!(ledger.open_asks().await.unwrap().len(), 1);
    let permit = ask(hold(one.tab), of(ledger, one.tab).await).await.unwrap();
    assert!(permit.is_some());
    assert_eq!(ledger.open_asks().await.unwrap(), []);
}

pub async fn a_renewal_rests_on_the_old_hold_and_on_the_tab(ledger: &dyn Ledger) {
    let [old, other] = two_holds(ledger).await;
    let bill = of(ledger, old.tab).await;
    let begin = |expect| {
        let new = hold(old.tab);
        let begun = renewal(&old, &new);
        async move {
            ledger
                .begin_renewal(&begun, &new, &created(&new), expect, vec![note("begun")])
                .await
        }
    };
    let kept = left_behind(ledger).await;
    has_changed(
        begin(Expect {
            hold: old.version + 1,
            tab: None,
        })
        .await,
    );
    has_changed(begin(on(&old, TabSeen { lines: 0, ..bill })).await);
    assert_eq!(left_behind(ledger).await, kept);
    intend(ledger, &capture(&other, 1_000), note("take"))
        .await
        .unwrap();
    has_changed(begin(on(&old, bill)).await);
    begin(on(&old, of(ledger, old.tab).await)).await.unwrap();
}

pub async fn a_tab_is_closed_as_it_was_seen(ledger: &dyn Ledger) {
    let tab = tab("Amira");
    ledger.add_tab(&tab, note("opened")).await.unwrap();
    let before = of(ledger, tab.id).await;
    let close = |seen| ledger.set_closed(tab.id, 0, Some(seen), Some(now()), note("away"));
    let asked = hold(tab.id);
    ledger
        .add_hold(&asked, &created(&asked), Some(before), note("asked"))
        .await
        .unwrap();
    has_changed(close(before).await);
    let with_hold = of(ledger, tab.id).await;
    ledger
        .add_line(&line(tab.id, 900), None, note("line"))
        .await
        .unwrap();
    has_changed(close(with_hold).await);
    assert_eq!(ledger.tab(tab.id).await.unwrap().closed_at, None);
    close(of(ledger, tab.id).await).await.unwrap();
}

pub async fn a_line_rests_on_the_tab_where_somebody_says_so(ledger: &dyn Ledger) {
    let [one, _] = two_holds(ledger).await;
    let before = of(ledger, one.tab).await;
    // Two tills that add a round each don't mind one another.
    for _ in 0..2 {
        ledger
            .add_line(&line(one.tab, 500), None, note("round"))
            .await
            .unwrap();
    }
    let off = line(one.tab, -500);
    has_changed(ledger.add_line(&off, Some(before), note("off")).await);
    assert_eq!(ledger.lines(one.tab).await.unwrap().len(), 3);
    let since = of(ledger, one.tab).await;
    ledger.add_line(&off, Some(since), note("off")).await.unwrap();
}

/// Both halves of a move of 40.00.
fn moving(from: TabId, onto: TabId, seen: Vec<(TabId, TabSeen)>) -> BillMove {
    let decision = OperationId(Uuid::now_v7());
    let half = |tab, other, each, is_here| Line {
        moved: Some(Moved {
            decision,
            other,
            is_here,
            title: None,
        }),
        ..line(tab, each)
    };
    BillMove {
        opened: None,
        lines: vec![half(from, onto, -4_000, false), half(onto, from, 4_000, true)],
        seen,
        closed: None,
    }
}

pub async fn a_move_rests_on_both_tabs(ledger: &dyn Ledger) {
    let ([one, _], [other, _]) = (two_holds(ledger).await, two_holds(ledger).await);
    let (from, onto) = (one.tab, other.tab);
    let before = vec![(from, of(ledger, from).await), (onto, of(ledger, onto).await)];
    for taken in [&one, &other] {
        intend(ledger, &capture(taken, 1_000), note("take"))
            .await
            .unwrap();
        let kept = left_behind(ledger).await;
        let stale = moving(from, onto, before.clone());
        has_changed(ledger.move_bill(&stale, vec![note("went")]).await);
        assert_eq!(left_behind(ledger).await, kept);
    }
    let since = vec![(from, of(ledger, from).await), (onto, of(ledger, onto).await)];
    ledger
        .move_bill(&moving(from, onto, since), vec![note("went")])
        .await
        .unwrap();
}

pub async fn nothing_is_added_to_a_closed_tab(ledger: &dyn Ledger) {
    fn is_closed(answer: Result<impl Debug, LedgerError>, of: &str) {
        assert!(matches!(answer, Err(LedgerError::Closed)), "{of}: {answer:?}");
    }
    let ([one, old], [other, _]) = (two_holds(ledger).await, two_holds(ledger).await);
    let take = Operation {
        then_ask: 3_000,
        ..capture(&one, 4_000)
    };
    intend(ledger, &take, note("take")).await.unwrap();
    done(ledger, &take, seen(IntentStatus::Captured, &[4_000])).await;
    close_tab(ledger, one.tab, now()).await;
    let kept = left_behind(ledger).await;
    let (seen, new) = (of(ledger, one.tab).await, hold(one.tab));
    is_closed(
        ledger.add_line(&line(one.tab, 1), None, note("line")).await,
        "line",
    );
    let create = created(&new);
    let asked = ledger.add_hold(&new, &create, Some(seen), note("asked"));
    is_closed(asked.await, "hold");
    let opened = Some((new.clone(), created(&new)));
    let rest = ledger.end_ask(one.tab, take.id, opened, Some(seen), vec![note("rest")]);
    is_closed(rest.await, "rest");
    let begun = (renewal(&old, &new), created(&new));
    let renewed = ledger.begin_renewal(&begun.0, &new, &begun.1, on(&old, seen), vec![note("begun")]);
    is_closed(renewed.await, "renewal");
    let again = operation(old.id, OperationKind::Create, 10_000);
    is_closed(
        ledger.intend(&again, rests_on(old.version), note("again")).await,
        "create",
    );
    for (from, onto) in [(one.tab, other.tab), (other.tab, one.tab)] {
        let moved = moving(from, onto, Vec::new());
        is_closed(ledger.move_bill(&moved, vec![note("went")]).await, "move");
    }
    assert_eq!(left_behind(ledger).await, kept);
    // What was taken can still be given back.
    let refund = operation(one.id, OperationKind::Refund, 1_000);
    intend(ledger, &refund, note("refund")).await.unwrap();
}

pub async fn a_bill_stays_within_its_bounds(ledger: &dyn Ledger) {
    let [one, _] = two_holds(ledger).await;
    let kept = left_behind(ledger).await;
    let twice = Line {
        quantity: 2,
        ..line(one.tab, -2_001)
    };
    for beyond in [
        line(one.tab, -4_001),
        line(one.tab, MAX_MINOR),
        line(one.tab, i64::MAX),
        twice,
    ] {
        let refused = ledger.add_line(&beyond, None, note("line")).await;
        assert!(matches!(refused, Err(LedgerError::TooMuch)), "{refused:?}");
    }
    assert_eq!(ledger.lines(one.tab).await.unwrap().len(), 1);
    assert_eq!(left_behind(ledger).await, kept);
    ledger
        .add_line(&line(one.tab, MAX_MINOR - 4_000), None, note("line"))
        .await
        .unwrap();
}

pub async fn a_line_is_taken_off_once(ledger: &dyn Ledger) {
    let [one, other] = two_holds(ledger).await;
    let wrong = ledger.lines(one.tab).await.unwrap().remove(0);
    ledger
        .add_line(&line(other.tab, 9_000), None, note("line"))
        .await
        .unwrap();
    let off = |each| Line {
        takes_off: Some(wrong.id),
        ..line(one.tab, each)
    };
    let before = of(ledger, one.tab).await;
    ledger
        .add_line(&off(-4_000), Some(before), note("off"))
        .await
        .unwrap();
    let kept = left_behind(ledger).await;
    for seen in [Some(before), None] {
        let refused = ledger.add_line(&off(-4_000), seen, note("off")).await;
        assert!(matches!(refused, Err(LedgerError::Known)), "{refused:?}");
    }
    assert_eq!(left_behind(ledger).await, kept);
}
