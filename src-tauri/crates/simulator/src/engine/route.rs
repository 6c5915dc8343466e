//! The door and the way to each operation.

use chrono::NaiveDate;

use super::{
    Call, Engine,
    faults::Fault,
    intent::Status,
    message::{Request, Response},
    problem::Problem,
};

impl Engine {
    /// Does the work of one request. A few faults change how the work itself is done.
    pub(super) fn perform(&mut self, request: &Request, fault: Option<&Fault>) -> Response {
        let result = self.door(request, fault).and_then(|call| self.route(&call));
        match result {
            Ok(answer) => answer,
            Err(problem) => {
                let trace = self.trace();
                problem.answer(&trace)
            }
        }
    }

    fn door<'a>(&self, request: &'a Request, fault: Option<&'a Fault>) -> Result<Call<'a>, Problem> {
        let key = request
            .headers
            .get("authorization")
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Basic"))
            .map(|(_, key)| key);
        if !key.is_some_and(|key| {
            key.trim().len() > "sk_sandbox_".len() && key.trim().starts_with("sk_sandbox_")
        }) {
            return Err(Problem::Plain(401, ""));
        }
        let first = NaiveDate::from_ymd_opt(2022, 4, 7);
        let strict = NaiveDate::from_ymd_opt(2024, 2, 5);
        let version = request
            .headers
            .get("version")
            .ok_or_else(|| Problem::field("Version", "The Version header is required."))?;
        // Any date is taken and means the version in force then.
        let version = NaiveDate::parse_from_str(version.trim(), "%Y-%m-%d")
            .ok()
            .filter(|date| Some(*date) >= first);
        let version =
            version.ok_or_else(|| Problem::field("Version", "The Version header is not a known version."))?;
        Ok(Call {
            request,
            version,
            strict: Some(version) >= strict,
            fault,
        })
    }

    fn route(&mut self, call: &Call) -> Result<Response, Problem> {
        let parts: Vec<&str> = call.request.path.trim_matches('/').split('/').collect();
        match (call.request.method.as_str(), parts.as_slice()) {
            ("POST", ["payment-intents"]) => self.create(call),
            ("POST", ["payment-intents", "search"]) => self.search(call),
            ("GET", ["payment-intents", "refunds", id]) => self.get_refund(id),
            ("GET", ["payment-intents", id]) => self.get(call, id),
            ("DELETE", ["payment-intents", id]) => self.cancel(call, id),
            ("POST", ["payment-intents", id, "captures"]) => self.capture(call, id),
            ("POST", ["payment-intents", id, "reversal"]) => self.reverse(id),
            ("POST", ["payment-intents", id, "refunds"]) => self.refund(call, id),
            ("POST", ["payment-intents", id, "amount"]) => self.set_amount(call, id),
            ("POST", ["payment-intents", id, "tips-amount"]) => self.set_tips(call, id),
            ("POST", ["payment-intents", id, "receipt"]) => self.receipt(call, id),
            ("POST", ["payment-intents", id, "refresh-client-session-secret"]) => self.refresh_secret(id),
            (_, ["payment-intents", ..]) => Err(Problem::Plain(405, "")),
            _ => Err(Problem::Plain(404, "")),
        }
    }

    fn get(&mut self, call: &Call, id: &str) -> Result<Response, Problem> {
        let intent = self.find(id)?;
        let is_stale = call.meets("stale-get");
        let intent = intent.earlier.as_deref().filter(|_| is_stale).unwrap_or(intent);
        // `returnCanceled` came with 2024-02-05.
        let wanted = call.request.query.iter().any(|(name, value)| {
            name.eq_ignore_ascii_case("returnCanceled") && value.eq_ignore_ascii_case("true")
        });
        if intent.status == Status::Canceled && !(wanted && call.strict) {
            return Err(Problem::Plain(404, "Payment intent not found"));
        }
        Ok(Response::json(200, &self.show(intent)))
    }
}
