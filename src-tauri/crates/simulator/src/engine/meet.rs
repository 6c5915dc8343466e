//! A request meets its fault.

use chrono::TimeDelta;
use serde_json::json;

use super::{
    Engine, bend,
    faults::Fault,
    message::{Delivery, Request, Response},
    problem::Problem,
};

impl Engine {
    /// Takes one request: its fault if one waits, the work, the log, the Date header.
    pub fn handle(&mut self, request: Request) -> Response {
        let fault = self.faults.take(operation(&request));
        let name = fault.as_ref().map(|fault| fault.fault.clone());
        let mut skew = None;
        let mut answer = match fault {
            None => self.work(&request, None),
            Some(fault) => {
                skew = Some(&fault)
                    .filter(|fault| fault.fault == "skewed-date")
                    .map(|fault| fault.delay.unwrap_or(600));
                self.meet(&request, &fault)
            }
        };
        if let Some(name) = name {
            tracing::debug!(fault = name, path = request.path, "a fault was met");
        }
        let skewed = skew.and_then(|seconds| self.now.checked_add_signed(TimeDelta::try_seconds(seconds)?));
        let date = skewed
            .unwrap_or(self.now)
            .format("%a, %d %b %Y %H:%M:%S GMT")
            .to_string();
        answer.headers.insert("date".to_owned(), date);
        answer
    }

    fn work(&mut self, request: &Request, fault: Option<&Fault>) -> Response {
        let answer = self.perform(request, fault);
        let name = fault.map(|fault| fault.fault.as_str());
        self.log(request, name, true, answer.status);
        answer
    }

    /// Marks the intent of a create whose answer nobody gets.
    fn orphan(&mut self, unseen: &Response) {
        if let Some(id) = unseen.value()["id"].as_str() {
            self.change(id, |intent, _, _| intent.is_orphan = true);
        }
    }

    /// The request never reaches the service.
    fn idle(&mut self, request: &Request, fault: &str, answer: Response) -> Response {
        self.log(request, Some(fault), false, answer.status);
        answer
    }

    fn meet(&mut self, request: &Request, fault: &Fault) -> Response {
        let name = fault.fault.as_str();
        let delay = fault.delay_or(30);
        let pause = fault
            .delay
            .and_then(|pause| u64::try_from(pause).ok())
            .unwrap_or(5);
        match name {
            "reset-before" => self.idle(request, name, sent(Response::empty(200), Delivery::Reset)),
            "stall-before" => self.idle(request, name, sent(Response::empty(200), Delivery::Stall)),
            "reset-after" => sent(self.work(request, Some(fault)), Delivery::Reset),
            "stall" => sent(self.work(request, Some(fault)), Delivery::Stall),
            "slow-drip" => sent(self.work(request, Some(fault)), Delivery::Drip { pause }),
            "cut-answer" => sent(
                self.work(request, Some(fault)),
                Delivery::Cut { byte: fault.byte },
            ),
            "redirect" => {
                let mut answer = html(307);
                answer.headers.insert(
                    "location".to_owned(),
                    format!("{}{}", self.base_url, request.path),
                );
                self.idle(request, name, answer)
            }
            "late" => {
                self.log(request, Some(name), false, 504);
                self.late.push((
                    self.now.checked_add_signed(delay).unwrap_or(self.now),
                    request.clone(),
                ));
                html(504)
            }
            "twice" => {
                let unseen = self.work(request, Some(fault));
                if operation(request) == "payment-intents" {
                    self.orphan(&unseen);
                }
                self.work(request, Some(fault))
            }
            "empty-200" => {
                self.work(request, Some(fault));
                Response::json(200, &json!({}))
            }
            "captures-missing" | "unknown-enum" | "search-reordered" | "events-missing" | "card-unknown"
            | "echo-missing" => bend::by_fault(name, self.work(request, Some(fault))),
            _ => self.meet_status(request, fault),
        }
    }

    /// `NNN`, `html-NNN`, `NNN-before` and `NNN-after`; anything else is only a mark for the work itself.
    fn meet_status(&mut self, request: &Request, fault: &Fault) -> Response {
        let name = fault.fault.as_str();
        let (code, after) = match name.split_once('-') {
            Some(("html", code)) => (code.parse().ok().map(html), false),
            Some((code, "before")) => (code.parse().ok().map(html), false),
            Some((code, "after")) => (code.parse().ok().map(html), true),
            None => {
                let trace = self.trace();
                (
                    name.parse()
                        .ok()
                        .map(|code| Problem::Plain(code, "").answer(&trace)),
                    false,
                )
            }
            Some(_) => (None, true),
        };
        match code {
            Some(mut answer) if !after => {
                if answer.status == 429 {
                    answer.headers.insert("retry-after".to_owned(), "2".to_owned());
                }
                self.idle(request, name, answer)
            }
            Some(answer) => {
                self.work(request, Some(fault));
                answer
            }
            None => self.work(request, Some(fault)),
        }
    }
}

fn sent(mut answer: Response, delivery: Delivery) -> Response {
    answer.delivery = delivery;
    answer
}

/// A page as a proxy writes it.
fn html(status: u16) -> Response {
    let words = match status {
        307 => "Temporary Redirect",
        401 => "Authorization Required",
        409 => "Conflict",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Time-out",
        _ => "Bad Request",
    };
    let page = format!("<html><body>{words}</body></html>\n");
    Response::new(status, "text/html", page.into_bytes())
}

/// The name under which faults are ordered.
pub(super) fn operation(request: &Request) -> &str {
    let mut parts = request.path.trim_matches('/').split('/');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("payment-intents"), None, _) => "payment-intents",
        (Some("payment-intents"), Some("search"), None) => "search",
        (Some("payment-intents"), Some("refunds"), Some(_)) => "get-refund",
        (Some("payment-intents"), Some(_), Some(last)) => last,
        (Some("payment-intents"), Some(_), None) if request.method == "DELETE" => "cancel",
        (Some("payment-intents"), Some(_), None) => "get",
        _ => "unknown",
    }
}
