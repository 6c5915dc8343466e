//! The ledger that several tills share: joining it, opening it, and what has no meaning on it.

use super::{Till, internal};
use crate::wording;
use anyhow::Context as _;
use holdfast_desk::{AppError, ErrorCode, Field, LeavingLedger, Mode, view::SharedLedger, view::Start};
use holdfast_ledger::LedgerError;
use holdfast_ledger_postgres::PostgresLedger;
use holdfast_shared_ledger::{JoinCode, Joined, Joining, NotJoined, NotLeft, NotOpened, leave};
use std::sync::Arc;
use std::sync::atomic::Ordering;

pub(super) fn not_opened(error: NotOpened) -> AppError {
    match error {
        NotOpened::KeyStore(error) => error,
        NotOpened::Ledger(LedgerError::Unreachable) => {
            AppError::new(ErrorCode::Ledger, wording::LEDGER_AWAY_AT_START)
        }
        NotOpened::Ledger(error) => error.into(),
        NotOpened::Unreadable(_) | NotOpened::NoPassword => {
            AppError::new(ErrorCode::Ledger, error.to_string())
        }
    }
}

fn not_joined(error: NotJoined) -> AppError {
    match error {
        NotJoined::KeyStore(error) => error,
        NotJoined::Used
        | NotJoined::Away
        | NotJoined::Format(_)
        | NotJoined::NotKept(_)
        | NotJoined::Refused(_) => AppError::field(Field::LedgerCode, error.to_string()),
    }
}

fn not_left(error: NotLeft) -> AppError {
    match error {
        NotLeft::KeyStore(error) => error,
        NotLeft::NotShared => AppError::new(ErrorCode::NotAllowed, error.to_string()),
        NotLeft::Folder(_) => AppError::new(ErrorCode::Ledger, error.to_string()),
    }
}

impl Till {
    /// The shared ledger of a mode, opened; none where the mode has its own.
    pub(super) async fn open_shared(&self, mode: Mode) -> Result<Option<OpenShared>, AppError> {
        let opened = self.open_joined(mode).await;
        let wants_code = opened.as_ref().is_err_and(NotOpened::wants_code);
        self.wants_code.store(wants_code, Ordering::Relaxed);
        opened.map_err(not_opened)
    }

    async fn open_joined(&self, mode: Mode) -> Result<Option<OpenShared>, NotOpened> {
        let folder = mode.folder(&self.root);
        let Some(joined) = Joined::of(&folder)? else {
            return Ok(None);
        };
        let asked = joined.clone();
        let read = self.read_key_store(move |keys| Ok(asked.password(mode, keys)));
        let password = read.await.map_err(NotOpened::KeyStore)??;
        let ledger = joined.open(&folder, password.as_deref()).await?;
        Ok(Some(OpenShared {
            shown: SharedLedger {
                till: ledger.name().to_owned(),
                address: joined.address,
            },
            ledger: Arc::new(ledger),
        }))
    }

    /// Joins a shared ledger with the code that an administrator handed over, and opens it.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for the field `ledgerCode`, [`ErrorCode::NotAllowed`] in training and while tabs are open
    /// in the till's own ledger, [`ErrorCode::KeyStore`]; those of [`Till::choose`].
    pub(crate) async fn join_ledger(&self, mode: Mode, code: &str) -> Result<Start, AppError> {
        if mode == Mode::Training {
            return Err(AppError::new(ErrorCode::NotAllowed, wording::TRAINING_STAYS_HERE));
        }
        let code = JoinCode::parse(code)
            .map_err(|problem| AppError::field(Field::LedgerCode, problem.to_string()))?;
        let folder = mode.folder(&self.root);
        let house = match self.open_desk().await {
            Ok((open, desk)) if open == mode => {
                desk.refuse_restore()?;
                let standing = desk.venue_summary().await;
                if !Joined::is_in(&folder) && standing?.open_count > 0 {
                    return Err(AppError::new(
                        ErrorCode::NotAllowed,
                        wording::CLOSE_TABS_BEFORE_JOINING,
                    ));
                }
                desk.settings().await.ok()
            }
            // Only one that was on a shared ledger may join from outside: of another, nobody knows what is open.
            _ if Joined::is_in(&folder) || !folder.join("ledger.db").exists() => None,
            _ => return Err(super::closed()),
        };
        let joining = Joining::begin(code).await.map_err(not_joined)?;
        let joining = Arc::new(joining);
        let kept = Arc::clone(&joining);
        self.in_key_store(move |keys| kept.keep_password(mode, keys).map_err(not_joined))
            .await?;
        let joining = Arc::into_inner(joining)
            .context("the key store still works")
            .map_err(internal)?;
        joining.finish(&folder).await.map_err(not_joined)?;
        self.close_if(|open| open.mode == mode).await;
        self.set_trouble(None);
        self.choose(mode).await?;
        // What the venue is called need not be typed again at the first till that joins.
        if let (Some(house), Ok(desk)) = (house, self.desk().await)
            && let Err(error) = desk.take_house(house).await
        {
            tracing::warn!(%error, "the venue’s name has to be typed again");
        }
        Ok(self.start().await)
    }

    /// Goes back to a ledger of the till's own, whether the server is there or not. `typed` confirms it.
    ///
    /// # Errors
    /// [`ErrorCode::NotAllowed`] where the mode has its own and while a request is on its way,
    /// [`ErrorCode::Unconfirmed`], [`ErrorCode::KeyStore`], [`ErrorCode::Ledger`].
    pub(crate) async fn leave_ledger(&self, mode: Mode, typed: Option<&str>) -> Result<Start, AppError> {
        let folder = mode.folder(&self.root);
        if !Joined::is_in(&folder) {
            return Err(not_left(NotLeft::NotShared));
        }
        let till = Joined::of(&folder).ok().flatten().map(|joined| joined.till);
        let open = self.open_desk().await.ok().filter(|(open, _)| *open == mode);
        let (leaving, house) = match open {
            Some((_, desk)) => {
                let leaving = desk.leaving_ledger(&till.unwrap_or_default()).await;
                // Its answer can't be recorded while the server is away, and others ask Dojo for it.
                if leaving.is_here {
                    desk.refuse_restore()?;
                }
                (leaving, desk.known_settings().await)
            }
            None => {
                let leaving = LeavingLedger {
                    till,
                    ..LeavingLedger::default()
                };
                (leaving, None)
            }
        };
        leaving.agreed(typed)?;
        self.close_if(|open| open.mode == mode).await;
        let left = self
            .in_key_store(move |keys| leave(&folder, mode, keys).map_err(not_left))
            .await;
        // Whatever became of it, there is a ledger to open; what keeps it from opening is told as at a start.
        self.set_trouble(None);
        let opened = self.choose(mode).await;
        left?;
        if let Err(error) = opened {
            self.set_trouble(Some(error));
        }
        if let (Some(house), Ok(desk)) = (house, self.desk().await)
            && let Err(error) = desk.take_house(house).await
        {
            tracing::warn!(%error, "the venue’s name has to be typed again");
        }
        Ok(self.start().await)
    }

    /// The mode that can't be opened on its shared ledger: a person may have it go back to its own.
    pub(super) fn may_leave_ledger(&self) -> Option<Mode> {
        // Without its key it could be opened on no ledger.
        self.trouble()
            .filter(|trouble| !matches!(trouble.code, ErrorCode::KeyStore | ErrorCode::Unauthorised))?;
        let super::last_mode::LastMode::Known(mode) = super::last_mode::read(&self.root) else {
            return None;
        };
        Joined::is_in(&mode.folder(&self.root)).then_some(mode)
    }

    /// The mode that its shared ledger doesn't let in any more.
    pub(super) fn joins_again(&self) -> Option<Mode> {
        self.trouble()?;
        let last = super::last_mode::read(&self.root);
        let super::last_mode::LastMode::Known(mode) = last else {
            return None;
        };
        let wants_code = self.wants_code.load(Ordering::Relaxed);
        (wants_code && Joined::is_in(&mode.folder(&self.root))).then_some(mode)
    }
}

/// Backups of a shared ledger are its server's.
pub(super) fn backed_up_by_server() -> AppError {
    AppError::new(ErrorCode::NotAllowed, wording::BACKED_UP_BY_SERVER)
}

/// A shared ledger that is open, and which of its tills this is.
pub(super) struct OpenShared {
    pub(super) shown: SharedLedger,
    pub(super) ledger: Arc<PostgresLedger>,
}
