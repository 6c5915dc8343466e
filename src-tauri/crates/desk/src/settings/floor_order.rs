//! In which order the floor stands.

use crate::context::Context;
use crate::{AppError, ErrorCode};
use holdfast_domain::{Event, FloorOrder};
use holdfast_ledger::SettingSeen;

/// The setting in which the order is kept.
const ORDER_SETTING: &str = "floor_order";

impl Context {
    pub(crate) async fn floor_order(&self) -> Result<FloorOrder, AppError> {
        let stored = self.ledger.setting(ORDER_SETTING).await?;
        Ok(stored
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default())
    }

    /// Puts the floor in another order, and keeps it so.
    pub(crate) async fn set_floor_order(&self, order: FloorOrder) -> Result<(), AppError> {
        let text =
            serde_json::to_string(&order).map_err(|e| AppError::new(ErrorCode::Internal, e.to_string()))?;
        let by = self.settings().await?.actor();
        let note = self.note(by, None, Event::FloorOrdered(order));
        self.ledger
            .set_setting(ORDER_SETTING, &text, SettingSeen::Anything, note)
            .await?;
        self.changed();
        Ok(())
    }
}
