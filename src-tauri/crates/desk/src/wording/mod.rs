//! Sentences for staff.

mod operations;

pub(crate) use operations::*;
