use super::*;
use holdfast_domain::TabId;
use holdfast_ledger_conformance::sample::{hold, now, seen};
use serde_json::{Value, json};
use uuid::Uuid;

/// What a reading in this status and with these captures shows of a hold of 100.00 that was known so.
fn read(before: Option<Snapshot>, status: &str, captures: &Value) -> Option<Snapshot> {
    let answer = json!({
        "id": "pi_1",
        "status": status,
        "captureMode": "Manual",
        "amount": { "value": 10_000, "currencyCode": "GBP" },
        "captures": captures,
    });
    let moment = Moment {
        at: now(),
        last_read: None,
    };
    let known = Hold {
        seen: before,
        ..hold(TabId(Uuid::nil()))
    };
    snapshot(&known, &serde_json::from_value(answer).unwrap(), moment)
}

fn taken(amount: i64, tip: i64) -> Value {
    json!([{ "id": "cp_1", "status": "Successful", "amount": amount, "tipsAmount": tip }])
}

#[test]
fn a_capture_below_zero_makes_no_sense_of_either_part() {
    let sum = |amount, tip| {
        Some(
            read(None, "Authorized", &taken(amount, tip))?
                .captures
                .first()?
                .total(),
        )
    };
    assert_eq!(sum(4_000, 500), Some(4_500));
    assert_eq!(sum(0, 0), Some(0));
    assert_eq!((sum(-1, 500), sum(4_000, -1), sum(-1, -1)), (None, None, None));
}

#[test]
fn a_word_that_nobody_knows_takes_nothing_back_that_was_taken() {
    let unknown = |id| json!({ "id": id, "status": "Parked", "amount": 1_000 });
    let before = seen(IntentStatus::Authorized, &[1_000]);
    let after = read(
        Some(before),
        "Authorized",
        &json!([unknown("cp_1"), unknown("cp_2")]),
    );
    let captures = after.map(|seen| seen.captures).unwrap_or_default();
    let status: Vec<CaptureStatus> = captures.iter().map(|capture| capture.status).collect();
    assert_eq!(status, [CaptureStatus::Successful, CaptureStatus::Unknown]);
}

#[test]
fn a_word_that_nobody_knows_holds_nothing_that_was_released() {
    let authorised = |before| {
        let after = read(Some(seen(before, &[])), "Parked", &json!([]));
        after.and_then(|seen| seen.authorised_at)
    };
    assert_eq!(authorised(IntentStatus::Reversed), None);
    assert_eq!(authorised(IntentStatus::Canceled), None);
    assert_eq!(authorised(IntentStatus::Authorized), Some(now()));
}
