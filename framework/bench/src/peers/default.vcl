# Varnish as a cache: its own rules, nothing added. {host} and {port} are the origin's.

vcl 4.1;

backend origin {
    .host = "{host}";
    .port = "{port}";
}
