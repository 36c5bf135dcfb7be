use selvedge::prelude::*;

#[kv_store("users")]
enum Enum {
    One,
}

#[kv_store("users")]
struct Tuple(u8);

#[kv_store("users")]
fn function() {}

#[kv_store("users")]
struct Generic<T>(std::marker::PhantomData<T>);

// The items survive.
fn main() {
    let _ = (Enum::One, Tuple(1).0, Generic::<u8>(std::marker::PhantomData));
    function();
}
