//! The keys of backends, of how they are checked and chosen, and of the tokens between hops.

use super::{Keys, NONE};

pub(in crate::manifest::read) const BACKEND: Keys = Keys {
    known: &[
        "url",
        "service",
        "override_host",
        "cert_host",
        "connect_timeout_ms",
        "first_byte_timeout_ms",
        "between_bytes_timeout_ms",
        "max_connections",
        "healthcheck",
        "bypass_local_route_table",
        "shield",
        "chain_auth",
    ],
    later: &["client_certificate", "ca_certificate", "use_sni", "grpc"],
    renamed: &[
        ("address", "url"),
        ("host", "url"),
        ("hostname", "url"),
        ("host_override", "override_host"),
        ("ssl_cert_hostname", "cert_host"),
        ("connect_timeout", "connect_timeout_ms"),
        ("first_byte_timeout", "first_byte_timeout_ms"),
        ("between_bytes_timeout", "between_bytes_timeout_ms"),
        ("max_conn", "max_connections"),
        ("health", "healthcheck"),
        ("health_check", "healthcheck"),
        ("shield_pop", "shield"),
        ("shielding", "shield"),
        ("require_chain_auth", "chain_auth"),
    ],
};

pub(in crate::manifest::read) const HEALTHCHECK: Keys = Keys {
    known: &[
        "method",
        "host",
        "path",
        "expected_status",
        "interval_ms",
        "timeout_ms",
        "window",
        "threshold",
        "initial",
    ],
    later: NONE,
    renamed: &[
        ("check_interval", "interval_ms"),
        ("interval", "interval_ms"),
        ("timeout", "timeout_ms"),
        ("expected_response", "expected_status"),
    ],
};

pub(in crate::manifest::read) const DIRECTOR: Keys = Keys {
    known: &["choice", "backends"],
    later: &["quorum", "retries"],
    renamed: &[("type", "choice"), ("policy", "choice"), ("members", "backends")],
};

pub(in crate::manifest::read) const CHAIN_AUTH: Keys = Keys {
    known: &["config", "secrets", "mode"],
    later: NONE,
    renamed: &[("accept", "mode"), ("secret", "secrets")],
};

pub(in crate::manifest::read) const REQUIRE_CHAIN_AUTH: Keys = Keys {
    known: &["config", "secrets", "accept", "window", "nonces"],
    later: NONE,
    renamed: &[("mode", "accept"), ("secret", "secrets")],
};
