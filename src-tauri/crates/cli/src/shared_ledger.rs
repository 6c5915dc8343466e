//! The ledger that several tills share, looked after by an administrator of its server.

use crate::arguments::{LedgerArguments, LedgerCommand};
use crate::moving;
use anyhow::Context as _;
use holdfast_ledger::LedgerError;
use holdfast_ledger_postgres::{Server, schema};
use serde_json::{Value, json};

pub(crate) async fn run(arguments: &LedgerArguments, is_json: bool) -> anyhow::Result<()> {
    let trusted = match &arguments.trust {
        Some(path) => std::fs::read(path).with_context(|| path.display().to_string())?,
        None => Vec::new(),
    };
    let admin = Server::new(&arguments.server, &trusted)?;
    let (words, done) = carry_out(&admin, &arguments.command).await?;
    if is_json {
        println!("{done}");
    } else {
        println!("{words}");
    }
    Ok(())
}

/// What was done, in words and as data.
async fn carry_out(admin: &Server, command: &LedgerCommand) -> anyhow::Result<(String, Value)> {
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
        LedgerCommand::AddVenue { name } => {
            let venue = schema::add_venue(admin, name).await?;
            (format!("{name} is venue {venue}."), json!({ "venue": venue }))
        }
        LedgerCommand::Enrol { venue, name } => {
            let till = match schema::enrol(admin, *venue, name).await {
                Err(LedgerError::NotFound) => anyhow::bail!("there is no venue {venue}"),
                till => till?,
            };
            let words = format!(
                "{name} is enrolled as till {}.\nRole: {}\nPassword: {}\nThe password isn’t kept anywhere: write it \
                 down now.",
                till.till, till.role, till.password
            );
            let data = json!({ "till": till.till, "role": till.role, "password": till.password });
            (words, data)
        }
        LedgerCommand::Import { folder, venue } => moving::import(admin, folder, *venue).await?,
        LedgerCommand::Export { folder, venue } => moving::export(admin, folder, *venue).await?,
        LedgerCommand::Retire { till } => {
            let id = till.parse().context("a till’s id is what `enrol` said")?;
            match schema::retire(admin, id).await {
                Err(LedgerError::NotFound) => anyhow::bail!("no such till is enrolled"),
                done => done?,
            }
            let words = "The till is kept out from now on. Change the key at Dojo too: the till has a copy.";
            (words.to_owned(), json!({ "retired": till }))
        }
    })
}
