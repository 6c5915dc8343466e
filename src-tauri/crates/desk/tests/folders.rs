//! The folders of the desk have an order, and none may use one above it: neither by an import nor by a method. The
//! parts of the desk hold nothing above them, so the compiler keeps one part from calling a higher one; but Rust sees
//! no harm in a ring of modules, nor in a part whose methods lie in several folders. The modules of a few other crates
//! have a written order too, which their imports keep; those of the rest may use one another, but in no ring. Inside a
//! folder nothing is asked.

mod source;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

/// From the bottom to the top.
const ORDER: [&str; 15] = [
    "context",
    "wording",
    "settings",
    "account",
    "gateway",
    "reconcile",
    "operations",
    "capture",
    "renewal",
    "maintenance",
    "reports",
    "night",
    "present",
    "api",
    "watch",
];

/// The crates whose root defines what modules above it use, each with its modules from the bottom to the top. What
/// stands below the root may not use it.
const OTHERS: [(&str, &[&str]); 4] = [
    (
        "../ledger-postgres/src",
        &[
            "error",
            "not_connected",
            "values",
            "prepared",
            "server",
            "rows",
            "search_key",
            "decision",
            "own_record",
            "own",
            "lanes",
            "heard",
            "keys",
            "tab_index",
            "mirror",
            "lib",
            "read",
            "write",
            "search",
            "open_tabs",
            "store",
            "losses",
            "enrolment",
            "schema",
            "moving",
            "head_office",
        ],
    ),
    (
        "../ledger-sqlite/src",
        &[
            "error",
            "feed",
            "format",
            "store",
            "tab_index",
            "former",
            "integrity",
            "recovery",
            "worker",
            "lib",
            "adapter",
            "home",
            "query_plan_tests",
        ],
    ),
    (
        "../simulator/src",
        &[
            "engine", "page", "store", "wire", "gate", "shared", "checkout", "control", "http", "server",
            "lib", "main",
        ],
    ),
    (
        "../../src",
        &[
            "wording",
            "arguments",
            "environment",
            "autostart",
            "data_folder",
            "downloads",
            "no_window",
            "own_pages",
            "pick_folder",
            "printing",
            "restore_backup",
            "third_party",
            "guest_window",
            "main_window",
            "notices",
            "question",
            "tray",
            "tray_state",
            "simulator",
            "training",
            "till",
            "busy_night",
            "guided_night",
            "updates",
            "leaving",
            "mac_menu",
            "commands",
            "main",
        ],
    ),
];

/// The other crates, whose modules have no written order. Their roots only declare and hand out.
const WITHOUT_RINGS: [&str; 9] = [
    "../cli/src",
    "../dojo/src",
    "../domain/src",
    "../key-store/src",
    "../ledger/src",
    "../process/src",
    "../sealed-copy/src",
    "../search/src",
    "../../../xtask/src",
];

/// The parts of the desk, with the names that they are held by.
const PARTS: [(&str, &str); 13] = [
    ("Context", "context"),
    ("Gateway", "gateway"),
    ("Reconciler", "reconciler"),
    ("Executor", "executor"),
    ("Taker", "taker"),
    ("Renewer", "renewer"),
    ("NightRunner", "night"),
    ("Backups", "backups"),
    ("DataFolder", "folder"),
    ("Reports", "reports"),
    ("Codes", "codes"),
    ("Shown", "shown"),
    ("Desk", "desk"),
];

/// The lowest folder whose methods are the façade's own.
const VIEWS: &str = "present";

/// A source file: its path below `src`, and its text.
type Source = (String, String);

fn rank(folder: &str) -> Option<usize> {
    ORDER.iter().position(|known| *known == folder)
}

fn folder(path: &str) -> &str {
    path.split_once('/').map_or("", |(folder, _)| folder)
}

/// The code without its comments and its tests.
fn code(text: &str) -> String {
    let lines = source::without_tests(text);
    let lines = lines
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

/// What a file reaches outside its folder by `super`: of a folder's root that is the crate.
fn outside<'a>(path: &str, code: &'a str) -> Vec<&'a str> {
    let is_root = path.split_once('/').is_some_and(|(_, file)| file == "mod.rs");
    let reached = code.split("super::").skip(1);
    reached.filter(|_| is_root).collect()
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    &text[..end.unwrap_or(text.len())]
}

/// The members of `{a, b::{c, d}}`, or the one path before a `;`.
fn members(text: &str) -> Vec<&str> {
    let Some(group) = text.strip_prefix('{') else {
        return vec![text];
    };
    let (mut depth, mut start, mut all) = (0_usize, 0, Vec::new());
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                all.push(group[start..at].trim());
                start = at + 1;
                if letter == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    all.retain(|member| !member.is_empty());
    all
}

/// What `lib.rs` hands out under the crate's own name, with the folder that it comes from.
fn exports(lib: &str) -> HashMap<&str, &str> {
    let mut all = HashMap::new();
    for statement in lib.split("pub use ").skip(1) {
        let statement = statement.split(';').next().unwrap_or_default();
        let from = word(statement);
        let names = match statement.split_once('{') {
            Some((_, names)) => names.trim_end_matches('}'),
            None => statement.rsplit("::").next().unwrap_or_default(),
        };
        all.extend(names.split(',').map(|name| (name.trim(), from)));
    }
    all
}

/// The blocks of methods in a file, with the part that each belongs to: its own, and those of a trait.
fn blocks(code: &str) -> Vec<(&'static str, String)> {
    let code = format!("\n{code}");
    let block = |rest: &str| {
        let (head, body) = rest.split_once('{')?;
        let of = head.trim().rsplit(' ').next().unwrap_or_default();
        let (part, _) = PARTS.into_iter().find(|(part, _)| *part == word(of))?;
        Some((part, body.split("\n}").next().unwrap_or_default().to_owned()))
    };
    code.split("\nimpl").skip(1).filter_map(block).collect()
}

/// The methods of the parts, with the folder that each is written in.
fn methods(sources: &[Source]) -> HashMap<(&'static str, String), &str> {
    let mut all = HashMap::new();
    for (path, text) in sources {
        for (part, block) in blocks(&code(text)) {
            for line in block.lines() {
                let is_method = line.starts_with("    ") && !line.starts_with("     ");
                if let Some((_, rest)) = line.split_once("fn ").filter(|_| is_method) {
                    all.insert((part, word(rest).to_owned()), folder(path));
                }
            }
        }
    }
    all
}

/// What a block of `part` calls, with the part that it calls it on.
fn calls(part: &'static str, block: &str) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    for (on, receiver) in PARTS.into_iter().chain([(part, "self")]) {
        for rest in block.split(receiver).skip(1) {
            let Some(call) = rest.trim_start().strip_prefix('.') else {
                continue;
            };
            let name = word(call);
            if call[name.len()..].starts_with('(') {
                all.push((on, name.to_owned()));
            }
        }
    }
    all
}

/// Every use of a higher folder by a lower one, a line each.
fn upward(sources: &[Source]) -> Vec<String> {
    let lib = sources.iter().find(|(path, _)| path == "lib.rs");
    let lib = lib.map(|(_, text)| code(text)).unwrap_or_default();
    let (exports, methods) = (exports(&lib), methods(sources));
    let mut found = Vec::new();
    for (path, text) in sources {
        let Some(own) = rank(folder(path)) else {
            continue;
        };
        let mut refuse = |what: &str, of: &str| {
            if rank(of).is_none_or(|other| other > own) {
                found.push(format!("{path} uses {what} of {of}"));
            }
        };
        let code = code(text);
        for rest in code.split("crate::").skip(1).chain(outside(path, &code)) {
            for member in members(rest) {
                let name = word(member);
                let of = exports.get(name).copied().unwrap_or(name);
                // The façade holds all parts: only the views and what is above them may know it.
                refuse(name, if of == "Desk" { VIEWS } else { of });
            }
        }
        for (part, block) in blocks(&code) {
            for call in calls(part, &block) {
                if let Some(of) = methods.get(&call).filter(|of| !of.is_empty()) {
                    refuse(&call.1, of);
                }
            }
        }
        if code.contains("super::super::") {
            found.push(format!("{path} reaches out by super::super"));
        }
    }
    found
}

/// Every use of a module by one that stands below it in `order`, a line each.
fn imports_upward(order: &[&str], sources: &[Source]) -> Vec<String> {
    let rank = |module: &str| order.iter().position(|known| *known == module);
    let root = rank("lib").or_else(|| rank("main"));
    let mut found = Vec::new();
    for (path, text) in sources {
        let module = path.split('/').next().unwrap_or_default();
        let Some(own) = rank(module.trim_end_matches(".rs")) else {
            found.push(format!("{path} has no place in the order"));
            continue;
        };
        for name in used(path, &code(text)) {
            // What is no module is defined in the root.
            if rank(name).or(root).is_some_and(|of| of > own) {
                found.push(format!("{path} uses {name}"));
            }
        }
    }
    found
}

/// The names of the crate that a file reaches outside its module.
fn used<'a>(path: &str, code: &'a str) -> Vec<&'a str> {
    let reached = code.split("crate::").skip(1).chain(outside(path, code));
    reached.flat_map(members).map(word).collect()
}

/// The modules of a crate that use one another in a ring, a line each with what of the ring it uses.
fn rings(sources: &[Source]) -> Vec<String> {
    let module = |path: &str| {
        path.split('/')
            .next()
            .unwrap_or_default()
            .trim_end_matches(".rs")
            .to_owned()
    };
    let lib = sources.iter().find(|(path, _)| path == "lib.rs");
    let lib = lib.map(|(_, text)| code(text)).unwrap_or_default();
    let exports = exports(&lib);
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in sources
        .iter()
        .filter(|(path, _)| path != "lib.rs" && path != "main.rs")
    {
        let own = module(path);
        let of = |name: &str| exports.get(name).copied().unwrap_or(name).to_owned();
        let names: BTreeSet<String> = used(path, &code(text)).into_iter().map(of).collect();
        uses.entry(own.clone())
            .or_default()
            .extend(names.into_iter().filter(|name| *name != own));
    }
    // What uses no module that is left, or is used by none, is in no ring.
    loop {
        let left: BTreeSet<String> = uses.keys().cloned().collect();
        let is_used = |module: &str| uses.values().any(|used| used.contains(module));
        let free = uses
            .iter()
            .filter(|(module, used)| used.is_disjoint(&left) || !is_used(module));
        let free: Vec<String> = free.map(|(module, _)| module.clone()).collect();
        if free.is_empty() {
            let line = |(module, used): (&String, &BTreeSet<String>)| {
                let used: Vec<&str> = used.intersection(&left).map(String::as_str).collect();
                format!("{module} uses {}", used.join(", "))
            };
            return uses.iter().map(line).collect();
        }
        uses.retain(|module, _| !free.contains(module));
    }
}

fn collect(root: &Path, below: &Path, sources: &mut Vec<Source>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(below)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, sources)?;
        } else if let Ok(name) = path.strip_prefix(root)
            && path.extension().is_some_and(|ending| ending == "rs")
        {
            let name = name.to_string_lossy().replace('\\', "/");
            sources.push((name, std::fs::read_to_string(&path)?));
        }
    }
    Ok(())
}

#[test]
fn no_folder_uses_one_above_it() -> std::io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    collect(&root, &root, &mut sources)?;
    assert!(methods(&sources).len() > 100, "the methods were not found");
    let unknown: Vec<&str> = sources
        .iter()
        .map(|(path, _)| folder(path))
        .filter(|folder| !folder.is_empty() && rank(folder).is_none())
        .collect();
    assert!(unknown.is_empty(), "without a place in the order: {unknown:?}");
    let upward = upward(&sources);
    assert!(upward.is_empty(), "{}", upward.join("\n"));
    Ok(())
}

#[test]
fn no_module_of_another_crate_uses_one_above_it() -> std::io::Result<()> {
    for (root, order) in OTHERS {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
        let mut sources = Vec::new();
        collect(&root, &root, &mut sources)?;
        assert!(sources.len() >= order.len(), "{} was not read", root.display());
        let upward = imports_upward(order, &sources);
        assert!(upward.is_empty(), "{}:\n{}", root.display(), upward.join("\n"));
    }
    Ok(())
}

#[test]
fn no_modules_of_another_crate_use_one_another_in_a_ring() -> std::io::Result<()> {
    for root in WITHOUT_RINGS {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
        let mut sources = Vec::new();
        collect(&root, &root, &mut sources)?;
        assert!(sources.len() > 2, "{} was not read", root.display());
        let rings = rings(&sources);
        assert!(rings.is_empty(), "{}:\n{}", root.display(), rings.join("\n"));
    }
    Ok(())
}

#[test]
fn a_ring_of_modules_is_found() {
    let found = |hold: &str, tab: &str| {
        let source = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        rings(&[
            source(
                "lib.rs",
                "mod hold;\nmod tab;\npub use hold::Hold;\npub use tab::{Kind, Tab};\n",
            ),
            source("hold.rs", hold),
            source("tab/mod.rs", tab),
            source("above.rs", "use crate::{Hold, Tab};\n"),
            source("below.rs", "use std::fmt;\n"),
        ])
    };
    let ring = ["hold uses tab", "tab uses hold"];
    assert_eq!(found("use crate::Kind;\n", "use crate::{Hold, below};\n"), ring);
    assert_eq!(found("use crate::tab::Kind;\n", "use super::hold::Hold;\n"), ring);
    for (hold, tab) in [
        ("use crate::Kind;\n", "use crate::below;\n"),
        ("// use crate::Kind;\n", "use crate::Hold;\n"),
        (
            "#[cfg(test)]\nmod tests {\n    use crate::Kind;\n}\n",
            "use crate::Hold;\n",
        ),
    ] {
        assert_eq!(found(hold, tab), Vec::<String>::new(), "{hold} {tab}");
    }
}

#[test]
fn a_module_s_use_of_a_higher_one_is_found() {
    let found = |path: &str, text: &str| {
        let sources = [(path.to_owned(), text.to_owned())];
        imports_upward(&["error", "store", "lib", "home"], &sources)
    };
    for (path, text) in [
        ("error.rs", "use crate::store::rows;\n"),
        ("store/rows.rs", "use crate::{error, home::open};\n"),
        ("store/rows.rs", "use crate::SqliteLedger;\n"),
        ("store/mod.rs", "use super::home;\n"),
        ("backup.rs", ""),
    ] {
        assert_eq!(found(path, text).len(), 1, "{path}: {text}");
    }
    for (path, text) in [
        ("home.rs", "use crate::{SqliteLedger, store};\n"),
        ("store/rows.rs", "use crate::store::tabs;\nuse super::tabs;\n"),
        ("error.rs", "// use crate::store;\n"),
    ] {
        assert_eq!(found(path, text), Vec::<String>::new(), "{path}: {text}");
    }
}

#[test]
fn every_part_that_the_desk_holds_is_known_here() -> std::io::Result<()> {
    let lib = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs"))?;
    let (_, held) = lib.split_once("pub struct Desk {").unwrap_or_default();
    let held = held.split('}').next().unwrap_or_default();
    let parts: Vec<(&str, &str)> = held
        .lines()
        .filter_map(|line| line.trim().trim_end_matches([',', '>']).split_once(": "))
        .map(|(name, kind)| (kind.rsplit("::").next().unwrap_or_default(), name))
        .collect();
    assert!(parts.len() > 5, "the parts were not found: {parts:?}");
    let unknown: Vec<_> = parts.iter().filter(|part| !PARTS.contains(part)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    Ok(())
}

/// What points upward in a small desk with `text` in `file`.
fn tree(file: &str, text: &str) -> Vec<String> {
    let lib = "mod capture;\nmod present;\npub use capture::Take;\npub use context::AppError;\n\
               pub use present::view::{Row, Tone};\n";
    let above = "impl Desk {\n    pub async fn floor(&self) {}\n}\n";
    let below = "impl Reconciler {\n    pub(crate) async fn read(&self) {}\n}\n";
    let base = "impl Context {\n    pub(crate) fn now(&self) {}\n}\n";
    let account = "impl Context {\n    pub(crate) fn account(&self) {}\n}\n";
    upward(&[
        ("lib.rs".to_owned(), lib.to_owned()),
        ("present/floor.rs".to_owned(), above.to_owned()),
        ("reconcile/reconciler.rs".to_owned(), below.to_owned()),
        ("context/clock.rs".to_owned(), base.to_owned()),
        ("account/mod.rs".to_owned(), account.to_owned()),
        (file.to_owned(), text.to_owned()),
    ])
}

#[test]
fn what_points_upward_is_found() {
    let method = |part: &str, body: &str| format!("impl {part} {{\n    fn x(&self) {{ {body} }}\n}}\n");
    for (text, what) in [
        ("use crate::present::view;\n", "uses present of present"),
        ("use crate::{AppError as E, Tone};\n", "uses Tone of present"),
        ("use crate::{AppError, Desk};\n", "uses Desk of present"),
        (
            "use crate::{\n    capture::{a, b},\n    present::{c, d},\n};\n",
            "uses present of present",
        ),
        (
            "fn x() { crate::present::view::sums(); }\n",
            "uses present of present",
        ),
        (&method("Desk", "self.floor().await;"), "uses floor of present"),
        (&method("Desk", "desk\n    .floor();"), "uses floor of present"),
        (
            &method("Clone for Desk", "self.floor();"),
            "uses floor of present",
        ),
        (
            &method("Part<'_> for Desk", "self.floor();"),
            "uses floor of present",
        ),
        (
            "use super::super::present::view;\n",
            "reaches out by super::super",
        ),
    ] {
        let found = tree("capture/take.rs", text);
        assert!(found.iter().any(|line| line.ends_with(what)), "{text}: {found:?}");
    }
    for text in [
        "use crate::reconcile::reconciler;\nuse crate::{AppError, Take};\n",
        "// use crate::present::view;\n",
        &method(
            "Desk",
            "self.reconciler.read().await; self.floor; self.context.account();",
        ),
        "#[cfg(test)]\nmod tests {\n    use crate::present::view;\n}\n",
    ] {
        assert_eq!(tree("capture/take.rs", text), Vec::<String>::new(), "{text}");
    }
    let context = [
        method("Context", "self.account();"),
        method("Context", "self.context.account();"),
    ];
    for text in context {
        let found = tree("settings/mod.rs", &text);
        assert!(
            found.iter().any(|line| line.ends_with("uses account of account")),
            "{text}: {found:?}"
        );
        let own = text.replace("account", "now");
        assert_eq!(tree("settings/mod.rs", &own), Vec::<String>::new(), "{own}");
    }
    assert_eq!(
        tree("watch/poller.rs", "use crate::{Desk, present::view};\n"),
        Vec::<String>::new()
    );
}

#[test]
fn a_folder_s_root_is_read_and_what_follows_a_test_too() {
    for text in ["use super::present::view;\n", "use super::{AppError, Desk};\n"] {
        let found = tree("capture/mod.rs", text);
        assert!(
            found.iter().any(|line| line.ends_with("of present")),
            "{text}: {found:?}"
        );
        assert_eq!(
            tree("capture/take.rs", "use super::split;\n"),
            Vec::<String>::new()
        );
    }
    for test in [
        "#[cfg(test)]\nmod tests {\n    fn x() {\n    }\n}\n",
        "#[cfg(test)]\nmod tests;\n",
        "#[cfg(test)]\n#[allow(dead_code)]\nfn x(\n    one: u8,\n) {\n}\n",
        "struct X {\n    #[cfg(test)]\n    one: u8,\n}\n",
    ] {
        let found = tree("capture/take.rs", &format!("{test}use crate::present::view;\n"));
        assert_eq!(found.len(), 1, "what follows {test} was not read");
    }
}
