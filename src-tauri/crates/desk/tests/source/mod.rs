//! Rust files, as the tests of the desk's house rules read them.

/// The text without its tests, wherever in the file they stand.
pub(crate) fn without_tests(text: &str) -> String {
    let (mut kept, mut lines) = (Vec::new(), text.lines());
    while let Some(line) = lines.next() {
        if line.trim() == "#[cfg(test)]" {
            skip_item(&line[..line.len() - line.trim_start().len()], &mut lines);
        } else {
            kept.push(line);
        }
    }
    kept.join("\n")
}

/// Goes on to the end of the item that begins on the next line. rustfmt puts nothing else of it so far to the left.
fn skip_item<'a>(indent: &str, lines: &mut impl Iterator<Item = &'a str>) {
    let mut is_open = false;
    for line in lines {
        let own = line.strip_prefix(indent).unwrap_or_default();
        let is_leftmost = !own.is_empty() && !own.starts_with(' ');
        if is_leftmost && (own.starts_with('}') || (!is_open && own.ends_with([';', ',']))) {
            return;
        }
        is_open |= own.ends_with('{');
    }
}
