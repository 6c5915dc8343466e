//! What an answer means. A total function: every answer has its line here.

use crate::{Baseline, Detail, NoAnswer, OperationKind, OperationState};

/// The answer to the one POST, sorted by what it proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It failed before a byte of the request was handed over.
    NotSent {
        /// What kept it from leaving.
        why: NoAnswer,
    },
    /// 2xx with a body that could be read.
    Accepted {
        /// The id in it, if any.
        id: Option<String>,
    },
    /// A refusal with Dojo's problem body.
    Refused {
        /// What Dojo said against it.
        why: Detail,
    },
    /// Everything else: it may or may not have happened.
    Unclear {
        /// What was seen.
        why: NoAnswer,
    },
}

/// Where the operation stands after its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Its new state.
    pub state: OperationState,
    /// Dojo's id, when the answer gave a usable one.
    pub dojo_id: Option<String>,
    /// Why, where there is anything to say.
    pub detail: Option<Detail>,
}

/// Judges an answer. Success is only ever declared by Dojo's record, except where an answer is
/// the record itself (a receipt's 204).
pub fn judge(kind: OperationKind, baseline: &Baseline, answer: Answer) -> Judgement {
    let outcome = |state, dojo_id, detail| Judgement {
        state,
        dojo_id,
        detail,
    };
    match answer {
        Answer::NotSent { why } => outcome(OperationState::NotSent, None, Some(Detail::NoAnswer(why))),
        Answer::Refused { why } => outcome(OperationState::Rejected, None, Some(why)),
        Answer::Unclear { why } => outcome(OperationState::Unknown, None, Some(Detail::NoAnswer(why))),
        Answer::Accepted { id } => match kind {
            OperationKind::Receipt => outcome(OperationState::Succeeded, None, None),
            OperationKind::SetAmount | OperationKind::SetTips | OperationKind::Cancel => {
                outcome(OperationState::Accepted, None, None)
            }
            OperationKind::Create
            | OperationKind::Capture
            | OperationKind::Reversal
            | OperationKind::Refund => match id.filter(|id| !id.trim().is_empty()) {
                Some(id) if !baseline.captures.contains(&id) => {
                    outcome(OperationState::Accepted, Some(id), None)
                }
                Some(_) => outcome(OperationState::Unknown, None, Some(Detail::EarlierCapture)),
                None => outcome(OperationState::Unknown, None, Some(Detail::NoNumber)),
            },
        },
    }
}
