//! Lists that leave the app: written where the system keeps downloads, never over another file.

use holdfast_desk::{AppError, ErrorCode, Export};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// How many files of one name there may be before somebody has to tidy up.
const MOST_FILES_OF_A_NAME: u32 = 1_000;

/// Writes `export` into `folder`; says where it is.
///
/// # Errors
/// [`ErrorCode::Internal`] when it can't be written there.
pub(crate) async fn write(folder: PathBuf, export: Export) -> Result<String, AppError> {
    let (place, rows) = (folder.clone(), export.rows);
    let written = tokio::task::spawn_blocking(move || to_new_file(&folder, &export)).await;
    let written = written.map_err(io::Error::other).and_then(|written| written);
    let path = written.map_err(|error| {
        let words = format!(
            "We can’t write the list into {}: {error}. Free some space or fix the folder, then try again.",
            place.display()
        );
        AppError::new(ErrorCode::Internal, words)
    })?;
    let lines = if rows == 1 {
        "1 line".to_owned()
    } else {
        format!("{rows} lines")
    };
    Ok(format!("{lines} written to {}", path.display()))
}

fn to_new_file(folder: &Path, export: &Export) -> io::Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let (stem, ending) = export.file.rsplit_once('.').unwrap_or((&export.file, "csv"));
    for number in 1..=MOST_FILES_OF_A_NAME {
        let name = match number {
            1 => export.file.clone(),
            more => format!("{stem} ({more}).{ending}"),
        };
        let path = folder.join(name);
        match std::fs::File::create_new(&path) {
            Ok(mut file) => {
                file.write_all(export.text.as_bytes())?;
                file.sync_all()?;
                return Ok(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("there are too many files of that name"))
}
