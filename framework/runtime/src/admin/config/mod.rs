//! Config stores and their items (platform.md section 3.1).

mod batch;
mod items;
mod stores;

use super::endpoint::endpoints;

endpoints! {
    POST "/resources/stores/config" stores::create;
    GET "/resources/stores/config" stores::list;
    GET "/resources/stores/config/{store}" stores::show;
    PUT "/resources/stores/config/{store}" stores::rename;
    DELETE "/resources/stores/config/{store}" stores::delete;
    GET "/resources/stores/config/{store}/info" stores::info;
    GET "/resources/stores/config/{store}/services" stores::services;
    GET "/resources/stores/config/{store}/items" items::list;
    PATCH "/resources/stores/config/{store}/items" batch::change;
    POST "/resources/stores/config/{store}/item" items::create;
    GET "/resources/stores/config/{store}/item/{*key}" items::show;
    PUT "/resources/stores/config/{store}/item/{*key}" items::upsert;
    PATCH "/resources/stores/config/{store}/item/{*key}" items::update;
    DELETE "/resources/stores/config/{store}/item/{*key}" items::delete;
}
