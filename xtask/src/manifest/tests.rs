//! What dev reads off a manifest.

use selvedge_model::manifest::Manifest;

use super::{demo_address, files};

fn account(url: &str) -> Manifest {
    let text = format!(
        r#"
manifest_version = 1
name = "t"
[pops.LHR]
[kv_stores.pages]
items = [{{ key = "1", file = "seed/one.json" }}]
[services.web]
type = "delivery"
domains = ["web.localhost"]
[services.web.backends.origin]
url = "{url}"
"#
    );
    let (manifest, problems) = Manifest::parse(&text);
    manifest.unwrap_or_else(|| panic!("{}", problems.render("edge.toml")))
}

#[test]
fn the_demo_origin_listens_where_the_manifest_sends() {
    let table = [
        ("http://127.0.0.1:9001", Some("127.0.0.1:9001")),
        ("http://localhost:9001", Some("127.0.0.1:9001")),
        ("http://[::1]:9001", Some("[::1]:9001")),
        ("https://127.0.0.1:9001", None),
        ("http://origin.example:9001", None),
        ("http://192.0.2.1:9001", None),
    ];
    for (url, address) in table {
        assert_eq!(demo_address(&account(url)).as_deref(), address, "{url}");
    }
}

#[test]
fn files_of_stores_lie_beside_the_manifest() {
    let found = files(&account("http://127.0.0.1:1"), "there/edge.toml".as_ref());
    assert_eq!(found, ["there/seed/one.json".into()] as [std::path::PathBuf; 1]);
}
