//! The guest's page.

use serde_json::json;

use crate::till::{DECLINED, GOOD, Till};

#[tokio::test]
async fn a_guest_follows_the_link_is_declined_and_pays_with_another_card() {
    let till = Till::new().await;
    let id = till.open(4_205, json!({"reference": "<Table 7>"})).await;
    let link = till.get(&id).await["paymentLink"].as_str().unwrap().to_owned();
    assert_eq!(link, till.url(&format!("/checkout/{id}")));
    let page = till.client.get(&link).send().await.unwrap().text().await.unwrap();
    assert!(
        page.contains("£42.05") && page.contains("width=device-width") && page.contains("&lt;Table 7&gt;")
    );
    for card in [GOOD, "5200000000001096", DECLINED] {
        assert!(page.contains(&format!("value={card}")), "{card}");
    }

    let tap = |card: &'static str| {
        let request = till
            .client
            .post(&link)
            .header("content-type", "application/x-www-form-urlencoded");
        request.body(format!("card={card}")).send()
    };
    assert_eq!(tap(DECLINED).await.unwrap().status(), 303);
    let intent = till.get(&id).await;
    assert_eq!(
        (&intent["status"], &intent["paymentEvents"][0]["eventType"]),
        (&json!("Created"), &json!("Declined"))
    );

    tap("5200000000001096").await.unwrap();
    tap("5200000000001096").await.unwrap();
    let intent = till.get(&id).await;
    assert_eq!(intent["status"], "Authorized");
    let events: Vec<_> = intent["paymentEvents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| &event["eventType"])
        .collect();
    assert_eq!(events, ["Declined", "AuthChallenged", "Authorized"]);
    assert_eq!(intent["paymentEvents"][2]["cardNumber"], "52000000****1096");
    assert_eq!(
        till.client
            .get(till.url("/checkout/nothing"))
            .send()
            .await
            .unwrap()
            .status(),
        404
    );
}
