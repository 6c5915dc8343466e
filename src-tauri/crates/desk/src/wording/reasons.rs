//! The reasons that Dojo and the history are given for what Holdfast decides by itself.

pub(crate) const END_OF_NIGHT: &str = "End of night";
pub(crate) const RENEWED: &str = "Renewed";
pub(crate) const RENEWAL_CANCELLED: &str = "Renewal cancelled";
