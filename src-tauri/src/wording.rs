//! What the shell itself says to staff and guests: of the tray, of files, of what this computer refuses. All else is
//! worded in the desk.

mod folder;

pub(crate) use folder::{
    disk_full_at_work, disk_read_only_at_work, folder_elsewhere, folder_full, folder_not_written,
    folder_of_another_user, folder_read_only, folder_silent, link_in_folder,
};

use holdfast_desk::Notice;
use holdfast_dojo::{KeyProblem, Misdirected};
use holdfast_process::DiskEncryption;
use holdfast_sealed_copy::PhraseProblem;
use std::fmt::Display;
use std::path::Path;

/// What the system calls the program.
pub(crate) const PROGRAM: &str = "Holdfast";

// The tray.

/// In the place of what is held: no mode is open.
pub(crate) const NOT_WATCHING: &str = "Not watching any holds";
pub(crate) const SHOW: &str = "Show Holdfast";
pub(crate) const QUIT: &str = "Quit Holdfast…";

// A Mac's menu.

#[cfg(target_os = "macos")]
pub(crate) const EDIT: &str = "Edit";
#[cfg(target_os = "macos")]
pub(crate) const WINDOW: &str = "Window";

/// How many things wait for a person.
pub(crate) fn waiting(count: usize) -> String {
    match count {
        0 => "All clear".to_owned(),
        1 => "1 thing needs attention".to_owned(),
        many => format!("{many} things need attention"),
    }
}

/// On the tray's icon: what is held, and what waits.
pub(crate) fn tooltip(held: &str, waiting: &str) -> String {
    format!("Holdfast: {held}. {waiting}.")
}

/// Told once, when closing the window first leaves the watch going.
pub(crate) fn still_running() -> Notice {
    Notice {
        title: "Holdfast is still running".to_owned(),
        words: "You closed the window, but we still warn you before a hold expires. Open Holdfast from the tray or \
                start it again. Quit it from the tray’s menu."
            .to_owned(),
        is_urgent: false,
        has_sound: false,
        tab: None,
    }
}

/// Told when no mode can be opened, with why and what to do.
pub(crate) fn not_watching(why: &str) -> Notice {
    Notice {
        title: "Holdfast isn’t watching your holds".to_owned(),
        words: why.to_owned(),
        is_urgent: true,
        has_sound: true,
        tab: None,
    }
}

/// Told, again and again, while holds are watched and nothing can be recorded.
pub(crate) fn not_recording(why: &str) -> Notice {
    Notice {
        title: "Holdfast can’t record anything".to_owned(),
        words: why.to_owned(),
        is_urgent: true,
        has_sound: true,
        tab: None,
    }
}

/// Told when that is over.
pub(crate) fn watching_again() -> Notice {
    Notice {
        title: "Holdfast is watching again".to_owned(),
        words: "We’re reading every open hold from Dojo and warn you before one expires.".to_owned(),
        is_urgent: false,
        has_sound: false,
        tab: None,
    }
}

/// What is open in live while it's left; as the ledger said it last.
pub(crate) fn left_open(standing: &str) -> String {
    format!(
        "Nobody watches your live holds: {standing}. You won’t be warned before one expires. Open live again to \
         watch them."
    )
}

/// What quitting means while Holdfast would carry on by itself.
pub(crate) fn quitting_while_off(why: &str) -> String {
    format!("Holdfast isn’t watching your holds. {why} If you quit, it can’t carry on, and nobody warns you.")
}

/// What quitting means while live is left with something open in it.
pub(crate) fn quitting_while_left(left: &str) -> String {
    format!("{left} If you quit, nobody reminds you of them either.")
}

/// What quitting means where a closed window can't be got back.
pub(crate) fn no_tray(quitting: &str) -> String {
    format!(
        "{quitting} This desktop has no tray, so Holdfast can’t keep watch behind a closed window. Minimise the \
         window instead."
    )
}

/// Told when this computer asks Holdfast to end and something is on its way.
#[cfg(unix)]
pub(crate) fn ends_soon() -> Notice {
    Notice {
        title: "Holdfast closes in a moment".to_owned(),
        words: "This PC asks Holdfast to close, for an update or because it shuts down. Holdfast finishes what’s on \
                its way to Dojo first, then closes on its own."
            .to_owned(),
        is_urgent: false,
        has_sound: false,
        tab: None,
    }
}

/// Told when Holdfast ends because this computer asked it to, and doesn't start by itself.
#[cfg(unix)]
pub(crate) fn ended() -> Notice {
    Notice {
        title: "Holdfast has closed".to_owned(),
        words: "This PC asked it to, because it shuts down or Holdfast is removed. Until you start Holdfast again, \
                nobody watches your holds."
            .to_owned(),
        is_urgent: true,
        has_sound: false,
        tab: None,
    }
}

// The window's frame, for a guest's.

pub(crate) const GUEST_WINDOW: &str = "Holdfast: your hold";
pub(crate) const NO_GUEST_WINDOW: &str =
    "The guest’s window can’t be opened. Show the code on this screen instead.";

// Files and paper.

/// The folder of lists and papers, on a system that has none for downloads: people read its name.
pub(crate) const EXPORTS: &str = "exports";

/// A file by its name and the folder that has it: a whole path is long, and says no more to anybody who looks there.
/// Holdfast's own folder is named whole: file managers hide it.
fn place(path: &Path) -> String {
    let name = |of: &Path| {
        of.file_name()
            .map_or_else(String::new, |name| name.display().to_string())
    };
    let folder = path.parent().unwrap_or(path);
    if folder.ends_with(EXPORTS) {
        return format!("“{}” in {}", name(path), folder.display());
    }
    format!("“{}” in your folder {}", name(path), name(folder))
}

/// Where a table was written, and how long it is.
pub(crate) fn lines_written(rows: usize, path: &Path) -> String {
    let place = place(path);
    if rows == 1 {
        format!("1 line written: {place}.")
    } else {
        format!("{rows} lines written: {place}.")
    }
}

pub(crate) fn saved_to(path: &Path) -> String {
    format!("Saved: {}.", place(path))
}

pub(crate) fn not_written(folder: &Path, error: &impl Display) -> String {
    let folder = folder.display();
    format!(
        "We can’t write the file into {folder}: {error}. Free some space or fix the folder, then try again."
    )
}

pub(crate) const PICK_FOLDER: &str = "Choose the second folder for backups";
pub(crate) const PICK_COPY: &str = "Choose an encrypted copy (ledger-….db.age)";

/// Why words that were typed are no recovery phrase.
pub(crate) fn no_phrase(problem: PhraseProblem) -> String {
    match problem {
        PhraseProblem::Count(count) => format!("A recovery phrase has 12 words; these are {count}."),
        PhraseProblem::Unknown(place) => {
            format!("Word {place} is none of a recovery phrase’s. Check its spelling.")
        }
        PhraseProblem::Mixed => {
            "These words don’t belong together. Check each of them, and their order.".to_owned()
        }
    }
}

pub(crate) const WRONG_PHRASE: &str =
    "This phrase doesn’t open this copy. A copy needs the phrase of its time.";
pub(crate) const COPY_DAMAGED: &str =
    "This file is damaged, or isn’t an encrypted copy of Holdfast’s. Nothing was changed. Try another one.";

pub(crate) fn copy_not_read(error: &impl Display) -> String {
    format!("We can’t read this copy: {error}. Nothing was changed.")
}

/// Whether this computer's disk is encrypted.
pub(crate) const fn disk(found: DiskEncryption) -> &'static str {
    match found {
        DiskEncryption::On => "This PC’s disk is encrypted: a stolen PC shows nobody your guests.",
        DiskEncryption::Off => {
            "This PC’s disk isn’t encrypted, as far as Holdfast can see. Somebody who steals it can read guests’ \
             names and bills. Ask your IT to turn disk encryption on (LUKS); some disks do it themselves."
        }
        DiskEncryption::Unknown => {
            "Holdfast can’t tell whether this PC’s disk is encrypted. Look in the system’s settings: BitLocker on \
             Windows, FileVault on a Mac, LUKS on Linux."
        }
    }
}

#[cfg(target_os = "linux")]
pub(crate) const PICK: &str = "_Choose";

pub(crate) const TOO_MUCH_TEXT: &str = "That is more text than Holdfast takes at once. Shorten it.";

pub(crate) fn not_printed(error: &anyhow::Error) -> String {
    format!("This paper can’t be printed: {error:#}. Check the printer, then try again.")
}

pub(crate) const NO_WINDOW: &str = "there is no window";
#[cfg(not(target_os = "linux"))]
pub(crate) const NO_PDF_HERE: &str = "this system saves a PDF from its print dialog only";
#[cfg(target_os = "linux")]
pub(crate) const PRINTER_SILENT: &str = "the print system doesn’t answer";
#[cfg(target_os = "linux")]
pub(crate) const PDF_EMPTY: &str = "the PDF is empty";
#[cfg(target_os = "linux")]
pub(crate) const NOT_A_PDF: &str = "it isn’t a PDF";
pub(crate) const TOO_MANY_FILES: &str = "there are too many files of that name";

// What this computer refuses, or lacks.

pub(crate) const NO_PAGE: &str = "This request has no page any more.";
pub(crate) const NO_BROWSER: &str = "No browser could be opened. Copy the link instead.";
pub(crate) const NO_MAIL: &str = "No mail program could be opened. Copy the link instead.";
pub(crate) const NO_AUTOSTART: &str =
    "This PC doesn’t let Holdfast start on its own. Add Holdfast to its start-up programs yourself.";

/// The entry for this PC’s start names a program that has gone.
pub(crate) fn starts_missing(program: &str) -> String {
    format!(
        "Holdfast won’t start with this PC: its start-up entry names {program}, which is no longer there. It was \
         moved or removed."
    )
}

/// The entry for this PC’s start names another program.
pub(crate) fn starts_another(program: &str) -> String {
    format!("This PC starts {program} instead of this Holdfast.")
}

// The till: modes, keys, its folder.

/// Where the simulator doesn’t say why.
pub(crate) const SIMULATOR_REFUSED: &str = "it refused";
pub(crate) const TRAINING_STAYS_HERE: &str =
    "Training stays on this PC. Open live or the sandbox, then join.";
pub(crate) const CLOSE_TABS_BEFORE_JOINING: &str = "Tabs are open in this till’s own ledger, and nobody would watch \
     them any more. Take or release and close them first, then join; or have who looks after the server move them \
     along. The code stays good.";
/// A till that was started meanwhile.
pub(crate) const LEDGER_AWAY_AT_START: &str = "The shared ledger can’t be reached, so there is nothing to show yet. We \
     try again by ourselves. Look at the network and the ledger’s server.";
pub(crate) const BACKED_UP_BY_SERVER: &str = "The shared ledger is backed up with its server, not by a till. Ask who \
     looks after the server.";
pub(crate) const TRAINING_ONLY: &str = "That is for training only.";
pub(crate) const CHOOSE_FIRST: &str = "Choose training or enter a key first.";
/// The file that names the mode was emptied, and more than one may have been in use.
pub(crate) const MODE_LOST: &str = "We can’t tell whether this till worked live or in the sandbox: a power cut may \
     have emptied a file. Choose one to go on.";
/// A task of the program’s own came to an end that never may.
pub(crate) const WATCH_DIED: &str = "The watch stopped because of a fault in Holdfast. It starts again by itself. If \
     you see this again, start Holdfast again and tell whoever looks after it.";
pub(crate) const NO_KEY: &str = "We can’t find this mode’s key in this PC’s key store. Enter it again.";

/// A data folder that was copied: the key stayed with the one it was copied from.
pub(crate) const NO_KEY_IN_COPY: &str = "This data folder is a copy of another one, and the key stayed with that one. \
     Two tills on copies of the same records get in each other’s way: carry on with one of them. To carry on with this \
     one, enter the key again.";

/// What was typed is no key.
pub(crate) const fn not_a_key(problem: KeyProblem) -> &'static str {
    match problem {
        KeyProblem::Empty => "Paste the secret key from Dojo’s developer portal.",
        KeyProblem::Prefix => "A Dojo secret key begins with sk_sandbox_ or sk_prod_.",
        KeyProblem::Characters => "The key has characters in it that no key has. Copy it again.",
    }
}

/// Why a key isn't sent to the address that this computer names.
pub(crate) fn misdirected(why: &Misdirected) -> String {
    let why = match why {
        Misdirected::Elsewhere(url) => format!("{url}, which isn’t on this computer"),
        Misdirected::LiveKey(url) => format!("{url}, and a live key is sent to Dojo alone"),
    };
    format!("This PC names another address for Dojo: {why}. Take HOLDFAST_DOJO_URL out of its environment.")
}
pub(crate) const NOT_SETTLED: &str =
    "Something isn’t settled with Dojo yet, so nothing was changed. Try again in a minute.";

/// Of a window that can't be opened.
pub(crate) fn no_window(error: &impl Display) -> String {
    format!("Holdfast can’t open its window and watches nothing: {error}.")
}

pub(crate) fn something_wrong(error: &impl Display) -> String {
    format!("Something went wrong inside Holdfast: {error}.")
}

/// The first line of the support details.
pub(crate) fn this_pc(version: &str, system: &str, machine: &str, tauri: &str) -> String {
    format!("Holdfast {version} on {system} {machine}, Tauri {tauri}")
}

// Training.

pub(crate) fn not_paid(error: &impl Display) -> String {
    format!("It can’t be paid: {error}.")
}

/// Why the clock can't be wound on, as the simulator says it.
pub(crate) fn clock_stays(error: &impl Display) -> String {
    format!("{error}.")
}

pub(crate) fn not_invented(error: &anyhow::Error) -> String {
    format!("Not every tab could be invented: {error:#}.")
}

pub(crate) fn invented(tabs: usize) -> String {
    format!("{tabs} invented tabs are on the floor now.")
}

/// What the licences of what others made stand in, in every package.
pub(crate) const THIRD_PARTY_FILE: &str = "THIRD-PARTY.txt";
