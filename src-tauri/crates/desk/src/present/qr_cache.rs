//! Guests' links as codes that a phone reads. Drawing one takes milliseconds and a waiting tab is shown
//! again with every word of change, so the last few are kept.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// How many drawn QR codes are kept. With more guests at their pages, some are drawn twice.
const MOST_KEPT_CODES: usize = 32;

/// Links and their codes, the newest first.
#[derive(Debug, Default)]
pub(crate) struct Codes(Mutex<VecDeque<(String, String)>>);

impl Codes {
    /// The code of `link` as SVG; none when it is too long for one.
    pub(crate) fn of(&self, link: &str) -> Option<String> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, svg)) = kept.iter().find(|(known, _)| known == link) {
            return Some(svg.clone());
        }
        let svg = drawn(link)?;
        kept.truncate(MOST_KEPT_CODES - 1);
        kept.push_front((link.to_owned(), svg.clone()));
        Some(svg)
    }
}

fn drawn(link: &str) -> Option<String> {
    let code = qrcode::QrCode::new(link).ok()?;
    Some(
        code.render::<qrcode::render::svg::Color<'_>>()
            .min_dimensions(240, 240)
            .quiet_zone(true)
            .build(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_its_own_links_however_many_there_were() {
        let codes = Codes::default();
        let link = |number: usize| format!("https://pay.dojo.tech/checkout/{number}");
        for number in (0..MOST_KEPT_CODES * 2).chain(0..MOST_KEPT_CODES) {
            assert_eq!(codes.of(&link(number)), drawn(&link(number)));
            assert_eq!(codes.of(&link(number)), drawn(&link(number)), "the second time");
        }
        assert_ne!(codes.of(&link(1)), codes.of(&link(2)));
        assert_eq!(codes.of(&"x".repeat(8_000)), None);
    }
}
