//! Every key that a manifest may have, by section: supported, planned, and other tools' names.

/// The keys of one section.
pub(super) struct Keys {
    /// Supported.
    pub(super) known: &'static [&'static str],
    /// Part of the design, refused until they are built.
    pub(super) later: &'static [&'static str],
    /// Names that people know from elsewhere, and ours.
    pub(super) renamed: &'static [(&'static str, &'static str)],
}

const NONE: &[&str] = &[];
const SAME: &[(&str, &str)] = &[];

pub(super) const ROOT: Keys = Keys {
    known: &[
        "manifest_version",
        "name",
        "account",
        "dev",
        "pops",
        "shelf",
        "kv_stores",
        "config_stores",
        "secret_stores",
        "acls",
        "services",
    ],
    later: &["geolocation", "device_detection", "shielding_sites", "fake_valid_fastly_keys"],
    renamed: &[
        ("version", "manifest_version"),
        ("dictionaries", "config_stores"),
        ("object_stores", "kv_stores"),
        ("object_store", "kv_stores"),
        ("backends", "services.NAME.backends"),
        ("links", "services.NAME.links"),
        ("rules", "services.NAME.rules"),
        ("cache", "shelf"),
    ],
};

pub(super) const ACCOUNT: Keys =
    Keys { known: &["allow_local_bypass"], later: NONE, renamed: SAME };

pub(super) const DEV: Keys =
    Keys { known: &["listen", "admin", "state_dir", "pop"], later: NONE, renamed: SAME };

pub(super) const POP: Keys = Keys { known: &["nodes"], later: &["latency_ms"], renamed: SAME };

pub(super) const SHELF: Keys = Keys {
    known: &["budget", "max_object"],
    later: NONE,
    renamed: &[("size", "budget"), ("memory", "budget"), ("max_size", "max_object")],
};

pub(super) const KV_STORE: Keys =
    Keys { known: &["items"], later: &["file", "format"], renamed: &[("contents", "items")] };

/// Entries come through the management API.
pub(super) const ACL: Keys = Keys { known: &[], later: &["entries"], renamed: SAME };

pub(super) const KV_ITEM: Keys = Keys {
    known: &["key", "data", "file", "env", "metadata"],
    later: NONE,
    renamed: &[("value", "data"), ("path", "file")],
};

pub(super) const CONFIG_STORE: Keys =
    Keys { known: &["contents"], later: &["file", "format"], renamed: &[("items", "contents")] };

pub(super) const SECRET_STORE: Keys =
    Keys { known: &["items"], later: &["file", "format"], renamed: &[("contents", "items")] };

pub(super) const SECRET_ITEM: Keys = Keys {
    known: &["key", "data", "file", "env", "generate"],
    later: NONE,
    renamed: &[("value", "data"), ("secret", "data"), ("name", "key"), ("path", "file")],
};

pub(super) const SERVICE: Keys = Keys {
    known: &[
        "type",
        "handler",
        "domains",
        "links",
        "backends",
        "directors",
        "backend",
        "require_chain_auth",
        "rules",
        "cache",
        "cache_profile",
        "default_ttl",
        "set_cookie",
        "honour_request_directives",
        "strict_stale",
        "stale_if_disconnected",
        "stale_if_error_on",
        "purge",
    ],
    later: NONE,
    renamed: &[("domain", "domains"), ("kind", "type"), ("chain_auth", "require_chain_auth")],
};

pub(super) const LINK: Keys = Keys {
    known: &["kv_store", "config_store", "secret_store", "acl"],
    later: NONE,
    renamed: &[
        ("kv", "kv_store"),
        ("object_store", "kv_store"),
        ("config", "config_store"),
        ("dictionary", "config_store"),
        ("secret", "secret_store"),
    ],
};

pub(super) const BACKEND: Keys = Keys {
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

pub(super) const HEALTHCHECK: Keys = Keys {
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

pub(super) const DIRECTOR: Keys = Keys {
    known: &["choice", "backends"],
    later: &["quorum", "retries"],
    renamed: &[("type", "choice"), ("policy", "choice"), ("members", "backends")],
};

pub(super) const CHAIN_AUTH: Keys = Keys {
    known: &["config", "secrets", "mode"],
    later: NONE,
    renamed: &[("accept", "mode"), ("secret", "secrets")],
};

pub(super) const REQUIRE_CHAIN_AUTH: Keys = Keys {
    known: &["config", "secrets", "accept", "window", "nonces"],
    later: NONE,
    renamed: &[("mode", "accept"), ("secret", "secrets")],
};

pub(super) const RULE: Keys =
    Keys { known: &["name", "when", "then"], later: NONE, renamed: &[("if", "when")] };

pub(super) const WHEN: Keys = Keys {
    known: &[
        "method",
        "host",
        "path",
        "query",
        "header",
        "cookie",
        "client",
        "status",
        "response_header",
    ],
    later: NONE,
    renamed: &[
        ("methods", "method"),
        ("url", "path"),
        ("domain", "host"),
        ("headers", "header"),
        ("cookies", "cookie"),
        ("client_ip", "client"),
        ("statuses", "status"),
        ("response_headers", "response_header"),
    ],
};

pub(super) const THEN: Keys = Keys {
    known: &[
        "pass",
        "cache",
        "key",
        "ttl",
        "stale_while_revalidate",
        "stale_if_error",
        "surrogate_keys",
        "vary",
        "uncacheable",
        "collapse",
        "esi",
        "backend",
        "rewrite_path",
        "rewrite_host",
        "request_headers",
        "origin_headers",
        "response_headers",
        "deny",
        "redirect",
        "synthetic",
    ],
    later: NONE,
    renamed: &[
        ("swr", "stale_while_revalidate"),
        ("sie", "stale_if_error"),
        ("surrogate_key", "surrogate_keys"),
        ("cache_key", "key"),
        ("path", "rewrite_path"),
        ("host", "rewrite_host"),
        ("header", "response_headers"),
        ("headers", "response_headers"),
    ],
};

pub(super) const REWRITE_PATH: Keys =
    Keys { known: &["strip", "add"], later: NONE, renamed: &[("prefix", "strip"), ("to", "add")] };

pub(super) const HEADERS: Keys = Keys {
    known: &["set", "append", "remove"],
    later: NONE,
    renamed: &[("add", "append"), ("unset", "remove"), ("delete", "remove")],
};

pub(super) const REDIRECT: Keys = Keys {
    known: &["to", "status", "append_path"],
    later: NONE,
    renamed: &[("url", "to"), ("location", "to"), ("code", "status")],
};

pub(super) const SYNTHETIC: Keys = Keys {
    known: &["status", "content_type", "body"],
    later: &["file"],
    renamed: &[("code", "status"), ("type", "content_type"), ("data", "body")],
};

pub(super) const KEY: Keys = Keys {
    known: &["ignore_query", "sort_query", "add_headers", "add_cookies"],
    later: NONE,
    renamed: &[("add_header", "add_headers"), ("add_cookie", "add_cookies")],
};

#[cfg(test)]
mod tests;
