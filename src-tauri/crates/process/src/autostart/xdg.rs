//! Linux: a desktop entry in `autostart`, as the Desktop Entry and Autostart specifications of freedesktop.org have it.

use super::{ARGUMENT, Autostart};
use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

/// Every desktop keeps its own switch in the entry; one of them is enough to be off.
const OFF: [&str; 2] = ["Hidden=true", "X-GNOME-Autostart-enabled=false"];

pub(super) fn is_on(entry: &Autostart) -> bool {
    file(entry).is_ok_and(|file| is_on_at(&file))
}

pub(super) fn is_ours(entry: &Autostart) -> bool {
    file(entry).is_ok_and(|file| is_ours_at(&file, entry))
}

pub(super) fn program(entry: &Autostart) -> Option<String> {
    program_at(&file(entry).ok()?)
}

pub(super) fn write(entry: &Autostart) -> Result<()> {
    write_at(&file(entry)?, entry)
}

pub(super) fn remove(entry: &Autostart) -> Result<()> {
    remove_at(&file(entry)?)
}

fn file(entry: &Autostart) -> Result<PathBuf> {
    // A relative path is to be passed over, says the Base Directory specification.
    let named = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
    let config = named.filter(|path| path.is_absolute());
    let home = || std::env::home_dir().map(|home| home.join(".config"));
    let config = config.or_else(home).ok_or_else(no_home)?;
    Ok(config.join("autostart").join(format!("{}.desktop", entry.name)))
}

fn no_home() -> Error {
    Error::new(ErrorKind::NotFound, "this user has no home folder")
}

fn is_on_at(file: &Path) -> bool {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    !text.is_empty() && !text.lines().any(|line| OFF.contains(&line.trim()))
}

/// Desktops add lines of their own, so only what is started is compared.
fn is_ours_at(file: &Path, entry: &Autostart) -> bool {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let ours = exec(entry).ok();
    text.lines().find_map(|line| line.strip_prefix("Exec=")) == ours.as_deref()
}

/// The program that the entry names: the first argument of its command, without what quotes it.
fn program_at(file: &Path) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let command = text.lines().find_map(|line| line.strip_prefix("Exec="))?;
    // The value's own escapes first.
    let command = command.replace("\\\\", "\\");
    let mut letters = command.trim_start().chars().peekable();
    let is_quoted = letters.next_if_eq(&'"').is_some();
    let mut program = String::new();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted => break,
            ' ' if !is_quoted => break,
            '\\' => program.extend(letters.next()),
            '%' => program.extend(letters.next_if_eq(&'%')),
            other => program.push(other),
        }
    }
    Some(program)
}

fn write_at(file: &Path, entry: &Autostart) -> Result<()> {
    let text = text(entry)?;
    crate::write_whole(file, text.as_bytes())
}

fn remove_at(file: &Path) -> Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// `TryExec` makes a desktop pass over the entry once the program is removed.
fn text(entry: &Autostart) -> Result<String> {
    let program = escaped(entry.program_as_text()?);
    let (name, exec) = (entry.name, exec(entry)?);
    Ok(format!(
        "[Desktop Entry]\nType=Application\nVersion=1.4\nName={name}\nExec={exec}\nTryExec={program}\n\
         Icon=holdfast\nTerminal=false\nX-GNOME-Autostart-enabled=true\n"
    ))
}

/// The program between double quotes, then its argument. Inside them four characters take a backslash, and a percent
/// sign is doubled everywhere, for it begins a field code. The value's own escapes come on top.
fn exec(entry: &Autostart) -> Result<String> {
    let mut quoted = String::from("\"");
    for letter in entry.program_as_text()?.chars() {
        if matches!(letter, '"' | '`' | '$' | '\\') {
            quoted.push('\\');
        }
        quoted.push(letter);
        if letter == '%' {
            quoted.push('%');
        }
    }
    Ok(format!("{}\" {ARGUMENT}", escaped(&quoted)))
}

/// A value of type string: a backslash stands for itself when there are two.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\")
}

#[cfg(test)]
mod tests {
    use super::super::entry_of;
    use super::*;

    fn kept(program: &str) -> (tempfile::TempDir, PathBuf, Autostart) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("autostart/Holdfast.desktop");
        let entry = entry_of(program);
        write_at(&file, &entry).unwrap();
        (folder, file, entry)
    }

    #[test]
    fn blanks_and_letters_of_all_sorts_survive() {
        for program in [
            "/usr/bin/holdfast",
            "/home/Zoë Müller/my apps/holdfast",
            "/srv/店/holdfast",
        ] {
            let (_folder, file, entry) = kept(program);
            assert!(is_on_at(&file) && is_ours_at(&file, &entry), "{program}");
            let text = std::fs::read_to_string(&file).unwrap();
            assert!(text.contains(&format!("Exec=\"{program}\" --hidden\n")), "{text}");
            assert!(text.contains(&format!("TryExec={program}\n")), "{text}");
            assert_eq!(program_at(&file).as_deref(), Some(program));
        }
    }

    // The examples are the specification's: `\\$` for a dollar sign, four backslashes for one.
    #[test]
    fn what_the_specification_reserves_is_quoted() {
        assert_eq!(exec(&entry_of("/a$b/c")).unwrap(), r#""/a\\$b/c" --hidden"#);
        assert_eq!(exec(&entry_of(r"/a\b")).unwrap(), r#""/a\\\\b" --hidden"#);
        assert_eq!(exec(&entry_of(r#"/a"b`c"#)).unwrap(), r#""/a\\"b\\`c" --hidden"#);
        assert_eq!(exec(&entry_of("/50%/c")).unwrap(), r#""/50%%/c" --hidden"#);
    }

    #[test]
    fn the_program_is_read_back_however_it_is_quoted() {
        for program in [r"/a$b/c", r"/a\b", r#"/a"b`c"#, "/50%/c"] {
            let (_folder, file, _) = kept(program);
            assert_eq!(program_at(&file).as_deref(), Some(program));
        }
        let (_folder, file, _) = kept("/x");
        std::fs::write(&file, "[Desktop Entry]\nExec=/opt/holdfast --hidden\n").unwrap();
        assert_eq!(program_at(&file).as_deref(), Some("/opt/holdfast"));
    }

    #[test]
    fn an_entry_of_another_place_is_not_ours_and_one_switched_off_is_off() {
        let (_folder, file, entry) = kept("/old place/holdfast");
        let moved = entry_of("/usr/bin/holdfast");
        assert!(is_on_at(&file) && !is_ours_at(&file, &moved));
        write_at(&file, &moved).unwrap();
        assert!(is_ours_at(&file, &moved) && !is_ours_at(&file, &entry));
        for off in OFF {
            let text = format!("[Desktop Entry]\nExec=\"/usr/bin/holdfast\" --hidden\n{off}\n");
            std::fs::write(&file, text).unwrap();
            assert!(!is_on_at(&file), "{off}");
        }
        remove_at(&file).unwrap();
        assert!(!is_on_at(&file));
        remove_at(&file).unwrap();
    }
}
