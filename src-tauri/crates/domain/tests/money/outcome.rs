//! What an answer means: a line for every kind of operation and every kind of answer.

use super::KINDS;
use holdfast_domain::{Answer, Baseline, Detail, Judgement, NoAnswer, OperationKind, OperationState, judge};

fn baseline() -> Baseline {
    Baseline {
        captures: vec!["cp_1".to_owned()],
        refunded: 0,
    }
}

fn accepted(kind: OperationKind, id: Option<&str>) -> Judgement {
    let id = id.map(str::to_owned);
    judge(kind, &baseline(), Answer::Accepted { id })
}

#[test]
fn what_is_no_acceptance_means_the_same_for_all() {
    let (unsent, lost) = (NoAnswer::ConnectionRefused, NoAnswer::Status(502));
    let why = || "words".to_owned();
    for kind in KINDS {
        let cases = [
            (
                Answer::NotSent { why: unsent },
                OperationState::NotSent,
                Detail::NoAnswer(unsent),
            ),
            (
                Answer::Refused {
                    why: Detail::Dojo(why()),
                },
                OperationState::Rejected,
                Detail::Dojo(why()),
            ),
            (
                Answer::Unclear { why: lost },
                OperationState::Unknown,
                Detail::NoAnswer(lost),
            ),
        ];
        for (answer, state, detail) in cases {
            let outcome = judge(kind, &baseline(), answer);
            assert_eq!((outcome.state, outcome.dojo_id), (state, None), "{kind:?}");
            assert_eq!(outcome.detail, Some(detail), "{kind:?}");
        }
    }
}

#[test]
fn an_acceptance_counts_with_a_number_that_is_new() {
    use OperationKind::{Capture, Create, Refund, Reversal};
    for kind in [Create, Capture, Reversal, Refund] {
        let new = accepted(kind, Some("cp_2"));
        assert_eq!(new.state, OperationState::Accepted, "{kind:?}");
        assert_eq!(
            (new.dojo_id.as_deref(), new.detail),
            (Some("cp_2"), None),
            "{kind:?}"
        );
        for (id, why) in [
            (Some("cp_1"), Detail::EarlierCapture),
            (Some(" "), Detail::NoNumber),
            (Some(""), Detail::NoNumber),
            (None, Detail::NoNumber),
        ] {
            let unclear = accepted(kind, id);
            let state = (unclear.state, unclear.dojo_id);
            assert_eq!(state, (OperationState::Unknown, None), "{kind:?} {id:?}");
            assert_eq!(unclear.detail, Some(why), "{kind:?} {id:?}");
        }
    }
}

#[test]
fn what_has_no_number_of_its_own_needs_none() {
    use OperationKind::{Cancel, Receipt, SetAmount, SetTips};
    for kind in [Cancel, SetAmount, SetTips] {
        let outcome = accepted(kind, Some("pi_1"));
        assert_eq!(
            (outcome.state, outcome.dojo_id),
            (OperationState::Accepted, None),
            "{kind:?}"
        );
    }
    assert_eq!(accepted(Receipt, None).state, OperationState::Succeeded);
}
