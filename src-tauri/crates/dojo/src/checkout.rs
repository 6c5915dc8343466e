//! Which page a guest may be sent to: what an answer calls a payment link may be anything.

/// Whose checkout page a link may lead to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Checkout {
    /// Dojo's own, over TLS.
    #[default]
    Dojo,
    /// Also one on this computer: the simulator's.
    Here,
}

/// Dojo writes its port out: `https://pay.dojo.tech:443/checkout/pi_…`.
const DOJOS_PAGES: [&str; 2] = ["https://pay.dojo.tech/", "https://pay.dojo.tech:443/"];

/// Longer than any link of Dojo's; a code with more in it can't be read off a screen.
const MOST_LINK_BYTES: usize = 512;

impl Checkout {
    /// By the address that is asked.
    pub fn of(address: &str) -> Self {
        if crate::address::is_here(address) {
            Self::Here
        } else {
            Self::Dojo
        }
    }

    /// Whether a guest may be sent to `link`, whole as it is.
    pub fn allows(self, link: &str) -> bool {
        // Nothing that a browser or a mail program would read otherwise than we do.
        let is_plain = link.len() <= MOST_LINK_BYTES
            && link
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && !br#""\<>`{|}^"#.contains(&byte));
        is_plain
            && (DOJOS_PAGES.iter().any(|page| link.starts_with(page))
                || (self == Self::Here && leads_here(link)))
    }
}

fn leads_here(link: &str) -> bool {
    let rest = link.strip_prefix("http://").unwrap_or_default();
    let (host, _) = rest.split_once('/').unwrap_or((rest, ""));
    crate::address::is_here(&format!("http://{host}"))
}
