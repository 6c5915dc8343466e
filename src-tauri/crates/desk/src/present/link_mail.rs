//! The guest's link as a letter: written here, sent by the computer's own mail program.

use crate::{AppError, Desk, ErrorCode};
use holdfast_domain::HoldId;

impl Desk {
    /// A `mailto:` address with the guest's link in it, to the guest if the address is known.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] when the request has no page any more; the ledger's.
    pub async fn link_mail(&self, id: HoldId) -> Result<String, AppError> {
        let hold = self.ledger.hold(id).await?;
        let tab = self.ledger.tab(hold.tab).await?;
        let settings = self.settings().await?;
        let link = self
            .tab(tab.id)
            .await?
            .holds
            .into_iter()
            .find_map(|shown| shown.link.filter(|_| shown.id == id));
        let link =
            link.ok_or_else(|| AppError::new(ErrorCode::NotFound, "This request has no page any more."))?;
        let money = hold.money(hold.asked);
        let subject = format!("{}: your card for {money}", settings.venue);
        let body = format!(
            "Please add your card for {money} on this page:\n\n{link}\n\n{}\n{}",
            settings.venue, tab.reference
        );
        let to = tab.email.unwrap_or_default();
        Ok(format!(
            "mailto:{}?subject={}&body={}",
            coded(&to, "@"),
            coded(&subject, ""),
            coded(&body, "")
        ))
    }
}

/// Percent-encoded (RFC 3986), but for `kept`.
fn coded(text: &str, kept: &str) -> String {
    let mut coded = String::with_capacity(text.len());
    // A line ends with CR and LF there (RFC 6068).
    for byte in text.replace('\n', "\r\n").bytes() {
        let is_plain =
            byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || kept.as_bytes().contains(&byte);
        if is_plain {
            coded.push(char::from(byte));
        } else {
            coded.push_str(&format!("%{byte:02X}"));
        }
    }
    coded
}

#[cfg(test)]
mod tests {
    use super::coded;

    #[test]
    fn nothing_in_a_name_or_an_address_can_add_to_the_letter() {
        assert_eq!(coded("a&bcc=b@example.com?x", "@"), "a%26bcc%3Db@example.com%3Fx");
        assert_eq!(coded("£5\n“x”", ""), "%C2%A35%0D%0A%E2%80%9Cx%E2%80%9D");
    }
}
