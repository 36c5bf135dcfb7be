//! A backend as JSON.

use http::Uri;
use selvedge_account::Version;
use selvedge_model::{
    id::ServiceId,
    limits::{
        BETWEEN_BYTES_TIMEOUT_MS, CONNECT_TIMEOUT_MS, FIRST_BYTE_TIMEOUT_MS, MAX_CONNECTIONS,
    },
};
use serde::Serialize;
use toml::{Table, Value};

use super::probe;
use crate::admin::wire::time;

/// A backend. One that enters a service has no address.
#[derive(Serialize)]
pub(super) struct Shown<'a> {
    name: &'a str,
    service_id: &'a str,
    version: u32,
    address: Option<String>,
    port: Option<u16>,
    use_ssl: bool,
    ssl_cert_hostname: Option<&'a str>,
    override_host: Option<&'a str>,
    shield: Option<&'a str>,
    connect_timeout: u64,
    first_byte_timeout: u64,
    between_bytes_timeout: u64,
    max_conn: u64,
    healthcheck: serde_json::Value,
    service: Option<&'a str>,
    created_at: String,
    updated_at: String,
    deleted_at: (),
}

/// Where a backend's URL points.
pub(super) struct Url {
    pub(super) address: String,
    pub(super) port: u16,
    pub(super) use_ssl: bool,
}

impl Url {
    /// That of a backend's table, if it has one that can be read.
    pub(super) fn of(table: &Table) -> Option<Self> {
        let uri: Uri = table.get("url")?.as_str()?.parse().ok()?;
        let use_ssl = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if use_ssl { 443 } else { 80 });
        Some(Self { address: uri.host()?.to_owned(), port, use_ssl })
    }
}

impl<'a> Shown<'a> {
    pub(super) fn of(
        service: &'a ServiceId,
        version: &Version,
        name: &'a str,
        table: &'a Table,
    ) -> Self {
        let url = Url::of(table);
        Self {
            name,
            service_id: service.as_str(),
            version: version.number,
            port: url.as_ref().map(|url| url.port),
            use_ssl: url.as_ref().is_some_and(|url| url.use_ssl),
            address: url.map(|url| url.address),
            ssl_cert_hostname: text(table, "cert_host"),
            override_host: text(table, "override_host"),
            shield: text(table, "shield"),
            connect_timeout: number(table, "connect_timeout_ms").unwrap_or(CONNECT_TIMEOUT_MS),
            first_byte_timeout: number(table, "first_byte_timeout_ms")
                .unwrap_or(FIRST_BYTE_TIMEOUT_MS),
            between_bytes_timeout: number(table, "between_bytes_timeout_ms")
                .unwrap_or(BETWEEN_BYTES_TIMEOUT_MS),
            max_conn: number(table, "max_connections").unwrap_or(MAX_CONNECTIONS as u64),
            healthcheck: probe::shown(table),
            service: text(table, "service"),
            created_at: time::seconds(version.created_ms),
            updated_at: time::seconds(version.updated_ms),
            deleted_at: (),
        }
    }
}

fn text<'a>(table: &'a Table, key: &str) -> Option<&'a str> {
    table.get(key).and_then(Value::as_str)
}

fn number(table: &Table, key: &str) -> Option<u64> {
    u64::try_from(table.get(key)?.as_integer()?).ok()
}
