//! Every address that the simulator answers.

use std::{collections::BTreeMap, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{ConnectInfo, FromRef, Query, Request as HttpRequest, State},
    http::{HeaderName, HeaderValue, StatusCode},
    middleware::from_fn_with_state,
    response::{IntoResponse, Response as HttpResponse},
    routing::{get, post},
};

use percent_encoding::percent_decode_str;

use crate::{
    checkout, control,
    engine::{Delivery, Request, Response},
    gate::{Gate, keep},
    shared::{Shared, broken},
    wire::Wire,
};

const LARGEST_BODY: usize = 1 << 20;

/// How long a sender may take over a body.
const LONGEST_BODY: Duration = Duration::from_secs(30);

/// The control surface, the guest's page, and the API for everything else.
pub(crate) fn router(shared: Shared, gate: Gate) -> Router {
    Router::new()
        .route("/_simulator/pay/{id}", post(control::pay))
        .route("/_simulator/clock", get(control::clock).post(control::wind))
        .route(
            "/_simulator/faults",
            get(control::faults).post(control::plan).delete(control::clear),
        )
        .route(
            "/_simulator/switches",
            get(control::switches).put(control::set_switches),
        )
        .route("/_simulator/truth", get(control::truth))
        .route("/checkout/{id}", get(checkout::show).post(checkout::pay))
        .fallback(api)
        .with_state(Api {
            shared,
            gate: gate.clone(),
        })
        .layer(from_fn_with_state(gate, keep))
}

/// What the API stands on; the other addresses need the engine alone.
#[derive(Clone)]
struct Api {
    shared: Shared,
    gate: Gate,
}

impl FromRef<Api> for Shared {
    fn from_ref(api: &Api) -> Self {
        api.shared.clone()
    }
}

async fn api(
    State(Api { shared, gate }): State<Api>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    Query(query): Query<BTreeMap<String, String>>,
    request: HttpRequest,
) -> HttpResponse {
    let (head, body) = request.into_parts();
    if !gate.lets_in(&head.headers) {
        // Nothing of it is kept: anybody may send anything.
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let body = match tokio::time::timeout(LONGEST_BODY, to_bytes(body, LARGEST_BODY)).await {
        Ok(Ok(body)) => body,
        Ok(Err(error)) if is_too_long(&error) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Ok(Err(_)) => return StatusCode::BAD_REQUEST.into_response(),
        Err(_) => return StatusCode::REQUEST_TIMEOUT.into_response(),
    };
    let headers = head.headers.iter().map(|(name, value)| {
        (
            name.as_str().to_owned(),
            String::from_utf8_lossy(value.as_bytes()).into_owned(),
        )
    });
    let request = Request {
        method: head.method.as_str().to_owned(),
        path: percent_decode_str(head.uri.path())
            .decode_utf8_lossy()
            .into_owned(),
        query,
        headers: headers.collect(),
        body: body.to_vec(),
    };
    let answered = shared.with(|engine| engine.handle(request));
    shared.travel().await;
    match answered {
        Ok(answer) => {
            if answer.delivery == Delivery::Stall {
                shared.closed().await;
            }
            wire.deliver(answer.delivery);
            written(answer)
        }
        Err(error) => {
            // A service that is gone breaks connections; it does not explain itself.
            wire.deliver(Delivery::Reset);
            broken(&error)
        }
    }
}

/// Whether a body is longer than is read, and not broken.
fn is_too_long(error: &axum::Error) -> bool {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = next {
        if error.to_string().contains("length limit exceeded") {
            return true;
        }
        next = error.source();
    }
    false
}

fn written(answer: Response) -> HttpResponse {
    let mut response = HttpResponse::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
