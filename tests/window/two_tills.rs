//! Two tills on one ledger: they join by a code, take a bill once, see what the other does, and wait for a server that
//! is away.

use crate::browser::Window;
use crate::desktop::Desktop;
use crate::id;
use crate::sandbox::{dojo, keep_key};
use anyhow::{Context, Result, bail, ensure};
use holdfast_ledger_postgres::{Server, schema};
use holdfast_shared_ledger::JoinCode;
use holdfast_simulator::Running;
use holdfast_tests::GOOD;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What is painted later than this wasn't heard of within a second: the rest is the driver's, on a busy computer.
const PAINTED_WITHIN: Duration = Duration::from_secs(3);

/// A PostgreSQL server for one story, with an empty ledger of one venue.
pub(crate) struct Cluster {
    folder: String,
    input: ChildStdin,
    output: Mutex<BufReader<ChildStdout>>,
    /// It ends with its input.
    _script: Child,
}

impl Cluster {
    pub(crate) async fn start() -> Result<Self> {
        let found = Command::new("pg_config").arg("--bindir").output();
        let programs = String::from_utf8(found.context("is postgresql installed?")?.stdout)?;
        let id = Command::new("id").arg("-u").output()?;
        let mut command = Command::new("env");
        if String::from_utf8_lossy(&id.stdout).trim() == "0" {
            // PostgreSQL refuses to run as root: then it's the user that Debian's package makes.
            command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "env"]);
            command.current_dir("/");
        }
        let script = include_str!("../../src-tauri/crates/ledger-postgres/tests/server/cluster.sh");
        command.args(["sh", "-c", script, "cluster", programs.trim(), ""]);
        let mut script = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let input = script.stdin.take().context("no input")?;
        let mut output = BufReader::new(script.stdout.take().context("no output")?);
        let mut folder = String::new();
        output.read_line(&mut folder)?;
        ensure!(!folder.trim().is_empty(), "the server did not start");
        let cluster = Self {
            folder: folder.trim().to_owned(),
            input,
            output: Mutex::new(output),
            _script: script,
        };
        schema::create(&cluster.admin()?).await?;
        schema::add_venue(&cluster.admin()?, "The Bell").await?;
        cluster.ask_for_passwords()?;
        Ok(cluster)
    }

    /// The folder of its socket.
    pub(crate) fn socket(&self) -> PathBuf {
        Path::new(&self.folder).join("s")
    }

    fn admin(&self) -> Result<Server> {
        let address = format!("host={}/s user=owner dbname=postgres", self.folder);
        Ok(Server::new(&address, &[])?)
    }

    /// As over a network: only the owner is let in without one.
    fn ask_for_passwords(&self) -> Result<()> {
        let rules = "local all owner trust\nlocal all all scram-sha-256\n";
        std::fs::write(format!("{}/data/pg_hba.conf", self.folder), rules)?;
        self.obey("crash")?;
        self.obey("start")
    }

    /// `crash` stops it as a power cut would, `start` starts it again.
    pub(crate) fn obey(&self, command: &str) -> Result<()> {
        let mut input = &self.input;
        writeln!(input, "{command}")?;
        let mut answer = String::new();
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        output.read_line(&mut answer)?;
        ensure!(answer.trim() == "done", "the server does not obey");
        Ok(())
    }

    /// Those of Bar 1 and Bar 2.
    async fn codes(&self) -> Result<[String; 2]> {
        Ok([self.code("Bar 1").await?, self.code("Bar 2").await?])
    }

    async fn code(&self, name: &str) -> Result<String> {
        self.code_at(&self.admin()?.address(), name).await
    }

    /// The code of a till that reaches the server at another address.
    pub(crate) async fn code_at(&self, address: &str, name: &str) -> Result<String> {
        let till = schema::enrol(&self.admin()?, 1, name).await?;
        let code = JoinCode {
            address: address.to_owned(),
            certificates: String::new(),
            role: till.role,
            password: till.password,
        };
        Ok(code.text())
    }
}

/// Opens a till in the sandbox, with somebody's name.
async fn open(desktop: &Desktop, dojo: &str, who: &str) -> Result<Window> {
    let environment = [desktop.environment(), ("HOLDFAST_DOJO_URL", dojo)];
    let window = Window::open_prepared(&environment, async |_| Ok(())).await?;
    keep_key(&window).await?;
    window.press(&id("section-venue")).await?;
    window.fill(&id("set-staff"), who).await?;
    window.press(&id("save-settings")).await?;
    window.reads(&id("on-duty"), who).await?;
    Ok(window)
}

async fn paste(window: &Window, code: &str) -> Result<()> {
    window.press(&id("screen-settings")).await?;
    window.press(&id("section-ledger")).await?;
    window.paste(&id("field-ledger-code"), code).await?;
    window.shot("join-ledger").await?;
    window.press(&id("join-ledger")).await
}

/// Bar 1 with Kim and Bar 2 with Sam, on one ledger.
async fn two_tills(desktop: &Desktop, dojo: &Running, codes: &[String; 2]) -> Result<[Window; 2]> {
    let mut windows = Vec::new();
    for ((who, till), code) in [("Kim", "Bar 1"), ("Sam", "Bar 2")].into_iter().zip(codes) {
        windows.push(joined(desktop, &dojo.base_url(), who, till, code).await?);
    }
    windows.try_into().ok().context("there are two")
}

/// A till on the shared ledger, on the floor.
pub(crate) async fn joined(
    desktop: &Desktop,
    dojo: &str,
    who: &str,
    till: &str,
    code: &str,
) -> Result<Window> {
    let window = open(desktop, dojo, who).await?;
    paste(&window, code).await?;
    window.reads(&id("shared-ledger"), till).await?;
    // Who works here is the till's own, and stays.
    window.reads(&id("on-duty"), who).await?;
    window.reads(&id("on-duty"), till).await?;
    window.press(&id("screen-floor")).await?;
    Ok(window)
}

/// A tab with £100 on hold and a bill of £40.
pub(crate) async fn held(window: &Window, dojo: &Running, name: &str) -> Result<()> {
    window.press(&id("new-tab")).await?;
    window.fill(&id("field-name"), name).await?;
    window.fill(&id("field-amount"), "100").await?;
    window.press(&id("open-hold")).await?;
    window.gone("dialog").await?;
    let link = window.text(&id("link")).await?;
    dojo.pay(link.rsplit('/').next().unwrap_or_default(), GOOD)?;
    window
        .reads(&format!("[data-name='{name}'] .state"), "On hold")
        .await?;
    window.fill(&id("line-amount"), "40").await?;
    window.press(&id("line-add")).await?;
    window.reads(&format!("[data-name='{name}']"), "£40.00").await
}

fn captured(dojo: &Running) -> Result<i64> {
    let truth = dojo.truth()?;
    let intents = truth["intents"].as_array().context("no intents")?;
    Ok(intents
        .iter()
        .filter_map(|intent| intent["captured"].as_i64())
        .sum())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_tills_take_one_bill_once_and_the_other_is_told_by_whom() -> Result<()> {
    let (desktop, dojo, cluster) = (Desktop::start().await?, dojo(0).await?, Cluster::start().await?);
    let windows = two_tills(&desktop, &dojo, &cluster.codes().await?).await?;
    let [bar, terrace] = &windows;
    held(bar, &dojo, "Niamh").await?;
    terrace.press("[data-name='Niamh']").await?;
    for window in &windows {
        window.press(&id("take")).await?;
        window.reads(&id("take-confirm"), "Take £40.00").await?;
        window.see(&format!("{}:enabled", id("take-confirm"))).await?;
    }
    // A button that sleeps by now takes no press.
    let press = "document.querySelector(arguments[0])?.click()";
    let button = serde_json::json!([id("take-confirm")]);
    let (one, other) = tokio::join!(bar.script(press, button.clone()), terrace.script(press, button));
    one.and(other)?;
    let begun = Instant::now();
    let [first, second] = loop {
        let open = [bar.count("dialog").await?, terrace.count("dialog").await?];
        match open {
            [0, 1] => break [bar, terrace],
            [1, 0] => break [terrace, bar],
            _ if begun.elapsed() > Duration::from_secs(15) => bail!("{open:?} sheets are open"),
            _ => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    };
    let who = |window: &Window| if std::ptr::eq(window, bar) { "Kim" } else { "Sam" };
    second.reads(&id("changed"), "£40.00 was taken").await?;
    second.reads(&id("changed"), who(first)).await?;
    second.see(&format!("{}:disabled", id("take-confirm"))).await?;
    ensure!(captured(&dojo)? == 4_000, "{}", captured(&dojo)?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_till_does_is_painted_at_the_other_with_where_and_by_whom() -> Result<()> {
    let (desktop, dojo, cluster) = (Desktop::start().await?, dojo(0).await?, Cluster::start().await?);
    let codes = cluster.codes().await?;
    let [bar, terrace] = two_tills(&desktop, &dojo, &codes).await?;
    held(&bar, &dojo, "Niamh").await?;
    terrace.press("[data-name='Niamh']").await?;
    terrace.fill(&id("line-amount"), "31.20").await?;
    terrace.press(&id("line-add")).await?;
    let pressed = Instant::now();
    bar.reads("[data-name='Niamh']", "£71.20").await?;
    let took = pressed.elapsed();
    ensure!(took < PAINTED_WITHIN, "it took {took:?}");
    bar.reads("[data-name='Niamh']", "changed at Bar 2").await?;
    let told = "Changed at Bar 2 by Sam: £31.20 added to the bill";
    bar.reads(&id("changed-elsewhere"), told).await?;
    bar.shot("changed-elsewhere").await?;
    // What this till does ends it.
    bar.fill(&id("line-amount"), "1").await?;
    bar.press(&id("line-add")).await?;
    bar.gone(&id("changed-elsewhere")).await?;
    // A code is good for one till, and what was pasted stays.
    let another = open(&desktop, &dojo.base_url(), "Alex").await?;
    let [used, _] = &codes;
    paste(&another, used).await?;
    another
        .reads(&id("field-error"), "This code was used before")
        .await?;
    ensure!(another.value(&id("field-ledger-code")).await? == *used);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_server_is_away_both_tills_show_what_was_known_and_change_nothing() -> Result<()> {
    let (desktop, dojo, cluster) = (Desktop::start().await?, dojo(0).await?, Cluster::start().await?);
    let [bar, terrace] = two_tills(&desktop, &dojo, &cluster.codes().await?).await?;
    held(&bar, &dojo, "Niamh").await?;
    terrace.reads("[data-name='Niamh']", "£40.00").await?;
    cluster.obey("crash")?;
    let banner = "[data-testid='banner'][data-code='ledger']";
    for window in [&bar, &terrace] {
        window
            .reads(banner, "The shared ledger can’t be reached since")
            .await?;
        window.see(&format!("{}:disabled", id("new-tab"))).await?;
        window.reads("[data-name='Niamh']", "£40.00").await?;
    }
    // A tab that nobody looked at before can be looked at, and nothing is offered on it.
    terrace.press("[data-name='Niamh']").await?;
    terrace.reads(&id("panel"), "£40.00").await?;
    terrace.see(&format!("{}:disabled", id("line-add"))).await?;
    ensure!(terrace.count(&id("take")).await? == 0);
    terrace.shot("ledger-away").await?;
    // A key says why, too.
    terrace.keys("\u{e032}").await?;
    terrace.reads(&id("toast"), "can’t be reached").await?;
    ensure!(terrace.count("dialog").await? == 0);
    cluster.obey("start")?;
    for window in [&bar, &terrace] {
        window.gone(banner).await?;
        window.see(&format!("{}:enabled", id("new-tab"))).await?;
    }
    terrace.fill(&id("line-amount"), "2").await?;
    terrace.press(&id("line-add")).await?;
    bar.reads("[data-name='Niamh']", "£42.00").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_till_goes_back_to_its_own_ledger_though_the_server_never_comes_back() -> Result<()> {
    let (desktop, dojo, cluster) = (Desktop::start().await?, dojo(0).await?, Cluster::start().await?);
    let [bar, terrace] = two_tills(&desktop, &dojo, &cluster.codes().await?).await?;
    held(&bar, &dojo, "Niamh").await?;
    terrace.reads("[data-name='Niamh']", "£40.00").await?;
    leave(&terrace, "The open tab stays with the other tills").await?;
    terrace.press(&id("screen-floor")).await?;
    terrace.see(&format!("{}:enabled", id("new-tab"))).await?;
    ensure!(terrace.count("[data-name='Niamh']").await? == 0, "it stays there");
    bar.reads("[data-name='Niamh']", "£40.00").await?;
    cluster.obey("crash")?;
    let banner = "[data-testid='banner'][data-code='ledger']";
    bar.reads(banner, "The shared ledger can’t be reached since")
        .await?;
    leave(&bar, "If its server never comes back").await?;
    bar.press(&id("screen-floor")).await?;
    bar.see(&format!("{}:enabled", id("new-tab"))).await?;
    ensure!(bar.count(banner).await? == 0);
    Ok(())
}

/// Goes back to a ledger of its own, once it was read what that means.
async fn leave(window: &Window, means: &str) -> Result<()> {
    window.press(&id("screen-settings")).await?;
    window.press(&id("section-ledger")).await?;
    window.press(&id("leave-ledger")).await?;
    window.reads(&id("leave-ledger-means"), means).await?;
    window.shot("leave-ledger").await?;
    let words = window.text(&id("leave-ledger-means")).await?;
    let typed = words.split(['“', '”']).nth_back(1).context("nothing to type")?;
    window.fill(&id("field-leave-ledger"), typed).await?;
    window.press(&id("leave-ledger-confirm")).await?;
    window.see(&id("field-ledger-code")).await
}
