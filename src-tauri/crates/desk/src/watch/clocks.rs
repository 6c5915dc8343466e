//! Trouble with a till's clock, which people are told once for as long as it lasts. Of several tills each looks at its
//! own clock, beside Dojo's and beside the server's that they share.

use crate::{AppError, Desk};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::{
    CLOCK_TOLERANCE, ClockTrouble, Event, Finding, FindingKey, Personal, WARN_AGAIN_AFTER,
};
use holdfast_ledger::ServerClock;
use std::time::Duration;

/// An answer that took longer says nothing of when it was given.
const ANSWERED_WITHIN: Duration = Duration::from_secs(10);

/// What is known of the clock of the server that several tills share.
enum OfServer {
    /// There is no server: one till has the ledger.
    NoServer,
    /// It didn't say, or took too long.
    Silent,
    /// What it said, and the till's clock in the middle of the question.
    Says(ServerClock, DateTime<Utc>),
}

impl Desk {
    /// What is to be written of this till's clock, or of the venue's only one, which who has the watch looks at.
    pub(super) async fn clock_finding(&self, has_watch: bool) -> Result<Option<Finding>, AppError> {
        let trouble = self.context.clock_trouble();
        let (key, event) = match (self.context.session, self.server_clock().await) {
            (Some(session), OfServer::Says(server, here)) => {
                let ahead = server.at.signed_duration_since(here);
                let is_apart = ahead.abs() > CLOCK_TOLERANCE;
                let apart = is_apart.then_some(ClockTrouble::ApartFromServer(ahead));
                let event = trouble.or(apart).map(|trouble| Event::TillClock {
                    till: server.till,
                    trouble,
                });
                (FindingKey::TillClock(session.till), event)
            }
            (_, OfServer::Silent) => return Ok(None),
            _ if !has_watch => return Ok(None),
            _ => (FindingKey::Clock, trouble.map(Event::Clock)),
        };
        self.clock_news(key, event).await
    }

    async fn server_clock(&self) -> OfServer {
        if self.context.session.is_none() {
            return OfServer::NoServer;
        }
        let clock = &self.context.clock;
        let (began, steady) = (clock.wall(), clock.steady());
        let said = self.context.ledger.server_clock().await;
        let took = clock.steady().saturating_sub(steady);
        let half = TimeDelta::from_std(took / 2).unwrap_or_default();
        let here = began.checked_add_signed(half).unwrap_or(began);
        match said {
            Ok(Some(server)) if took < ANSWERED_WITHIN => OfServer::Says(server, here),
            Ok(None) => OfServer::NoServer,
            Ok(Some(_)) | Err(_) => OfServer::Silent,
        }
    }

    /// The finding as it is to be written down; none where nothing is new.
    async fn clock_news(&self, key: FindingKey, event: Option<Event>) -> Result<Option<Finding>, AppError> {
        let known = self.context.ledger.finding(&key).await?;
        let now = self.context.now();
        match (event, known) {
            (None, Some(known)) if known.is_open() || known.seen_by.is_some() => Ok(Some(Finding {
                ended_at: Some(now),
                seen_by: None,
                ..known
            })),
            // It is at the edge of what is tolerated, or was told already.
            (Some(_), Some(known)) if known.is_open() || known.seen_by.is_some() => Ok(None),
            (Some(_), Some(known)) if (now - known.raised_at).abs() < WARN_AGAIN_AFTER => Ok(None),
            (Some(event), _) => Ok(Some(Finding {
                key,
                tab: None,
                hold: None,
                event,
                personal: Personal::default(),
                at: now,
                raised_at: now,
                ended_at: None,
                seen_by: None,
            })),
            (None, _) => Ok(None),
        }
    }
}
