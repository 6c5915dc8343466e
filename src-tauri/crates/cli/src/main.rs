//! `holdfast-cli`: the same desk without a window, for a venue's IT and for tests of whole processes.

mod addresses;
mod arguments;
mod ask;
mod head_office;
mod key;
mod listing;
mod moving;
mod overview;
mod restore;
mod say;
mod shared_ledger;

use anyhow::{Context as _, bail};
use arguments::{Arguments, Command, LedgerArguments, LedgerCommand};
use ask::DojoNotAsked;
use clap::Parser;
use holdfast_desk::view::BannerCode;
use holdfast_desk::{AppError, Clock, Desk, Mode, OpenTabs, SystemClock};
use holdfast_dojo::{ApiKey, Client, HttpTransport};
use holdfast_ledger_sqlite::{LedgerHome, Opening, SqliteLedger};
use holdfast_process::{FolderTrouble, ScrubbedStderr, scrubbed};
use holdfast_shared_ledger::Joined;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// Where the ledger is, and what the desk stands on.
struct Setup {
    root: PathBuf,
    folder: PathBuf,
    address: String,
    key: ApiKey,
}

impl Setup {
    async fn open(&self) -> anyhow::Result<(Arc<Desk>, Arc<SqliteLedger>)> {
        let opened = LedgerHome::at(&self.folder)
            .open(Opening::Whole, SystemClock.now())
            .await?;
        let ledger = Arc::new(opened.ledger);
        let transport =
            HttpTransport::new(&self.address, Duration::from_secs(30)).map_err(anyhow::Error::msg)?;
        let client = Client::new(Arc::new(transport), self.key.clone());
        let desk = Desk::new(ledger.clone(), client, Arc::new(SystemClock));
        desk.keep_settings_in(&self.folder);
        desk.refuse_other_key(&self.key.hint()).await?;
        if let Some(name) = holdfast_key_store::till_name(&self.root) {
            desk.name_till(name);
        }
        Ok((Arc::new(desk), ledger))
    }

    /// The window tells of what was left open in a mode that isn't open, also by this program.
    async fn keep_open_tabs(&self, desk: &Desk) {
        match desk.venue_summary().await {
            Ok(standing) => OpenTabs::keep(&self.folder, &standing),
            Err(error) => tracing::warn!(%error, "what is open could not be noted"),
        }
    }
}

/// The journal's seals are whole, and Dojo couldn't be asked about them: neither done nor a failure of theirs.
const DOJO_NOT_ASKED: u8 = 3;

#[tokio::main]
async fn main() -> ExitCode {
    holdfast_process::dump_no_memory();
    tracing_subscriber::fmt().with_writer(ScrubbedStderr).init();
    holdfast_process::log_panics();
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Shown as it is printed, an error of the desk's leaves Dojo's own words out, for logs.
            let words = error
                .downcast_ref::<AppError>()
                .map_or_else(|| format!("{error:#}"), |error| error.message.clone());
            eprintln!("{}", scrubbed(&format!("Error: {words}")));
            match error.downcast_ref::<DojoNotAsked>() {
                Some(_) => ExitCode::from(DOJO_NOT_ASKED),
                None => ExitCode::FAILURE,
            }
        }
    }
}

/// Refuses a data folder as the window does: two programs must not have it from two computers, and what another user's
/// program leaves in it its owner can't open.
fn refuse_folder(folder: &Path) -> anyhow::Result<()> {
    let at = folder.to_owned();
    let looked = holdfast_process::unless_silent(move || {
        // First of all: every look at another computer's disk waits while it doesn't answer.
        if holdfast_desk::is_on_another_computer(&at) {
            return Err(anyhow::anyhow!(
                "{} is on another computer’s disk; use a folder on this one",
                at.display()
            ));
        }
        Ok(holdfast_process::folder_trouble(&at))
    });
    let Some(trouble) = looked.unwrap_or(Ok(Some(FolderTrouble::Silent)))? else {
        return Ok(());
    };
    let why = match trouble {
        FolderTrouble::Silent => "its disk doesn’t answer".to_owned(),
        FolderTrouble::Full => "its disk is full".to_owned(),
        FolderTrouble::ReadOnly => "its disk is read-only".to_owned(),
        FolderTrouble::OfAnotherUser(owner) => {
            format!("it, or a file in it, belongs to {owner}: run this as {owner}")
        }
        FolderTrouble::Link(link) => format!(
            "{} in it is a link; put the file or folder itself there",
            link.display()
        ),
        FolderTrouble::Refused(why) => why,
    };
    bail!("{} can’t be used: {why}", folder.display())
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    if let Command::Ledger(of_ledger) = &arguments.command
        && !matches!(
            of_ledger.command,
            LedgerCommand::Join { .. } | LedgerCommand::Leave { .. }
        )
    {
        return shared_ledger::run(of_ledger, arguments.json).await;
    }
    let data_dir = arguments
        .data_dir
        .as_ref()
        .context("say where the data folder is: --data-dir")?;
    let data_dir = std::path::absolute(data_dir)?;
    refuse_folder(&data_dir)?;
    holdfast_process::keep_private(&data_dir)?;
    if let Command::Ledger(LedgerArguments {
        command: LedgerCommand::Join { mode },
        ..
    }) = &arguments.command
    {
        return shared_ledger::join(&data_dir, mode.as_deref(), arguments.json).await;
    }
    if let Command::Ledger(LedgerArguments {
        command: LedgerCommand::Leave { mode, yes },
        ..
    }) = &arguments.command
    {
        return shared_ledger::go_back(&data_dir, mode.as_deref(), *yes, arguments.json);
    }
    let key = arguments.key.key(&data_dir)?;
    let setup = Setup {
        folder: Mode::of(&key).folder(&data_dir),
        root: data_dir,
        address: holdfast_dojo::address(arguments.dojo_url.as_deref(), key.environment())?,
        key,
    };
    // Opened here, it would be fenced out in its window.
    if Joined::is_in(&setup.folder) {
        bail!("this till works on a shared ledger: use its window");
    }
    if let Command::Restore { name, yes } = &arguments.command {
        return restore::run(&setup, name, *yes, arguments.json).await;
    }
    let (desk, ledger) = setup.open().await?;
    for banner in desk.floor().await?.banners {
        if matches!(banner.code, BannerCode::Restored | BannerCode::Interrupted) {
            eprintln!("{}", banner.words);
        }
    }
    let done = ask::carry_out(&desk, ledger.as_ref(), arguments.command, arguments.json).await;
    setup.keep_open_tabs(&desk).await;
    done
}
