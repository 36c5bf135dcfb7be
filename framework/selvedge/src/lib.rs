//! framework/selvedge
