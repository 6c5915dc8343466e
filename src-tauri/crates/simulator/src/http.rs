//! Every address that the simulator answers.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{ConnectInfo, Query, Request as HttpRequest, State},
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response as HttpResponse},
    routing::{get, post},
};

use crate::{
    checkout, control,
    engine::{Delivery, Request, Response},
    server::Shared,
    wire::Wire,
};

const LARGEST_BODY: usize = 1 << 20;

/// The control surface, the guest's page, and the API for everything else.
pub(crate) fn router(shared: Shared) -> Router {
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
        .with_state(shared)
}

/// An answer for when the simulator itself is broken; it names no cause, the log does.
pub(crate) fn broken(error: &anyhow::Error) -> HttpResponse {
    tracing::error!(%error, "the simulator's state could not be kept");
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        "The simulator could not keep its state.",
    )
        .into_response()
}

async fn api(
    State(shared): State<Shared>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    Query(query): Query<BTreeMap<String, String>>,
    request: HttpRequest,
) -> HttpResponse {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let headers = head.headers.iter().map(|(name, value)| {
        (
            name.as_str().to_owned(),
            String::from_utf8_lossy(value.as_bytes()).into_owned(),
        )
    });
    let request = Request {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
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
