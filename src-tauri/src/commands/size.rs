//! How much a page may say in one call.

use crate::wording;
use holdfast_desk::{AppError, ErrorCode};
use tauri::ipc::InvokeBody;

/// Many times what the longest call of ours says: a night's table with a thousand rows.
const MOST_BYTES_A_CALL: usize = 1 << 20;

/// Whether it is more than any screen of ours sends. None sends raw bytes.
pub(super) fn is_too_large(body: &InvokeBody) -> bool {
    match body {
        InvokeBody::Json(json) => json.to_string().len() > MOST_BYTES_A_CALL,
        InvokeBody::Raw(bytes) => !bytes.is_empty(),
    }
}

pub(super) fn refusal() -> AppError {
    AppError::new(ErrorCode::Invalid, wording::TOO_MUCH_TEXT)
}
