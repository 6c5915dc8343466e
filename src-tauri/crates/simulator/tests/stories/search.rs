//! Searching page by page.

use serde_json::{Value, json};

use crate::till::Till;

const PATH: &str = "/payment-intents/search";

fn ids(page: &Value) -> Vec<String> {
    page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|intent| intent["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn every_intent_is_met_once_page_by_page() {
    let till = Till::new().await;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(till.open(1_000, json!({})).await);
    }
    made.reverse();
    let (mut met, mut after) = (Vec::new(), Value::Null);
    loop {
        let (status, page) = till
            .post(PATH, json!({"cursor": {"limit": 2, "after": after}}))
            .await;
        assert_eq!(status, 200);
        met.extend(ids(&page));
        after = page["after"].clone();
        if after.is_null() {
            break;
        }
    }
    assert_eq!(met, made);
}

#[tokio::test]
async fn it_goes_back_filters_and_refuses_nonsense() {
    let till = Till::new().await;
    let held = till.hold(1_000).await;
    let open = till.open(1_000, json!({})).await;
    assert_eq!(
        ids(&till.post(PATH, json!({"statuses": ["Authorized"]})).await.1),
        std::slice::from_ref(&held)
    );
    let first = till.post(PATH, json!({"cursor": {"limit": 1}})).await.1;
    let second = till
        .post(PATH, json!({"cursor": {"limit": 1, "after": first["after"]}}))
        .await
        .1;
    assert_eq!((ids(&first), ids(&second)), (vec![open], vec![held]));
    let back = till
        .post(PATH, json!({"cursor": {"limit": 1, "before": second["before"]}}))
        .await
        .1;
    assert_eq!(ids(&back), ids(&first));
    assert!(
        ids(&till
            .post(PATH, json!({"endDate": "2020-01-01T00:00:00Z"}))
            .await
            .1)
        .is_empty()
    );
    for body in [
        json!({"cursor": {"limit": 0}}),
        json!({"cursor": {"limit": 101}}),
        json!({"cursor": {"after": "a", "before": "b"}}),
        json!({"cursor": {"after": "nothing"}}),
        json!({"statuses": ["Lost"]}),
        json!({"reference": "TAB-0001"}),
    ] {
        assert_eq!(till.post(PATH, body.clone()).await.0, 400, "{body}");
    }
}
