//! How much a search found, in words.

/// How many tabs were found: what is open, what is shown of what is closed, and how many that are.
pub(crate) struct FoundCounts {
    pub(crate) open: usize,
    /// There may be more of them.
    pub(crate) is_open_cut: bool,
    pub(crate) closed_shown: usize,
    pub(crate) closed: usize,
    /// There may be more of them.
    pub(crate) is_closed_cut: bool,
}

/// What was found by `query`.
pub(crate) fn found(query: &str, counts: &FoundCounts) -> String {
    let FoundCounts {
        open,
        closed_shown,
        closed,
        ..
    } = counts;
    let more = if closed > closed_shown {
        format!("; the best {closed_shown} are shown, History has them all")
    } else {
        String::new()
    };
    let said = match open {
        0 => "None open".to_owned(),
        _ if counts.is_open_cut => format!("{open} open and more"),
        _ => format!("{open} open"),
    };
    let cut = if counts.is_closed_cut { " and more" } else { "" };
    match closed {
        0 if *open == 0 => format!("Nothing matches “{query}”"),
        0 => format!("{said} for “{query}”"),
        _ => format!("{said}, {closed} closed{cut} for “{query}”{more}"),
    }
}
