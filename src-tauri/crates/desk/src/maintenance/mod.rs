//! Backups, restoring one, the support bundle, the connection test.

pub(crate) mod backup;
pub(crate) mod connection;
pub(crate) mod restore;
mod support;
