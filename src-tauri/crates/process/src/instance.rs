//! One window a data folder: a second start brings the first one's forward. This is a courtesy; what
//! keeps two from working on one ledger is the lock beside it.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long the first instance has to answer, should it hang, and how long a program that asks it has to say the word.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);

/// Who may be asking at a time: other programs on this computer can keep that many waiting, and no more.
const MOST_ASKING: usize = 16;

/// Longer than anything that either says: another program must not fill the memory.
const MOST_WORD_BYTES: usize = 128;

/// Where the first one listens.
const FILE: &str = "window.port";

/// What this process is to the data folder.
pub enum Instance {
    /// The only one; ask it to listen.
    First(Listener),
    /// There is another, and its window is in front now.
    Second,
}

/// Waits for further starts. The file says where, with a word that only its reader can know.
pub struct Listener {
    socket: TcpListener,
    word: String,
    file: PathBuf,
}

/// Looks for a first one; becomes it if there is none.
///
/// # Errors
/// When nobody can be listened for.
pub fn look(root: &Path) -> std::io::Result<Instance> {
    std::fs::create_dir_all(root)?;
    if is_answered(root) {
        return Ok(Instance::Second);
    }
    let file = root.join(FILE);
    let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let word = uuid::Uuid::now_v7().simple().to_string();
    write_private(&file, &format!("{} {word}", socket.local_addr()?.port()))?;
    Ok(Instance::First(Listener { socket, word, file }))
}

/// Whether a first one has this data folder, and brought its window forward. Nothing is written.
pub fn is_answered(root: &Path) -> bool {
    let Ok(text) = std::fs::read_to_string(root.join(FILE)) else {
        return false;
    };
    let Some((port, word)) = text.trim().split_once(' ') else {
        return false;
    };
    let Ok(port) = port.parse::<u16>() else {
        return false;
    };
    let asked = || -> std::io::Result<String> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut stream = TcpStream::connect_timeout(&address, ANSWER_TIMEOUT)?;
        stream.set_read_timeout(Some(ANSWER_TIMEOUT))?;
        writeln!(stream, "{word}")?;
        let mut answer = String::new();
        BufReader::new(stream.take(MOST_WORD_BYTES as u64)).read_line(&mut answer)?;
        Ok(answer)
    };
    asked().is_ok_and(|answer| answer.trim() == "shown")
}

fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    // A file that is there keeps its mode, and a link leads elsewhere.
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = std::fs::OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(text.as_bytes())
}

impl Listener {
    /// Calls `show` whenever a further start asks for it, from a thread of its own. One that is slow keeps no other
    /// waiting.
    pub fn listen(self, show: impl Fn() + Send + Sync + 'static) {
        let listening = std::thread::Builder::new().name("second starts".to_owned());
        let (word, show) = (Arc::<str>::from(self.word.as_str()), Arc::new(show));
        let started = listening.spawn(move || {
            let asking = Arc::new(());
            for stream in self.socket.incoming().flatten() {
                // The listener itself has one of them.
                if Arc::strong_count(&asking) > MOST_ASKING {
                    continue;
                }
                let (word, show, asks) = (Arc::clone(&word), Arc::clone(&show), Arc::clone(&asking));
                let asked = std::thread::Builder::new().name("a second start".to_owned());
                let answering = asked.spawn(move || {
                    if let Err(error) = answer(stream, &word, &*show) {
                        tracing::debug!(%error, "a second start could not be answered");
                    }
                    drop(asks);
                });
                if let Err(error) = answering {
                    tracing::debug!(%error, "a second start could not be answered");
                }
            }
        });
        if let Err(error) = started {
            tracing::warn!(%error, "further starts will not bring this window forward");
        }
    }
}

/// Reads a line within [`ANSWER_TIMEOUT`], however slowly it comes, and shows the window if it is the word.
fn answer(mut stream: TcpStream, word: &str, show: &impl Fn()) -> std::io::Result<()> {
    let begun = Instant::now();
    let mut asked = Vec::new();
    while !asked.ends_with(b"\n") && asked.len() < MOST_WORD_BYTES {
        let left = ANSWER_TIMEOUT.checked_sub(begun.elapsed());
        let left = left.filter(|left| !left.is_zero()).ok_or(ErrorKind::TimedOut)?;
        stream.set_read_timeout(Some(left))?;
        let mut some = [0; MOST_WORD_BYTES];
        let count = stream.read(&mut some)?;
        if count == 0 {
            break;
        }
        asked.extend(some.iter().take(count));
    }
    if asked.trim_ascii() == word.as_bytes() {
        show();
        writeln!(stream, "shown")?;
    }
    Ok(())
}

impl Drop for Listener {
    fn drop(&mut self) {
        // The next start finds nobody there either way.
        drop(std::fs::remove_file(&self.file));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn the_second_start_brings_the_first_forward_and_a_stale_file_stops_nobody() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("window.port"), "1 nobody").unwrap();
        let Ok(Instance::First(first)) = look(folder.path()) else {
            panic!("nobody is there");
        };
        let (shown, port) = (Arc::new(AtomicUsize::new(0)), first.socket.local_addr().unwrap());
        let counts = Arc::clone(&shown);
        first.listen(move || {
            counts.fetch_add(1, Ordering::SeqCst);
        });
        for _ in 0..2 {
            assert!(matches!(look(folder.path()), Ok(Instance::Second)));
        }
        assert_eq!(shown.load(Ordering::SeqCst), 2);
        // Another program on this computer does not know the word.
        let mut stranger = TcpStream::connect(port).unwrap();
        writeln!(stranger, "show").unwrap();
        let mut answer = String::new();
        BufReader::new(stranger).read_line(&mut answer).unwrap();
        assert_eq!((answer.as_str(), shown.load(Ordering::SeqCst)), ("", 2));
    }

    #[test]
    fn a_program_that_never_ends_its_word_is_let_go() {
        let folder = tempfile::tempdir().unwrap();
        let Ok(Instance::First(first)) = look(folder.path()) else {
            panic!("nobody is there");
        };
        let port = first.socket.local_addr().unwrap();
        first.listen(|| {});
        let mut stranger = TcpStream::connect(port).unwrap();
        let much = vec![b'x'; 1 << 20];
        // Some of it is taken by the system before the other side hangs up.
        let hung_up = (0..200).any(|_| stranger.write_all(&much).is_err());
        assert!(hung_up, "200 MB were taken");
        assert!(matches!(look(folder.path()), Ok(Instance::Second)));
    }

    #[test]
    fn a_slow_program_keeps_no_second_start_waiting_and_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let Ok(Instance::First(first)) = look(folder.path()) else {
            panic!("nobody is there");
        };
        let port = first.socket.local_addr().unwrap();
        first.listen(|| {});
        let slow = std::thread::spawn(move || {
            let mut stranger = TcpStream::connect(port).unwrap();
            (0..100).any(|_| {
                std::thread::sleep(Duration::from_millis(100));
                stranger.write_all(b"x").is_err()
            })
        });
        std::thread::sleep(Duration::from_millis(300));
        for _ in 0..3 {
            assert!(matches!(look(folder.path()), Ok(Instance::Second)));
        }
        assert!(
            slow.join().unwrap(),
            "a byte now and then kept it for ten seconds"
        );
    }
}
