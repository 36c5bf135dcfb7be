//! framework/model
