//! Runs the commands of the README against a real shop.

use selvedge_testkit::readme;

use crate::shop::Shop;

#[test]
fn the_readmes_commands_print_what_it_says() {
    let shop = Shop::start(&[]);
    let node = shop.node.address().to_string();
    let origin = shop.origin.address().to_string();
    let port = format!("localhost:{}", shop.node.address().port());
    let swaps = [
        ("localhost:7676", port.as_str()),
        ("127.0.0.1:7676", node.as_str()),
        ("127.0.0.1:9000", origin.as_str()),
    ];
    readme::check(include_str!("../../README.md"), shop.folder.path(), &swaps);
}
