//! Names of fields: camelCase in the schema, PascalCase in errors, either in requests.

use serde_json::Value;

/// `amount` for `Amount`: .NET reads either.
fn lower(name: &str) -> String {
    let mut letters = name.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// `Amount` for `amount`: how errors name a field.
pub(super) fn pascal(name: &str) -> String {
    let mut letters = name.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Lowers names throughout, but not the merchant's own ones in `metadata`.
pub(super) fn normalise(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let entries = map.into_iter().map(|(name, value)| {
                let name = lower(&name);
                let value = if name == "metadata" {
                    value
                } else {
                    normalise(value)
                };
                (name, value)
            });
            Value::Object(entries.collect())
        }
        Value::Array(items) => items.into_iter().map(normalise).collect(),
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => plain,
    }
}

/// The names that objects inside a body may have. Only those listed are checked.
pub(super) fn inner_names(name: &str) -> Option<&'static [&'static str]> {
    Some(match name {
        "amount" | "tipsAmount" | "serviceChargeAmount" | "cashbackAmount" => &["value", "currencyCode"],
        "config" => &[
            "redirectUrl",
            "cancelUrl",
            "customerEmail",
            "details",
            "billingAddress",
            "shippingDetails",
            "payment",
            "title",
        ],
        "payment" => &["customAmountAllowed", "tipsAllowed"],
        "cursor" => &["limit", "before", "after"],
        "customer" => &["id", "emailAddress", "phoneNumber", "secret", "savedCardId"],
        _ => return None,
    })
}
