//! The floor itself.

use crate::harness::TestApp;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_opens() {
    let app = TestApp::new().await;
    app.visitor().get("/about").await.is(200).has("Cairn");
}
