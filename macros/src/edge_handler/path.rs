//! The `path` of a handler, by the rules of axum's router, which would panic at start.

/// Counts the parameters of a route.
///
/// # Errors
/// What is wrong with it.
pub(super) fn parameters(path: &str) -> Result<usize, String> {
    let Some(rest) = path.strip_prefix('/') else {
        return Err(format!("the path `{path}` does not start with `/`"));
    };
    if let Some(bad) = path.chars().find(|letter| !letter.is_ascii_graphic()) {
        return Err(format!(
            "the path has a {bad:?}, which requests have percent-encoded: write it so"
        ));
    }
    if path.contains(['?', '#']) {
        return Err("a path has no `?` and no `#`: a query is read with `Query`".to_owned());
    }
    let segments: Vec<&str> = rest.split('/').collect();
    let mut names: Vec<&str> = Vec::new();
    for (place, segment) in segments.iter().enumerate() {
        let Some(name) = parameter(segment)? else { continue };
        let name = match name.strip_prefix('*') {
            Some(_) if place + 1 < segments.len() => {
                return Err(format!("`{segment}` takes the rest of the path, so it is the last"));
            }
            Some(name) => name,
            None => name,
        };
        if name.is_empty() {
            return Err(format!("`{segment}` has no name"));
        }
        if names.contains(&name) {
            return Err(format!("`{name}` is twice in the path"));
        }
        names.push(name);
    }
    Ok(names.len())
}

/// The inside of `{...}`, where the segment is that.
fn parameter(segment: &str) -> Result<Option<&str>, String> {
    if let Some(name) = segment.strip_prefix([':', '*']) {
        return Err(format!("`{segment}` is an old form: write `{{{name}}}`"));
    }
    let inside = segment.strip_prefix('{').and_then(|segment| segment.strip_suffix('}'));
    match inside {
        Some(name) if !name.contains(['{', '}']) => Ok(Some(name)),
        None if !segment.contains(['{', '}']) => Ok(None),
        None if segment.starts_with('{') && !segment.contains('}') => {
            Err(format!("the brace of `{segment}` is not closed: write `{segment}}}`"))
        }
        None if segment.ends_with('}') && !segment.contains('{') => {
            Err(format!("the brace of `{segment}` is not opened: write `{{{segment}`"))
        }
        _ => Err(format!("`{segment}` is not supported yet: a segment is text or one `{{name}}`")),
    }
}

#[cfg(test)]
mod tests;
