//! Which addresses lie in which block.

use super::Network;

#[test]
fn addresses_in_blocks() {
    let cases = [
        ("10.0.0.0/8", "10.255.0.1", true),
        ("10.0.0.0/8", "11.0.0.0", false),
        ("10.0.0.0/8", "::ffff:10.0.0.1", true),
        ("0.0.0.0/0", "255.255.255.255", true),
        ("0.0.0.0/0", "::1", false),
        ("192.0.2.1", "192.0.2.1", true),
        ("192.0.2.1/32", "192.0.2.0", false),
        ("192.0.2.128/25", "192.0.2.127", false),
        ("2001:db8::/32", "2001:db8:1::1", true),
        ("2001:db8::/32", "2001:db9::", false),
        ("::/0", "ffff::1", true),
        ("::/0", "10.0.0.1", false),
        ("::1", "::1", true),
        ("::1", "::2", false),
    ];
    for (block, address, expected) in cases {
        let network = Network::parse(block).expect(block);
        let address = address.parse().expect(address);
        assert_eq!(network.contains(address), expected, "{network} and {address}");
    }
}

#[test]
fn refused_blocks() {
    let cases = [
        ("", "is no address"),
        ("localhost", "is no address"),
        ("10.0.0.0/", "prefix from 0 to 32"),
        ("10.0.0.0/33", "prefix from 0 to 32"),
        ("10.0.0.0/+8", "prefix from 0 to 32"),
        ("::/129", "prefix from 0 to 128"),
        ("10.0.0.1/8", "after its first 8"),
        ("2001:db8::1/32", "after its first 32"),
        ("0.0.0.1/0", "after its first 0"),
        ("::ffff:10.0.0.0/104", "`10.0.0.0`"),
    ];
    for (block, part) in cases {
        let error = Network::parse(block).expect_err(block);
        assert!(error.contains(part), "`{block}`: {error}");
    }
}
