//! The connection test of the settings screen: does Dojo answer, and does it accept the key?

use crate::context::Context;
use crate::gateway::Gateway;
use crate::wording::support::CONNECTED;
use chrono::TimeDelta;
use holdfast_dojo::SearchRequest;
use serde::Serialize;
use ts_rs::TS;

/// What a look at Dojo with the key in use showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Connection {
    /// Dojo accepted the key.
    pub ok: bool,
    /// For people.
    pub words: String,
}

/// Asks Dojo for what was made within the last minute: a reading that changes nothing.
pub(crate) async fn test(context: &Context, gateway: &Gateway) -> Connection {
    let request = SearchRequest {
        start_date: context.now().checked_sub_signed(TimeDelta::minutes(1)),
        ..SearchRequest::default()
    };
    match gateway.search(&request).await {
        Ok(_) => Connection {
            ok: true,
            words: CONNECTED.to_owned(),
        },
        Err(error) => Connection {
            ok: false,
            words: error.message,
        },
    }
}
