//! Refusals in every dress that Dojo and the gateways before it give them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod fake;

use fake::{Fake, body};
use holdfast_dojo::{Failure, Lost, Problem};

/// A capture, for it is what must not be judged wrongly.
async fn refused(status: u16, answer: impl Into<Vec<u8>>) -> Failure {
    let (client, fake) = Fake::client(status, answer);
    let failure = client.capture("pi_1", 100, None).await.unwrap_err();
    fake.only_request();
    failure
}

fn problem(failure: Failure) -> Problem {
    let Failure::Rejected { problem, .. } = failure else {
        panic!("{failure:?}");
    };
    problem
}

#[tokio::test]
async fn dojo_says_why_and_its_words_reach_people() {
    for (status, example, words) in [
        (400, "400-validation", "The Reference field is required."),
        (
            400,
            "400-autoexpire",
            "The timestamp value must be more than 30 seconds and less than 7 days.",
        ),
        (
            400,
            "400-pascalcase",
            "Your refund request was not successful. Status: Failed.",
        ),
        (401, "401", "Unauthorized"),
        (404, "404", "Payment intent not found"),
        (405, "405-tips", "Tips are not allowed on payment intent"),
        (
            422,
            "422-cancel",
            "the status of the terminal session doesn't allow it to be canceled",
        ),
    ] {
        let failure = refused(status, body(&format!("20-error-{example}.json"))).await;
        assert_eq!(failure.to_string(), format!("refused ({status}): {words}"));
        assert_eq!(problem(failure).words(), words, "{example}");
    }
}

#[tokio::test]
async fn the_fields_and_the_trace_are_kept_for_dojos_support() {
    let problem = problem(refused(400, body("20-error-400-validation.json")).await);
    assert_eq!(problem.errors["Reference"], ["The Reference field is required."]);
    let trace = "00-a405f077df056a498323ffbcec05923f-aa63e6f4dbbc734a-01";
    assert_eq!(problem.trace_id.as_deref(), Some(trace));
}

#[tokio::test]
async fn any_case_and_any_part_of_a_problem_will_do() {
    for (answer, words) in [
        (
            r#"{"Errors":{"Amount.Value":["Too much."],"Reference":"Missing."}}"#,
            "Too much. Missing.",
        ),
        (
            r#"{"errors":{},"detail":"In words","title":"In short"}"#,
            "In words",
        ),
        (r#"{"errors":null,"detail":null,"TITLE":"In short"}"#, "In short"),
        (r#"{"errors":["odd"],"detail":7,"title":"In short"}"#, "In short"),
        (
            r#"{"errors":{"Amount":[""]},"detail":" ","title":"In short"}"#,
            "In short",
        ),
        (r#"{"status":400}"#, ""),
        (r"{}", ""),
    ] {
        assert_eq!(problem(refused(400, answer).await).words(), words, "{answer}");
    }
}

#[tokio::test]
async fn a_key_that_is_refused_without_a_word_is_still_a_refusal() {
    let failure = refused(401, "").await;
    assert!(
        matches!(failure, Failure::Rejected { status: 401, .. }),
        "{failure:?}"
    );
    let words = failure.to_string();
    assert_eq!(words, "refused (401)");
}

#[tokio::test]
async fn what_dojo_did_not_say_proves_nothing() {
    let html = body("20-error-502.html");
    for status in [400, 401, 403, 404, 405, 422] {
        for answer in [
            html.clone(),
            b"\"text\"".to_vec(),
            b"[]".to_vec(),
            b"{\"detail\":".to_vec(),
        ] {
            let failure = refused(status, answer.clone()).await;
            let Failure::Unknown { why, .. } = failure else {
                panic!("{status}: {failure:?}");
            };
            let is_page = answer == html;
            let expected = if is_page {
                Lost::Page
            } else {
                Lost::NotDojos(status)
            };
            assert_eq!(why, expected);
        }
    }
    for status in [400, 403, 404, 405, 422] {
        let failure = refused(status, "").await;
        assert!(matches!(failure, Failure::Unknown { .. }), "{failure:?}");
    }
}

#[tokio::test]
async fn conflicts_limits_and_breakdowns_are_unclear_whatever_their_body_says() {
    let conflict = body("20-error-409-capture.json");
    let busy = body("20-error-409-terminal-busy.json");
    let html = body("20-error-502.html");
    let problem = body("20-error-400-validation.json");
    for (status, answer) in [
        (409, conflict.clone()),
        (409, busy),
        (502, html),
        (100, vec![]),
        (101, vec![]),
        (302, vec![]),
        (307, problem.clone()),
        (402, problem.clone()),
        (408, problem.clone()),
        (410, problem.clone()),
        (425, problem.clone()),
        (429, problem.clone()),
        (499, problem.clone()),
        (500, problem.clone()),
        (503, vec![]),
        (504, problem),
        (599, conflict),
    ] {
        let failure = refused(status, answer).await;
        let Failure::Unknown {
            status: seen,
            server_date,
            why,
            ..
        } = failure
        else {
            panic!("{status}: {failure:?}");
        };
        assert_eq!(seen, Some(status));
        assert!(server_date.is_some(), "the Date of {status} tells Dojo's clock");
        let expected = match status {
            409 => Lost::Conflict,
            300..=399 => Lost::Redirected(status),
            _ => Lost::Status(status),
        };
        assert_eq!(why, expected);
    }
}
