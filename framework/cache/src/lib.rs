//! framework/cache
