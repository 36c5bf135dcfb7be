//! Every key that a manifest may have, by section: supported, planned, and other tools' names.

mod backend;
mod rule;

pub(super) use self::{backend::*, rule::*};

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

#[cfg(test)]
mod tests;
