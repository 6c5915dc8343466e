//! What a request tells Dojo for this program alone: of which tab and hold it is, so that another PC can bring it in.

use chrono::NaiveDate;
use holdfast_dojo::PaymentIntent;
use holdfast_domain::{Hold, HoldId, JournalWitness, Kind, MAX_MINOR, Tab, TabId, tidy_line};
use std::collections::BTreeMap;

/// Names of the entries, under which releases before this one wrote them too.
const TAB: &str = "holdfast-tab";
const HOLD: &str = "holdfast-hold";
const KIND: &str = "holdfast-kind";
const NAME: &str = "holdfast-name";
const PLACE: &str = "holdfast-place";
const ARRIVES: &str = "holdfast-arrives";
const DEPARTS: &str = "holdfast-departs";
const BILL: &str = "holdfast-bill";
const JOURNAL: &str = "holdfast-journal";

const KINDS: [(Kind, &str); 3] = [
    (Kind::Tab, "tab"),
    (Kind::Deposit, "deposit"),
    (Kind::Payment, "payment"),
];

/// What this program said of a request when it made it. Dojo takes metadata with the creation only: what changes later
/// is not known there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IntentMetadata {
    /// Of which tab.
    pub(crate) tab: TabId,
    /// Of which hold.
    pub(crate) hold: HoldId,
    /// What the tab is.
    pub(crate) kind: Kind,
    /// Guest or party; empty where there was none.
    pub(crate) name: String,
    /// Room or table.
    pub(crate) place: Option<String>,
    /// A deposit's first day.
    pub(crate) arrives_on: Option<NaiveDate>,
    /// A deposit's last day.
    pub(crate) departs_on: Option<NaiveDate>,
    /// Minor units on the bill.
    pub(crate) bill: i64,
    /// Where the journal ended: Dojo's record can't be changed later, which makes it a witness.
    pub(crate) journal: Option<JournalWitness>,
}

impl IntentMetadata {
    /// Of a hold; `bill` is what its tab's bill comes to, in minor units.
    pub(crate) fn of(tab: &Tab, hold: &Hold, bill: i64, journal: Option<JournalWitness>) -> Self {
        Self {
            tab: tab.id,
            hold: hold.id,
            kind: tab.kind,
            name: tab.name.clone(),
            place: tab.place.clone(),
            arrives_on: tab.arrives_on,
            departs_on: tab.departs_on,
            bill,
            journal,
        }
    }

    /// The same without what says who the guest is: another till brings references in, and no names.
    pub(crate) fn nameless(self) -> Self {
        Self {
            name: String::new(),
            place: None,
            ..self
        }
    }

    /// As Dojo is told it.
    pub(crate) fn write(&self) -> BTreeMap<String, String> {
        let code = KINDS.into_iter().find(|(kind, _)| *kind == self.kind);
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
        let all = [
            (TAB, Some(self.tab.to_string())),
            (HOLD, Some(self.hold.to_string())),
            (KIND, code.map(|(_, code)| code.to_owned())),
            (NAME, Some(self.name.clone()).filter(|name| !name.is_empty())),
            (PLACE, self.place.clone()),
            (ARRIVES, day(self.arrives_on)),
            (DEPARTS, day(self.departs_on)),
            (BILL, (self.bill > 0).then(|| self.bill.to_string())),
            (JOURNAL, self.journal.as_ref().map(JournalWitness::to_string)),
        ];
        let said = all
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        said.collect()
    }

    /// What Dojo shows of it; none of a request that isn't this program's.
    pub(crate) fn read(intent: &PaymentIntent) -> Option<Self> {
        let said = |name: &str| intent.metadata.get(name).cloned().flatten();
        let day = |name: &str| said(name).and_then(|day| day.parse().ok());
        let code = said(KIND)?;
        let bill = said(BILL).and_then(|minor| minor.parse().ok());
        Some(Self {
            tab: said(TAB)?.parse().ok()?,
            hold: said(HOLD)?.parse().ok()?,
            kind: KINDS.into_iter().find(|(_, known)| *known == code)?.0,
            name: tidy_line(&said(NAME).unwrap_or_default()),
            place: said(PLACE)
                .map(|place| tidy_line(&place))
                .filter(|place| !place.is_empty()),
            arrives_on: day(ARRIVES),
            departs_on: day(DEPARTS),
            bill: bill.filter(|minor| (0..=MAX_MINOR).contains(minor)).unwrap_or(0),
            journal: said(JOURNAL).and_then(|witness| witness.parse().ok()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn said() -> IntentMetadata {
        IntentMetadata {
            tab: TabId(Uuid::from_u128(1)),
            hold: HoldId(Uuid::from_u128(2)),
            kind: Kind::Deposit,
            name: "Ada Okafor".to_owned(),
            place: Some("Room 7".to_owned()),
            arrives_on: NaiveDate::from_ymd_opt(2026, 11, 29),
            departs_on: NaiveDate::from_ymd_opt(2026, 12, 3),
            bill: 6_000,
            journal: "812:9f86d081884c7d65:60303ae22b998861".parse().ok(),
        }
    }

    fn shown(metadata: BTreeMap<String, String>) -> PaymentIntent {
        let intent = serde_json::json!({ "status": "Created", "metadata": metadata });
        serde_json::from_value(intent).unwrap()
    }

    #[test]
    fn what_was_written_is_read_whatever_was_left_out() {
        let bare = IntentMetadata {
            kind: Kind::Tab,
            name: String::new(),
            place: None,
            arrives_on: None,
            departs_on: None,
            bill: 0,
            journal: None,
            ..said()
        };
        assert_eq!(bare.write().len(), 3);
        let nameless = said().nameless().write();
        assert!(
            !nameless
                .values()
                .any(|value| value.contains("Okafor") || value.contains("Room"))
        );
        assert_eq!(nameless.len(), said().write().len() - 2);
        for one in [said(), bare] {
            assert_eq!(IntentMetadata::read(&shown(one.write())), Some(one));
        }
    }

    #[test]
    fn a_witness_that_can_t_be_read_is_none_and_the_rest_is_read() {
        let mut metadata = said().write();
        metadata.insert(JOURNAL.to_owned(), "812".to_owned());
        let read = IntentMetadata::read(&shown(metadata)).unwrap();
        assert_eq!((read.journal, read.bill), (None, 6_000));
    }

    #[test]
    fn a_request_that_lacks_an_id_or_a_kind_is_not_ours_and_a_bill_that_can_t_be_is_none() {
        for name in [TAB, HOLD, KIND] {
            let mut metadata = said().write();
            metadata.remove(name);
            assert_eq!(IntentMetadata::read(&shown(metadata)), None, "{name}");
        }
        for bill in ["-1", "many", "9223372036854775807"] {
            let mut metadata = said().write();
            metadata.insert(BILL.to_owned(), bill.to_owned());
            assert_eq!(
                IntentMetadata::read(&shown(metadata)).map(|said| said.bill),
                Some(0)
            );
        }
    }
}
