//! framework/runtime
