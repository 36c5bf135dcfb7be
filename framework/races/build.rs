//! Sets `cfg(shuttle)` for this package alone: the same sources are compiled for production without it.

fn main() {
    println!("cargo::rustc-cfg=shuttle");
    println!("cargo::rerun-if-changed=build.rs");
}
