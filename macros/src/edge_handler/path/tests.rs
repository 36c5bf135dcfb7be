//! Routes and what is wrong with them.

use super::parameters;

#[test]
fn good_paths_have_their_parameters() {
    for (path, count) in [
        ("/", 0),
        ("/users", 0),
        ("/users/", 0),
        ("/users/{id}", 1),
        ("/{shop}/users/{id}", 2),
        ("/files/{*rest}", 1),
        ("/caf%C3%A9", 0),
    ] {
        assert_eq!(parameters(path), Ok(count), "{path}");
    }
}

#[test]
fn bad_paths_say_why() {
    for (path, why) in [
        ("", "does not start with `/`"),
        ("users", "does not start with `/`"),
        ("/a b", "percent-encoded"),
        ("/café", "percent-encoded"),
        ("/a?b={c}", "has no `?`"),
        ("/:id", "write `{id}`"),
        ("/*rest", "write `{rest}`"),
        ("/{}", "has no name"),
        ("/{*}", "has no name"),
        ("/{*rest}/more", "it is the last"),
        ("/{id}/{id}", "twice"),
        ("/{id}.json", "not supported yet"),
        ("/{{id}}", "not supported yet"),
        ("/{id", "is not closed: write `{id}`"),
        ("/id}", "is not opened: write `{id}`"),
        ("/a{id", "not supported yet"),
        ("/id}b", "not supported yet"),
    ] {
        let problem = parameters(path).expect_err(path);
        assert!(problem.contains(why), "{path}: {problem}");
    }
}
