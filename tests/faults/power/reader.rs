//! Call by call: which file is meant, and what it comes to.

use super::{
    act::{Act, FileId, Synced, is_only_memory},
    image::State,
    trace::{Step, Told},
    words::{first_number, leading_number, texts},
};
use anyhow::{Context, Result, bail, ensure};
use std::collections::HashMap;

/// What a number of the process's stands for.
#[derive(Debug, Clone)]
enum Open {
    File { file: FileId, at: usize },
    Folder(String),
}

/// A call that has begun: its words so far, and how many acts had been asked for.
struct Begun {
    words: String,
    asked: usize,
}

/// Follows the calls of a process.
pub(super) struct Reader {
    root: String,
    next: FileId,
    /// As the program itself sees it.
    seen: State,
    open: HashMap<i64, Open>,
    half_done: HashMap<String, Begun>,
    asked: usize,
    steps: Vec<Step>,
}

impl Reader {
    /// Of a process whose data folder lies under `root` and has `seen` in it.
    pub(super) fn new(root: String, seen: State) -> Self {
        Self {
            root,
            next: seen.names.len(),
            seen,
            open: HashMap::new(),
            half_done: HashMap::new(),
            asked: 0,
            steps: Vec::new(),
        }
    }

    /// What it came to.
    pub(super) fn into_steps(self) -> Vec<Step> {
        self.steps
    }

    /// One line of the trace.
    pub(super) fn line(&mut self, line: &str) -> Result<()> {
        let (thread, words) = line.split_once(' ').context("no call")?;
        let words = words.trim_start();
        if words.starts_with("+++") || words.starts_with("---") {
            return Ok(());
        }
        if let Some(resumed) = words.strip_prefix("<... ") {
            let (_, rest) = resumed.split_once(" resumed>").context("not resumed")?;
            let begun = self.half_done.remove(thread).context("never begun")?;
            let words = begun.words + rest;
            return self.ended(&words, begun.asked);
        }
        let (words, is_whole) = match words.strip_suffix("<unfinished ...>") {
            Some(words) => (words.trim_end(), false),
            None => (words, true),
        };
        self.begins(words)?;
        if is_whole {
            return self.ended(words, self.asked);
        }
        let begun = Begun {
            words: words.to_owned(),
            asked: self.asked,
        };
        self.half_done.insert(thread.to_owned(), begun);
        Ok(())
    }

    /// What is so as soon as a call begins: from here on somebody may have heard of it.
    fn begins(&mut self, words: &str) -> Result<()> {
        let (call, arguments) = words.split_once('(').context("no arguments")?;
        let number = first_number(arguments);
        match call {
            "fsync" | "fdatasync" if self.open.contains_key(&number) => self.steps.push(Step::Syncing),
            "write" | "writev" | "sendto" | "sendmsg" if !self.open.contains_key(&number) => {
                let text = String::from_utf8_lossy(&texts(arguments)?.concat()).into_owned();
                if let Some(told) = told(number, &text) {
                    self.steps.push(Step::Told(told));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// What is so when a call has ended well.
    fn ended(&mut self, words: &str, asked: usize) -> Result<()> {
        let (call, rest) = words.split_once('(').context("no arguments")?;
        let (arguments, answer) = rest.rsplit_once(" = ").context("no answer")?;
        let Some(answer) = leading_number(answer).filter(|answer| *answer >= 0) else {
            return Ok(());
        };
        let fields: Vec<&str> = arguments.trim_end().trim_end_matches(')').split(", ").collect();
        let number = first_number(arguments);
        let is_ours = self.open.contains_key(&number);
        match call {
            "openat" | "open" | "creat" => self.opened(arguments, answer),
            "close" => {
                self.open.remove(&number);
                Ok(())
            }
            "lseek" if is_ours => self.seek(number, usize::try_from(answer)?),
            "write" | "writev" if is_ours => self.write(number, None, arguments, answer),
            "pwrite64" if is_ours => {
                let at = fields.get(3).and_then(|at| at.parse().ok());
                self.write(number, Some(at.context("no place")?), arguments, answer)
            }
            "ftruncate" if is_ours => {
                let length = fields.get(1).and_then(|length| length.parse().ok());
                let file = self.file(number)?;
                self.ask(Act::Cut {
                    file,
                    length: length.context("no length")?,
                });
                Ok(())
            }
            "fsync" | "fdatasync" if is_ours => {
                let what = match self.open.get(&number).context("not open")? {
                    Open::File { file, .. } => Synced::File(*file),
                    Open::Folder(path) => Synced::Folder(path.clone()),
                };
                self.steps.push(Step::Synced(what, asked));
                Ok(())
            }
            "copy_file_range" => self.copy(number, fields.get(2), answer),
            "rename" | "renameat" | "renameat2" => self.renamed(arguments),
            "unlink" | "unlinkat" => self.unlinked(arguments),
            "mkdir" | "mkdirat" => self.made_folder(arguments),
            "mmap" => self.mapped(&fields),
            _ => self.nothing_of_ours(call, arguments, is_ours),
        }
    }

    fn ask(&mut self, act: Act) {
        self.seen.apply(&act);
        self.asked += 1;
        self.steps.push(Step::Asked(act));
    }

    fn file(&self, number: i64) -> Result<FileId> {
        match self.open.get(&number) {
            Some(Open::File { file, .. }) => Ok(*file),
            other => bail!("{number} is no file: {other:?}"),
        }
    }

    /// Paths under the data folder's parent, which is itself the empty one; none for the rest of the system.
    fn paths(&self, arguments: &str) -> Result<Vec<Option<String>>> {
        let below = |path: &str| {
            let rest = path.strip_prefix(&self.root)?;
            let is_root = rest.is_empty().then_some("");
            rest.strip_prefix('/').or(is_root).map(str::to_owned)
        };
        let whole = texts(arguments)?.into_iter().map(String::from_utf8);
        whole.map(|path| Ok(below(&path?))).collect()
    }

    fn opened(&mut self, arguments: &str, number: i64) -> Result<()> {
        self.open.remove(&number);
        let Some(path) = self.paths(arguments)?.into_iter().next().flatten() else {
            return Ok(());
        };
        if is_only_memory(&path) {
            return Ok(());
        }
        ensure!(!arguments.contains("O_APPEND"), "appending is not modelled");
        if path.is_empty() || self.seen.folders.contains(&path) {
            self.open.insert(number, Open::Folder(path));
            return Ok(());
        }
        let file = match self.seen.names.get(&path) {
            Some(file) => *file,
            None => {
                let file = self.next;
                self.next += 1;
                self.ask(Act::Name { path, file });
                file
            }
        };
        let is_longer = self
            .seen
            .contents
            .get(&file)
            .is_some_and(|bytes| !bytes.is_empty());
        if arguments.contains("O_TRUNC") && is_longer {
            self.ask(Act::Cut { file, length: 0 });
        }
        self.open.insert(number, Open::File { file, at: 0 });
        Ok(())
    }

    fn seek(&mut self, number: i64, to: usize) -> Result<()> {
        if let Some(Open::File { at, .. }) = self.open.get_mut(&number) {
            *at = to;
        }
        Ok(())
    }

    fn write(&mut self, number: i64, place: Option<usize>, arguments: &str, answer: i64) -> Result<()> {
        let mut bytes = texts(arguments)?.concat();
        let written = usize::try_from(answer)?;
        ensure!(written <= bytes.len(), "more was written than there was");
        bytes.truncate(written);
        self.put(number, place, bytes)
    }

    /// At `place`, or where the last write ended.
    fn put(&mut self, number: i64, place: Option<usize>, bytes: Vec<u8>) -> Result<()> {
        let Some(Open::File { file, at }) = self.open.get_mut(&number) else {
            bail!("written into a folder");
        };
        let (file, begin) = (*file, place.unwrap_or(*at));
        if place.is_none() {
            *at += bytes.len();
        }
        self.ask(Act::Write {
            file,
            at: begin,
            bytes,
        });
        Ok(())
    }

    fn copy(&mut self, from: i64, to: Option<&&str>, answer: i64) -> Result<()> {
        let to = to.and_then(|to| to.parse().ok()).context("no target")?;
        if !self.open.contains_key(&to) {
            return Ok(());
        }
        let Some(Open::File { file, at }) = self.open.get_mut(&from) else {
            bail!("copied from outside");
        };
        let length = usize::try_from(answer)?;
        let (file, begin) = (*file, *at);
        *at += length;
        let source = self.seen.contents.get(&file).context("copied from nothing")?;
        let bytes = source
            .get(begin..begin + length)
            .context("copied from beyond the end")?;
        let bytes = bytes.to_vec();
        self.put(to, None, bytes)
    }

    fn renamed(&mut self, arguments: &str) -> Result<()> {
        let paths: [Option<String>; 2] = self.paths(arguments)?.try_into().ok().context("not two names")?;
        let [Some(from), Some(to)] = paths else {
            ensure!(paths == [None, None], "moved in or out");
            return Ok(());
        };
        if is_only_memory(&from) {
            return Ok(());
        }
        let file = *self
            .seen
            .names
            .get(&from)
            .context("an unknown file was renamed")?;
        self.ask(Act::Move { from, to, file });
        Ok(())
    }

    fn unlinked(&mut self, arguments: &str) -> Result<()> {
        let Some(path) = self.paths(arguments)?.into_iter().next().flatten() else {
            return Ok(());
        };
        if is_only_memory(&path) {
            return Ok(());
        }
        let file = *self
            .seen
            .names
            .get(&path)
            .context("an unknown file was deleted")?;
        self.ask(Act::Unname { path, file });
        Ok(())
    }

    fn made_folder(&mut self, arguments: &str) -> Result<()> {
        if let Some(path) = self.paths(arguments)?.into_iter().next().flatten() {
            self.ask(Act::Folder { path });
        }
        Ok(())
    }

    /// Writing through memory leaves no trace, so nothing may do it.
    fn mapped(&self, fields: &[&str]) -> Result<()> {
        let number = fields.get(4).map_or(-1, |number| first_number(number));
        let writes = |fields: &[&str]| {
            let has = |word: &str| fields.iter().any(|field| field.contains(word));
            has("PROT_WRITE") && has("MAP_SHARED")
        };
        ensure!(
            !self.open.contains_key(&number) || !writes(fields),
            "a file of the data folder is written through memory"
        );
        Ok(())
    }

    fn nothing_of_ours(&self, call: &str, arguments: &str, is_ours: bool) -> Result<()> {
        let is_talk = matches!(call, "sendto" | "sendmsg" | "write" | "writev" | "lseek");
        let names_ours = !is_talk && self.paths(arguments)?.iter().any(Option::is_some);
        ensure!(!is_ours && !names_ours, "{call} is not modelled");
        Ok(())
    }
}

/// Who is told what by a write to something that is no file.
fn told(number: i64, text: &str) -> Option<Told> {
    if number == 1 {
        return Some(Told::Staff(text.to_owned()));
    }
    let (request, _) = text.split_once(" HTTP/1.1\r\n")?;
    let is_reading = request.starts_with("GET ") || request.ends_with("/search");
    Some(if is_reading { Told::Read } else { Told::Acted })
}
