selvedge::main!();
