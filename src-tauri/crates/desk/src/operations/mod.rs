//! One operation on one hold, from the decision to its outcome; opening tabs; the bill and the details of a tab.

mod accept_reading;
pub(crate) mod bill;
pub(crate) mod consent;
pub(crate) mod edit_details;
pub(crate) mod execute;
pub(crate) mod open;
pub(crate) mod open_form;
pub(crate) mod refund;
pub(crate) mod request;
mod turns;

/// Why the night decided, on its operations.
pub(crate) const END_OF_NIGHT: &str = "End of night";
