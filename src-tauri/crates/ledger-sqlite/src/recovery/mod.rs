//! The file's life: opening it, backing it up, and putting a backup in its place.

pub(crate) mod backup;
pub(crate) mod beside;
pub(crate) mod forgotten;
pub(crate) mod moved_in;
pub(crate) mod moved_out;
pub(crate) mod open;
pub(crate) mod recover;
pub(crate) mod second_copy;
pub(crate) mod swap_file;
