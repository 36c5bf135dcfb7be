use selvedge::prelude::*;

struct Level;

#[config_store("config")]
struct Flags {
    #[config(defualt = 20)]
    misspelt: u32,
    #[config(default)]
    valueless: u32,
    #[config(default = 1, default = 2)]
    twice: u32,
    #[config]
    nothing: u32,
    #[config(default = 1)]
    #[config(default = 2)]
    two_attributes: u32,
}

#[config_store("config")]
struct Unparsable {
    level: Level,
}

#[config_store("config")]
struct WrongDefault {
    #[config(default = 1.5)]
    limit: u32,
}

#[config_store("config")]
struct Optional {
    motto: Option<String>,
}

#[config_store("config")]
struct Conditional {
    always: u32,
    #[cfg(unix)]
    sometimes: u32,
}

fn main() {}
