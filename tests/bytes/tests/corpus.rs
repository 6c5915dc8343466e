//! The fuzz targets with every test run: each file of the corpus, and some thousand changes of it by seed.

use anyhow::{Context, Result};
use holdfast_bytes::TARGETS;
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::path::Path;

/// A change as a fuzzer makes it: bits, bytes, pieces doubled, dropped or overwritten.
fn changed(bytes: &[u8], rng: &mut StdRng) -> Vec<u8> {
    const TELLING: [&[u8]; 12] = [
        b"null",
        b"-1",
        b"9223372036854775807",
        b"1e999",
        b"\"",
        b"{",
        b"]",
        b"\\u0000",
        b"\xff",
        b".",
        b",",
        b"0",
    ];
    let mut bytes = bytes.to_vec();
    for _ in 0..rng.random_range(1..6) {
        let place = rng.random_range(0..=bytes.len());
        let end = rng.random_range(place..=bytes.len().min(place + 40));
        match rng.random_range(0..6) {
            0 if place < bytes.len() => bytes[place] ^= 1 << rng.random_range(0..8),
            1 if place < bytes.len() => bytes[place] = rng.random(),
            2 => drop(bytes.drain(place..end)),
            3 => {
                let piece = bytes[place..end].to_vec();
                bytes.splice(place..place, piece);
            }
            4 => bytes.truncate(place),
            _ => {
                let telling = TELLING[rng.random_range(0..TELLING.len())];
                bytes.splice(place..end, telling.iter().copied());
            }
        }
    }
    bytes
}

#[test]
fn nothing_that_comes_as_bytes_breaks_anything() -> Result<()> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    for target in &TARGETS {
        let folder = corpus.join(target.name);
        let mut files: Vec<_> = std::fs::read_dir(&folder)
            .with_context(|| folder.display().to_string())?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<_>>()?;
        files.sort();
        anyhow::ensure!(!files.is_empty(), "{} has no corpus", target.name);
        for (file, seed) in files.iter().zip(0..) {
            let bytes = std::fs::read(file)?;
            let mut rng = StdRng::seed_from_u64(seed);
            let mut input = bytes.clone();
            for number in 0..=target.changes {
                let done = std::panic::catch_unwind(|| (target.body)(&input));
                anyhow::ensure!(
                    done.is_ok(),
                    "{} breaks at change {number} of {}: {:?}",
                    target.name,
                    file.display(),
                    String::from_utf8_lossy(&input)
                );
                input = changed(&bytes, &mut rng);
            }
        }
    }
    Ok(())
}
