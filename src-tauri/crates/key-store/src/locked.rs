//! Whether an entry of the Secret Service is locked, found out without its question to a person: to ask for the secret
//! itself would bring that up, each time.

use std::collections::HashMap;
use std::time::Duration;
use zbus::blocking::{Proxy, connection};
use zbus::zvariant::OwnedObjectPath;

/// A store that is there answers at once.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);

/// Whether the store has this entry and keeps it locked. A store that can't be asked isn't locked: asking for the
/// secret then says what is wrong.
pub(crate) fn is_locked(service: &str, name: &str) -> bool {
    matches!(search(service, name), Ok((open, locked)) if open.is_empty() && !locked.is_empty())
}

/// The entries that are open, and those that are locked.
type Found = (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>);

fn search(service: &str, name: &str) -> zbus::Result<Found> {
    let bus = connection::Builder::session()?
        .method_timeout(ANSWER_TIMEOUT)
        .build()?;
    let secrets = Proxy::new(
        &bus,
        "org.freedesktop.secrets",
        "/org/freedesktop/secrets",
        "org.freedesktop.Secret.Service",
    )?;
    // As the library that writes them names what they are found by.
    let attributes = HashMap::from([("service", service), ("username", name)]);
    secrets.call("SearchItems", &attributes)
}
