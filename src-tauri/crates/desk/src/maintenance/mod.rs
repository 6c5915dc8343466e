//! Backups, restoring one, the support bundle, the connection test.

pub(crate) mod backup;
mod connection;
pub(crate) mod restore;
mod support;
