//! Where others find a shared ledger's server.

use holdfast_ledger_postgres::Server;

/// What is said of an address that only this computer finds, where it was made for another one.
pub(crate) fn only_here(address: &str) -> &'static str {
    match Server::new(address, &[]) {
        Ok(server) if server.is_here() => {
            "\n\nIt works on this computer alone, for you came by the server’s socket. For another computer do it \
             again with --address."
        }
        _ => "",
    }
}

/// How others find the server: as they were told, or as the administrator does.
pub(crate) fn address_of(admin: &Server, trusted: &[u8], address: Option<&str>) -> anyhow::Result<String> {
    Ok(match address {
        Some(address) => Server::new(address, trusted)?.address(),
        None => admin.address(),
    })
}
