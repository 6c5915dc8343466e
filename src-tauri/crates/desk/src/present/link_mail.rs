//! The guest's link as a letter: written here, sent by the computer's own mail program.

use crate::{AppError, Desk, ErrorCode, wording};
use holdfast_domain::HoldId;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

impl Desk {
    /// A `mailto:` address with the guest's link in it, to the guest if the address is known.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] when the request has no page any more; the ledger's.
    pub async fn link_mail(&self, id: HoldId) -> Result<String, AppError> {
        let hold = self.context.ledger.hold(id).await?;
        let tab = self.context.ledger.tab(hold.tab).await?;
        let settings = self.context.settings().await?;
        let link = self
            .tab(tab.id)
            .await?
            .holds
            .into_iter()
            .find_map(|shown| shown.link.filter(|_| shown.id == id));
        let link = link.ok_or_else(|| AppError::new(ErrorCode::NotFound, wording::link_mail::NO_PAGE))?;
        let letter = wording::link_mail::Letter {
            venue: &settings.venue,
            reference: &tab.reference,
            hold: &hold,
            link: &link,
        };
        let (subject, body) = letter.write(self.context.frame().await?);
        let to = tab.email.unwrap_or_default();
        Ok(format!(
            "mailto:{}?subject={}&body={}",
            encoded(&to, NOT_IN_ADDRESS),
            encoded(&subject, NOT_UNRESERVED),
            encoded(&body, NOT_UNRESERVED)
        ))
    }
}

/// All but the letters, digits and marks that never need encoding (RFC 3986, 2.3).
const NOT_UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

const NOT_IN_ADDRESS: &AsciiSet = &NOT_UNRESERVED.remove(b'@');

/// Percent-encoded, with a line's end as CR and LF (RFC 6068).
fn encoded(text: &str, encoded: &'static AsciiSet) -> String {
    utf8_percent_encode(&text.replace('\n', "\r\n"), encoded).to_string()
}

#[cfg(test)]
mod tests {
    use super::{NOT_IN_ADDRESS, NOT_UNRESERVED, encoded};

    #[test]
    fn nothing_in_a_name_or_an_address_can_add_to_the_letter() {
        assert_eq!(
            encoded("a&bcc=b@example.com?x", NOT_IN_ADDRESS),
            "a%26bcc%3Db@example.com%3Fx"
        );
        assert_eq!(
            encoded("£5\n“x”", NOT_UNRESERVED),
            "%C2%A35%0D%0A%E2%80%9Cx%E2%80%9D"
        );
        assert_eq!(encoded("a-b.c_d~e", NOT_UNRESERVED), "a-b.c_d~e");
    }
}
