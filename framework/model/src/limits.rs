//! Every number that the platform imposes, one constant each, and all of them as [`TABLE`].
//!
//! A limit lives here and nowhere else; macros, manifest, stores and admin API read it. The sources
//! are the platform's own documents and SDK.

/// One limit as data, for the generated reference table and for tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The constant's name.
    pub name: &'static str,
    /// Its value.
    pub value: u64,
    /// What is counted.
    pub unit: &'static str,
    /// Where the number comes from.
    pub source: &'static str,
}

macro_rules! limits {
    ($($(#[$doc:meta])+ $name:ident: $kind:ty = $value:expr, $unit:literal, $source:literal;)+) => {
        $(
            $(#[$doc])+
            #[doc = ""]
            #[doc = concat!("Unit: ", $unit, ". Source: ", $source, ".")]
            pub const $name: $kind = $value;
        )+

        /// All limits, in the order of this file.
        pub const TABLE: &[Limit] = &[
            $(Limit { name: stringify!($name), value: $name as u64, unit: $unit, source: $source },)+
        ];
    };
}

limits! {
    /// Longest name of a KV, config or secret store, and of a link to one.
    STORE_NAME_MAX: usize = 255, "characters", "KV store documentation";
    /// Longest KV key.
    KV_KEY_MAX: usize = 1024, "UTF-8 bytes", "KV store documentation";
    /// Largest KV value.
    KV_VALUE_MAX: usize = 25 * 1024 * 1024, "bytes", "KV store documentation";
    /// Longest metadata of a KV item.
    KV_METADATA_MAX: usize = 2000, "bytes", "Compute SDK, KV store";
    /// Most keys in one page of a KV listing.
    KV_LIST_MAX: usize = 1000, "keys", "KV store API";
    /// Most KV stores in one page of their list.
    KV_STORE_LIST_MAX: usize = 1000, "stores", "KV store API";
    /// Most KV stores that an account may own.
    KV_STORES_PER_ACCOUNT: usize = 50, "stores", "KV store documentation";
    /// Most links that one service version may hold.
    LINKS_PER_SERVICE: usize = 50, "links", "resource documentation";
    /// Length of an id of a service, a store or a link.
    ID_LEN: usize = 22, "characters", "recorded traffic of the management API";
    /// Longest key of a config store item.
    CONFIG_KEY_MAX: usize = 256, "characters", "config store API";
    /// Longest value of a config store item.
    CONFIG_VALUE_MAX: usize = 8000, "characters", "config store API";
    /// Most config stores that an account may own.
    CONFIG_STORES_PER_ACCOUNT: usize = 5, "stores", "Compute resource limits, by default";
    /// Most items of a config store.
    CONFIG_ITEMS_PER_STORE: usize = 500, "items", "Compute resource limits, by default";
    /// Most changes of a config store in one call of the management API.
    CONFIG_BATCH_MAX: usize = 1000, "changes", "config store API";
    /// Largest secret.
    SECRET_MAX: usize = 64 * 1024, "bytes", "secret store API";
    /// Longest name of a secret inside its store.
    SECRET_NAME_MAX: usize = 255, "characters", "secret store API";
    /// Secret stores, or secrets, in one page of a list that does not say how many it wants.
    SECRET_LIST_DEFAULT: usize = 100, "rows", "secret store API";
    /// Most of them in one page.
    SECRET_LIST_MAX: usize = 200, "rows", "secret store API";
    /// Most ACLs that an account may own.
    ACLS_PER_ACCOUNT: usize = 50, "ACLs", "selvedge";
    /// Most entries of an ACL.
    ACL_ENTRIES: usize = 1000, "entries", "selvedge";
    /// Most changes of an ACL in one call of the management API.
    ACL_BATCH_MAX: usize = 1000, "changes", "selvedge";
    /// Longest action of an entry.
    ACL_ACTION_MAX: usize = 255, "characters", "selvedge";
    /// Entries of an ACL in one page of a list that does not say how many it wants.
    ACL_LIST_DEFAULT: usize = 100, "entries", "ACL API";
    /// Most of them in one page.
    ACL_LIST_MAX: usize = 1000, "entries", "selvedge";
    /// How long a secret may be sealed to a client key.
    CLIENT_KEY_SECONDS: u64 = 600, "seconds", "secret store API";
    /// Most writes that the management API takes in an hour; the platform takes 1000.
    API_WRITES_PER_HOUR: u64 = 10_000_000, "calls", "selvedge";
    /// Most memory of a node for values that are on their way to its stores, from handlers and through the management
    /// API, until they are written; who comes then waits. As much again for large values that code has read whole.
    STORE_WAY_KIB: usize = 256 * 1024, "KiB", "selvedge";
    /// How long who finds no room there waits for it.
    STORE_WAY_WAIT_MS: u64 = 10_000, "milliseconds", "selvedge";
    /// How long a large KV value that is being read is kept as it was when it is written over.
    KV_SNAPSHOT_MS: u64 = 60_000, "milliseconds", "selvedge";
    /// Longest surrogate key.
    SURROGATE_KEY_MAX: usize = 1024, "bytes", "cache documentation";
    /// Most surrogate keys that one call of the management API purges.
    PURGE_KEYS_MAX: usize = 256, "keys", "purge API";
    /// How much of a response's `Surrogate-Key` counts; a key that reaches over the end does not.
    SURROGATE_FIELD_MAX: usize = 16_384, "bytes", "cache documentation";
    /// Longest key of a cached object that code stores.
    CACHE_KEY_MAX: usize = 4096, "bytes", "Compute SDK, core cache";
    /// How long a look-up of such an object waits for another's insert, unless it says otherwise.
    CACHE_LOOKUP_TIMEOUT_MS: u64 = 60_000, "milliseconds", "selvedge";
    /// Most hops of one request; the next one is refused with `Loop detected`.
    HOPS_MAX: usize = 20, "hops", "service chaining documentation";
    /// Most different services in one chain; the next one is refused with `Loop detected`.
    CHAIN_SERVICES_MAX: usize = 6, "services", "service chaining documentation";
    /// How many one-time chain tokens a node remembers for a service unless the service says otherwise.
    CHAIN_NONCES: usize = 1 << 20, "tokens", "selvedge";
    /// Most that a service may say.
    CHAIN_NONCES_MAX: usize = 1 << 24, "tokens", "selvedge";
    /// The longest time that a service may give a chain token.
    CHAIN_TOKEN_WINDOW_MS_MAX: u64 = 300_000, "milliseconds", "selvedge";
    /// A chain token is valid while its time differs from now by less than this, unless the service says otherwise.
    CHAIN_TOKEN_WINDOW_MS: u64 = 2000, "milliseconds", "service chaining documentation";
    /// Longest ESI tag; what is longer passes as text.
    ESI_TAG_MAX: usize = 16 * 1024, "bytes", "selvedge";
    /// How deep ESI includes may be nested: a fragment of a fragment has depth 2.
    ESI_DEPTH_MAX: usize = 5, "includes", "Varnish, max_esi_depth";
    /// Largest head of a backend's response: names and values of its fields, and four bytes for each.
    RESPONSE_HEAD_MAX: usize = 32_000, "bytes", "selvedge";
    /// Most includes of one page, those of its fragments included.
    ESI_INCLUDES_MAX: usize = 256, "includes", "selvedge";
    /// How many includes of a page are fetched at the same time, its next one in the order of the page among them.
    ESI_AHEAD_MAX: usize = 4, "includes", "selvedge";
    /// How much text of a page is read ahead of an include that has yet to come, to find the next ones.
    ESI_AHEAD_BYTES: usize = 64 * 1024, "bytes", "selvedge";
    /// Longest name of a backend.
    BACKEND_NAME_MAX: usize = 255, "characters", "Compute SDK, backends";
    /// How long connecting to a backend may take unless it says otherwise.
    CONNECT_TIMEOUT_MS: u64 = 1000, "milliseconds", "Compute SDK, backends";
    /// How long a backend's first byte may take unless it says otherwise.
    FIRST_BYTE_TIMEOUT_MS: u64 = 15_000, "milliseconds", "Compute SDK, backends";
    /// How long a backend's response may stop between two bytes unless the backend says otherwise.
    BETWEEN_BYTES_TIMEOUT_MS: u64 = 10_000, "milliseconds", "Compute SDK, backends";
    /// How many requests may be under way to a backend from one node unless it says otherwise.
    MAX_CONNECTIONS: usize = 200, "requests", "Compute SDK, backends";
    /// The time between two probes of a backend unless it says otherwise.
    HEALTHCHECK_INTERVAL_MS: u64 = 15_000, "milliseconds", "Compute SDK, health checks";
    /// How long a probe may take unless the backend says otherwise.
    HEALTHCHECK_TIMEOUT_MS: u64 = 5_000, "milliseconds", "Compute SDK, health checks";
    /// The shortest of both.
    HEALTHCHECK_MS_MIN: u64 = 1_000, "milliseconds", "Compute SDK, health checks";
    /// The longest of both.
    HEALTHCHECK_MS_MAX: u64 = 3_600_000, "milliseconds", "Compute SDK, health checks";
    /// How many probes are looked at unless the backend says otherwise.
    HEALTHCHECK_WINDOW: usize = 5, "probes", "Compute SDK, health checks";
    /// Most that can be looked at.
    HEALTHCHECK_WINDOW_MAX: usize = 15, "probes", "Compute SDK, health checks";
    /// How many of them must have succeeded unless the backend says otherwise.
    HEALTHCHECK_THRESHOLD: usize = 3, "probes", "Compute SDK, health checks";
    /// How many count as successes at the start unless the backend says otherwise.
    HEALTHCHECK_INITIAL: usize = 4, "probes", "Compute SDK, health checks";
    /// Largest weight of a backend in a director.
    WEIGHT_MAX: u32 = 100_000, "shares", "selvedge";
    /// Largest timeout that a backend may ask for.
    TIMEOUT_MS_MAX: u64 = u32::MAX as u64, "milliseconds", "Compute SDK, backends";
    /// Longest name of a service.
    SERVICE_NAME_MAX: usize = 255, "characters", "selvedge";
    /// Longest name of a POP; it rides in chain tokens, so it is short and has no comma.
    POP_NAME_MAX: usize = 32, "characters", "selvedge";
    /// Longest domain, as DNS has it.
    DOMAIN_MAX: usize = 253, "characters", "RFC 1035 section 2.3.4";
    /// Longest part of a domain between two dots.
    DOMAIN_LABEL_MAX: usize = 63, "characters", "RFC 1035 section 2.3.4";
    /// The data port when neither a flag nor the manifest names one.
    DEFAULT_DATA_PORT: u16 = 7676, "port", "selvedge";
    /// Where the management API listens, unless it is told otherwise.
    DEFAULT_ADMIN_PORT: u16 = 7677, "port", "selvedge";
}
