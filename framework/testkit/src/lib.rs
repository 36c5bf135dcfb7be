//! framework/testkit
