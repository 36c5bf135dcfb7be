mod shop {
    use selvedge::prelude::*;

    #[edge_handler]
    pub async fn storefront() {}
}

selvedge::main!(shop::storefront => 5);
