//! Why something that was decided wasn't carried out: reasons with data, never sentences. The desk words them.

use crate::{Action, Actor, Currency, DeadlineAction, Deed, Detail, Money, Refusal, SeenCard, Shown};
use chrono::{DateTime, Utc};

/// Why something that was decided wasn't carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotDone {
    /// The tab isn't as the person saw it, so nothing was sent.
    Changed(Vec<TabChange>),
    /// The same, found when all was sent and the tab was to be closed.
    ChangedBeforeClosing(Vec<TabChange>),
    /// The hold doesn't allow it.
    NotAllowed {
        /// What was asked for.
        action: Action,
        /// Why not.
        why: Refusal,
    },
    /// The tab can't be closed.
    StaysOpen(StaysOpen),
    /// Dojo shows more than the backup that was restored.
    ChangedSinceBackup,
    /// It was decided before a backup was restored.
    BeforeBackup,
    /// The decision's id is that of another one.
    AnotherPress,
    /// Dojo can't be reached.
    Offline,
    /// Dojo doesn't accept the key.
    KeyNotAccepted,
    /// Dojo refuses to show the hold.
    NotShown(Detail),
    /// Dojo's reply can't be read.
    NoReply,
    /// Dojo's reply proves nothing.
    Senseless,
    /// Dojo contradicts what it showed before, and nobody has said yet which counts.
    Contradicts {
        /// Before.
        was: Shown,
        /// Now.
        is: Shown,
        /// Of their amounts.
        currency: Currency,
    },
    /// The ledger couldn't be read or written.
    Ledger,
    /// Something else.
    Other,
}

/// Why a tab can't be closed yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaysOpen {
    /// A request isn't settled yet.
    Settling,
    /// Part is taken, and Dojo takes the rest at the deadline.
    DojoTakesRest,
    /// Dojo takes what is on hold at the deadline.
    DojoTakes,
    /// Something is on hold.
    Held,
    /// A request can only be cancelled in Dojo's portal.
    Unreadable,
    /// The guest may still pay.
    MayBePaid,
}

/// What changed on a tab since a person looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TabChange {
    /// A hold was requested.
    Requested {
        /// Its amount.
        money: Money,
        /// When it happened: by Dojo's clock for what Dojo shows, else by the clock that deadlines are counted by.
        at: DateTime<Utc>,
    },
    /// A line was added to the bill.
    Added {
        /// Its amount.
        money: Money,
        /// When it happened: by Dojo's clock for what Dojo shows, else by the clock that deadlines are counted by.
        at: DateTime<Utc>,
        /// Who did it, by the ledger.
        by: Actor,
    },
    /// A line came off the bill.
    CameOff {
        /// Its amount.
        money: Money,
        /// When it happened: by Dojo's clock for what Dojo shows, else by the clock that deadlines are counted by.
        at: DateTime<Utc>,
        /// Who did it, by the ledger.
        by: Actor,
    },
    /// Another amount is due.
    Due(Money),
    /// The tab was closed.
    Closed {
        /// When it happened: by Dojo's clock for what Dojo shows, else by the clock that deadlines are counted by.
        at: DateTime<Utc>,
    },
    /// The tab was reopened.
    Reopened,
    /// More is on hold.
    Held {
        /// On hold now.
        money: Money,
        /// On which card.
        card: Option<SeenCard>,
        /// Since when.
        since: Option<DateTime<Utc>>,
    },
    /// Another card is on hold.
    Card(Option<SeenCard>),
    /// Money was taken.
    Taken {
        /// Its amount.
        money: Money,
        /// When it happened: by Dojo's clock for what Dojo shows, else by the clock that deadlines are counted by.
        at: DateTime<Utc>,
        /// Who did it, as far as the ledger or Dojo says.
        by: ChangedBy,
    },
    /// Dojo shows less taken.
    LessTaken(Money),
    /// Money was refunded.
    Refunded {
        /// Its amount.
        money: Money,
        /// When it happened: by Dojo's clock for what Dojo shows, else by the clock that deadlines are counted by.
        at: DateTime<Utc>,
        /// Who did it, as far as the ledger or Dojo says.
        by: ChangedBy,
    },
    /// Money was refunded, and not from here.
    RefundedElsewhere(Money),
    /// Dojo shows less refunded.
    LessRefunded(Money),
    /// Money dropped off the card at the deadline.
    Expired {
        /// Its amount.
        money: Money,
        /// When it happened: by Dojo's clock for what Dojo shows, else by the clock that deadlines are counted by.
        at: DateTime<Utc>,
    },
    /// Money was released.
    Released {
        /// Its amount.
        money: Money,
        /// When it happened: by Dojo's clock for what Dojo shows, else by the clock that deadlines are counted by.
        at: DateTime<Utc>,
        /// Who did it, as far as the ledger or Dojo says.
        by: ChangedBy,
    },
    /// Money was released, and not from here.
    ReleasedElsewhere(Money),
    /// Another amount is requested.
    Asked(Money),
    /// Dojo does something else at the deadline.
    DeadlineAction(Option<DeadlineAction>),
    /// A request is under way.
    UnderWay {
        /// What was decided.
        deed: Deed,
        /// Of its amounts.
        currency: Currency,
        /// When it was decided.
        at: DateTime<Utc>,
        /// Who did it, as far as the ledger or Dojo says.
        by: ChangedBy,
    },
    /// A request that was under way has ended.
    Ended,
    /// Something else.
    Figures,
    /// A take came to nothing, so that the bill is taken from other cards first.
    NotTaken {
        /// Its amount.
        money: Money,
        /// From which card.
        card: Option<SeenCard>,
        /// When it was decided.
        at: DateTime<Utc>,
        /// Who did it, as far as the ledger or Dojo says.
        by: ChangedBy,
    },
}

/// By whom something changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangedBy {
    /// A person.
    Person(Actor),
    /// Closing the night.
    Night,
    /// Dojo at the deadline.
    DojoAtDeadline,
    /// Dojo.
    Dojo,
    /// Not from this till.
    Elsewhere,
}
