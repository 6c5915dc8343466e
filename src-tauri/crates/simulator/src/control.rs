//! The control surface beside the API: pay, wind the clock, order faults, see the truth.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    engine::{BY_NAME, Chaos, Engine, FAULTS, Fault, NotPayable, Switches, is_fault, timespan},
    shared::{Shared, broken},
};

/// Every control answers JSON, whatever became of it.
fn answer(shared: &Shared, work: impl FnOnce(&mut Engine) -> (StatusCode, Value)) -> Response {
    match shared.with(work) {
        Ok((status, body)) => (status, Json(body)).into_response(),
        Err(error) => broken(&error),
    }
}

fn refuse(text: impl Into<String>) -> (StatusCode, Value) {
    (StatusCode::BAD_REQUEST, json!({"error": text.into()}))
}

/// A refusal before the engine was asked.
fn refusal(text: impl Into<String>) -> Response {
    let (status, body) = refuse(text);
    (status, Json(body)).into_response()
}

fn read(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or(Value::Null)
}

pub(crate) async fn pay(State(shared): State<Shared>, Path(id): Path<String>, body: Bytes) -> Response {
    let body = read(&body);
    answer(&shared, |engine| {
        match engine.pay(&id, body["card"].as_str().unwrap_or("5200000000001005")) {
            Ok(outcome) => (StatusCode::OK, json!({"outcome": outcome})),
            Err(NotPayable::Unknown) => (StatusCode::NOT_FOUND, json!({"error": "no such payment intent"})),
            Err(NotPayable::Card) => refuse("no such test card"),
            Err(NotPayable::Closed) => (StatusCode::CONFLICT, json!({"error": "it can no longer be paid"})),
        }
    })
}

pub(crate) async fn clock(State(shared): State<Shared>) -> Response {
    answer(&shared, |engine| (StatusCode::OK, json!({"now": engine.now()})))
}

pub(crate) async fn wind(State(shared): State<Shared>, body: Bytes) -> Response {
    let body = read(&body);
    let Some(by) = body["advance"].as_str().and_then(timespan::parse) else {
        return refusal("advance is an interval such as 5.00:00:00");
    };
    match shared.wind_on(by) {
        Ok(()) => answer(&shared, |engine| (StatusCode::OK, json!({"now": engine.now()}))),
        Err(error) => refusal(error.to_string()),
    }
}

pub(crate) async fn faults(State(shared): State<Shared>) -> Response {
    answer(&shared, |engine| {
        let known = [FAULTS, BY_NAME].concat();
        (
            StatusCode::OK,
            json!({"planned": engine.planned_faults(), "known": known}),
        )
    })
}

pub(crate) async fn plan(State(shared): State<Shared>, body: Bytes) -> Response {
    let body = read(&body);
    if body.get("seed").is_some() {
        return match serde_json::from_value::<Chaos>(body) {
            Ok(chaos) if chaos.faults.iter().all(|name| is_fault(name)) => answer(&shared, |engine| {
                engine.unleash(chaos);
                (StatusCode::OK, json!({}))
            }),
            Ok(_) => refusal("no such fault"),
            Err(error) => refusal(error.to_string()),
        };
    }
    match serde_json::from_value::<Fault>(body) {
        Ok(fault) if is_fault(&fault.fault) && fault.times > 0 => answer(&shared, |engine| {
            engine.plan_fault(fault);
            (StatusCode::OK, json!({"planned": engine.planned_faults()}))
        }),
        Ok(_) => refusal("no such fault, or no times"),
        Err(error) => refusal(error.to_string()),
    }
}

pub(crate) async fn clear(State(shared): State<Shared>) -> Response {
    answer(&shared, |engine| {
        engine.clear_faults();
        (StatusCode::OK, json!({}))
    })
}

pub(crate) async fn switches(State(shared): State<Shared>) -> Response {
    answer(&shared, |engine| (StatusCode::OK, json!(engine.state().switches)))
}

/// Those left out keep their position.
pub(crate) async fn set_switches(State(shared): State<Shared>, body: Bytes) -> Response {
    let Value::Object(given) = read(&body) else {
        return refusal("switches are a JSON object");
    };
    answer(&shared, |engine| {
        let mut all = json!(engine.state().switches);
        if let Some(map) = all.as_object_mut() {
            map.extend(given);
        }
        match serde_json::from_value::<Switches>(all) {
            Ok(switches) => {
                engine.set_switches(switches);
                (StatusCode::OK, json!(engine.state().switches))
            }
            Err(error) => refuse(error.to_string()),
        }
    })
}

pub(crate) async fn truth(State(shared): State<Shared>) -> Response {
    answer(&shared, |engine| (StatusCode::OK, engine.truth()))
}
