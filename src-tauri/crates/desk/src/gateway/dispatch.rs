//! The one POST of an operation, and what its answer proves.

use crate::ErrorCode;
use crate::context::till::Ticket;
use crate::gateway::Gateway;
use crate::gateway::failures::{lost, refused, unsent};
use holdfast_dojo::{self as dojo, Failure};
use holdfast_domain::{Answer, Hold, NoAnswer, Operation, OperationKind};

impl Gateway {
    /// Sends `operation` once. Creating has its own way in, for it needs the whole tab.
    pub(crate) async fn send(&self, hold: &Hold, operation: &Operation, ticket: Ticket) -> Answer {
        let Some(id) = hold.intent_id.as_deref() else {
            return Answer::NotSent {
                why: NoAnswer::NoIntent,
            };
        };
        if let Some(why) = self.barred().await {
            return Answer::NotSent { why };
        }
        let client = self.dojo.until(self.context.until(ticket));
        let money = |minor| dojo::Money::new(minor, hold.currency.code());
        match operation.kind {
            OperationKind::Create => Answer::NotSent {
                why: NoAnswer::OpenedElsewhere,
            },
            OperationKind::Capture => {
                let tip = (operation.tip > 0).then_some(operation.tip);
                self.sort(client.capture(id, operation.amount, tip).await, |c| c.capture_id)
            }
            OperationKind::Reversal => self.sort(client.reverse(id).await, |r| r.reversal_id),
            OperationKind::Cancel => self.sort(client.cancel(id).await, |_| None),
            OperationKind::Refund => {
                let request = dojo::RefundRequest {
                    amount: operation.amount,
                    reason: operation.reason.clone(),
                    notes: None,
                };
                let key = operation.id.to_string();
                self.sort(client.refund(id, &request, &key).await, |r| r.refund_id)
            }
            OperationKind::SetAmount => {
                self.sort(client.set_amount(id, &money(operation.amount)).await, |_| None)
            }
            OperationKind::SetTips => self.sort(client.set_tips(id, &money(operation.tip)).await, |_| None),
            OperationKind::Receipt => {
                let emails: Vec<String> = operation.reason.iter().cloned().collect();
                self.sort(client.send_receipt(id, &emails).await, |()| None)
            }
        }
    }

    /// Asks Dojo for a new intent, once; with the intent where Dojo made one, and when Dojo says that it did.
    pub(crate) async fn create(
        &self,
        request: &dojo::CreatePaymentIntent,
        ticket: Ticket,
    ) -> (Answer, Option<dojo::Dated<dojo::PaymentIntent>>) {
        if let Some(why) = self.barred().await {
            return (Answer::NotSent { why }, None);
        }
        let client = self.dojo.until(self.context.until(ticket));
        let answer = client.create(request).await;
        let server_date = answer.as_ref().ok().and_then(|answer| answer.server_date);
        let mut intent = None;
        let sorted = self.sort(answer, |value| {
            let id = value.id.clone();
            intent = Some(dojo::Dated { value, server_date });
            id
        });
        (sorted, intent)
    }

    /// Why nothing may be sent under this key, or not yet.
    async fn barred(&self) -> Option<NoAnswer> {
        let error = self.refuse_key_of_another().await.err()?;
        tracing::warn!(%error, "nothing is sent under this key");
        Some(match error.code {
            ErrorCode::NotAllowed => NoAnswer::Unsendable,
            ErrorCode::NotSent
            | ErrorCode::Unclear
            | ErrorCode::Rejected
            | ErrorCode::Unauthorised
            | ErrorCode::Ledger
            | ErrorCode::Invalid
            | ErrorCode::NotFound
            | ErrorCode::Changed
            | ErrorCode::Unconfirmed
            | ErrorCode::KeyStore
            | ErrorCode::Internal => NoAnswer::Unreachable,
        })
    }

    /// Sorts an answer by what it proves.
    fn sort<T>(
        &self,
        answer: Result<dojo::Dated<T>, Failure>,
        id: impl FnOnce(T) -> Option<String>,
    ) -> Answer {
        match answer {
            Ok(answer) => {
                self.heard(answer.server_date);
                Answer::Accepted { id: id(answer.value) }
            }
            Err(failure) => self.sort_failure(failure),
        }
    }

    fn sort_failure(&self, failure: Failure) -> Answer {
        let obstacle = failure.obstacle();
        match failure {
            Failure::NotSent { why } => {
                self.heard_unsent(why, obstacle);
                Answer::NotSent { why: unsent(why) }
            }
            Failure::Rejected {
                status,
                problem,
                server_date,
            } => {
                self.heard_refusal(status, server_date);
                Answer::Refused {
                    why: refused(status, &problem.words()),
                }
            }
            Failure::Unknown { why, server_date, .. } => {
                let is_dojo = server_date.is_some() && obstacle.is_none();
                self.heard_by(server_date.filter(|_| is_dojo), is_dojo, obstacle);
                Answer::Unclear { why: lost(why) }
            }
        }
    }
}
