//! Holdfast's cross-crate tests.
