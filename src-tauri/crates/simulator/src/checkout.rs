//! The guest's page: opened on a phone from a link or a QR code.

use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    engine::NotPayable,
    page,
    shared::{Shared, broken},
};

/// What the page sends: the card that was tapped.
#[derive(Deserialize)]
pub(crate) struct Tapped {
    card: String,
}

pub(crate) async fn show(State(shared): State<Shared>, Path(id): Path<String>) -> Response {
    match shared.with(|engine| engine.intent(&id).map(page::intent)) {
        Ok(Some(page)) => Html(page).into_response(),
        Ok(None) => missing(),
        Err(error) => broken(&error),
    }
}

/// Pays, then sends the browser back to the page, so that a reload does not pay again.
pub(crate) async fn pay(
    State(shared): State<Shared>,
    Path(id): Path<String>,
    Form(tapped): Form<Tapped>,
) -> Response {
    match shared.with(|engine| engine.pay(&id, &tapped.card)) {
        Ok(Err(NotPayable::Unknown)) => missing(),
        Ok(_) => Redirect::to(&format!("/checkout/{id}")).into_response(),
        Err(error) => broken(&error),
    }
}

fn missing() -> Response {
    (
        StatusCode::NOT_FOUND,
        Html(page::plain("This payment link is not known.")),
    )
        .into_response()
}
