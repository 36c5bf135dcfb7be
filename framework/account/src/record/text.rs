//! Ids, kinds and sealed bytes as the text that they are in a row.

macro_rules! as_text {
    ($(#[$doc:meta])+ $module:ident, $type:ty) => {
        $(#[$doc])+
        pub(crate) mod $module {
            use serde::{Deserialize, Deserializer, Serializer, de::Error};

            pub(crate) fn serialize<S: Serializer>(value: &$type, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(value.as_str())
            }

            pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<$type, D::Error> {
                let text = String::deserialize(from)?;
                <$type>::parse(&text).ok_or_else(|| D::Error::custom(format!("`{text}` is none")))
            }
        }
    };
}

as_text! {
    /// A service's id.
    service_id, selvedge_model::id::ServiceId
}
as_text! {
    /// A store's id.
    store_id, selvedge_model::id::StoreId
}
as_text! {
    /// A link's id.
    link_id, selvedge_model::id::LinkId
}
as_text! {
    /// A kind of store, as the manifest writes it.
    store_kind, selvedge_model::name::StoreKind
}

/// A block of addresses.
pub(crate) mod network {
    use selvedge_model::manifest::Network;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(value: &Network, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Network, D::Error> {
        let text = String::deserialize(from)?;
        Network::parse(&text).map_err(|why| D::Error::custom(format!("`{text}` {why}")))
    }
}

/// Bytes as base64 text.
pub(crate) mod bytes {
    use base64::{Engine, prelude::BASE64_STANDARD};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(value: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&BASE64_STANDARD.encode(value))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        BASE64_STANDARD.decode(String::deserialize(from)?).map_err(D::Error::custom)
    }
}
