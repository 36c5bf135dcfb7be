//! The allocator of node binaries. A library chooses none: each binary says so in its root.
//!
//! A hit allocates some dozens of small pieces and frees them again, which mimalloc does with less
//! computing than the C library's allocator. `selvedge::main!` calls this macro; a binary that brings
//! its own allocator turns the crate's feature `mimalloc` off.

/// Makes mimalloc the allocator of a binary, where the feature `mimalloc` is on.
#[cfg(feature = "mimalloc")]
#[macro_export]
macro_rules! global_allocator {
    () => {
        #[global_allocator]
        static ALLOCATOR: $crate::__MiMalloc = $crate::__MiMalloc;
    };
}

/// Leaves a binary its allocator; the feature `mimalloc` is off.
#[cfg(not(feature = "mimalloc"))]
#[macro_export]
macro_rules! global_allocator {
    () => {};
}
