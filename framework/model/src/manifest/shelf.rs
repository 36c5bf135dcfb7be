//! [`ShelfSettings`]: how much memory cached objects may take.

/// The memory of cached objects; what is `None` is for the node to choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShelfSettings {
    /// Bytes for all cached objects of a process, its POPs together; at least one.
    pub budget: Option<u64>,
    /// The largest body that is stored, in bytes.
    pub max_object: Option<u64>,
}
