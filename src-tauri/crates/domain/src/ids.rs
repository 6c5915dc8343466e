//! Ids are UUIDv7, minted by the owner of the clock, durable before they are used.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

id!(
    /// A guest's tab or deposit.
    #[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
    TabId
);
id!(
    /// One payment intent on a tab.
    #[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
    HoldId
);
id!(
    /// One decision by staff; also the idempotency key of a refund.
    #[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
    OperationId
);
id!(
    /// One line of a bill.
    #[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
    LineId
);
id!(
    /// One of the tills that share a ledger.
    TillId
);
id!(
    /// One closing of the night.
    RunId
);
