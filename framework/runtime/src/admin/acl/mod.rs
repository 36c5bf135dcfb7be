//! ACLs and their entries (platform.md section 3.3).

mod entries;
mod lists;

use super::endpoint::endpoints;

endpoints! {
    POST "/resources/acls" lists::create;
    GET "/resources/acls" lists::list;
    GET "/resources/acls/{acl}" lists::show;
    DELETE "/resources/acls/{acl}" lists::delete;
    GET "/resources/acls/{acl}/entries" entries::list;
    PATCH "/resources/acls/{acl}/entries" entries::change;
    GET "/resources/acls/{acl}/entry/{address}" entries::find;
}
