//! What Dojo, or a stand-in, may answer.

use async_trait::async_trait;
use holdfast_dojo::{
    ApiKey, Client, Failure, Money, PaymentIntent, Problem, RefundRequest, SearchRequest, Transport,
    WireError, WireRequest, WireResponse,
};
use holdfast_domain::{Answer, Baseline, OperationKind, OperationState, judge};
use std::future::Future;
use std::sync::Arc;

/// Answers everything alike.
struct Parrot {
    status: u16,
    body: Vec<u8>,
}

#[async_trait]
impl Transport for Parrot {
    async fn send(&self, _: WireRequest) -> Result<WireResponse, WireError> {
        Ok(WireResponse {
            status: self.status,
            headers: Vec::new(),
            body: self.body.clone(),
        })
    }
}

fn client(status: u16, body: &[u8]) -> Client {
    let parrot = Parrot {
        status,
        body: body.to_vec(),
    };
    let key = ApiKey::parse("sk_sandbox_invented_for_bytes").expect("a key for tests");
    Client::new(Arc::new(parrot), key)
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(work)
}

/// 2xx with any body.
pub(super) fn answers(bytes: &[u8]) {
    let client = client(200, bytes);
    let money = Money::new(1_000, "GBP");
    wait(async {
        for answer in [
            client.get("pi_1").await,
            client.cancel("pi_1").await,
            client.set_amount("pi_1", &money).await,
            client.set_tips("pi_1", &money).await,
        ] {
            match answer {
                Ok(answer) => intent(&answer.value),
                Err(failure) => unclear(&failure),
            }
        }
        let captured = client.capture("pi_1", 1_000, Some(100)).await;
        accepted(OperationKind::Capture, captured.map(|a| a.value.capture_id));
        let reversed = client.reverse("pi_1").await;
        accepted(OperationKind::Reversal, reversed.map(|a| a.value.reversal_id));
        let request = RefundRequest {
            amount: 1_000,
            reason: None,
            notes: None,
        };
        let refunded = client.refund("pi_1", &request, "key").await;
        accepted(OperationKind::Refund, refunded.map(|a| a.value.refund_id));
        let sent = client.send_receipt("pi_1", &["a@example.com".to_owned()]).await;
        accepted(OperationKind::Receipt, sent.map(|_| None));
    });
}

/// No more of a card is ever known than its last four digits.
fn intent(intent: &PaymentIntent) {
    let card = intent.card();
    let digits = card.and_then(|card| card.last_four).unwrap_or_default();
    assert!(digits.chars().count() <= 4, "too much of a card: {digits}");
    let _read = (intent.authorised_at(), intent.auth_code(), intent.declines());
}

/// An answer alone never moves money in the ledger: Dojo's record has to show it.
fn accepted(kind: OperationKind, answer: Result<Option<String>, Failure>) {
    let answer = match answer {
        Ok(id) => Answer::Accepted { id },
        Err(failure) => {
            unclear(&failure);
            return;
        }
    };
    let outcome = judge(kind, &Baseline::default(), answer);
    match outcome.state {
        OperationState::Accepted => {
            assert!(
                outcome.dojo_id.is_some_and(|id| !id.trim().is_empty()),
                "accepted without an id"
            );
        }
        OperationState::Unknown => assert!(outcome.dojo_id.is_none()),
        OperationState::Succeeded => assert_eq!(kind, OperationKind::Receipt),
        other => panic!("a 200 became {other:?}"),
    }
}

fn unclear(failure: &Failure) {
    assert!(
        matches!(failure, Failure::Unknown { .. }),
        "a 200 is no {failure:?}"
    );
}

/// Any other status with any body. Only these prove that nothing happened, and only with Dojo's own
/// words, or a 401 with none.
pub(super) fn problems(bytes: &[u8]) {
    const REFUSALS: [u16; 6] = [400, 401, 403, 404, 405, 422];
    const OTHERS: [u16; 9] = [100, 302, 307, 408, 409, 429, 500, 503, 504];
    let problem = Problem::parse(bytes);
    if let Some(problem) = &problem {
        assert_eq!(
            problem.words(),
            problem.words().trim_end_matches('\0'),
            "no odd end"
        );
    }
    for status in REFUSALS.into_iter().chain(OTHERS) {
        let answer = wait(client(status, bytes).capture("pi_1", 1_000, None));
        let proves = REFUSALS.contains(&status) && (problem.is_some() || (status == 401 && bytes.is_empty()));
        match answer {
            Err(Failure::Rejected { .. }) => assert!(proves, "{status} proves nothing"),
            Err(Failure::Unknown { .. }) => assert!(!proves, "{status} is a refusal"),
            other => panic!("{status} became {other:?}"),
        }
    }
}

/// A page of a search.
pub(super) fn pages(bytes: &[u8]) {
    match wait(client(200, bytes).search(&SearchRequest::default())) {
        Ok(page) => page.value.data.iter().for_each(intent),
        Err(failure) => unclear(&failure),
    }
}
