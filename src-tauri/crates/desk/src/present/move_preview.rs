//! What moving a part of a bill would do to both tabs, and what it did.

use crate::account::facts::Facts;
use crate::account::{Account, due, totals};
use crate::context::frame::Frame;
use crate::operations::move_bill::{MoveFigures, MoveOnto, MovedBill, new_details, title};
use crate::present::view::{self, MoveOutcome, MovePreview, MoveShare, MoveSide, MoveTarget, TabRow};
use crate::wording::{self, moves};
use crate::{AppError, Desk, MoveTyped, Seen};
use holdfast_domain::{Kind, Line, LineId, MOST_WAYS, Money, TabId, equal_part, plain};

/// As many as a sheet has room for.
const MOST_TARGETS: usize = 8;

/// A reference or a card's last four is looked for once this many characters are typed.
const LEAST_OF_A_NUMBER: usize = 4;

impl Desk {
    /// What a move would do. `find` is what was typed to find the tab that it goes to.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn preview_move(&self, typed: &MoveTyped, find: &str) -> Result<MovePreview, AppError> {
        let frame = self.context.frame().await?;
        let from = self.context.account(typed.tab_id).await?;
        let (onto, new) = match &typed.onto {
            None => (None, None),
            Some(MoveOnto::Tab(id)) => (Some(self.context.account(*id).await?), None),
            Some(MoveOnto::New { name, place }) => (None, Some(new_details(name, place.as_deref()))),
        };
        let (new_name, errors) = new.map_or((None, Vec::new()), |(name, _, errors)| (Some(name), errors));
        let figures = MoveFigures::of(&from, &typed.part, onto.as_ref(), frame);
        let open = self.open(frame).await?;
        let rows: Vec<&TabRow> = open.iter().map(|tab| &tab.row).collect();
        let (targets, more_targets) = targets(&from, &rows, find);
        let chosen = Chosen {
            from: &from,
            onto: onto.as_ref(),
            new_name: new_name.as_deref(),
            amount: figures.amount,
            frame,
        };
        let is_whole = chosen.has_both() && figures.amount.minor > 0;
        let due = Money::new(due::paid(&from).due(), from.tab.currency);
        let why = figures
            .why
            .or_else(|| (!chosen.has_both()).then(|| moves::NO_TAB.to_owned()));
        let onto_name = chosen.onto_name();
        Ok(MovePreview {
            seen: Seen::of(&from, frame.now),
            onto_seen: onto.as_ref().map(|onto| Seen::of(onto, frame.now)),
            amount: figures.amount.into(),
            due: due.into(),
            shares: shares(due),
            targets,
            more_targets,
            sides: chosen.sides(),
            cautions: if is_whole && why.is_none() {
                chosen.cautions(figures.closes)
            } else {
                Vec::new()
            },
            closes: figures.closes,
            allowed: why.is_none() && errors.is_empty(),
            button: moves::button(figures.amount, chosen.has_both().then_some(onto_name.as_str())),
            errors,
            why,
        })
    }

    /// What was moved, and how both tabs look now.
    pub(crate) async fn move_outcome(&self, from: TabId, moved: &MovedBill) -> Result<MoveOutcome, AppError> {
        let account = self.context.account(from).await?;
        let (tab, onto) = (self.tab(from).await?, self.tab(moved.onto).await?);
        let facts = Facts::of(&account, self.context.frame().await?);
        let may_end = facts.due == 0 && tab.keys.release.is_some();
        Ok(MoveOutcome {
            words: moves::done(moved.amount, &tab.row.name, &onto.row.name, moved.is_closed),
            rest: may_end
                .then(|| rest(&account, facts.asked, &tab.row.name))
                .flatten(),
            tab,
            onto,
        })
    }
}

/// Both tabs, as far as they are chosen.
struct Chosen<'a> {
    from: &'a Account,
    onto: Option<&'a Account>,
    new_name: Option<&'a str>,
    amount: Money,
    frame: Frame,
}

impl Chosen<'_> {
    fn has_both(&self) -> bool {
        self.onto.is_some() || self.new_name.is_some()
    }

    fn onto_name(&self) -> String {
        let new = self.new_name.filter(|name| !name.is_empty());
        self.onto
            .map_or_else(|| new.unwrap_or(moves::NEW_TAB).to_owned(), title)
    }

    fn sides(&self) -> Vec<MoveSide> {
        let minor = self.amount.minor;
        let mut sides = vec![self.side(self.from, minor.saturating_neg())];
        if let Some(onto) = self.onto {
            sides.push(self.side(onto, minor));
        } else if self.has_both() {
            let nothing = view::Money::from(Money::new(0, self.amount.currency));
            sides.push(MoveSide {
                name: self.onto_name(),
                before: nothing.clone(),
                after: self.amount.into(),
                held: nothing,
                over: None,
            });
        }
        sides
    }

    fn side(&self, account: &Account, more: i64) -> MoveSide {
        let money = |minor: i64| view::Money::from(Money::new(minor, self.amount.currency));
        let after = with(account, more);
        MoveSide {
            name: title(account),
            before: money(due::paid(account).due()),
            after: money(due::paid(&after).due()),
            held: money(totals::left(account)),
            over: self.over(&after).map(Into::into),
        }
    }

    /// By how much a bill is more than all that is on hold and requested for it, where anything is on hold.
    fn over(&self, after: &Account) -> Option<Money> {
        due::missing(after, self.frame.now).filter(|_| totals::left(after) > 0)
    }

    /// What staff should know before.
    fn cautions(&self, closes: bool) -> Vec<String> {
        let (from, onto) = (title(self.from), self.onto_name());
        let mut cautions = Vec::new();
        let after = self.onto.map(|onto| with(onto, self.amount.minor));
        match after {
            Some(after) if totals::left(&after) > 0 => {
                cautions.extend(self.over(&after).map(|over| moves::over(&onto, over)));
            }
            Some(after) => {
                let missing = due::missing(&after, self.frame.now);
                cautions.extend(missing.map(|missing| moves::nothing_held(&onto, missing)));
            }
            None => cautions.push(moves::nothing_held(&onto, self.amount)),
        }
        let taken = totals::captured(self.from);
        if taken > 0 {
            cautions.push(moves::keeps_taken(&from, Money::new(taken, self.amount.currency)));
        }
        let is_emptied = due::paid(&with(self.from, self.amount.minor.saturating_neg())).due() == 0;
        let asked = Facts::of(self.from, self.frame).asked;
        if closes {
            cautions.push(moves::closes(&from));
        } else if is_emptied {
            cautions.extend(keeps(self.from, asked, &from, self.frame));
        }
        cautions
    }
}

/// A tab with `more` on its bill, in minor units.
fn with(account: &Account, more: i64) -> Account {
    let mut after = account.clone();
    after.lines.push(Line {
        id: LineId(account.tab.id.0),
        tab: account.tab.id,
        what: None,
        quantity: 1,
        each: more,
        takes_off: None,
        moved: None,
        at: account.tab.opened_at,
        by: account.tab.opened_by.clone(),
    });
    after
}

/// What stays on a tab whose bill goes: what is on hold, or the `asked` minor units that the guest may still pay.
fn keeps(account: &Account, asked: i64, name: &str, frame: Frame) -> Option<String> {
    let held = Money::new(totals::left(account), account.tab.currency);
    if held.minor > 0 {
        let may_release = due::releasable(account, frame.now).minor > 0;
        return Some(moves::keeps_hold(name, held, may_release));
    }
    (asked > 0).then(|| moves::keeps_request(name, Money::new(asked, account.tab.currency)))
}

/// The same, once it's done.
fn rest(account: &Account, asked: i64, name: &str) -> Option<String> {
    let held = Money::new(totals::left(account), account.tab.currency);
    if held.minor > 0 {
        let card = account
            .holds
            .iter()
            .rev()
            .find_map(|(hold, _)| wording::card_name(hold));
        return Some(moves::still_held(name, held, card.as_deref()));
    }
    (asked > 0).then(|| moves::still_requested(name, Money::new(asked, account.tab.currency)))
}

/// Equal parts of what is still to take; those that come to nothing are none.
fn shares(due: Money) -> Vec<MoveShare> {
    let share = |ways| {
        let minor = equal_part(due.minor, ways).filter(|minor| *minor > 0)?;
        Some(MoveShare {
            ways,
            words: moves::one_of(ways),
            amount: Money::new(minor, due.currency).into(),
        })
    };
    (2..=MOST_WAYS).filter_map(share).collect()
}

/// Open tabs that a bill can go to and that fit what was typed, and how many more there are.
fn targets(from: &Account, rows: &[&TabRow], find: &str) -> (Vec<MoveTarget>, usize) {
    let words = plain(find.trim());
    let words: Vec<&str> = words.split_whitespace().collect();
    let is_fitting = |row: &&&TabRow| words.iter().all(|word| is_about(row, word));
    let can_be = |row: &&&TabRow| {
        row.id != from.tab.id && row.kind != Kind::Payment && row.bill.currency == from.tab.currency
    };
    let mut fitting: Vec<&TabRow> = rows.iter().filter(can_be).filter(is_fitting).copied().collect();
    fitting.sort_by_key(|row| std::cmp::Reverse(row.opened_at));
    let more = fitting.len().saturating_sub(MOST_TARGETS);
    let targets = fitting.iter().take(MOST_TARGETS).map(|row| target(row));
    (targets.collect(), more)
}

/// Does a typed word mean this tab? A number of a table isn't a digit in the middle of a reference.
fn is_about(row: &TabRow, word: &str) -> bool {
    let four = row.card.as_ref().and_then(|card| card.last_four.as_deref());
    let has = |said: &str| plain(said).contains(word);
    let is_long = word.chars().count() >= LEAST_OF_A_NUMBER;
    has(&row.name)
        || row.place.as_deref().is_some_and(has)
        || is_long && (has(&row.reference) || four.is_some_and(has))
}

fn target(row: &TabRow) -> MoveTarget {
    let four = row.card.as_ref().and_then(|card| card.last_four.as_deref());
    MoveTarget {
        tab_id: row.id,
        name: row.name.clone(),
        about: moves::stands(row.place.as_deref(), four, &row.due.text),
    }
}
