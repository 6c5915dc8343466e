//! The window's commands: each hands what was typed to the desk and its answer back. `list.rs` declares all of
//! them, a module an area carries them out.

mod guest;
mod money;
mod night;
mod reports;
mod settings;
mod size;
mod system;
mod tabs;

use crate::question::Question;
use crate::till::Till;
use chrono::{DateTime, NaiveDate, Utc};
use holdfast_desk::{
    Act, AppError, AskForMore, Attention, ClosedAsked, DaysView, Desk, Details, ExportKind, ForgetGuest,
    ForgetPreview, GuestPage, GuestWindow, GuidedNight, JournalCheck, Look, Mode, MoveBill, MoveTyped, Night,
    NightChoice, NightSeen, OpenTab, PageSize, Paper, PaperKind, Passed, Printout, RecoveryPhrase,
    RefundPreview, RefundTyped, Renew, RenewPreview, ReportRow, ReportView, SayRefund, Seen, Settings,
    SetupStep, Take, TakePreview, TakeTyped,
    view::{
        AmountCheck, Autostart, BackupView, ClosedPage, ClosedPlace, Connection, Disk, Floor, Found,
        HistoryEntry, ImportedView, MoveOutcome, MovePreview, NewPreview, Outcome, RestorePreview, Same,
        Start, TabView, UpdateNotice, Written,
    },
};
use holdfast_domain::{Currency, FloorOrder, HoldId, LineId, OperationId, TabId};
use std::sync::Arc;
use tauri::{AppHandle, Manager, State, Wry, ipc::Invoke};

include!("list.rs");

type Answer<T> = Result<T, AppError>;

/// What a command reaches of the program.
struct Shell {
    app: AppHandle,
}

impl Shell {
    fn till(&self) -> State<'_, Till> {
        self.app.state()
    }

    fn question(&self) -> State<'_, Question> {
        self.app.state()
    }

    async fn desk(&self) -> Answer<Arc<Desk>> {
        self.till().desk().await
    }
}

// Each declared command becomes one of Tauri's that calls the function of the same name in its area's module: a name,
// an argument or an answer that differs from the declaration doesn't compile.
macro_rules! declare {
    ($($area:ident { $(
        $(#[doc = $doc:literal])*
        $name:ident($($argument:ident: $type:ty),*) -> $answer:ty;
    )* })*) => {
        $($(
            $(#[doc = $doc])*
            #[tauri::command]
            async fn $name(app: AppHandle, $($argument: $type),*) -> Answer<$answer> {
                $area::$name(&Shell { app }, $($argument),*).await
            }
        )*)*

        /// All of them.
        pub(crate) fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
            let carry_out: Box<dyn Fn(Invoke<Wry>) -> bool + Send + Sync> =
                Box::new(tauri::generate_handler![$($($name,)*)*]);
            move |invoke: Invoke<Wry>| {
                if size::is_too_large(invoke.message.payload()) {
                    invoke.resolver.reject(size::refusal());
                    return true;
                }
                carry_out(invoke)
            }
        }
    };
}

each_command!(declare);
