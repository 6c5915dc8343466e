//! One database, many venues: nothing that a till or a head office can do shows it another venue's rows, changes them,
//! or lets it know whether they are there. What there is to do is asked of the server's own catalogue, so that a table
//! or a function which comes later is looked at too, or fails here.

use crate::calls::{Call, calls};
use crate::cluster::{Cluster, wait_for};
use crate::filled::{Filled, Words, fill, of_nobody};
use std::collections::{BTreeMap, BTreeSet};
use tokio_postgres::Client;

/// Two venues with rows, on a server of their own.
struct Two {
    cluster: Cluster,
    owner: Client,
    mine: Filled,
    theirs: Filled,
}

impl Two {
    async fn venues() -> Self {
        let cluster = Cluster::start();
        let owner = cluster.client("owner").await;
        let mine = fill(&cluster, &owner, "mine").await;
        let theirs = fill(&cluster, &owner, "theirs").await;
        Self {
            cluster,
            owner,
            mine,
            theirs,
        }
    }
}

/// The texts in a query's first column.
async fn texts(client: &Client, sql: &str) -> Vec<String> {
    let rows = client.query(sql, &[]).await;
    let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    rows.iter().map(|row| row.get(0)).collect()
}

async fn number(client: &Client, sql: &str) -> i64 {
    let row = client.query_one(sql, &[]).await;
    row.unwrap_or_else(|error| panic!("{sql}: {error:?}")).get(0)
}

/// The tables that have a venue's rows.
async fn tables_of_venues(owner: &Client) -> Vec<String> {
    let sql = "SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'venue'
                WHERE c.relnamespace = 'holdfast'::regnamespace AND c.relkind = 'r' ORDER BY 1";
    texts(owner, sql).await
}

/// All rows of a venue in one text.
fn all_rows(tables: &[String], venue: i32) -> String {
    let each = tables.iter().map(|table| {
        format!("SELECT '{table} ' || t::text AS a FROM holdfast.{table} t WHERE t.venue = {venue}")
    });
    let each: Vec<String> = each.collect();
    format!(
        "SELECT string_agg(a, E'\\n' ORDER BY a) FROM ({}) AS r",
        each.join(" UNION ALL ")
    )
}

/// How many rows each table has of a venue.
fn counts(tables: &[String], venue: i32) -> String {
    let each = tables.iter().map(|table| {
        format!("SELECT '{table} ' || count(*) AS a FROM holdfast.{table} t WHERE t.venue = {venue}")
    });
    let each: Vec<String> = each.collect();
    format!(
        "SELECT string_agg(a, ' ' ORDER BY a) FROM ({}) AS r",
        each.join(" UNION ALL ")
    )
}

/// What a call came to: what it answered or was refused with, ids said by their words, and how many rows the till's own
/// venue has then.
type CameTo = Result<(String, String), String>;

/// What a call came to, and whether the other venue's rows were changed by it.
struct Outcome {
    came_to: CameTo,
    touched: bool,
}

impl Two {
    fn sql(&self, words: &Words, text: &str) -> String {
        let mut sql = text.to_owned();
        for (word, value) in &self.mine.words {
            sql = sql.replace(&word.replacen('<', "<my ", 1), value);
        }
        for (word, value) in words {
            sql = sql.replace(word, value);
        }
        sql.replace("<new>", "uuid_send(gen_random_uuid())")
            .replace("<session>", "1")
    }

    /// Makes a call as the till, looks, and undoes it.
    async fn call(&self, tables: &[String], words: &Words, call: &Call) -> Outcome {
        let owner = &self.owner;
        let theirs = all_rows(tables, self.theirs.venue);
        let before = texts(owner, &theirs).await;
        let name = call.function.split('(').next().unwrap_or_default();
        let sql = self.sql(words, &format!("SELECT (SELECT {name}({})::text)", call.given));
        let begin = format!(
            "BEGIN; {}; SET LOCAL SESSION AUTHORIZATION {}",
            self.sql(words, call.before),
            self.mine.till.role
        );
        owner.batch_execute(&begin).await.unwrap();
        let outcome = match owner.query_one(&sql, &[]).await {
            Ok(row) => {
                let again = "SET LOCAL SESSION AUTHORIZATION DEFAULT";
                owner.batch_execute(again).await.unwrap();
                let answer: Option<String> = row.get(0);
                let mine = texts(owner, &counts(tables, self.mine.venue)).await;
                Outcome {
                    came_to: Ok((said(words, &answer.unwrap_or_default()), mine.concat())),
                    touched: texts(owner, &theirs).await != before,
                }
            }
            Err(error) => {
                let told = error.as_db_error().unwrap_or_else(|| panic!("{sql}: {error:?}"));
                let detail = told.detail().unwrap_or_default();
                let words_of_it = format!("{} {} {detail}", told.code().code(), told.message());
                Outcome {
                    came_to: Err(said(words, &words_of_it)),
                    touched: false,
                }
            }
        };
        owner.batch_execute("ROLLBACK").await.unwrap();
        outcome
    }
}

/// With the ids that were asked about said by their words.
fn said(words: &Words, text: &str) -> String {
    let mut text = text.to_owned();
    for (word, value) in words {
        let value = value
            .trim_end_matches("::bytea")
            .trim_end_matches("::text")
            .trim_matches('\'');
        if value.len() > 8 {
            text = text.replace(value, word);
        }
    }
    text
}

/// The functions that a role may call, of all that the ledger has.
async fn may_call(owner: &Client, role: &str) -> BTreeSet<String> {
    let sql = format!(
        "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
          WHERE n.nspname LIKE 'holdfast%' AND has_function_privilege('{role}', p.oid, 'EXECUTE')"
    );
    texts(owner, &sql).await.into_iter().collect()
}

#[test]
fn a_call_that_names_another_venues_rows_does_as_if_they_were_not_there() {
    wait_for(async {
        let two = Two::venues().await;
        let tables = tables_of_venues(&two.owner).await;
        let calls = calls();
        let called: BTreeSet<String> = calls.iter().map(|call| call.function.to_owned()).collect();
        let callable = may_call(&two.owner, &two.mine.till.role).await;
        assert_eq!(
            called, callable,
            "each function that a till may call has to be tried here"
        );
        let nobodys = of_nobody(&two.theirs.words);
        for call in &calls {
            let (function, given) = (call.function, &call.given);
            let theirs = two.call(&tables, &two.theirs.words, call).await;
            assert!(!theirs.touched, "{function}({given}) changes the other venue");
            let nobodys = two.call(&tables, &nobodys, call).await;
            assert_eq!(
                theirs.came_to, nobodys.came_to,
                "{function}({given}) knows the other venue"
            );
            if call.names {
                let mine = two.call(&tables, &two.mine.words, call).await;
                assert_ne!(
                    mine.came_to, nobodys.came_to,
                    "{function}({given}) proves nothing"
                );
            } else {
                assert!(
                    theirs.came_to.is_ok(),
                    "{function}({given}): {:?}",
                    theirs.came_to
                );
            }
        }
    });
}

/// What has the owner's rights finds nothing that a caller has put in its way; what hasn't can't be called.
#[test]
fn what_runs_with_the_owners_rights_looks_names_up_where_no_till_writes() {
    wait_for(async {
        let cluster = Cluster::shared();
        let owner = cluster.client("owner").await;
        let loose =
            "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                      WHERE n.nspname LIKE 'holdfast%' AND p.prosecdef
                        AND NOT coalesce(p.proconfig @> ARRAY['search_path=pg_catalog, pg_temp'], false)";
        assert_eq!(texts(&owner, loose).await, Vec::<String>::new());
        let others =
            "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                       WHERE n.nspname LIKE 'holdfast%' AND NOT p.prosecdef
                         AND has_function_privilege('holdfast_till', p.oid, 'EXECUTE')";
        assert_eq!(texts(&owner, others).await, ["holdfast.is_busy(integer,bytea)"]);
    });
}

/// What a role may read in the ledger's schemas, by kind and name.
async fn may_read(owner: &Client, role: &str) -> BTreeSet<String> {
    let sql = format!(
        "SELECT c.relkind::text || ' ' || c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname LIKE 'holdfast%' AND c.relkind NOT IN ('i', 'S')
            AND has_any_column_privilege('{role}', c.oid, 'SELECT')"
    );
    texts(owner, &sql).await.into_iter().collect()
}

/// What a role may do but read: nothing.
async fn assert_reads_only(owner: &Client, role: &str) {
    let tables = format!(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname LIKE 'holdfast%' AND c.relkind NOT IN ('i', 'S')
            AND (has_table_privilege('{role}', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
                 OR has_any_column_privilege('{role}', c.oid, 'INSERT, UPDATE, REFERENCES'))"
    );
    assert_eq!(texts(owner, &tables).await, Vec::<String>::new(), "{role}");
    let numbers = format!(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname LIKE 'holdfast%'
            AND CASE c.relkind WHEN 'S' THEN has_sequence_privilege('{role}', c.oid, 'USAGE, SELECT, UPDATE') END"
    );
    assert_eq!(texts(owner, &numbers).await, Vec::<String>::new(), "{role}");
}

#[test]
fn a_till_reads_its_own_venues_rows_of_every_table_and_no_others() {
    wait_for(async {
        let two = Two::venues().await;
        let role = &two.mine.till.role;
        let tables = tables_of_venues(&two.owner).await;
        let mut known: BTreeSet<String> = tables.iter().map(|table| format!("r {table}")).collect();
        known.insert("r format".to_owned());
        assert_eq!(
            may_read(&two.owner, role).await,
            known,
            "each has to hide other venues' rows"
        );
        assert_reads_only(&two.owner, role).await;
        let till = two.cluster.client(role).await;
        let [mine, theirs] = [two.mine.venue, two.theirs.venue];
        for table in &tables {
            let of = |which: &str| format!("SELECT count(*) FROM holdfast.{table} WHERE venue {which}");
            let there = number(&two.owner, &of(&format!("= {theirs}"))).await;
            assert!(there > 0, "{table}: `fill` has to put a row into it");
            assert_eq!(number(&till, &of(&format!("= {theirs}"))).await, 0, "{table}");
            assert_eq!(number(&till, &of(&format!("<> {mine}"))).await, 0, "{table}");
            let seen = number(&till, &of(&format!("= {mine}"))).await;
            assert_eq!(
                seen,
                number(&two.owner, &of(&format!("= {mine}"))).await,
                "{table}"
            );
        }
        two.owner.batch_execute("ANALYZE").await.unwrap();
        let guessed = "SELECT count(*) FROM pg_stats WHERE schemaname = 'holdfast' AND tablename <> 'format'";
        assert!(number(&two.owner, guessed).await > 0);
        assert_eq!(
            number(&till, guessed).await,
            0,
            "values as the planner knows them"
        );
    });
}

#[test]
fn who_is_neither_till_nor_head_office_reads_nothing() {
    wait_for(async {
        let cluster = Cluster::shared();
        let owner = cluster.client("owner").await;
        let role = "CREATE ROLE stranger LOGIN";
        owner.batch_execute(role).await.unwrap();
        assert_eq!(may_read(&owner, "stranger").await, BTreeSet::new());
        assert_eq!(may_call(&owner, "stranger").await, BTreeSet::new());
        assert_reads_only(&owner, "stranger").await;
        // In the roles of tills and head offices, but enrolled as neither.
        let both = "GRANT holdfast_till, holdfast_head_office TO stranger";
        owner.batch_execute(both).await.unwrap();
        let stranger = cluster.client("stranger").await;
        for table in tables_of_venues(&owner).await {
            let sql = format!("SELECT count(*) FROM holdfast.{table}");
            assert_eq!(number(&stranger, &sql).await, 0, "{table}");
        }
        assert_eq!(number(&stranger, "SELECT count(*) FROM holdfast.office").await, 0);
    });
}

#[test]
fn a_till_becomes_nobody_else_and_leaves_the_ledger_by_no_other_way() {
    wait_for(async {
        let cluster = Cluster::shared();
        let venue = cluster.venue();
        let [me, other] = ["Bar", "Desk"].map(|name| cluster.enrol(venue, name).role);
        let client = cluster.client(&me).await;
        let others = cluster.client(&other).await;
        others
            .batch_execute("SELECT 'what the other asks'")
            .await
            .unwrap();
        let there = format!("FROM pg_stat_activity WHERE usename = '{other}'");
        for sql in [
            "SET ROLE owner".to_owned(),
            "SET ROLE holdfast_owner".to_owned(),
            "SET ROLE holdfast_head_office".to_owned(),
            format!("SET ROLE {other}"),
            format!("SET SESSION AUTHORIZATION {other}"),
            format!("GRANT holdfast_owner TO {me}"),
            format!("GRANT {other} TO {me}"),
            format!("ALTER ROLE {other} PASSWORD 'mine'"),
            format!("ALTER ROLE {me} CREATEROLE"),
            "CREATE ROLE mine".to_owned(),
            "CREATE SCHEMA mine".to_owned(),
            "CREATE TABLE public.mine (a integer)".to_owned(),
            "CREATE TABLE holdfast.mine (a integer)".to_owned(),
            "CREATE FUNCTION holdfast_1.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'".to_owned(),
            "ALTER TABLE holdfast.tab DISABLE ROW LEVEL SECURITY".to_owned(),
            "DROP POLICY own ON holdfast.tab".to_owned(),
            "SET row_security = off; SELECT * FROM holdfast.tab".to_owned(),
            "SET session_replication_role = replica".to_owned(),
            "ALTER SYSTEM SET fsync = off".to_owned(),
            "COPY (SELECT 1) TO PROGRAM 'true'".to_owned(),
            "COPY (SELECT 1) TO '/tmp/nothing'".to_owned(),
            "SELECT pg_read_file('postgresql.conf')".to_owned(),
            "SELECT * FROM pg_authid".to_owned(),
            "SELECT * FROM pg_largeobject".to_owned(),
            "SELECT * FROM holdfast.office".to_owned(),
            "BEGIN; LOCK TABLE holdfast.tab IN SHARE MODE".to_owned(),
            "SELECT 1 FROM holdfast.head FOR UPDATE".to_owned(),
            format!("SELECT pg_cancel_backend(pid) {there}"),
            format!("SELECT pg_terminate_backend(pid) {there}"),
        ] {
            let done = client.batch_execute(&sql).await;
            let code = done.map_err(|error| error.code().map(|code| code.code().to_owned()));
            assert_eq!(code, Err(Some("42501".to_owned())), "{sql}");
            client.batch_execute("ROLLBACK; RESET ALL").await.unwrap();
        }
        let asked = "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid()
                        AND query LIKE '%what the other asks%'";
        let owner = cluster.client("owner").await;
        assert_eq!(number(&owner, asked).await, 1);
        assert_eq!(number(&client, asked).await, 0);
    });
}

#[test]
fn a_head_office_reads_figures_of_its_group_and_calls_nothing() {
    wait_for(async {
        let two = Two::venues().await;
        let (mine, theirs) = (two.mine.venue, two.theirs.venue);
        let admin = two.cluster.admin();
        let set = holdfast_ledger_postgres::schema::set_group(&admin, mine, Some("The Inns"));
        set.await.unwrap();
        let office = holdfast_ledger_postgres::schema::add_head_office(&admin, "Leeds", "The Inns");
        let role = office.await.unwrap().role;
        let read = [
            "format",
            "hold",
            "line",
            "office",
            "operation",
            "renewal",
            "report",
            "setting",
            "tab",
            "venue",
        ];
        let read: BTreeSet<String> = read.iter().map(|table| format!("r {table}")).collect();
        assert_eq!(may_read(&two.owner, &role).await, read);
        assert_reads_only(&two.owner, &role).await;
        let called: BTreeSet<String> = ["holdfast.my_group()".to_owned()].into();
        assert_eq!(may_call(&two.owner, &role).await, called);
        let private = format!(
            "SELECT c.relname::text || '.' || a.attname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
              WHERE c.relnamespace = 'holdfast'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
                AND a.attname IN ('personal', 'card', 'key')
                AND has_column_privilege('{role}', c.oid, a.attnum, 'SELECT')"
        );
        assert_eq!(texts(&two.owner, &private).await, Vec::<String>::new());
        let client = two.cluster.client(&role).await;
        let mut seen = BTreeMap::new();
        for table in tables_of_venues(&two.owner).await {
            let of = |which: &str| format!("SELECT count(*) FROM holdfast.{table} WHERE venue {which}");
            if !read.contains(&format!("r {table}")) {
                continue;
            }
            assert_eq!(number(&client, &of(&format!("<> {mine}"))).await, 0, "{table}");
            assert!(
                number(&two.owner, &of(&format!("= {theirs}"))).await > 0,
                "{table}"
            );
            seen.insert(table.clone(), number(&client, &of(&format!("= {mine}"))).await);
        }
        assert!(seen.values().all(|count| *count > 0), "{seen:?}");
        assert_eq!(seen.get("setting"), Some(&1), "the settings alone");
    });
}
