//! Ids and kinds as the text that they are in a row.

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
