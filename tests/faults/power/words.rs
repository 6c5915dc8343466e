//! The words of one call.

use anyhow::{Result, ensure};

/// Every text of a call.
pub(super) fn texts(arguments: &str) -> Result<Vec<Vec<u8>>> {
    let mut parts = arguments.split('"');
    let mut all = Vec::new();
    while let (Some(_), Some(text)) = (parts.next(), parts.next()) {
        all.push(bytes(text)?);
    }
    ensure!(!arguments.contains("\"..."), "a text was cut short");
    Ok(all)
}

/// `\x68\x69` is `hi`.
fn bytes(hexadecimal: &str) -> Result<Vec<u8>> {
    let digits = hexadecimal.split("\\x").skip(1);
    digits.map(|pair| Ok(u8::from_str_radix(pair, 16)?)).collect()
}

/// The number that they begin with; below zero for none.
pub(super) fn first_number(arguments: &str) -> i64 {
    leading_number(arguments).unwrap_or(-1)
}

/// The number that a text begins with.
pub(super) fn leading_number(text: &str) -> Option<i64> {
    let end = text
        .char_indices()
        .find(|(at, c)| !(c.is_ascii_digit() || (*at == 0 && *c == '-')))
        .map_or(text.len(), |(at, _)| at);
    text.get(..end)?.parse().ok()
}
