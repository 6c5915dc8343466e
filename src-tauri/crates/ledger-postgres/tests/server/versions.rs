//! Two versions on one ledger: tills of this one work while the next one's step is made, however that ends, and after
//! it for as long as the next one lets them. The next version is invented here.

use crate::cluster::{Cluster, as_till, open, wait_for};
use holdfast_ledger::prelude::*;
use holdfast_ledger::{Duty, LedgerError};
use holdfast_ledger_conformance::sample::{note, tab};
use holdfast_ledger_postgres::{PostgresLedger, schema};
use tokio_postgres::Client;

/// A column that rows of before lack, and functions of the next version's which write it.
const NEXT: &str = "
    ALTER TABLE holdfast.tab ADD COLUMN colour text;
    GRANT USAGE ON SCHEMA holdfast_2 TO holdfast_till;
    CREATE FUNCTION holdfast_2.paint(p_call bytea, p_session bigint, p_tab bytea, p_colour text) RETURNS void
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
      me holdfast.till := holdfast_1.begin_call(p_call, p_session);
    BEGIN
      UPDATE holdfast.tab t SET colour = p_colour WHERE t.venue = me.venue AND t.id = p_tab;
      PERFORM holdfast_1.end_call(me, 'tab', ARRAY[p_tab], NULL, '{}');
    END $$;
    REVOKE ALL ON FUNCTION holdfast_2.paint FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION holdfast_2.paint TO holdfast_till;";

/// Goes on once there is a row in `public.gate`.
const GATE: &str = "
    DO $$ BEGIN
      WHILE NOT EXISTS (SELECT 1 FROM public.gate) LOOP PERFORM pg_sleep(0.02); END LOOP;
    END $$;";

/// The owner's own connection, and the gate.
async fn with_gate(cluster: &Cluster) -> Client {
    let owner = cluster.client("owner").await;
    let sql = "CREATE TABLE public.gate (open boolean); GRANT SELECT ON public.gate TO PUBLIC";
    owner.batch_execute(sql).await.unwrap();
    owner
}

/// Waits until a condition holds on the server.
async fn until(owner: &Client, condition: &str) {
    for _ in 0..1_000 {
        let row = owner
            .query_one(&format!("SELECT {condition}"), &[])
            .await
            .unwrap();
        if row.get(0) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("it takes too long: {condition}");
}

async fn format(owner: &Client) -> i32 {
    let row = owner.query_one("SELECT format FROM holdfast.format", &[]).await;
    row.unwrap().get(0)
}

/// Whether anything of the next version is there.
async fn has_next(owner: &Client) -> bool {
    let sql = "SELECT to_regnamespace('holdfast_2') IS NOT NULL
                   OR EXISTS (SELECT 1 FROM pg_attribute WHERE attname = 'colour' AND attnum > 0)";
    owner.query_one(sql, &[]).await.unwrap().get(0)
}

async fn add_a_tab(till: &PostgresLedger) -> holdfast_domain::Tab {
    let tab = tab("Amira");
    till.add_tab(&tab, note("opened")).await.unwrap();
    tab
}

/// Begins to migrate, in a task of its own.
fn migrating(cluster: &Cluster, step: String) -> tokio::task::JoinHandle<Result<usize, LedgerError>> {
    let admin = cluster.admin();
    tokio::spawn(async move { schema::migrate_by(&admin, &[&[], &[&step]]).await })
}

#[test]
fn tills_work_while_the_next_versions_step_is_made_and_after_it() {
    let cluster = Cluster::start();
    let venue = cluster.venue();
    let till = cluster.enrol(venue, "Bar");
    let server = as_till(&cluster.admin(), &till);
    let bar = open(&server);
    wait_for(async {
        let owner = with_gate(&cluster).await;
        let before = add_a_tab(&bar).await;
        let step = migrating(
            &cluster,
            format!("CREATE TABLE holdfast.more (a integer); {GATE} {NEXT}"),
        );
        until(
            &owner,
            "EXISTS (SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep')",
        )
        .await;
        add_a_tab(&bar).await;
        bar.changes(None).await.unwrap();
        assert_eq!(bar.tabs(true, 9).await.unwrap().len(), 2);
        owner
            .batch_execute("INSERT INTO public.gate VALUES (true)")
            .await
            .unwrap();
        assert_eq!(step.await.unwrap().unwrap(), 1);
        assert_eq!(format(&owner).await, 2);

        // The till that was connected, and one that connects now.
        add_a_tab(&bar).await;
        let desk = open(&cluster.till(venue, "Desk"));
        assert_eq!(desk.tabs(true, 9).await.unwrap().len(), 3);
        // A till of the next version, beside them.
        let next = cluster.client(&cluster.enrol(venue, "New").role).await;
        let begun = next.query_one("SELECT holdfast_1.begin_session()", &[]).await;
        let session: i64 = begun.unwrap().get(0);
        let heard = bar.changes(None).await.unwrap().cursor;
        let paint = format!(
            "SELECT holdfast_2.paint(uuid_send(gen_random_uuid()), {session}, '\\x{}', 'red')",
            before.id.0.simple()
        );
        next.batch_execute(&paint).await.unwrap();
        let changes = bar.changes(Some(heard)).await.unwrap();
        assert_eq!(changes.since, Some(vec![holdfast_ledger::Change::Tab(before.id)]));
        // What this version writes leaves what it doesn't know as it is.
        let mut again = bar.tab(before.id).await.unwrap();
        again.note = Some("by the window".to_owned());
        bar.set_tab(&again, note("edited")).await.unwrap();
        let kept = owner
            .query_one("SELECT count(*) FROM holdfast.tab WHERE colour = 'red'", &[])
            .await;
        assert_eq!(kept.unwrap().get::<_, i64>(0), 1);
        bar.verify_journal().await.unwrap();
        // This version's own programs say that it's newer, and change nothing.
        let known = schema::migrate(&cluster.admin()).await;
        assert!(
            matches!(known, Err(LedgerError::Newer { found: 2, known: 1 })),
            "{known:?}"
        );
    });
}

#[test]
fn a_step_that_is_killed_changes_nothing_and_is_made_again() {
    let cluster = Cluster::start();
    let server = cluster.till(cluster.venue(), "Bar");
    let bar = open(&server);
    wait_for(async {
        drop(with_gate(&cluster).await);
        let sleeps = "EXISTS (SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep')";
        // Killed: the one who migrates, then the whole server. All of the step was carried out but its end.
        for kill in ["migrator", "server"] {
            let owner = cluster.client("owner").await;
            let step = migrating(&cluster, format!("{NEXT} {GATE}"));
            until(&owner, sleeps).await;
            if kill == "migrator" {
                let sql =
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
                owner.query_one(sql, &[]).await.unwrap();
            } else {
                cluster.crash();
                cluster.start_again();
            }
            let ended = step.await.unwrap();
            assert!(ended.is_err(), "{ended:?}");
            let owner = cluster.client("owner").await;
            until(&owner, &format!("NOT {sleeps}")).await;
            assert_eq!(
                (format(&owner).await, has_next(&owner).await),
                (1, false),
                "{kill}"
            );
            add_a_tab(&bar).await;
        }
        let done = migrating(&cluster, NEXT.to_owned()).await.unwrap();
        assert_eq!(done.unwrap(), 1);
        let owner = cluster.client("owner").await;
        assert_eq!((format(&owner).await, has_next(&owner).await), (2, true));
        add_a_tab(&bar).await;
        assert_eq!(bar.tabs(true, 9).await.unwrap().len(), 3);
        bar.verify_journal().await.unwrap();
    });
}

/// Somebody reads in a transaction that they leave open. The step can't have the table then, and tills would queue up
/// behind it for as long as it waited.
#[test]
fn a_step_that_waits_for_a_lock_lets_the_tills_go_on() {
    let cluster = Cluster::start();
    let bar = open(&cluster.till(cluster.venue(), "Bar"));
    wait_for(async {
        let owner = with_gate(&cluster).await;
        let reader = cluster.client("owner").await;
        let read = "BEGIN; SELECT count(*) FROM holdfast.tab";
        reader.batch_execute(read).await.unwrap();
        let step = migrating(&cluster, NEXT.to_owned());
        for _ in 0..3 {
            until(
                &owner,
                "EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock')",
            )
            .await;
            add_a_tab(&bar).await;
        }
        assert!(!step.is_finished());
        reader.batch_execute("COMMIT").await.unwrap();
        assert_eq!(step.await.unwrap().unwrap(), 1);
        add_a_tab(&bar).await;
        assert_eq!(bar.tabs(true, 9).await.unwrap().len(), 4);
    });
}

#[test]
fn a_till_that_is_too_old_is_told_and_reads_only() {
    let cluster = Cluster::start();
    let server = cluster.till(cluster.venue(), "Bar");
    let bar = open(&server);
    wait_for(async {
        let owner = with_gate(&cluster).await;
        let before = add_a_tab(&bar).await;
        assert!(matches!(
            bar.lease(Duty::Watch).await,
            Ok(holdfast_ledger::Lease::For(_))
        ));
        let step = format!("{NEXT} UPDATE holdfast.till SET least_version = 2;");
        assert_eq!(migrating(&cluster, step).await.unwrap().unwrap(), 1);
        let is_newer = |error: &LedgerError| matches!(error, LedgerError::Newer { found: 2, known: 1 });
        let refused = bar.add_tab(&tab("Brandt"), note("opened")).await.unwrap_err();
        assert!(is_newer(&refused), "{refused:?}");
        let refused = bar.lease(Duty::Watch).await.unwrap_err();
        assert!(is_newer(&refused), "it watches for nobody: {refused:?}");
        assert_eq!(bar.tabs(true, 9).await.unwrap(), [before], "it reads");
        let refused = PostgresLedger::open(server).await.unwrap_err();
        assert!(is_newer(&refused), "{refused:?}");
        let done = owner
            .query_one("SELECT count(*) FROM holdfast.call WHERE NOT is_done", &[])
            .await;
        assert_eq!(done.unwrap().get::<_, i64>(0), 0);
    });
}
