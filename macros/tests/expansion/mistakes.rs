#[edge_handler(pth = "/")]
async fn storefront(request: Request) {
    the_function_survives
}

#[kv_store("us ers", value = Text)]
struct Users {
    field: u8,
}

#[backend("catalog")]
enum TheEnumSurvives {}
