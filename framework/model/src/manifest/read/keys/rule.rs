//! The keys of rules: when one is for a request, and what it does then.

use super::{Keys, NONE};

pub(in crate::manifest::read) const RULE: Keys =
    Keys { known: &["name", "when", "then"], later: NONE, renamed: &[("if", "when")] };

pub(in crate::manifest::read) const WHEN: Keys = Keys {
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

pub(in crate::manifest::read) const THEN: Keys = Keys {
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

pub(in crate::manifest::read) const REWRITE_PATH: Keys =
    Keys { known: &["strip", "add"], later: NONE, renamed: &[("prefix", "strip"), ("to", "add")] };

pub(in crate::manifest::read) const HEADERS: Keys = Keys {
    known: &["set", "append", "remove"],
    later: NONE,
    renamed: &[("add", "append"), ("unset", "remove"), ("delete", "remove")],
};

pub(in crate::manifest::read) const REDIRECT: Keys = Keys {
    known: &["to", "status", "append_path"],
    later: NONE,
    renamed: &[("url", "to"), ("location", "to"), ("code", "status")],
};

pub(in crate::manifest::read) const SYNTHETIC: Keys = Keys {
    known: &["status", "content_type", "body"],
    later: &["file"],
    renamed: &[("code", "status"), ("type", "content_type"), ("data", "body")],
};

pub(in crate::manifest::read) const KEY: Keys = Keys {
    known: &["ignore_query", "sort_query", "add_headers", "add_cookies"],
    later: NONE,
    renamed: &[("add_header", "add_headers"), ("add_cookie", "add_cookies")],
};
