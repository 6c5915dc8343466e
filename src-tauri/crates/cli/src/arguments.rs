//! What `holdfast-cli` is told. `xtask` includes this file and makes the manual's pages of it, so it needs clap alone.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Card holds without a window. The key comes from the key store, a file or the environment, never from the command
/// line.
#[derive(Parser)]
#[command(version)]
pub(crate) struct Arguments {
    /// The data folder, as the window uses it. All commands but those of `ledger` need it; of these, `join`
    /// and `leave` do.
    #[arg(long, env = "HOLDFAST_DATA_DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Ask this address instead of Dojo's with a sandbox key; only one on this computer is accepted.
    #[arg(long, env = "HOLDFAST_DOJO_URL")]
    pub(crate) dojo_url: Option<String>,
    #[command(flatten)]
    pub(crate) key: KeyFrom,
    /// Answers in JSON.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where to read the key.
#[derive(Args)]
#[group(multiple = false)]
pub(crate) struct KeyFrom {
    /// Read the key from this file, which nobody else may read.
    #[arg(long)]
    pub(crate) key_file: Option<PathBuf>,
    /// Read the key from standard input.
    #[arg(long)]
    pub(crate) key_stdin: bool,
    /// The mode whose key is in the key store: sandbox or live. The one that the window was in last if none.
    #[arg(long)]
    pub(crate) mode: Option<String>,
}

/// What staff do. A tab is named by its reference (`HF-…`) or its id.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Lists the open tabs, or the closed ones.
    List {
        /// The closed ones.
        #[arg(long)]
        closed: bool,
    },
    /// One tab with its holds and its history.
    Show {
        /// Which.
        tab: String,
    },
    /// Opens a tab, a deposit or a payment.
    Open {
        /// `tab`, `deposit` or `payment`.
        kind: String,
        /// Guest or party.
        name: String,
        /// As typed at the till.
        amount: String,
    },
    /// Adds a line to a bill.
    Add {
        /// Which tab.
        tab: String,
        /// As typed at the till; a minus corrects.
        #[arg(allow_hyphen_values = true)]
        amount: String,
        /// What was had.
        what: Option<String>,
    },
    /// Takes: what is due on the bill, unless said otherwise.
    Take {
        /// Which tab.
        tab: String,
        /// Instead of what is due.
        #[arg(long)]
        bill: Option<String>,
        /// Service charge.
        #[arg(long)]
        service: Option<String>,
        /// Tip.
        #[arg(long)]
        tip: Option<String>,
        /// Confirms what it would ask: to take more than is due, or that Dojo takes the rest later.
        #[arg(long)]
        yes: bool,
    },
    /// Releases what is on hold.
    Release {
        /// Which tab.
        tab: String,
        /// Why.
        #[arg(long)]
        reason: Option<String>,
    },
    /// Asks the guest for a new hold instead of the old one; `sweep` releases the old one once the new
    /// one is in place.
    Renew {
        /// Which tab.
        tab: String,
        /// As typed at the till; the same amount when none.
        #[arg(long)]
        amount: Option<String>,
    },
    /// Cancels a renewal: the old hold stays, an unpaid new link is cancelled.
    GiveUpRenewal {
        /// Which tab.
        tab: String,
    },
    /// Cancels an unpaid request.
    Cancel {
        /// Which tab.
        tab: String,
        /// Why.
        #[arg(long)]
        reason: Option<String>,
    },
    /// Refunds what was taken. The bill's part comes off the bill, unless it is to be charged again.
    Refund {
        /// Which tab.
        tab: String,
        /// Of the bill, as typed at the till.
        amount: String,
        /// Of the service charge, beside that.
        #[arg(long)]
        service: Option<String>,
        /// Of the tip, beside that.
        #[arg(long)]
        tip: Option<String>,
        /// The bill's part is due again, to be paid another way here.
        #[arg(long)]
        charge_again: bool,
        /// Why.
        #[arg(long)]
        reason: Option<String>,
    },
    /// Closes a tab.
    Close {
        /// Which tab.
        tab: String,
    },
    /// Closes the night with every tab's default, or continues one that was interrupted.
    Night,
    /// Makes the night report, or shows one that was made.
    Report {
        /// Which; a new one when none is named.
        number: Option<i64>,
    },
    /// Reads Dojo's record of everything that is open and settles what can be settled.
    Sweep,
    /// Checks every seal of the journal, and compares it with Dojo's record or with a printed report.
    ///
    /// It ends with 0 if all agrees, with 3 if every seal is whole and Dojo couldn't be asked, and with 1 otherwise.
    Check {
        /// Compare with this entry of a printed report's foot, NUMBER:SEAL, instead of Dojo's record.
        #[arg(long)]
        head: Option<String>,
    },
    /// Takes a backup of the ledger and checks it.
    Backup,
    /// Lists the backups, the newest first.
    Backups,
    /// Restores a backup, and asks Dojo about every hold in it.
    Restore {
        /// Which one, as `backups` lists it; or the path of one that is kept elsewhere. An encrypted copy, `….db.age`,
        /// asks for its recovery phrase on standard input.
        name: String,
        /// Without asking first.
        #[arg(long)]
        yes: bool,
    },
    /// Looks after the ledger that several tills share, on a PostgreSQL server.
    Ledger(LedgerArguments),
}

/// Which server.
#[derive(Args)]
pub(crate) struct LedgerArguments {
    /// Where the server is, and an administrator's role there: `host=db.example dbname=holdfast user=admin`; for
    /// `overview` what `head-office` said. Put a password into the environment, never on the command line, which others
    /// see. All commands but `join` and `leave` need it.
    #[arg(long, env = "HOLDFAST_LEDGER_SERVER", hide_env_values = true)]
    pub(crate) server: Option<String>,
    /// A file of certificates (PEM) that are trusted besides those that browsers trust.
    #[arg(long)]
    pub(crate) trust: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: LedgerCommand,
}

/// What an administrator does with a shared ledger, a till once, and a head office.
#[derive(Subcommand)]
pub(crate) enum LedgerCommand {
    /// Makes tables and functions in a database that has none.
    Create,
    /// Brings the ledger to this version's format while tills work.
    Migrate,
    /// Adds a venue with an empty ledger, and says its number.
    AddVenue {
        /// What people call it.
        name: String,
        /// The group that it's in.
        #[arg(long)]
        group: Option<String>,
    },
    /// Puts a venue into a group, out of the one that it was in. Without a group it's in none.
    SetGroup {
        /// The venue's number.
        venue: i32,
        /// What people call the group.
        group: Option<String>,
    },
    /// Makes a head office of a group, and says once what it connects with. It reads figures of the venues that are in
    /// the group, changes nothing, and has no guest's name.
    HeadOffice {
        /// What people call it.
        name: String,
        /// The group whose venues it sees, those that join it later too.
        #[arg(long)]
        group: String,
        /// How it finds the server, where that's another way than yours: `host=ledger.inns.example dbname=holdfast`.
        #[arg(long)]
        address: Option<String>,
    },
    /// What a head office sees of each venue: open tabs, what is on hold and still to take, holds that end soon,
    /// requests that aren't confirmed, and night reports.
    Overview {
        /// This venue alone, with its reports in full.
        #[arg(long)]
        venue: Option<i32>,
        /// How many night reports of each, the newest first.
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(i64).range(0..=1000))]
        reports: i64,
    },
    /// Enrols a till, and says once the code that it joins with.
    Enrol {
        /// The venue's number.
        venue: i32,
        /// What people call the till, such as `Bar 2`.
        name: String,
        /// How the till finds the server, where that's another way than yours: `host=ledger.bell.example
        /// dbname=holdfast`. On the server itself you may come by its socket, and no till does.
        #[arg(long)]
        address: Option<String>,
    },
    /// Moves a till's own ledger into a venue that has nothing yet: all of it, or nothing. The till has to be closed,
    /// and its ledger stays as it is.
    Import {
        /// The mode's folder with the till's `ledger.db`, such as `…/live`.
        folder: PathBuf,
        /// The venue's number.
        #[arg(long)]
        venue: i32,
    },
    /// Writes a venue's ledger, as it is at this moment, into a `ledger.db` of its own that a till alone can work with.
    Export {
        /// A folder that has no ledger. It's made if it isn't there.
        folder: PathBuf,
        /// The venue's number.
        #[arg(long)]
        venue: i32,
    },
    /// Has the till of the data folder join a shared ledger, by the code that `enrol` said. The code is read from
    /// standard input.
    Join {
        /// The mode that works on it: live, sandbox, or training. The one that the window was in last if none.
        #[arg(long)]
        mode: Option<String>,
    },
    /// Has the till of the data folder return to a ledger of its own, whether the server is there or not. Its open
    /// tabs stay with the other tills. Close Holdfast first.
    Leave {
        /// The mode that works on it: live, sandbox or training. The one that the window was in last if none.
        #[arg(long)]
        mode: Option<String>,
        /// Without asking first.
        #[arg(long)]
        yes: bool,
    },
    /// Lists the venues with their tills, and the head offices: the id of each, and which are retired.
    List,
    /// Keeps a till or a head office out from now on. After a till, change the key at Dojo too: it has a copy.
    Retire {
        /// Its id, as `list` shows it.
        id: String,
    },
}
