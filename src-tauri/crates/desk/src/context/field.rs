//! Where something is typed.

use serde::Serialize;
use ts_rs::TS;

/// Declares each field once: its case, and its name in requests, settings and the journal.
macro_rules! fields {
    ($($(#[doc = $of:literal])? $case:ident = $name:tt),+ $(,)?) => {
        /// A field of a form or of Settings, by the name that it has in the request. The journal keeps an edited
        /// field under the same name, so a name that was used once stays.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, TS)]
        #[ts(export)]
        pub enum Field {
            $(
                #[doc = concat!("`", $name, "`", $(":", $of)?)]
                #[serde(rename = $name)]
                $case,
            )+
        }

        impl Field {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$case),+];

            /// Its name.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$case => $name),+
                }
            }
        }
    };
}

fields! {
    /// a guest's or party's; to forget a guest it's typed once more
    Name = "name",
    /// a room or table
    Place = "place",
    Note = "note",
    /// the guest's
    Email = "email",
    /// of one request, one night or one line
    Amount = "amount",
    /// how many a deposit is for
    Nights = "nights",
    ArrivesOn = "arrivesOn",
    DepartsOn = "departsOn",
    /// a line's words on a bill
    What = "what",
    /// a line's
    Quantity = "quantity",
    /// of a release, a cancellation or a refund
    Reason = "reason",
    /// the part of a take or refund
    Bill = "bill",
    /// the service charge: the part of a take or refund, and the percentage in Settings
    Service = "service",
    /// the part of a take or refund
    Tip = "tip",
    /// what is searched for
    Query = "query",
    /// the first day
    From = "from",
    /// the last day
    To = "to",
    /// the lowest amount that is looked for
    Least = "least",
    /// the highest
    Most = "most",
    /// a card's last four digits
    Card = "card",
    /// the journal's number and seal as a report printed them
    Printed = "printed",
    /// Dojo's key as somebody types it
    Key = "key",
    /// that a key may take another one's place
    Confirm = "confirm",
    /// the recovery phrase, all of it
    Phrase = "phrase",
    /// the first of its words that is asked for
    FirstWord = "word0",
    /// the second
    SecondWord = "word1",
    /// the code with which a till joins a shared ledger
    LedgerCode = "ledgerCode",
    Venue = "venue",
    /// on papers
    Address = "address",
    /// on card statements
    StatementName = "statementName",
    Currency = "currency",
    TipPresets = "tipPresets",
    TabPresets = "tabPresets",
    DepositPresets = "depositPresets",
    /// all rooms and tables
    Places = "places",
    ReleaseReasons = "releaseReasons",
    CancelReasons = "cancelReasons",
    RefundReasons = "refundReasons",
    DeadlineAction = "deadlineAction",
    /// before a deadline
    SafeHours = "safeHours",
    /// before it, one for each warning
    WarningHours = "warningHours",
    WarningSound = "warningSound",
    NamesInNotices = "namesInNotices",
    KeepInTray = "keepInTray",
    LetterKeys = "letterKeys",
    LinkEnds = "linkEnds",
    /// when a business day begins
    CutOff = "cutOff",
    TimeZone = "timeZone",
    /// how many tabs are closed at the same time
    NightAtOnce = "nightAtOnce",
    ReportAfterRun = "reportAfterRun",
    SpreadsheetNumbers = "spreadsheetNumbers",
    /// before a release is sent
    HoldBackSeconds = "holdBackSeconds",
    BackupFolder = "backupFolder",
    /// when it was chosen
    BackupFolderSince = "backupFolderSince",
    BackupRecipient = "backupRecipient",
    ForgetAfterMonths = "forgetAfterMonths",
    NamesToDojo = "namesToDojo",
    StaffName = "staffName",
    Theme = "theme",
    /// that the kept key changed, as the journal says it
    DojoKey = "dojoKey",
}

impl Field {
    /// The field of that name; none where a former or a later version had it.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.as_str() == name)
    }
}
