//! The secret key: whose it is, and changing it.

use crate::AppError;

/// The key store can't be used.
pub(crate) const NO_KEY_STORE: &str = "This computer’s key store can’t be used, so the key was not kept. \
     Unlock it or set it up (on Linux: GNOME Keyring or KWallet), then try again.";

/// The key store keeps the key from being read.
pub(crate) const KEY_NOT_READ: &str = "We can’t read the key: this PC’s key store is locked or doesn’t answer. \
     Unlock it (on Linux: GNOME Keyring or KWallet). Holdfast then carries on by itself.";

pub(crate) const ANOTHER_ACCOUNT: &str = "This key belongs to another Dojo account: under it, Dojo doesn’t know the \
     newest requests of this till. Nothing was changed. Use a key of this venue’s own account. For another account, \
     give Holdfast another data folder.";

/// What a person types to change the key.
const PHRASE: &str = "change key";

/// Whether that is what was typed.
pub(crate) fn is_confirmed(typed: &str) -> bool {
    typed.trim().eq_ignore_ascii_case(PHRASE)
}

/// What changing the key means.
pub(crate) fn change(before: &str, after: &str) -> String {
    format!(
        "This till works with {before}. With {after}, money from now on goes to the account of that key. \
         Type “{PHRASE}” to change it."
    )
}

/// What a key of another mode means while something is open in this one.
pub(crate) fn leaves(means: &str) -> String {
    format!("This key opens another mode and closes this one. {means} Type “{PHRASE}” to do that.")
}

/// A key on the command line that isn't the window's.
pub(crate) fn other_than(known: &str, hint: &str) -> String {
    format!(
        "These records belong to {known}, not to {hint}. Change the key in the window: it asks Dojo whose it is."
    )
}

pub(crate) fn not_confirmed() -> String {
    format!("Type “{PHRASE}”, or leave the key as it is.")
}

/// What a person types to remove the key.
const REMOVAL: &str = "remove key";

/// Whether that is what was typed.
pub(crate) fn is_removal_confirmed(typed: &str) -> bool {
    typed.trim().eq_ignore_ascii_case(REMOVAL)
}

/// What removing the key means.
pub(crate) fn removal(hint: Option<&str>) -> String {
    let key = hint.map_or_else(String::new, |hint| format!(", {hint},"));
    format!(
        "This takes the key{key} off this PC. Until you enter one again nothing is watched, taken or released from \
         here, and Dojo does at each deadline what was agreed. The key still works elsewhere: to end it, revoke it in \
         Dojo’s portal. Type “{REMOVAL}” to remove it."
    )
}

pub(crate) fn removal_not_confirmed() -> String {
    format!("Type “{REMOVAL}”, or keep the key.")
}

/// Dojo can't say whose key it is, and what kept it from being read.
pub(crate) fn not_known_whose(why: &AppError) -> String {
    format!(
        "We can’t check yet whose key this is, so it wasn’t kept. {}",
        why.message
    )
}
