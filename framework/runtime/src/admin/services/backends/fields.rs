//! What a call says of a backend, and the table `[services.NAME.backends.NAME]` that it becomes.

use selvedge_account::Refused;
use serde::{Deserialize, Deserializer, de::Error};
use toml::{Table, Value};

use super::{
    probe::{self, Said},
    shown::Url,
};

// Written out twice, since `serde(flatten)` and `deny_unknown_fields` exclude each other, and forms know no flattening.
macro_rules! settings {
    ($(#[$doc:meta])* $name:ident { $($own:ident: $type:ty)? }) => {
        $(#[$doc])*
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct $name {
            $($own: $type,)?
            address: Option<String>,
            port: Option<u16>,
            #[serde(default, deserialize_with = "flag")]
            use_ssl: Option<bool>,
            ssl_cert_hostname: Option<String>,
            override_host: Option<String>,
            shield: Option<String>,
            connect_timeout: Option<u32>,
            first_byte_timeout: Option<u32>,
            between_bytes_timeout: Option<u32>,
            max_conn: Option<u32>,
            #[serde(default, deserialize_with = "probe::said")]
            healthcheck: Said,
            service: Option<String>,
        }

        impl From<$name> for Settings {
            fn from(raw: $name) -> Self {
                Self {
                    address: raw.address,
                    port: raw.port,
                    use_ssl: raw.use_ssl,
                    service: raw.service,
                    texts: [
                        ("cert_host", raw.ssl_cert_hostname),
                        ("override_host", raw.override_host),
                        ("shield", raw.shield),
                    ],
                    numbers: [
                        ("connect_timeout_ms", raw.connect_timeout),
                        ("first_byte_timeout_ms", raw.first_byte_timeout),
                        ("between_bytes_timeout_ms", raw.between_bytes_timeout),
                        ("max_connections", raw.max_conn),
                    ],
                    healthcheck: raw.healthcheck,
                }
            }
        }
    };
}

settings! {
    /// A new backend.
    RawCreate { name: String }
}
settings! {
    /// A backend that there is.
    RawSettings {}
}

/// A new backend: its name, and what is said of it.
#[derive(Deserialize)]
#[serde(from = "RawCreate")]
pub(in crate::admin::services) struct Create {
    pub(super) name: String,
    pub(super) settings: Settings,
}

impl From<RawCreate> for Create {
    fn from(mut raw: RawCreate) -> Self {
        Self { name: std::mem::take(&mut raw.name), settings: raw.into() }
    }
}

/// What is said of a backend; the rest stays as it is.
#[derive(Deserialize)]
#[serde(from = "RawSettings")]
pub(in crate::admin::services) struct Settings {
    address: Option<String>,
    port: Option<u16>,
    use_ssl: Option<bool>,
    service: Option<String>,
    texts: [(&'static str, Option<String>); 3],
    numbers: [(&'static str, Option<u32>); 4],
    healthcheck: Said,
}

impl Settings {
    /// The table after the call.
    pub(super) fn put_into(self, mut table: Table) -> Result<Table, Refused> {
        self.put_target(&mut table)?;
        for (key, text) in self.texts {
            match text {
                Some(text) if text.is_empty() => drop(table.remove(key)),
                Some(text) => drop(table.insert(key.to_owned(), Value::String(text))),
                None => {}
            }
        }
        match self.healthcheck {
            Said::Nothing => {}
            Said::None => drop(table.remove(probe::KEY)),
            Said::Probe(probe) => drop(table.insert(probe::KEY.to_owned(), Value::Table(probe))),
        }
        for (key, number) in self.numbers {
            if let Some(number) = number {
                table.insert(key.to_owned(), Value::Integer(number.into()));
            }
        }
        Ok(table)
    }

    fn put_target(&self, table: &mut Table) -> Result<(), Refused> {
        let is_address = self.address.is_some() || self.port.is_some() || self.use_ssl.is_some();
        match (&self.service, is_address) {
            (Some(_), true) => {
                let what = "a backend has an `address` or names a `service`, not both";
                return Err(Refused::Item(what.to_owned()));
            }
            (Some(service), false) => {
                table.remove("url");
                table.insert("service".to_owned(), Value::String(service.clone()));
            }
            (None, true) => {
                let url = self.url(table)?;
                table.remove("service");
                table.insert("url".to_owned(), Value::String(url));
            }
            (None, false) if table.contains_key("url") || table.contains_key("service") => {}
            (None, false) => {
                let what = "a backend needs an `address`, or a `service` that it enters";
                return Err(Refused::Item(what.to_owned()));
            }
        }
        Ok(())
    }

    /// The URL of what is said and, where nothing is, of what there was. Another protocol has another port.
    fn url(&self, table: &Table) -> Result<String, Refused> {
        let old = Url::of(table);
        let old_address = old.as_ref().map(|old| old.address.clone());
        let Some(address) = self.address.clone().or(old_address) else {
            return Err(Refused::Item("the backend has no `address`".to_owned()));
        };
        let was_ssl = old.as_ref().is_some_and(|old| old.use_ssl);
        let use_ssl = self.use_ssl.unwrap_or(was_ssl);
        let old_port = old.filter(|_| use_ssl == was_ssl).map(|old| old.port);
        let port = self.port.or(old_port);
        let scheme = if use_ssl { "https" } else { "http" };
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        Ok(format!("{scheme}://{address}{port}"))
    }
}

/// `true`, `false`, `1` or `0`: forms of this API have both.
fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Raw {
        Flag(bool),
        Text(String),
    }
    match Raw::deserialize(from)? {
        Raw::Flag(flag) => Ok(Some(flag)),
        Raw::Text(text) => match text.as_str() {
            "true" | "1" => Ok(Some(true)),
            "false" | "0" => Ok(Some(false)),
            _ => Err(D::Error::custom("`use_ssl` is `true` or `false`")),
        },
    }
}
