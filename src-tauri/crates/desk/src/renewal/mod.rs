//! Renewing a hold: a second hold, and the release of the first once the second is there.

pub(crate) mod renew;
