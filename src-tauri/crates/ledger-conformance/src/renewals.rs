//! Holds that take the place of others.

use super::sample::{created, hold, note, now, opened, renewal, rests_on};
use holdfast_domain::{Hold, Renewal, RenewalEnd, RenewalEnded};
use holdfast_ledger::{Ledger, LedgerError};

/// A renewal of `old` by a hold that is made for it.
pub async fn begin(ledger: &dyn Ledger, old: &Hold) -> Result<Renewal, LedgerError> {
    let new = hold(old.tab);
    let renewal = renewal(old, &new);
    let notes = vec![note("renewal begun"), note("asked")];
    let expect = rests_on(ledger.hold(old.id).await?.version);
    ledger
        .begin_renewal(&renewal, &new, &created(&new), expect, notes)
        .await?;
    Ok(renewal)
}

fn done() -> RenewalEnded {
    RenewalEnded {
        at: now(),
        how: RenewalEnd::Done,
    }
}

pub async fn one_open_renewal_is_about_a_hold(ledger: &dyn Ledger) {
    let (_, old) = opened(ledger, "Room 14").await;
    let first = begin(ledger, &old).await.unwrap();
    assert_eq!(
        ledger.open_renewals().await.unwrap(),
        std::slice::from_ref(&first)
    );
    // Neither the old hold nor the one that is to follow it can be renewed meanwhile.
    let new = ledger.hold(first.new).await.unwrap();
    for hold in [&old, &new] {
        let refused = begin(ledger, hold).await;
        assert!(matches!(refused, Err(LedgerError::Busy)), "{refused:?}");
    }
    let holds = ledger.holds(old.tab).await.unwrap();
    assert_eq!(holds.len(), 2, "what was refused left no hold behind");
    let entries = ledger.verify_journal().await.unwrap();
    assert_eq!(entries, 4, "what was refused is in no journal");
}

pub async fn a_renewal_ends_once(ledger: &dyn Ledger) {
    let (_, old) = opened(ledger, "Room 14").await;
    let first = begin(ledger, &old).await.unwrap();
    let notes = vec![note("done")];
    ledger.end_renewal(first.new, done(), notes).await.unwrap();
    assert!(ledger.open_renewals().await.unwrap().is_empty());
    let given_up = RenewalEnded {
        how: RenewalEnd::GivenUp,
        ..done()
    };
    let refused = ledger.end_renewal(first.new, given_up, vec![note("no")]).await;
    assert!(matches!(refused, Err(LedgerError::NotFound)), "{refused:?}");
    assert_eq!(ledger.verify_journal().await.unwrap(), 5);
    let kept = ledger.accounts(vec![old.tab]).await.unwrap().remove(0).renewals;
    let over = Renewal {
        ended: Some(done()),
        ..first
    };
    assert_eq!(kept, [over]);
}

pub async fn a_hold_whose_renewal_ended_may_be_renewed(ledger: &dyn Ledger) {
    let (_, old) = opened(ledger, "Room 14").await;
    let first = begin(ledger, &old).await.unwrap();
    ledger.end_renewal(first.new, done(), vec![]).await.unwrap();
    let new = ledger.hold(first.new).await.unwrap();
    let next = begin(ledger, &new).await.unwrap();
    assert_eq!(ledger.open_renewals().await.unwrap(), std::slice::from_ref(&next));
    let kept = ledger.accounts(vec![old.tab]).await.unwrap().remove(0).renewals;
    let over = Renewal {
        ended: Some(done()),
        ..first
    };
    assert_eq!(kept, [over, next], "oldest first");
}

pub async fn open_renewals_of_other_holds_go_on_oldest_first(ledger: &dyn Ledger) {
    let mut begun = Vec::new();
    for name in ["Room 14", "Room 15", "Room 16"] {
        let (_, old) = opened(ledger, name).await;
        begun.push(begin(ledger, &old).await.unwrap());
    }
    ledger.end_renewal(begun[1].new, done(), vec![]).await.unwrap();
    begun.remove(1);
    assert_eq!(ledger.open_renewals().await.unwrap(), begun);
}
