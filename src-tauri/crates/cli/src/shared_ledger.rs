//! The ledger that several tills share, looked after by an administrator of its server.

use crate::addresses::{address_of, only_here};
use crate::arguments::{LedgerArguments, LedgerCommand};
use crate::{head_office, listing, moving, overview};
use anyhow::{Context as _, ensure};
use holdfast_desk::{Clock as _, LeavingLedger, Mode, SystemClock};
use holdfast_key_store::SystemKeyStore;
use holdfast_ledger::LedgerError;
use holdfast_ledger::prelude::*;
use holdfast_ledger_postgres::schema::Retired;
use holdfast_ledger_postgres::{Server, schema};
use holdfast_ledger_sqlite::{LedgerHome, Opening};
use holdfast_shared_ledger::{JoinCode, Joined, Joining, NotLeft, leave};
use serde_json::{Value, json};
use std::io::{BufRead as _, Read as _, Write as _};
use std::path::Path;

pub(crate) async fn run(arguments: &LedgerArguments, is_json: bool) -> anyhow::Result<()> {
    let trusted = match &arguments.trust {
        Some(path) => std::fs::read(path).with_context(|| path.display().to_string())?,
        None => Vec::new(),
    };
    let server = arguments
        .server
        .as_deref()
        .filter(|server| !server.trim().is_empty());
    let server = server.context("say where the ledger is: --server, or HOLDFAST_LEDGER_SERVER")?;
    let admin = Server::new(server, &trusted)?;
    if let LedgerCommand::Overview { venue, reports } = &arguments.command {
        return overview::run(&admin, *venue, *reports, is_json).await;
    }
    let done = carry_out(&admin, &trusted, &arguments.command).await;
    let (words, done) = done.map_err(of_an_administrator)?;
    say(&words, &done, is_json);
    Ok(())
}

/// The ledger's own words are a till's.
fn of_an_administrator(error: anyhow::Error) -> anyhow::Error {
    match error.downcast_ref() {
        Some(LedgerError::NotAdmitted) => anyhow::anyhow!(
            "the server doesn’t let this role in: look at the user and the password in HOLDFAST_LEDGER_SERVER, and at \
             pg_hba.conf"
        ),
        _ => error,
    }
}

fn say(words: &str, data: &Value, is_json: bool) {
    if is_json {
        println!("{data}");
    } else {
        println!("{words}");
    }
}

/// More than any code has.
const MOST_CODE_BYTES: u64 = 100_000;

/// Has the till of a data folder join, by a code from standard input: every program on the computer can read a command
/// line.
pub(crate) async fn join(root: &Path, mode: Option<&str>, is_json: bool) -> anyhow::Result<()> {
    let mode = mode_of(root, mode)?;
    let mut text = String::new();
    std::io::stdin().take(MOST_CODE_BYTES).read_to_string(&mut text)?;
    let code = JoinCode::parse(&text)?;
    let folder = mode.folder(root);
    refuse_open_tabs(&folder).await?;
    let joining = Joining::begin(code).await?;
    joining.keep_password(mode, &SystemKeyStore::of(root))?;
    let joined = joining.finish(&folder).await?;
    let words = format!(
        "This till is {} on the shared ledger from now on, in {}. Start Holdfast again.",
        joined.till,
        mode.name()
    );
    say(
        &words,
        &json!({ "till": joined.till, "mode": mode.name() }),
        is_json,
    );
    Ok(())
}

/// The mode that was named, or the one that the window was in last.
fn mode_of(root: &Path, named: Option<&str>) -> anyhow::Result<Mode> {
    match named {
        Some(name) => Mode::named(name.trim()).context("the modes are live, sandbox and training"),
        None => {
            let last = std::fs::read_to_string(root.join("mode")).unwrap_or_default();
            Mode::named(last.trim()).context("say which mode works on it: --mode live, or --mode sandbox")
        }
    }
}

/// Has the till of a data folder return to its own ledger, once a person has said so.
pub(crate) fn go_back(root: &Path, mode: Option<&str>, yes: bool, is_json: bool) -> anyhow::Result<()> {
    let mode = mode_of(root, mode)?;
    let folder = mode.folder(root);
    ensure!(Joined::is_in(&folder), NotLeft::NotShared);
    let leaving = LeavingLedger {
        till: Joined::of(&folder).ok().flatten().map(|joined| joined.till),
        ..LeavingLedger::default()
    };
    if !yes {
        eprintln!("{}", leaving.means());
        std::io::stderr().flush()?;
        let mut typed = String::new();
        std::io::stdin().lock().read_line(&mut typed)?;
        ensure!(leaving.agreed(Some(&typed)).is_ok(), "nothing was changed");
    }
    leave(&folder, mode, &SystemKeyStore::of(root))?;
    let words = format!(
        "This till has a ledger of its own again, in {}. Start Holdfast again, and have the till retired at \
         the server.",
        mode.name()
    );
    say(
        &words,
        &json!({ "left": leaving.till, "mode": mode.name() }),
        is_json,
    );
    Ok(())
}

/// Nobody watches what is open in a ledger that isn't opened any more.
async fn refuse_open_tabs(folder: &Path) -> anyhow::Result<()> {
    if Joined::is_in(folder) || !folder.join("ledger.db").exists() {
        return Ok(());
    }
    let opened = LedgerHome::at(folder)
        .open(Opening::Whole, SystemClock.now())
        .await?;
    let open = opened.ledger.tabs(true, 1).await?.len();
    ensure!(
        open == 0,
        "tabs are open in this till’s own ledger, which nobody would watch any more: take or release and close them \
         first, then join. If they were imported into the shared ledger, don’t: rename {} instead, and join then",
        folder.display()
    );
    Ok(())
}

/// What was done, in words and as data.
async fn carry_out(
    admin: &Server,
    trusted: &[u8],
    command: &LedgerCommand,
) -> anyhow::Result<(String, Value)> {
    Ok(match command {
        LedgerCommand::Create => {
            match schema::create(admin).await {
                Err(LedgerError::Busy) => {
                    anyhow::bail!("the database has a ledger already: migrate it instead")
                }
                made => made?,
            }
            let next = "The ledger is made. Add a venue next: holdfast-cli ledger add-venue NAME";
            (next.to_owned(), json!({ "made": true }))
        }
        LedgerCommand::Migrate => {
            let steps = match schema::migrate(admin).await {
                Err(LedgerError::NotFound) => anyhow::bail!("the database has no ledger: create one first"),
                steps => steps?,
            };
            let words = match steps {
                0 => "The ledger has this version’s format already.".to_owned(),
                steps => format!("The ledger is at this version’s format now, {steps} steps further."),
            };
            (words, json!({ "steps": steps }))
        }
        LedgerCommand::AddVenue { name, group } => {
            let name = named(name)?;
            let venue = schema::add_venue(admin, name).await?;
            if group.is_some() {
                schema::set_group(admin, venue, group.as_deref()).await?;
            }
            (format!("{name} is venue {venue}."), json!({ "venue": venue }))
        }
        LedgerCommand::SetGroup { venue, group } => {
            head_office::set_group(admin, *venue, group.as_deref()).await?
        }
        LedgerCommand::HeadOffice { name, group, address } => {
            let name = named(name)?;
            let address = address_of(admin, trusted, address.as_deref())?;
            head_office::add(admin, name, group, &address).await?
        }
        LedgerCommand::Enrol { venue, name, address } => {
            let address = address_of(admin, trusted, address.as_deref())?;
            enrol(admin, trusted, *venue, named(name)?, address).await?
        }
        LedgerCommand::Import { folder, venue } => moving::import(admin, folder, *venue).await?,
        LedgerCommand::Export { folder, venue } => moving::export(admin, folder, *venue).await?,
        // It's the till's own, and needs no administrator.
        LedgerCommand::Join { .. } | LedgerCommand::Leave { .. } => {
            anyhow::bail!("it needs a data folder: --data-dir")
        }
        LedgerCommand::Overview { .. } => anyhow::bail!("an overview is a head office’s"),
        LedgerCommand::List => listing::run(admin).await?,
        LedgerCommand::Retire { id } => retire(admin, id).await?,
    })
}

/// A name without what stands around it: a nameless till would be nobody on the others' screens.
fn named(name: &str) -> anyhow::Result<&str> {
    let name = name.trim();
    ensure!(!name.is_empty(), "it needs a name");
    Ok(name)
}

async fn enrol(
    admin: &Server,
    trusted: &[u8],
    venue: i32,
    name: &str,
    address: String,
) -> anyhow::Result<(String, Value)> {
    let till = match schema::enrol(admin, venue, name).await {
        Err(LedgerError::NotFound) => anyhow::bail!("there is no venue {venue}"),
        till => till?,
    };
    let code = JoinCode {
        address,
        certificates: String::from_utf8(trusted.to_vec()).context("the certificates are no PEM")?,
        role: till.role,
        password: till.password,
    };
    let words = format!(
        "{name} is enrolled as till {}. Its code is good for one joining and isn’t kept anywhere. Paste it at the \
         till, in Settings → Ledger, or give it to `holdfast-cli ledger join` there:\n\n{}{}",
        till.till,
        code.text(),
        only_here(&code.address)
    );
    Ok((words, json!({ "till": till.till, "code": code.text() })))
}

async fn retire(admin: &Server, id: &str) -> anyhow::Result<(String, Value)> {
    let parsed = id
        .parse()
        .ok()
        .context("it goes by the id, not by the name: holdfast-cli ledger list shows it")?;
    let words = match schema::retire(admin, parsed).await {
        Err(LedgerError::NotFound) => {
            anyhow::bail!("no such till is enrolled, and there is no such head office")
        }
        retired => match retired? {
            Retired::Till => {
                "The till is kept out from now on. Change the key at Dojo too: the till has a copy."
            }
            Retired::HeadOffice => "The head office is kept out from now on.",
        },
    };
    Ok((words.to_owned(), json!({ "retired": id })))
}
