//! Night reports, the days that they cover, and the files that they are exported to.

pub(crate) mod days;
pub(crate) mod export;
pub(crate) mod make;
