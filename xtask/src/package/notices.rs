//! `THIRD-PARTY.txt`: whose work the programs hold, and each licence in full. A text that is missing is an error, for
//! nearly all of these licences ask to travel with the program.

use super::{PROGRAMS, json, packaging, printed};
use crate::command::{cargo_command, root};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The names that licence texts go by, in capitals.
const TEXTS: [&str; 6] = [
    "LICENSE",
    "LICENCE",
    "COPYING",
    "UNLICENSE",
    "COPYRIGHT",
    "NOTICE",
];

const HEAD: &str = "Holdfast is under the MIT licence. It contains the work of others, each under its own licence.\n\
    First comes the list of all of them, then each licence's text with those that it is of.\n";

/// A crate or a package of the window's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Part {
    name: String,
    version: String,
    licence: String,
}

impl Part {
    /// As the lists of parts name it.
    pub(super) fn reference(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }

    fn shown(&self) -> String {
        format!("{} {} ({})", self.name, self.version, self.licence)
    }
}

/// All of it.
///
/// # Errors
/// When a part has no licence, or its text is nowhere.
pub(super) fn text() -> Result<String> {
    let mut of: BTreeMap<String, BTreeSet<Part>> = BTreeMap::new();
    let mut parts = BTreeSet::new();
    let library = standard_library()?;
    of.entry(standard(&library.licence, "The Rust Project contributors")?)
        .or_default()
        .insert(library.clone());
    parts.insert(library);
    for (part, folder, authors) in crates()?.into_iter().chain(window_packages()?) {
        let texts = texts(&part, &folder, &authors).with_context(|| part.shown())?;
        for text in texts {
            of.entry(text).or_default().insert(part.clone());
        }
        parts.insert(part);
    }
    Ok(written(&parts, &of))
}

/// What no list of dependencies names, and every program of Rust's holds.
fn standard_library() -> Result<Part> {
    let said = printed(
        std::process::Command::new("rustc")
            .arg("--version")
            .current_dir(root()),
    )?;
    let version = said.split(' ').nth(1).context("rustc said no version")?;
    Ok(Part {
        name: "the Rust standard library".to_owned(),
        version: version.to_owned(),
        licence: "MIT OR Apache-2.0".to_owned(),
    })
}

/// The licences of all that the packages hold, ours first, as the field of an `.rpm` has them.
pub(super) fn licences() -> Result<String> {
    let all = crates()?.into_iter().chain(window_packages()?);
    Ok(together(all.map(|(part, ..)| part.licence)))
}

/// Each once. What offers a choice with MIT in it is taken under MIT.
fn together(licences: impl Iterator<Item = String>) -> String {
    let is_mit = |licence: &str| licence.split([' ', '/', '(', ')']).any(|one| one == "MIT");
    let theirs = licences.map(|licence| licence.replace('/', " OR "));
    let theirs: BTreeSet<String> = theirs
        .filter(|licence| !is_mit(licence) || licence.contains(" AND "))
        .map(|licence| {
            if licence.contains(' ') {
                format!("({licence})")
            } else {
                licence
            }
        })
        .collect();
    let ours = ["MIT".to_owned()];
    ours.into_iter().chain(theirs).collect::<Vec<_>>().join(" AND ")
}

fn written(parts: &BTreeSet<Part>, of: &BTreeMap<String, BTreeSet<Part>>) -> String {
    let mut all = format!("{HEAD}\n");
    for part in parts {
        all.push_str(&format!("{}\n", part.shown()));
    }
    let mut texts: Vec<_> = of.iter().collect();
    texts.sort_by_key(|(text, parts)| (parts.first().cloned(), *text));
    for (text, parts) in texts {
        let names: Vec<String> = parts.iter().map(Part::shown).collect();
        all.push_str(&format!("\n{}\n{}\n\n{text}\n", "=".repeat(78), names.join("\n")));
    }
    all
}

/// What the programs are linked from, on every system that they are made for: a part, its folder, who wrote it.
fn crates() -> Result<Vec<(Part, std::path::PathBuf, String)>> {
    let metadata = printed(
        cargo_command()
            .args(["metadata", "--format-version", "1", "--locked"])
            .current_dir(root()),
    )?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages: BTreeMap<&str, &Value> = list(&metadata["packages"])
        .map(|p| (text_of(&p["id"]), p))
        .collect();
    let nodes: BTreeMap<&str, &Value> = list(&metadata["resolve"]["nodes"])
        .map(|n| (text_of(&n["id"]), n))
        .collect();
    let is_ours = |id: &&str| {
        packages
            .get(id)
            .is_some_and(|p| PROGRAMS.contains(&text_of(&p["name"])))
    };
    let mut to_see: Vec<&str> = packages.keys().copied().filter(is_ours).collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = to_see.pop() {
        if !seen.insert(id) {
            continue;
        }
        let dependencies = nodes.get(id).into_iter().flat_map(|node| list(&node["deps"]));
        // What only builds or tests them is in no program.
        let linked = dependencies.filter(|d| list(&d["dep_kinds"]).any(|kind| kind["kind"].is_null()));
        to_see.extend(linked.map(|d| text_of(&d["pkg"])));
    }
    let theirs = seen
        .into_iter()
        .filter_map(|id| packages.get(id))
        .filter(|p| !p["source"].is_null());
    theirs
        .map(|p| {
            let folder = Path::new(text_of(&p["manifest_path"]))
                .parent()
                .context("no folder")?;
            let authors: Vec<&str> = list(&p["authors"]).map(text_of).collect();
            Ok((part(p), folder.to_owned(), authors.join(", ")))
        })
        .collect()
}

/// What the window's files are bundled from; what only builds them is marked `dev`.
fn window_packages() -> Result<Vec<(Part, std::path::PathBuf, String)>> {
    let lock = json(&root().join("ui/package-lock.json"))?;
    let packages = lock["packages"]
        .as_object()
        .context("the window's lock file lists nothing")?;
    let shipped = packages.iter().filter(|(path, package)| {
        !path.is_empty() && package["dev"].is_null() && package["devOptional"].is_null()
    });
    shipped
        .map(|(path, locked)| {
            let folder = root().join("ui").join(path);
            let mut package = json(&folder.join("package.json"))?;
            package["license"] = locked["license"].clone();
            let author = package["author"]["name"].as_str().or(package["author"].as_str());
            let author = author.unwrap_or_default().to_owned();
            Ok((part(&package), folder, author))
        })
        .collect()
}

/// The packages of the window's files.
///
/// # Errors
/// When the lock file or a package can't be read.
pub(super) fn window_parts() -> Result<impl Iterator<Item = Part>> {
    Ok(window_packages()?.into_iter().map(|(part, ..)| part))
}

fn part(package: &Value) -> Part {
    let of = |field: &str| text_of(&package[field]).to_owned();
    Part {
        name: of("name"),
        version: of("version"),
        licence: of("license"),
    }
}

/// A part's licence texts, those of what it has taken in from others too, which lie in its folders. Where MIT is among
/// those to choose from, we choose it, and leave the others' texts out.
fn texts(part: &Part, folder: &Path, authors: &str) -> Result<Vec<String>> {
    let mut names = named(folder, folder)?;
    names.sort();
    let may_choose =
        !part.licence.contains(" AND ") && (part.licence.contains(" OR ") || part.licence.contains('/'));
    let is_mit = |name: &&String| !name.contains('/') && name.to_uppercase().contains("MIT");
    if may_choose && let Some(mit) = names.iter().find(is_mit).cloned() {
        names.retain(|name| *name == mit || is_of_others(name));
    }
    if names.is_empty() {
        return Ok(vec![standard(&part.licence, authors)?]);
    }
    let read = |name: &String| {
        let bytes = std::fs::read(folder.join(name)).with_context(|| name.clone())?;
        // Line ends and blanks at theirs differ where the words are the same.
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        Ok(lines.join("\n").trim_matches('\n').to_owned())
    };
    names.iter().map(read).collect()
}

/// What lies below a folder and goes by a licence's name, with the folders before it.
fn named(folder: &Path, top: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in folder.read_dir()? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        let name = entry.file_name().to_string_lossy().to_uppercase();
        if kind.is_dir() && !NOT_LINKED.contains(&name.as_str()) {
            names.extend(named(&path, top)?);
        } else if kind.is_file() && TEXTS.iter().any(|known| name.starts_with(known)) && !is_source(&name) {
            names.push(path.strip_prefix(top)?.to_string_lossy().replace('\\', "/"));
        }
    }
    Ok(names)
}

/// Folders whose files are in no program: tests, benchmarks, and what a package has installed for itself.
const NOT_LINKED: [&str; 7] = [
    "TESTS",
    "TEST",
    "BENCHES",
    "EXAMPLES",
    "NODE_MODULES",
    "FUZZ",
    "TARGET",
];

/// Code may be about licences without being one.
fn is_source(name: &str) -> bool {
    [".RS", ".JS", ".TS", ".C", ".H", ".PY"]
        .iter()
        .any(|end| name.ends_with(end))
}

/// Whether a text is of what a part has taken in: it counts whatever we choose for the part itself.
fn is_of_others(name: &str) -> bool {
    let upper = name.to_uppercase();
    name.contains('/') || upper.contains("THIRD") || upper.starts_with("NOTICE")
}

/// The standard text, for a part that came without one.
fn standard(licence: &str, authors: &str) -> Result<String> {
    let known = ["MIT", "BSD-3-Clause", "MPL-2.0", "CC0-1.0"];
    let names: Vec<&str> = licence.split([' ', '/']).collect();
    let Some(id) = known.into_iter().find(|id| names.contains(id)) else {
        bail!(
            "it came without a licence text, and {licence:?} is none whose text we have in packaging/licences"
        );
    };
    let text = packaging(&format!("licences/{id}.txt"))?;
    let text = text.trim_matches('\n');
    Ok(match authors {
        "" => text.to_owned(),
        authors => format!("Copyright (c) {authors}\n\n{text}"),
    })
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part_of(licence: &str) -> Part {
        Part {
            name: "a".to_owned(),
            version: "1.0.0".to_owned(),
            licence: licence.to_owned(),
        }
    }

    #[test]
    fn a_package_names_each_licence_once_and_no_choice_that_mit_settles() {
        let all = [
            "MIT OR Apache-2.0",
            "MPL-2.0",
            "Apache-2.0/MIT",
            "MIT AND OFL-1.1",
            "MPL-2.0",
        ];
        assert_eq!(
            together(all.into_iter().map(str::to_owned)),
            "MIT AND (MIT AND OFL-1.1) AND MPL-2.0"
        );
    }

    #[test]
    fn mit_is_chosen_where_it_may_be_and_a_missing_text_is_an_error() -> Result<()> {
        let folder = tempfile::tempdir()?;
        for (name, text) in [("LICENSE-MIT", "mit\r\n"), ("LICENSE-APACHE", "apache\n")] {
            std::fs::write(folder.path().join(name), text)?;
        }
        let of = |licence: &str| texts(&part_of(licence), folder.path(), "");
        assert_eq!(of("MIT OR Apache-2.0")?, ["mit"]);
        assert_eq!(of("MIT AND Apache-2.0")?, ["apache", "mit"]);
        assert_eq!(of("(MIT OR Apache-2.0) AND Unicode-3.0")?, ["apache", "mit"]);
        // What it has taken in from others goes with it, whatever is chosen for the rest.
        std::fs::create_dir(folder.path().join("table"))?;
        std::fs::create_dir(folder.path().join("tests"))?;
        for (name, text) in [
            ("LICENSE-THIRD-PARTY", "third\n"),
            ("table/LICENSE", "table\n"),
            ("tests/LICENSE", "tests\n"),
            ("table/license.rs", "code\n"),
        ] {
            std::fs::write(folder.path().join(name), text)?;
        }
        assert_eq!(of("MIT OR Apache-2.0")?, ["mit", "third", "table"]);
        let empty = tempfile::tempdir()?;
        let mpl = texts(&part_of("MPL-2.0"), empty.path(), "Ann")?.concat();
        assert!(
            mpl.starts_with("Copyright (c) Ann\n\nMozilla Public License"),
            "{mpl}"
        );
        assert!(texts(&part_of("Zlib"), empty.path(), "").is_err());
        Ok(())
    }

    #[test]
    fn every_part_of_the_program_brings_its_licence() -> Result<()> {
        if !root().join("ui/node_modules").exists() {
            println!("left out: the window's packages aren't here; `cargo xtask test` brings them");
            return Ok(());
        }
        let text = text()?;
        for wanted in [
            "@fontsource-variable/inter",
            "SIL OPEN FONT LICENSE",
            "svelte ",
            "tauri ",
            "selectors ",
            "the Rust standard library ",
            "UNICODE LICENSE V3",
        ] {
            assert!(text.contains(wanted), "{wanted}");
        }
        for absent in ["vitest ", "proptest "] {
            assert!(!text.contains(absent), "{absent}");
        }
        Ok(())
    }
}
