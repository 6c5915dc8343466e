//! What a head office sees of its group's venues, and what it doesn't.

use crate::cluster::{Cluster, at, open, wait_for};
use holdfast_domain::{Currency, NightReport, OperationKind, Sums, SumsOf};
use holdfast_ledger::prelude::*;
use holdfast_ledger::{LedgerError, SettingSeen};
use holdfast_ledger_conformance::sample::{
    authorised, close_tab, intend, line, note, now, operation, report, tab,
};
use holdfast_ledger_postgres::schema::{NewHeadOffice, Retired, add_head_office, retire, set_group};
use holdfast_ledger_postgres::{HeadOffice, PostgresLedger, Server};

/// How a head office connects.
fn server_of(cluster: &Cluster, office: &NewHeadOffice) -> Server {
    at(&cluster.socket(), cluster.port).as_role(&office.role, Some(&office.password))
}

/// A venue in a group, with a till of it.
async fn venue_in(cluster: &Cluster, group: &str) -> (i32, PostgresLedger) {
    let venue = cluster.venue();
    set_group(&cluster.admin(), venue, Some(group)).await.unwrap();
    (venue, open(&cluster.till(venue, "Bar")))
}

fn a_report(number: i64, taken: i64) -> NightReport {
    let sums = Sums {
        taken,
        ..Sums::default()
    };
    NightReport {
        sums: vec![SumsOf {
            of: (),
            currency: Currency::Gbp,
            sums,
        }],
        ..report(number, number, number)
    }
}

#[test]
fn a_head_office_sees_amounts_of_each_venue_of_its_group_and_no_guests() {
    let cluster = Cluster::shared();
    wait_for(async {
        let (first, bell) = venue_in(cluster, "The Inns").await;
        let (second, crown) = venue_in(cluster, "The Inns").await;
        let (third, _) = venue_in(cluster, "Another group").await;
        let text = r#"{"venue":"The Bell"}"#;
        let set = bell.set_setting("settings", text, SettingSeen::Anything, note("set"));
        set.await.unwrap();
        let hold = authorised(&bell).await;
        bell.add_line(&line(hold.tab, 2_550), None, note("line"))
            .await
            .unwrap();
        let take = operation(hold.id, OperationKind::Capture, 2_550);
        intend(&bell, &take, note("take")).await.unwrap();
        let [away, closed] = [authorised(&bell).await, authorised(&bell).await];
        close_tab(&bell, away.tab, now()).await;
        close_tab(&bell, closed.tab, now()).await;
        for number in 1..=3 {
            let report = a_report(number, 1_000 * number);
            bell.add_report(&report, note("made")).await.unwrap();
        }
        crown.add_tab(&tab("Brandt"), note("opened")).await.unwrap();

        let admin = cluster.admin();
        let made = add_head_office(&admin, "Leeds", "The Inns").await.unwrap();
        let office = HeadOffice::open(&server_of(cluster, &made)).await.unwrap();
        assert_eq!(office.name(), "Leeds");
        let venues: Vec<i32> = office.venues().await.unwrap().iter().map(|v| v.number).collect();
        assert_eq!(venues, [first, second]);

        let seen = office.standing(first).await.unwrap();
        assert_eq!(seen.settings.as_deref(), Some(text));
        assert_eq!(
            seen.accounts.len(),
            3,
            "closed tabs on which something is held too"
        );
        let of_ledger = bell.accounts(vec![hold.tab]).await.unwrap().remove(0);
        let account = seen.accounts.iter().find(|a| a.tab.id == hold.tab).unwrap();
        assert_eq!(of_ledger.tab.name, "Amira");
        assert_eq!(account.tab.name, "", "no guest");
        assert!(account.tab.is_forgotten, "as one of whom nothing is known");
        let amounts = |account: &holdfast_ledger::Account| {
            let holds = account.holds.iter();
            let left: Vec<i64> = holds.clone().map(|(hold, _)| hold.left()).collect();
            let asked: Vec<i64> = holds.flat_map(|(_, all)| all).map(|o| o.amount).collect();
            (
                left,
                asked,
                account.lines.iter().map(|l| l.each).collect::<Vec<_>>(),
            )
        };
        assert_eq!(amounts(account), amounts(&of_ledger));
        let card = |account: &holdfast_ledger::Account| {
            let (hold, _) = &account.holds[0];
            hold.seen.as_ref().and_then(|seen| seen.card.clone()?.last_four)
        };
        assert_eq!(card(account), None, "nor digits of a card");

        // One of before names were encrypted has them in its body.
        let owner = cluster.client("owner").await;
        let former =
            "INSERT INTO holdfast.report (venue, number, first, last, body) VALUES ($1, 4, 4, 3, '{')";
        owner.execute(former, &[&first]).await.unwrap();
        let reports = office.reports(first, 2).await.unwrap();
        let told: Vec<_> = reports.iter().map(|r| (r.number, r.sums[0].sums.taken)).collect();
        assert_eq!(told, [(3, 3_000), (2, 2_000)]);
        let elsewhere = office.standing(third).await.unwrap();
        assert!(elsewhere.accounts.is_empty() && elsewhere.settings.is_none());
        assert!(office.reports(third, 9).await.unwrap().is_empty());
    });
}

#[test]
fn a_venue_that_leaves_the_group_is_seen_no_more_and_one_that_joins_is() {
    let cluster = Cluster::shared();
    wait_for(async {
        let admin = cluster.admin();
        let (stays, _) = venue_in(cluster, "The Halls").await;
        let (leaves, _) = venue_in(cluster, "The Halls").await;
        let made = add_head_office(&admin, "York", "The Halls").await.unwrap();
        let office = HeadOffice::open(&server_of(cluster, &made)).await.unwrap();
        set_group(&admin, leaves, None).await.unwrap();
        let (joins, _) = venue_in(cluster, "The Halls").await;
        let venues: Vec<i32> = office.venues().await.unwrap().iter().map(|v| v.number).collect();
        assert_eq!(venues, [stays, joins]);
        let nowhere = set_group(&admin, 1_000_000, Some("The Halls")).await;
        assert!(matches!(nowhere, Err(LedgerError::NotFound)), "{nowhere:?}");
        let nobody = add_head_office(&admin, "York", "The Hals").await;
        assert!(matches!(nobody, Err(LedgerError::NotFound)), "{nobody:?}");
    });
}

#[test]
fn a_head_office_that_was_retired_is_kept_out_and_a_till_is_none() {
    let cluster = Cluster::shared();
    wait_for(async {
        let admin = cluster.admin();
        let (venue, _) = venue_in(cluster, "The Mills").await;
        let made = add_head_office(&admin, "Hull", "The Mills").await.unwrap();
        let server = server_of(cluster, &made);
        let office = HeadOffice::open(&server).await.unwrap();
        assert_eq!(retire(&admin, made.id).await.unwrap(), Retired::HeadOffice);
        assert!(office.venues().await.unwrap().is_empty(), "though it's connected");
        let refused = HeadOffice::open(&server).await;
        assert!(matches!(refused, Err(LedgerError::NotAdmitted)), "{refused:?}");
        let again = retire(&admin, made.id).await;
        assert!(matches!(again, Err(LedgerError::NotFound)), "{again:?}");
        for other in [cluster.till(venue, "Bar"), admin] {
            let refused = HeadOffice::open(&other).await;
            assert!(matches!(refused, Err(LedgerError::NotAdmitted)), "{refused:?}");
        }
        let refused = PostgresLedger::open(server).await;
        assert!(matches!(refused, Err(LedgerError::NotAdmitted)), "{refused:?}");
    });
}
