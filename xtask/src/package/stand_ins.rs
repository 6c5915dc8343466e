//! What stands in for something that doesn't exist yet: addresses, the digest of CI's image. Nothing is signed before
//! the real ones are in (docs/releases.md, “Before the first release”).

use crate::command::root;
use anyhow::{Context, Result, ensure};

/// Who answers for the packages. No address is published yet, and `.invalid` can't be anybody's.
pub(super) const MAINTAINER: &str = "The Holdfast founders <founders@holdfast.invalid>";

/// Where somebody reads about Holdfast.
pub(super) const HOMEPAGE: &str = "https://holdfast.invalid";

/// Domains that nobody can have (RFC 2606).
const NOBODYS: [&str; 3] = [".invalid", ".example", ".test"];

/// Files, and the words in them that are to be replaced.
const WORDS: [(&str, &str); 4] = [
    ("README.md", "https://packages.example"),
    ("docs/installing.md", "https://packages.example"),
    ("SECURITY.md", "No address is published yet"),
    (".github/workflows/release.yml", "image: debian:12\n"),
];

/// Refuses to publish while any of them is there.
///
/// # Errors
/// Names each, and its place.
pub(super) fn refuse(url: Option<&str>) -> Result<()> {
    let mut left = addresses(MAINTAINER, HOMEPAGE, url);
    for (file, words) in WORDS {
        let text = std::fs::read_to_string(root().join(file)).context(file)?;
        if text.contains(words) {
            left.push(format!("{file}: {}", words.trim()));
        }
    }
    ensure!(
        left.is_empty(),
        "this stands in for what isn’t there yet (docs/releases.md, “Before the first release”):\n  {}",
        left.join("\n  ")
    );
    Ok(())
}

/// Those of the addresses that are nobody's.
fn addresses(maintainer: &str, homepage: &str, url: Option<&str>) -> Vec<String> {
    let named = [
        ("MAINTAINER in xtask/src/package/stand_ins.rs", maintainer),
        ("HOMEPAGE in xtask/src/package/stand_ins.rs", homepage),
        ("--url", url.unwrap_or_default()),
    ];
    let nobodys = named.into_iter().filter(|(_, address)| is_nobodys(address));
    nobodys
        .map(|(place, address)| format!("{place}: {address}"))
        .collect()
}

/// Whether an address, of a page or of a person, is in a domain that can't exist.
fn is_nobodys(address: &str) -> bool {
    let address = address.trim_end_matches('>');
    let host = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = host.split(['/', ':']).next().unwrap_or_default();
    NOBODYS.iter().any(|end| host.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_can_t_be_anybodys_is_named() {
        let (person, page) = ("Ann <ann@holdfast.app>", "https://holdfast.app");
        assert!(addresses(person, page, Some("https://packages.holdfast.app")).is_empty());
        assert!(addresses(person, page, None).is_empty());
        let left = addresses(
            "Ann <ann@holdfast.invalid>",
            "https://holdfast.invalid/about",
            Some("https://packages.example:8443/apt"),
        );
        assert_eq!(left.len(), 3, "{left:?}");
    }

    #[test]
    fn nothing_is_signed_while_the_maintainers_address_stands_in() {
        let refused = refuse(None).err().map(|error| error.to_string());
        assert_eq!(
            refused.is_some_and(|words| words.contains(MAINTAINER)),
            is_nobodys(MAINTAINER)
        );
    }
}
