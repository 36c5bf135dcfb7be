//! Services and their versions (platform.md section 1.4). A service is known by its id or by its name.

mod backends;
mod check;
mod domains;
mod edit;
mod live;
mod records;
pub(super) mod shown;
mod versions;

use super::endpoint::endpoints;

endpoints! {
    POST "/service" records::create;
    GET "/service" records::list;
    GET "/service/search" records::search;
    GET "/service/{service}" records::show;
    GET "/service/{service}/details" records::details;
    GET "/service/{service}/rules" live::rules;
    GET "/service/{service}/chain" live::chain;
    GET "/service/{service}/health" live::health;
    PUT "/service/{service}" records::update;
    DELETE "/service/{service}" records::delete;
    POST "/service/{service}/version" versions::create;
    GET "/service/{service}/version" versions::list;
    GET "/service/{service}/version/{version}" versions::show;
    PUT "/service/{service}/version/{version}" versions::comment;
    PUT "/service/{service}/version/{version}/clone" versions::clone;
    PUT "/service/{service}/version/{version}/activate" versions::activate;
    PUT "/service/{service}/version/{version}/activate/{environment}" versions::activate_elsewhere;
    PUT "/service/{service}/version/{version}/deactivate" versions::deactivate;
    PUT "/service/{service}/version/{version}/lock" versions::lock;
    GET "/service/{service}/version/{version}/validate" check::validate;
    POST "/service/{service}/version/{version}/domain" domains::create;
    GET "/service/{service}/version/{version}/domain" domains::list;
    GET "/service/{service}/version/{version}/domain/{domain}" domains::show;
    PUT "/service/{service}/version/{version}/domain/{domain}" domains::rename;
    DELETE "/service/{service}/version/{version}/domain/{domain}" domains::delete;
    POST "/service/{service}/version/{version}/backend" backends::create;
    GET "/service/{service}/version/{version}/backend" backends::list;
    GET "/service/{service}/version/{version}/backend/{backend}" backends::show;
    PUT "/service/{service}/version/{version}/backend/{backend}" backends::update;
    DELETE "/service/{service}/version/{version}/backend/{backend}" backends::delete;
}
