//! A PostgreSQL server of the tests' own.

use holdfast_ledger_postgres::schema::Enrolled;
use holdfast_ledger_postgres::{PostgresLedger, Server, schema};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;
use tokio::runtime::Runtime;

/// PostgreSQL's, which names its socket too.
pub(crate) const DEFAULT_PORT: u16 = 5432;

/// A server that runs until the tests end, however they end: its script reads from a pipe that closes with them.
pub(crate) struct Cluster {
    folder: String,
    pub(crate) port: u16,
    pipes: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
    /// Nobody waits for it: it ends with its pipe.
    _script: Child,
}

impl Cluster {
    /// Makes and starts one, with an empty ledger without venues.
    pub(crate) fn start() -> Self {
        Self::start_with("")
    }

    /// The same with options of the server's, `-c name=value`.
    pub(crate) fn start_with(options: &str) -> Self {
        Self::start_as(options, DEFAULT_PORT, [])
    }

    /// The same with databases of another kind, as `initdb` is told of it, and options of the server's.
    pub(crate) fn start_unlike(databases: &str, options: &str) -> Self {
        Self::start_as(options, DEFAULT_PORT, [("DATABASES", databases)])
    }

    /// The same with its files in that folder, which the server's own user may write to.
    pub(crate) fn start_in(folder: &Path) -> Self {
        Self::start_as("", DEFAULT_PORT, [("TMPDIR", folder.to_str().unwrap())])
    }

    /// The same on a port of this computer, with this certificate and its key; unencrypted if they are empty.
    pub(crate) fn start_on_network(certificate: &str, key: &str) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let options = format!("-c listen_addresses=127.0.0.1 -c port={port}");
        Self::start_as(&options, port, [("CERTIFICATE", certificate), ("KEY", key)])
    }

    fn start_as<const N: usize>(options: &str, port: u16, secrets: [(&str, &str); N]) -> Self {
        let found = Command::new("pg_config").arg("--bindir").output().unwrap();
        let programs = String::from_utf8(found.stdout).unwrap();
        let mut command = unprivileged();
        let script = include_str!("cluster.sh");
        command.args(["sh", "-c", script, "cluster", programs.trim(), options]);
        let mut child = command
            .envs(secrets)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut folder = String::new();
        lines.read_line(&mut folder).unwrap();
        assert!(!folder.is_empty(), "the server did not start");
        let cluster = Self {
            folder: folder.trim().to_owned(),
            port,
            pipes: Mutex::new((child.stdin.take().unwrap(), lines)),
            _script: child,
        };
        wait_for(schema::create(&cluster.admin())).unwrap();
        cluster
    }

    /// The one that the tests of a program share.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// The folder of its socket.
    pub(crate) fn socket(&self) -> String {
        format!("{}/s", self.folder)
    }

    /// Its owner, who may do anything.
    pub(crate) fn admin(&self) -> Server {
        at(&self.socket(), self.port)
    }

    /// A connection for statements of a test's own, as that role.
    pub(crate) async fn client(&self, role: &str) -> tokio_postgres::Client {
        let address = format!(
            "host={} port={} user={role} dbname=postgres",
            self.socket(),
            self.port
        );
        let (client, connection) = tokio_postgres::connect(&address, tokio_postgres::NoTls)
            .await
            .unwrap();
        tokio::spawn(connection);
        client
    }

    /// A venue of its own.
    pub(crate) fn venue(&self) -> i32 {
        wait_for(schema::add_venue(&self.admin(), "The Bell")).unwrap()
    }

    /// A till of that venue.
    pub(crate) fn enrol(&self, venue: i32, name: &str) -> Enrolled {
        wait_for(schema::enrol(&self.admin(), venue, name)).unwrap()
    }

    /// A till of that venue, as it connects.
    pub(crate) fn till(&self, venue: i32, name: &str) -> Server {
        as_till(&self.admin(), &self.enrol(venue, name))
    }

    /// Stops it as a power cut would.
    pub(crate) fn crash(&self) {
        self.obey("crash");
    }

    /// Starts it again.
    pub(crate) fn start_again(&self) {
        self.obey("start");
    }

    fn obey(&self, command: &str) {
        let mut pipes = self.pipes.lock().unwrap();
        writeln!(pipes.0, "{command}").unwrap();
        let mut answer = String::new();
        pipes.1.read_line(&mut answer).unwrap();
        assert_eq!(answer.trim(), "done");
    }
}

/// A primary, and a standby that follows it.
pub(crate) struct Pair {
    primary: Cluster,
    tills: Mutex<HashMap<String, Enrolled>>,
}

impl Pair {
    /// Makes both; the standby follows a moment behind.
    pub(crate) fn start() -> Self {
        let primary = Cluster::start();
        primary.obey("follow");
        let tills = Mutex::default();
        Self { primary, tills }
    }

    pub(crate) fn venue(&self) -> i32 {
        self.primary.venue()
    }

    /// A till of that venue that connects to whichever of both is the primary.
    pub(crate) fn till(&self, venue: i32, name: &str) -> Server {
        let till = self.primary.enrol(venue, name);
        self.tills.lock().unwrap().insert(name.to_owned(), till);
        self.till_again(name)
    }

    /// The same till.
    pub(crate) fn till_again(&self, name: &str) -> Server {
        let folder = &self.primary.folder;
        let address = format!("host={folder}/s,{folder}/s2 user=owner dbname=postgres");
        let till = &self.tills.lock().unwrap()[name];
        as_till(&Server::new(&address, &[]).unwrap(), till)
    }

    /// The same till, by the standby's address alone.
    pub(crate) fn till_at_standby(&self, name: &str) -> Server {
        let till = &self.tills.lock().unwrap()[name];
        as_till(&at(&format!("{}/s2", self.primary.folder), DEFAULT_PORT), till)
    }

    /// The primary by itself.
    pub(crate) const fn primary(&self) -> &Cluster {
        &self.primary
    }

    /// Has the standby become a primary beside the one that is there.
    pub(crate) fn promote(&self) {
        self.primary.obey("promote");
    }

    /// Has the standby hang, so that it neither takes anything nor says so, until what this gives is dropped.
    pub(crate) fn hang_standby(&self) -> Hanging {
        let folder = self.primary.folder.clone();
        wait_for(async move {
            let address = format!("host={folder}/s2 user=owner dbname=postgres");
            let (client, connection) = tokio_postgres::connect(&address, tokio_postgres::NoTls)
                .await
                .unwrap();
            tokio::spawn(connection);
            let row = client.query_one("SELECT pid FROM pg_stat_wal_receiver", &[]);
            let receiver: i32 = row.await.unwrap().get(0);
            let sent = Command::new("kill")
                .args(["-STOP", &receiver.to_string()])
                .status();
            assert!(sent.unwrap().success());
            Hanging(receiver)
        })
    }

    /// How many commits of tills wait for the standby.
    pub(crate) fn waiting(&self) -> i64 {
        let sql = "SELECT count(*) FROM pg_stat_activity
                    WHERE wait_event = 'SyncRep' AND usename LIKE 'holdfast_till%'";
        wait_for(async {
            let owner = self.primary.client("owner").await;
            owner.query_one(sql, &[]).await.unwrap().get(0)
        })
    }

    /// Waits until one does.
    pub(crate) fn wait_until_one_waits(&self) {
        while self.waiting() == 0 {
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Calls off the waiting for the standby of all that wait now, as somebody may by hand.
    pub(crate) fn call_off_waiting(&self) {
        self.wait_for_primary(
            "(SELECT bool_and(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep')",
        );
    }

    /// Waits until the primary's own view says so.
    pub(crate) fn wait_for_primary(&self, condition: &str) {
        wait_for(async {
            let owner = self.primary.client("owner").await;
            for _ in 0..200 {
                let row = owner
                    .query_one(&format!("SELECT {condition}"), &[])
                    .await
                    .unwrap();
                if row.get::<_, Option<bool>>(0) == Some(true) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            panic!("it takes too long: {condition}");
        });
    }

    /// Waits until the standby has all that was committed.
    pub(crate) fn wait_until_followed(&self) {
        self.wait_for_primary(
            "(SELECT bool_and(replay_lsn >= pg_current_wal_lsn()) FROM pg_stat_replication)",
        );
    }

    /// Keeps the standby from whatever is committed from here on.
    pub(crate) fn cut_off(&self) {
        self.primary.obey("cut");
        self.wait_for_primary("(SELECT count(*) = 0 FROM pg_stat_replication)");
    }

    /// Has each commit wait for the standby.
    pub(crate) fn make_synchronous(&self) {
        wait_for(async {
            let owner = self.primary.client("owner").await;
            let sql = "ALTER SYSTEM SET synchronous_standby_names = '*'";
            owner.batch_execute(sql).await.unwrap();
            owner.batch_execute("SELECT pg_reload_conf()").await.unwrap();
        });
        self.wait_for_primary("(SELECT bool_and(sync_state = 'sync') FROM pg_stat_replication)");
    }

    /// Has the standby take the primary's place, which lives on and is found by nobody new.
    pub(crate) fn split(&self) {
        self.primary.obey("hide");
        self.primary.obey("promote");
    }

    /// Stops the standby that has become the primary.
    pub(crate) fn stop_second(&self) {
        self.primary.obey("crash second");
    }

    /// Starts it again.
    pub(crate) fn start_second(&self) {
        self.primary.obey("start second");
    }

    /// A connection of the owner's to it.
    pub(crate) async fn second(&self) -> tokio_postgres::Client {
        let address = format!("host={}/s2 user=owner dbname=postgres", self.primary.folder);
        let (client, connection) = tokio_postgres::connect(&address, tokio_postgres::NoTls)
            .await
            .unwrap();
        tokio::spawn(connection);
        client
    }

    /// Kills the primary, and has the standby take its place.
    pub(crate) fn fail_over(&self) {
        self.primary.obey("crash");
        self.primary.obey("promote");
    }
}

/// A standby's receiver that hangs.
pub(crate) struct Hanging(i32);

impl Drop for Hanging {
    fn drop(&mut self) {
        // It may have ended with its server.
        let _sent = Command::new("kill").args(["-CONT", &self.0.to_string()]).status();
    }
}

/// The server behind a socket.
pub(crate) fn at(socket: &str, port: u16) -> Server {
    Server::new(
        &format!("host={socket} port={port} user=owner dbname=postgres"),
        &[],
    )
    .unwrap()
}

/// The same server as a till connects to it.
pub(crate) fn as_till(server: &Server, till: &Enrolled) -> Server {
    server.as_role(&till.role, Some(&till.password))
}

/// PostgreSQL refuses to run as root: then it's the user that Debian's package makes.
fn unprivileged() -> Command {
    let id = Command::new("id").arg("-u").output().unwrap();
    if String::from_utf8_lossy(&id.stdout).trim() == "0" {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "env"]);
        command.current_dir("/");
        command
    } else {
        Command::new("env")
    }
}

/// Waits on threads of the tests' own: a test that asks is on one that must not be blocked, and connections have to
/// outlive its runtime.
pub(crate) fn wait_for<T: Send>(work: impl Future<Output = T> + Send) -> T {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    let runtime = RUNTIME.get_or_init(|| Runtime::new().unwrap());
    std::thread::scope(|scope| scope.spawn(|| runtime.block_on(work)).join().unwrap())
}

/// Opens the ledger as a till.
pub(crate) fn open(till: &Server) -> PostgresLedger {
    wait_for(PostgresLedger::open(till.clone())).unwrap()
}
