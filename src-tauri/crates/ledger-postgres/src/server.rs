//! Where the server is, how it's reached and what it has to be.

use crate::error::unreachable;
use crate::not_connected::{not_connected, told};
use holdfast_ledger::LedgerError;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_postgres::config::{ChannelBinding, Host, SslMode, TargetSessionAttrs};
use tokio_postgres::error::{Severity, SqlState};
use tokio_postgres::{AsyncMessage, Client, Config, Connection, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The oldest server that is worked with, as the server numbers itself.
const OLDEST_SERVER: i32 = 150_000;

/// Where a shared ledger is.
#[derive(Clone)]
pub struct Server {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

/// The password is never shown.
impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server")
            .field("hosts", &self.config.get_hosts())
            .field("database", &self.config.get_dbname())
            .field("role", &self.config.get_user())
            .finish_non_exhaustive()
    }
}

impl Server {
    /// The server of a connection string as libpq has them, `host=db.example port=5432 dbname=holdfast user=till_1`.
    /// Over a network the connection is always encrypted and the server's certificate verified, against the roots that
    /// browsers trust and the certificates `trusted` (PEM), and the password is bound to it; a socket on this machine
    /// needs neither.
    ///
    /// # Errors
    /// [`LedgerError::Storage`] when it can't be read, or a certificate is none.
    pub fn new(address: &str, trusted: &[u8]) -> Result<Self, LedgerError> {
        let mut config: Config = address
            .parse()
            .map_err(|error| LedgerError::Storage(format!("the ledger's address can’t be read: {error}")))?;
        let is_socket = |host: &Host| match host {
            #[cfg(unix)]
            Host::Unix(_) => true,
            Host::Tcp(_) => false,
        };
        let is_here = !config.get_hosts().is_empty() && config.get_hosts().iter().all(is_socket);
        config
            .ssl_mode(if is_here {
                SslMode::Disable
            } else {
                SslMode::Require
            })
            .application_name("holdfast")
            .connect_timeout(CONNECT_TIMEOUT)
            .keepalives(true)
            .keepalives_idle(CONNECT_TIMEOUT)
            .keepalives_interval(CONNECT_TIMEOUT)
            .tcp_user_timeout(CONNECT_TIMEOUT.saturating_mul(3))
            // After a failover the old primary may still answer.
            .target_session_attrs(TargetSessionAttrs::ReadWrite);
        // A pooler between them can't bind a password to the server's certificate; only an address that says so does
        // without.
        if !is_here && !address.contains("channel_binding") {
            config.channel_binding(ChannelBinding::Require);
        }
        let tls = if is_here { None } else { Some(verified(trusted)?) };
        Ok(Self { config, tls })
    }

    /// The same server for another role.
    #[must_use]
    pub fn as_role(&self, role: &str, password: Option<&str>) -> Self {
        let mut config = self.config.clone();
        config.user(role);
        if let Some(password) = password {
            config.password(password);
        }
        Self {
            config,
            tls: self.tls.clone(),
        }
    }

    /// Whether it's on this computer, behind a socket that its folder's permissions guard.
    pub const fn is_here(&self) -> bool {
        self.tls.is_none()
    }

    /// Where it is, as [`Server::new`] reads it: hosts, ports and database, without role and password.
    pub fn address(&self) -> String {
        let hosts = self.config.get_hosts().iter().map(|host| match host {
            Host::Tcp(name) => name.clone(),
            #[cfg(unix)]
            Host::Unix(folder) => folder.display().to_string(),
        });
        let hosts: Vec<String> = hosts.collect();
        let ports: Vec<String> = self.config.get_ports().iter().map(u16::to_string).collect();
        let database = self.config.get_dbname().unwrap_or_default().to_owned();
        let parts = [
            ("host", hosts.join(",")),
            ("port", ports.join(",")),
            ("dbname", database),
        ];
        let said = parts.iter().filter(|(_, value)| !value.is_empty());
        let said: Vec<String> = said
            .map(|(name, value)| format!("{name}='{}'", value.replace('\\', "\\\\").replace('\'', "\\'")))
            .collect();
        said.join(" ")
    }

    /// One connection.
    pub(crate) async fn connect(&self) -> Result<Connected, LedgerError> {
        let connecting = async {
            match &self.tls {
                Some(tls) => {
                    let (client, connection) = self.config.connect(tls.clone()).await?;
                    Ok::<_, tokio_postgres::Error>(Connected::drive(client, connection))
                }
                None => {
                    let (client, connection) = self.config.connect(NoTls).await?;
                    Ok(Connected::drive(client, connection))
                }
            }
        };
        // The library's own limit counts for each host, and not for what comes after connecting.
        match tokio::time::timeout(CONNECT_TIMEOUT.saturating_mul(2), connecting).await {
            Ok(connected) => connected.map_err(|error| not_connected(&error)),
            Err(_) => Err(unreachable("it did not answer in time")),
        }
    }
}

fn verified(trusted: &[u8]) -> Result<MakeRustlsConnect, LedgerError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
    let refuse = |why: String| LedgerError::Storage(format!("a trusted certificate can’t be used: {why}"));
    for certificate in CertificateDer::pem_slice_iter(trusted) {
        let certificate = certificate.map_err(|error| refuse(error.to_string()))?;
        roots
            .add(certificate)
            .map_err(|error| refuse(error.to_string()))?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| LedgerError::Storage(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// A connection and the task that drives it; both end when it's dropped.
#[derive(Debug)]
pub(crate) struct Connected {
    pub(crate) client: Client,
    is_doubtful: Arc<AtomicBool>,
}

impl Connected {
    fn drive<S, T>(client: Client, connection: Connection<S, T>) -> Self
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let is_doubtful = Arc::new(AtomicBool::new(false));
        let doubt = is_doubtful.clone();
        tokio::spawn(async move {
            let mut connection = pin!(connection);
            loop {
                match poll_fn(|context| connection.poll_message(context)).await {
                    Some(Ok(AsyncMessage::Notice(notice))) => {
                        if is_not_replicated(&notice) {
                            doubt.store(true, Ordering::Release);
                        }
                    }
                    Some(Ok(_)) => {}
                    Some(Err(error)) => {
                        tracing::debug!(%error, "a connection to the shared ledger ended");
                        return;
                    }
                    None => return,
                }
            }
        });
        Self { client, is_doubtful }
    }

    /// Whether the server said of a commit that no standby has it: somebody called off its waiting.
    pub(crate) fn is_doubtful(&self) -> bool {
        self.is_doubtful.load(Ordering::Acquire)
    }

    /// Refuses a server that doesn't keep what it confirms, and a ledger of another format.
    pub(crate) async fn check(&self, known: i64) -> Result<(), LedgerError> {
        self.check_server().await?;
        let (found, _) = self.format(known).await?;
        match found {
            found if found == known => Ok(()),
            found if found > known => Err(LedgerError::Newer { found, known }),
            found => Err(LedgerError::Older { found, known }),
        }
    }

    /// The same for who works on it in the way of one format: on a newer ledger that goes on until the functions of
    /// that format are taken away.
    pub(crate) async fn check_for_work(&self, known: i64) -> Result<(), LedgerError> {
        self.check_server().await?;
        let (found, has_functions) = self.format(known).await?;
        match found {
            found if found == known || (found > known && has_functions) => Ok(()),
            found if found > known => Err(LedgerError::Newer { found, known }),
            found => Err(LedgerError::Older { found, known }),
        }
    }

    async fn check_server(&self) -> Result<(), LedgerError> {
        let sql = "SELECT current_setting('server_version_num')::integer, current_setting('fsync'),
                          current_setting('full_page_writes'), current_setting('synchronous_commit'),
                          pg_is_in_recovery(), current_setting('data_checksums')";
        let row = self.client.query_typed_one(sql, &[]).await;
        let row = row.map_err(|error| unreachable(told(&error)))?;
        let text = |column: usize| row.try_get::<_, &str>(column).unwrap_or_default();
        let refuse = |why: &str| Err(LedgerError::Storage(why.to_owned()));
        if row.try_get::<_, i32>(0).unwrap_or_default() < OLDEST_SERVER {
            return refuse("the ledger’s server is older than PostgreSQL 15: update it");
        }
        if text(1) != "on" || text(2) != "on" {
            return refuse("the ledger’s server runs with fsync or full_page_writes off: turn both on");
        }
        if text(3) == "off" {
            return refuse("the ledger’s server runs with synchronous_commit off: turn it on");
        }
        if row.try_get::<_, bool>(4).unwrap_or(true) {
            return refuse("the ledger’s server is a standby: use the address of the primary");
        }
        if text(5) != "on" {
            tracing::warn!("the shared ledger’s server has no data checksums; see pg_checksums");
        }
        Ok(())
    }

    /// The ledger's format, and whether it has the functions of the known one.
    async fn format(&self, known: i64) -> Result<(i64, bool), LedgerError> {
        let sql = format!(
            "SELECT format::bigint, to_regnamespace('holdfast_{known}') IS NOT NULL FROM holdfast.format"
        );
        let row = self.client.query_typed_one(&sql, &[]).await;
        let row = row.map_err(|error| match error.code() {
            Some(&SqlState::UNDEFINED_TABLE | &SqlState::INVALID_SCHEMA_NAME) => {
                LedgerError::Damaged("the database has no ledger".to_owned())
            }
            Some(&SqlState::INSUFFICIENT_PRIVILEGE) => LedgerError::NotAdmitted,
            _ => unreachable(told(&error)),
        })?;
        Ok((
            row.try_get(0).unwrap_or_default(),
            row.try_get(1).unwrap_or_default(),
        ))
    }
}

/// The server warns with this class when a commit waits no longer for a standby.
fn is_not_replicated(notice: &tokio_postgres::error::DbError) -> bool {
    notice.parsed_severity() == Some(Severity::Warning) && *notice.code() == SqlState::WARNING
}

#[cfg(test)]
mod tests {
    use super::Server;

    #[test]
    fn an_address_says_where_the_server_is_and_no_role() {
        let full = "host=db.example,10.0.0.2 port=5433 dbname='the bell' user=admin password=secret";
        let address = Server::new(full, &[]).map(|server| server.address());
        assert_eq!(
            address.as_deref().ok(),
            Some("host='db.example,10.0.0.2' port='5433' dbname='the bell'")
        );
        let again = address.and_then(|address| Server::new(&address, &[]));
        assert!(again.is_ok_and(|server| !server.is_here()));
        let here = Server::new("host=/run/postgresql dbname=holdfast user=owner", &[]);
        assert_eq!(
            here.map(|server| (server.is_here(), server.address())).ok(),
            Some((true, "host='/run/postgresql' dbname='holdfast'".to_owned()))
        );
    }
}
