//! Files that leave the app: written where the system keeps downloads, never over another file.

use crate::wording;
use holdfast_desk::{AppError, ErrorCode, Export, view::Written};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// How many files of one name there may be before somebody has to tidy up.
const MOST_FILES_OF_A_NAME: u32 = 1_000;

/// Writes `export` into `folder`; says what it's called and where it is.
///
/// # Errors
/// [`ErrorCode::Internal`] when it can't be written there.
pub(crate) async fn write(folder: PathBuf, export: Export) -> Result<Written, AppError> {
    let rows = export.rows;
    let path = in_background(folder, move |folder| {
        let (path, mut file) = create(folder, &export.file)?;
        file.write_all(export.text.as_bytes())?;
        file.sync_all()?;
        Ok(path)
    });
    let path = path.await?;
    Ok(written(wording::lines_written(rows, &path), &path))
}

/// What the window is told of a file.
pub(crate) fn written(words: String, path: &Path) -> Written {
    Written {
        words,
        path: path.display().to_string(),
    }
}

/// An empty file in `folder`, called `name` or nearly so, for somebody else to fill.
///
/// # Errors
/// [`ErrorCode::Internal`] when it can't be made there.
pub(crate) async fn new_file(folder: PathBuf, name: &str) -> Result<PathBuf, AppError> {
    let name = name.to_owned();
    in_background(folder, move |folder| Ok(create(folder, &name)?.0)).await
}

/// Removes a file of [`new_file`] that nothing came of.
pub(crate) fn give_up(path: &Path) {
    if let Err(error) = std::fs::remove_file(path) {
        tracing::warn!(%error, "an empty file stays in the folder for downloads");
    }
}

async fn in_background(
    folder: PathBuf,
    write: impl FnOnce(&Path) -> io::Result<PathBuf> + Send + 'static,
) -> Result<PathBuf, AppError> {
    let place = folder.clone();
    let written = tokio::task::spawn_blocking(move || write(&folder)).await;
    let written = written.map_err(io::Error::other).and_then(|written| written);
    written.map_err(|error| AppError::new(ErrorCode::Internal, wording::not_written(&place, &error)))
}

fn create(folder: &Path, wanted: &str) -> io::Result<(PathBuf, File)> {
    std::fs::create_dir_all(folder)?;
    let (stem, ending) = wanted.rsplit_once('.').unwrap_or((wanted, "csv"));
    for number in 1..=MOST_FILES_OF_A_NAME {
        let name = match number {
            1 => wanted.to_owned(),
            more => format!("{stem} ({more}).{ending}"),
        };
        let path = folder.join(name);
        match File::create_new(&path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other(wording::TOO_MANY_FILES))
}
