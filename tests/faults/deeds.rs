//! What the suites `kill`, `io` and `power` attack. Whatever later moves money or writes the ledger is
//! attacked at each of its calls to the system by being listed here; a command of the window that is
//! neither listed here nor named among those that only read turns a test red.

use crate::clerk::{self, Work};
use holdfast_domain::OperationKind;

/// Something that moves money, or writes the ledger.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deed {
    pub(crate) name: &'static str,
    /// What its decisions are; none where nothing is decided.
    pub(crate) kind: Option<OperationKind>,
    /// How many guests it is about, one decision each.
    pub(crate) guests: usize,
    pub(crate) before: Before,
    pub(crate) way: Way,
    /// The window's commands that do the same.
    #[cfg_attr(not(test), expect(dead_code, reason = "that all of them are here is a test"))]
    pub(crate) commands: &'static [&'static str],
}

/// What is there for each guest before it, and what `{}` stands for then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    /// Nothing; the guest's name.
    Nothing,
    /// A hold on which that can be done next; its tab.
    Ready(OperationKind),
    /// A request that never left; its tab.
    NeverLeft,
    /// A hold that another till took of; its tab.
    TakenElsewhere,
    /// A hold that was refunded whole, and whose refund the bank sent back; its tab.
    RefundFailed,
    /// A hold that another till took of and refunded; its tab.
    RefundedElsewhere,
    /// A tab that another till opened, and nothing here; the guest's name.
    OpenedElsewhere,
    /// A backup, and a further guest since; the backup's name.
    BackedUp,
    /// A hold in force, and the new one asked for with which it is to be renewed; its tab.
    Renewing,
    /// The same, and the new one is paid; its tab.
    Renewed,
}

/// How the guests are got through.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Way {
    /// A process of the command line for each of them, one after another.
    Each(&'static [&'static str]),
    /// One process for all of them; the second one goes on where the first was cut off.
    All(&'static [&'static str], Option<&'static [&'static str]>),
    /// What the window alone can do: the same desk, in a process of its own.
    Desk(Work),
}

const fn ready(kind: OperationKind) -> Before {
    Before::Ready(kind)
}

/// All of them.
pub(crate) const DEEDS: [Deed; 24] = [
    Deed {
        commands: &["take"],
        ..each("take", OperationKind::Capture, &["take", "{}", "--bill", "10"])
    },
    Deed {
        before: Before::Nothing,
        commands: &["open_tab"],
        ..each("open", OperationKind::Create, &["open", "tab", "{}", "50"])
    },
    Deed {
        commands: &["release"],
        ..each("release", OperationKind::Reversal, &["release", "{}"])
    },
    Deed {
        commands: &["cancel"],
        ..each("cancel", OperationKind::Cancel, &["cancel", "{}"])
    },
    Deed {
        commands: &["refund"],
        ..each("refund", OperationKind::Refund, &["refund", "{}", "10"])
    },
    // A busy evening: one command after another, each hurt alike.
    Deed {
        guests: 3,
        ..each("evening", OperationKind::Capture, &["take", "{}", "--bill", "10"])
    },
    // A run over many tabs. Stopping it and letting it be write the run's one row, as each of its steps does.
    Deed {
        guests: 3,
        way: Way::All(&["night"], Some(&["night"])),
        commands: &[
            "close_night",
            "continue_night",
            "stop_night",
            "leave_rest_of_night",
        ],
        ..each("night", OperationKind::Capture, &[])
    },
    Deed {
        before: ready(OperationKind::Capture),
        commands: &["renew"],
        ..each("renew", OperationKind::Create, &["renew", "{}"])
    },
    // The new hold is paid: the watch releases the old one.
    Deed {
        before: Before::Renewed,
        ..each("renewed", OperationKind::Reversal, &["sweep"])
    },
    Deed {
        before: Before::Renewing,
        commands: &["give_up_renewal"],
        ..each("give-up", OperationKind::Cancel, &["give-up-renewal", "{}"])
    },
    Deed {
        way: Way::All(&["backup"], None),
        commands: &["back_up"],
        ..papers("backup", ready(OperationKind::Capture), clerk::nothing)
    },
    Deed {
        way: Way::Each(&["restore", "{}", "--yes"]),
        commands: &["restore_backup"],
        ..papers("restore", Before::BackedUp, clerk::nothing)
    },
    Deed {
        commands: &["ask_for_more"],
        ..desk(
            "more",
            OperationKind::Create,
            ready(OperationKind::Capture),
            clerk::more,
        )
    },
    Deed {
        commands: &["retry_open"],
        ..desk("retry", OperationKind::Create, Before::NeverLeft, clerk::retry)
    },
    Deed {
        commands: &["change_amount"],
        ..desk(
            "change",
            OperationKind::SetAmount,
            ready(OperationKind::SetAmount),
            clerk::change,
        )
    },
    Deed {
        commands: &["change_tip"],
        ..desk(
            "tip",
            OperationKind::SetTips,
            ready(OperationKind::SetTips),
            clerk::tip,
        )
    },
    Deed {
        commands: &["send_receipt"],
        ..desk(
            "receipt",
            OperationKind::Receipt,
            ready(OperationKind::Receipt),
            clerk::receipt,
        )
    },
    Deed {
        commands: &[
            "add_line",
            "take_off",
            "edit_tab",
            "save_settings",
            "choose_backup_folder",
            "drop_backup_folder",
            "confirm_recovery_phrase",
            "set_floor_order",
            "make_report",
            "close_tab",
            "reopen_tab",
        ],
        ..papers("papers", ready(OperationKind::Refund), clerk::papers)
    },
    Deed {
        commands: &["forget_guest"],
        ..papers("forget", ready(OperationKind::Capture), clerk::forget)
    },
    Deed {
        commands: &["move_bill"],
        ..papers("move", ready(OperationKind::Capture), clerk::move_bill)
    },
    Deed {
        commands: &["ask_dojo", "acknowledge", "put_aside"],
        ..papers("found", Before::TakenElsewhere, clerk::found)
    },
    Deed {
        commands: &["accept_reading"],
        ..papers("accept", Before::RefundFailed, clerk::accept)
    },
    Deed {
        commands: &["say_refund"],
        ..papers("said", Before::RefundedElsewhere, clerk::say_refund)
    },
    Deed {
        commands: &["import_open"],
        ..papers("bring-in", Before::OpenedElsewhere, clerk::import_open)
    },
];

/// A command of the command line that decides.
const fn each(name: &'static str, kind: OperationKind, words: &'static [&'static str]) -> Deed {
    Deed {
        name,
        kind: Some(kind),
        guests: 1,
        before: ready(kind),
        way: Way::Each(words),
        commands: &[],
    }
}

/// Something that only the window can decide.
const fn desk(name: &'static str, kind: OperationKind, before: Before, work: Work) -> Deed {
    Deed {
        name,
        kind: Some(kind),
        guests: 1,
        before,
        way: Way::Desk(work),
        commands: &[],
    }
}

/// Something that decides nothing, and writes the ledger.
const fn papers(name: &'static str, before: Before, work: Work) -> Deed {
    Deed {
        name,
        kind: None,
        guests: 1,
        before,
        way: Way::Desk(work),
        commands: &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::{Result, ensure};
    use std::collections::BTreeSet;

    include!("../../src-tauri/src/commands/list.rs");

    macro_rules! names {
        ($($area:ident { $(
            $(#[doc = $doc:literal])*
            $name:ident($($argument:ident: $type:ty),*) -> $answer:ty;
        )* })*) => {
            &[$($(stringify!($name),)*)*]
        };
    }

    const COMMANDS: &[&str] = each_command!(names);

    /// Commands of the window that neither move money nor write the ledger. What some of them write is none:
    /// the key store, the program's own notes, training's Dojo and its invented guests.
    const ONLY_READ: &[&str] = &[
        "start",
        "set_up",
        "guided_night",
        "start_guided_night",
        "end_guided_night",
        "test_connection",
        "choose_training",
        "enter_key",
        "forget_key",
        "preview_forget",
        "use_mode",
        "what_leaving_means",
        "leave_mode",
        "join_ledger",
        "leave_ledger",
        "floor",
        "guest_page",
        "guest_window",
        "open_guest_window",
        "floor_painted",
        "tab",
        "closed",
        "search",
        "attention",
        "check_amount",
        "preview_new",
        "preview_renewal",
        "same_card",
        "preview_take",
        "preview_move",
        "preview_refund",
        "preview_said",
        "look",
        "settings",
        "settings_changes",
        "draw_recovery_phrase",
        "open_copy",
        "disk_encryption",
        "backups",
        "preview_restore",
        "night",
        "look_night",
        "report",
        "reports",
        "compare_journal",
        "compare_printed",
        "paper",
        "test_paper",
        "print_paper",
        "save_paper",
        "days",
        "export",
        "stay",
        "quit",
        "autostart",
        "set_autostart",
        "update_notice",
        "set_update_notice",
        "support",
        "save_support",
        "third_party",
        "open_link",
        "email_link",
        "training_pay",
        "training_clock",
        "training_busy_night",
    ];

    #[test]
    fn every_command_of_the_window_is_attacked_or_only_reads() -> Result<()> {
        let all: BTreeSet<&str> = COMMANDS.iter().copied().collect();
        let attacked: Vec<&str> = DEEDS.iter().flat_map(|deed| deed.commands).copied().collect();
        for name in &all {
            let (is_attacked, only_reads) = (attacked.contains(name), ONLY_READ.contains(name));
            ensure!(
                is_attacked != only_reads,
                "{name} is to be listed in DEEDS if it moves money or writes the ledger, in ONLY_READ if not"
            );
        }
        let gone = attacked.iter().chain(ONLY_READ).find(|name| !all.contains(*name));
        ensure!(gone.is_none(), "{gone:?} is no command any more");
        Ok(())
    }
}
