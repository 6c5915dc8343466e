//! A decision as its till keeps it for itself: should the server lose it, it's put back.

use crate::values::Param;
use holdfast_domain::TabId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

/// A decision with the rows that were written with it, as the function `put_back` takes them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Decision {
    pub(crate) rows: Map<String, Json>,
    /// It was lost and couldn't be put back yet, or may have been lost.
    pub(crate) is_left: bool,
}

impl Decision {
    /// Of the parameters of a function that keeps a decision whose request has yet to leave.
    pub(crate) fn of(function: &str, params: &[Param]) -> Option<Self> {
        let names: &[&str] = match function {
            "intend" => &["", "operation", "said"],
            "add_hold" => &["hold", "operation", "", "said"],
            "open_tab" => &["tab", "key", "hold", "operation", "said"],
            "begin_renewal" => &["renewal", "hold", "operation", "", "said"],
            "end_ask" => &["", "", "", "hold", "operation", "", "said"],
            _ => return None,
        };
        let rows = names.iter().zip(params).filter(|(name, _)| !name.is_empty());
        let rows = rows.map(|(name, param)| match param {
            Param::Json(row) => Some(((*name).to_owned(), row.clone()?)),
            Param::Bytes(bytes) => Some(((*name).to_owned(), crate::rows::bytes(bytes.as_ref()?))),
            Param::Ids(_) | Param::Int(_) | Param::Text(_) => None,
        });
        let rows: Option<Map<String, Json>> = rows.collect();
        let rows = rows?;
        // State 0 is intended: what was found at Dojo has no request.
        let is_to_be_sent = rows.get("operation")?.get("state")?.as_i64() == Some(0);
        is_to_be_sent.then_some(Self { rows, is_left: false })
    }

    /// The operation's id.
    pub(crate) fn operation(&self) -> Vec<u8> {
        let id = self.rows.get("operation").and_then(|row| row.get("id")?.as_str());
        let id = id.and_then(|id| hex::decode(id.strip_prefix("\\x")?).ok());
        id.unwrap_or_default()
    }

    /// The tab that it opened: then the guest's key is in it.
    pub(crate) fn opened_tab(&self) -> Option<TabId> {
        let id = self.rows.get("tab")?.get("id")?.as_str()?;
        let bytes = hex::decode(id.strip_prefix("\\x")?).ok()?;
        Uuid::from_slice(&bytes).ok().map(TabId)
    }
}
