//! Where the server is, how it's reached and what it has to be.

use crate::error::unreachable;
use crate::not_connected::{not_connected, told};
use crate::prepared::Prepared;
use holdfast_ledger::LedgerError;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_postgres::config::{ChannelBinding, Host, SslMode, TargetSessionAttrs};
use tokio_postgres::error::{Severity, SqlState};
use tokio_postgres::{AsyncMessage, Client, Config, Connection, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How long a computer may take to answer at all.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// How long one of several hosts may take until it has let the till in. One that hangs must not keep the till from the
/// next.
const HOST_TIMEOUT: Duration = Duration::from_secs(5);

/// Between two signs of life that are asked for on a connection on which nothing moves.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(5);

/// The oldest server that is worked with, as the server numbers itself.
const OLDEST_SERVER: i32 = 150_000;

/// Where a shared ledger is.
#[derive(Clone)]
pub struct Server {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    /// The place of the host that was the primary last: it's asked first.
    last: Arc<AtomicUsize>,
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
        let encrypted = if is_here {
            SslMode::Disable
        } else {
            SslMode::Require
        };
        set_up(&mut config, encrypted);
        // A pooler between them can't bind a password to the server's certificate; only an address that says so does
        // without.
        if !is_here && !address.contains("channel_binding") {
            config.channel_binding(ChannelBinding::Require);
        }
        let tls = if is_here { None } else { Some(verified(trusted)?) };
        let last = Arc::default();
        Ok(Self { config, tls, last })
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
            last: self.last.clone(),
        }
    }

    /// Whether it's on this computer, behind a socket that its folder's permissions guard.
    pub const fn is_here(&self) -> bool {
        self.tls.is_none()
    }

    /// Where it is, as [`Server::new`] reads it: hosts, ports and database, and how a password is bound if an address
    /// says so; without role and password.
    pub fn address(&self) -> String {
        let hosts = self.config.get_hosts().iter().map(|host| match host {
            Host::Tcp(name) => name.clone(),
            #[cfg(unix)]
            Host::Unix(folder) => folder.display().to_string(),
        });
        let hosts: Vec<String> = hosts.collect();
        let addresses: Vec<String> = self
            .config
            .get_hostaddrs()
            .iter()
            .map(ToString::to_string)
            .collect();
        let ports: Vec<String> = self.config.get_ports().iter().map(u16::to_string).collect();
        let binding = self.config.get_channel_binding();
        let binding = if binding == ChannelBinding::Disable {
            "disable"
        } else if binding == ChannelBinding::Prefer && !self.is_here() {
            "prefer"
        } else {
            ""
        };
        let database = self.config.get_dbname().unwrap_or_default().to_owned();
        let parts = [
            ("host", hosts.join(",")),
            ("hostaddr", addresses.join(",")),
            ("port", ports.join(",")),
            ("dbname", database),
            ("channel_binding", binding.to_owned()),
        ];
        let said = parts.iter().filter(|(_, value)| !value.is_empty());
        let said: Vec<String> = said
            .map(|(name, value)| format!("{name}='{}'", value.replace('\\', "\\\\").replace('\'', "\\'")))
            .collect();
        said.join(" ")
    }

    /// One connection, to whichever of the hosts is the primary.
    pub(crate) async fn connect(&self) -> Result<Connected, LedgerError> {
        let count = self.host_count();
        let first = self.last.load(Ordering::Relaxed);
        let mut refused = LedgerError::Unreachable;
        for place in (first..).take(count).map(|place| place % count) {
            match tokio::time::timeout(HOST_TIMEOUT, self.connect_to(place)).await {
                Ok(Ok(connected)) => {
                    self.last.store(place, Ordering::Relaxed);
                    return Ok(connected);
                }
                // What a person has to put right isn't hidden by a host that isn't there.
                Ok(Err(LedgerError::Unreachable)) => {}
                Ok(Err(error)) => refused = error,
                Err(_) => drop(unreachable("it did not answer in time")),
            }
        }
        Err(refused)
    }

    fn host_count(&self) -> usize {
        let said = self
            .config
            .get_hosts()
            .len()
            .max(self.config.get_hostaddrs().len());
        // Of an address without any the library says so.
        said.max(1)
    }

    async fn connect_to(&self, place: usize) -> Result<Connected, LedgerError> {
        let config = self.alone(place);
        let connected = match &self.tls {
            Some(tls) => {
                let connecting = config.connect(tls.clone()).await;
                connecting.map(|(client, connection)| Connected::drive(client, connection))
            }
            None => {
                let connecting = config.connect(NoTls).await;
                connecting.map(|(client, connection)| Connected::drive(client, connection))
            }
        };
        connected.map_err(|error| not_connected(&error))
    }

    /// One of the hosts by itself: the library's own limit counts for the first answer alone.
    fn alone(&self, place: usize) -> Config {
        let all = &self.config;
        if self.host_count() < 2 {
            return all.clone();
        }
        let mut one = Config::new();
        set_up(&mut one, all.get_ssl_mode());
        one.channel_binding(all.get_channel_binding())
            .ssl_negotiation(all.get_ssl_negotiation());
        match all.get_hosts().get(place) {
            Some(Host::Tcp(name)) => {
                one.host(name);
            }
            #[cfg(unix)]
            Some(Host::Unix(folder)) => {
                one.host_path(folder);
            }
            None => {}
        }
        if let Some(address) = all.get_hostaddrs().get(place) {
            one.hostaddr(*address);
        }
        // One port may count for all.
        if let Some(port) = all.get_ports().get(place).or_else(|| all.get_ports().first()) {
            one.port(*port);
        }
        if let Some(role) = all.get_user() {
            one.user(role);
        }
        if let Some(database) = all.get_dbname() {
            one.dbname(database);
        }
        if let Some(options) = all.get_options() {
            one.options(options);
        }
        if let Some(password) = all.get_password() {
            one.password(password);
        }
        one
    }
}

/// How a connection is made and kept, whatever an address says.
fn set_up(config: &mut Config, encrypted: SslMode) {
    config
        .ssl_mode(encrypted)
        .application_name("holdfast")
        .connect_timeout(CONNECT_TIMEOUT)
        .keepalives(true)
        .keepalives_idle(KEEPALIVE_INTERVAL)
        .keepalives_interval(KEEPALIVE_INTERVAL)
        .tcp_user_timeout(KEEPALIVE_INTERVAL.saturating_mul(3))
        // After a failover the old primary may still answer.
        .target_session_attrs(TargetSessionAttrs::ReadWrite);
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
    pub(crate) prepared: Prepared,
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
        Self {
            client,
            prepared: Prepared::default(),
            is_doubtful,
        }
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
        let past_a_pooler =
            "host=db.example,db2.example hostaddr=10.0.0.1,10.0.0.2 channel_binding=prefer user=admin";
        assert_eq!(
            Server::new(past_a_pooler, &[])
                .map(|server| server.address())
                .ok()
                .as_deref(),
            Some("host='db.example,db2.example' hostaddr='10.0.0.1,10.0.0.2' channel_binding='prefer'")
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
