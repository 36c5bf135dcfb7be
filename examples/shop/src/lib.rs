//! examples/shop
