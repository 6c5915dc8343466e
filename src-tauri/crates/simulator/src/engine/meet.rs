//! A request meets its fault.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{
    Engine,
    faults::Fault,
    intent::CaptureStatus,
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

    fn work(&mut self, request: &Request, fault: Option<&str>) -> Response {
        let answer = self.perform(request, fault);
        self.log(request, fault, true, answer.status);
        answer
    }

    /// The request never reaches the service.
    fn idle(&mut self, request: &Request, fault: &str, answer: Response) -> Response {
        self.log(request, Some(fault), false, answer.status);
        answer
    }

    fn meet(&mut self, request: &Request, fault: &Fault) -> Response {
        let name = fault.fault.as_str();
        let delay = TimeDelta::try_seconds(fault.delay.unwrap_or(30)).unwrap_or_else(TimeDelta::zero);
        let pause = fault
            .delay
            .and_then(|pause| u64::try_from(pause).ok())
            .unwrap_or(5);
        match name {
            "reset-before" => self.idle(request, name, sent(Response::empty(200), Delivery::Reset)),
            "stall-before" => self.idle(request, name, sent(Response::empty(200), Delivery::Stall)),
            "reset-after" => sent(self.work(request, Some(name)), Delivery::Reset),
            "stall" => sent(self.work(request, Some(name)), Delivery::Stall),
            "slow-drip" => sent(self.work(request, Some(name)), Delivery::Drip { pause }),
            "cut-answer" => sent(self.work(request, Some(name)), Delivery::Cut { byte: fault.byte }),
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
                self.work(request, Some(name));
                self.work(request, Some(name))
            }
            "empty-200" => {
                self.work(request, Some(name));
                Response::json(200, &json!({}))
            }
            "capture-declined-later" | "capture-failed-later" => {
                let fate = if name.contains("declined") {
                    CaptureStatus::Declined
                } else {
                    CaptureStatus::Failed
                };
                self.capture_fate = Some((delay, fate));
                let answer = self.work(request, Some(name));
                self.capture_fate = None;
                answer
            }
            "captures-missing" | "unknown-enum" | "search-reordered" => {
                bend(name, self.work(request, Some(name)))
            }
            _ => self.meet_status(request, name),
        }
    }

    /// `NNN`, `html-NNN`, `NNN-before` and `NNN-after`; anything else is only a mark for the work itself.
    fn meet_status(&mut self, request: &Request, name: &str) -> Response {
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
                self.work(request, Some(name));
                answer
            }
            None => self.work(request, Some(name)),
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

/// Changes an answer on its way back.
fn bend(name: &str, mut answer: Response) -> Response {
    let mut body = answer.value();
    let bend_one = |intent: &mut Value| {
        let Some(map) = intent.as_object_mut() else { return };
        if name == "captures-missing" {
            map.remove("captures");
        } else if name == "unknown-enum" && map.contains_key("status") && map.contains_key("captureMode") {
            map.insert("status".to_owned(), json!("UnderReview"));
        }
    };
    match body.get_mut("data").and_then(Value::as_array_mut) {
        Some(data) if name == "search-reordered" => data.reverse(),
        Some(data) => data.iter_mut().for_each(bend_one),
        None => bend_one(&mut body),
    }
    if answer.status == 200 {
        answer.body = body.to_string().into_bytes();
    }
    answer
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
