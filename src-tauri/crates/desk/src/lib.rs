//! What staff do: open, add to a bill, take, release, cancel, refund, look.
//!
//! [`Desk`] is the one way to all of it, for the window and for `holdfast-cli` alike. It stands on
//! ports: [`Clock`], [`holdfast_ledger::Ledger`] and [`holdfast_dojo::Transport`].

mod account;
mod api;
mod capture;
mod context;
mod gateway;
mod maintenance;
mod night;
mod operations;
mod present;
mod reconcile;
mod renewal;
mod reports;
mod settings;
mod watch;
mod wording;

pub use capture::{Agreed, Take, TakeTyped, Taken, UnsentPart};
pub use context::clock::{Clock, SystemClock};
pub use context::error::{AppError, ErrorCode, FieldError};
pub use context::field::Field;
pub use context::mode::{KeyStore, Mode};

pub use maintenance::key::{KeyQuestion, NewKey, agreed_to_leave, key_not_read, no_key_store};
pub use maintenance::leave_ledger::LeavingLedger;
pub use maintenance::phrase::RecoveryPhrase;
pub use maintenance::setup::{Passed, SetupStep};
pub use night::choice::NightChoice;
pub use night::run::{NightAction, NightSeen};
pub use operations::consent::{Look, Seen, SeenHold};
pub use operations::edit_details::Details;
pub use operations::execute::Decision;
pub use operations::forget::{ForgetGuest, ForgetWhy};
pub use operations::move_bill::{MoveBill, MoveOnto, MovePart, MoveTyped};
pub use operations::open::AskForMore;
pub use operations::open_form::OpenTab;
pub use operations::refund::{RefundTyped, SayRefund};
pub use operations::request::Act;
pub use present::attention::{Aside, Attention, Item, Next, NextKind};
pub use present::banners::CHECK_SHOWN_AFTER;
pub use present::days::{Chart, ChartBar, ChartCode, DayRow, DaysView};
pub use present::forget::{ForgetChoice, ForgetPart, ForgetPreview, ForgetTab};
pub use present::further::{Further, FurtherHold};
pub use present::group::Group;
pub use present::guest::{GuestPage, GuestStage, GuestWindow};
pub use present::guided_night::{GuideStep, GuideTask, GuidedNight, Practice};
pub use present::journal_check::{JournalCheck, JournalVerdict};
pub use present::menu::{MenuDeed, MenuItem};
pub use present::night_table::{
    Night, NightDeed, NightDeedCode, NightFlag, NightRow, RowProgress, RowService, RunFigures, RunPhase,
    RunPick, RunPickCount, RunRowView, RunView,
};
pub use present::open_tabs::OpenTabs;
pub use present::overview::{OverviewIn, VenueOverview, report_from_afar, report_row_from_afar};
pub use present::paper::Paper;
pub use present::paper_offer::{PaperKind, PaperOffer};
pub use present::printout::{Page, PageSize, Printout};
pub use present::refund::{RefundPart, RefundPartCode, RefundPreview};
pub use present::renewal::{RenewPreview, RenewalView};
pub use present::report::{
    ReportDue, ReportLeftover, ReportLine, ReportPart, ReportRow, ReportSums, ReportView,
};
pub use present::search::ClosedAsked;
pub use present::sort::Filter;
pub use present::take_preview::{DojoTakes, Percent, TakePart, TakePreview, TipChoice, WayOn};
pub use present::topic::HistoryTopic;
pub use present::view;
pub use present::worklists::{
    Worklist, WorklistCode, WorklistEntry, WorklistNext, WorklistState, WorklistStep, Worklists,
};
pub use renewal::renew::Renew;
pub use reports::export::{Export, ExportKind};
pub use settings::{LinkEnds, Settings, SpreadsheetNumbers, is_on_another_computer};
pub use watch::alerts::{Notice, Notifier};
pub use watch::away::ToldWhileAway;
pub use watch::clock_tick::Drawn;
pub use watch::poller::Rounds;
pub use wording::restore::{RESTORE_CONSEQUENCES, describe_loss};

use holdfast_dojo::Client;
use holdfast_ledger::Ledger;
use std::sync::Arc;

/// The desk of one venue in one mode.
pub struct Desk {
    context: Arc<context::Context>,
    gateway: Arc<gateway::Gateway>,
    reconciler: Arc<reconcile::Reconciler>,
    executor: Arc<operations::Executor>,
    taker: capture::Taker,
    renewer: renewal::Renewer,
    night: Arc<night::NightRunner>,
    backups: Arc<maintenance::Backups>,
    folder: maintenance::DataFolder,
    reports: reports::Reports,
    codes: present::qr_cache::Codes,
    shown: present::shown::Shown,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").finish_non_exhaustive()
    }
}

impl Desk {
    /// A desk over its ports, which alone has the ledger.
    pub fn new(ledger: Arc<dyn Ledger>, dojo: Client, clock: Arc<dyn Clock>) -> Self {
        Self::over(ledger, dojo, clock, None)
    }

    /// The desk of one till of several that share the ledger. Each session of a till has a higher number than those
    /// before it.
    pub fn of_till(
        ledger: Arc<dyn Ledger>,
        dojo: Client,
        clock: Arc<dyn Clock>,
        session: holdfast_domain::Session,
    ) -> Self {
        Self::over(ledger, dojo, clock, Some(session))
    }

    fn over(
        ledger: Arc<dyn Ledger>,
        dojo: Client,
        clock: Arc<dyn Clock>,
        session: Option<holdfast_domain::Session>,
    ) -> Self {
        let context = Arc::new(context::Context::new(ledger, clock, dojo.checkout(), session));
        let gateway = Arc::new(gateway::Gateway::new(context.clone(), dojo));
        let reconciler = Arc::new(reconcile::Reconciler::new(context.clone(), gateway.clone()));
        let executor = operations::Executor::new(context.clone(), gateway.clone(), reconciler.clone());
        let executor = Arc::new(executor);
        Self {
            taker: capture::Taker::new(context.clone(), reconciler.clone(), executor.clone()),
            renewer: renewal::Renewer::new(context.clone(), reconciler.clone(), executor.clone()),
            night: Arc::new(night::NightRunner::new(context.clone(), executor.clone())),
            backups: Arc::new(maintenance::Backups::new(context.clone())),
            folder: maintenance::DataFolder::new(context.clone()),
            reports: reports::Reports::new(context.clone(), reconciler.clone()),
            context,
            gateway,
            reconciler,
            executor,
            codes: present::qr_cache::Codes::default(),
            shown: present::shown::Shown::default(),
        }
    }
}
