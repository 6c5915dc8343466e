//! What a night is, in plain numbers: no desk, no ledger, no Dojo. All amounts are minor units.

/// A hold as anybody would keep it on paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hold {
    pub(super) stage: Stage,
    /// What the guest was asked for.
    pub(super) asked: i64,
    /// Whether the amount may change until it is paid.
    pub(super) may_change: bool,
    /// Amount and tip of each take.
    pub(super) takes: Vec<(i64, i64)>,
    pub(super) refunded: i64,
    /// What of the bill was given back, and what of that came off it.
    pub(super) bill_back: i64,
    pub(super) off_bill: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Waiting,
    Paid,
    Cancelled,
    Released,
}

/// What staff may do with a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Allowed {
    pub(super) take: bool,
    pub(super) release: bool,
    pub(super) cancel: bool,
    pub(super) refund: bool,
    pub(super) change: bool,
}

impl Hold {
    pub(super) fn asked_for(asked: i64, may_change: bool) -> Self {
        Self {
            stage: Stage::Waiting,
            asked,
            may_change,
            takes: Vec::new(),
            refunded: 0,
            bill_back: 0,
            off_bill: 0,
        }
    }

    pub(super) fn held(&self) -> i64 {
        if self.stage == Stage::Paid { self.asked } else { 0 }
    }

    pub(super) fn taken(&self) -> i64 {
        self.takes.iter().map(|(amount, tip)| amount + tip).sum()
    }

    pub(super) fn tips(&self) -> i64 {
        self.takes.iter().map(|(_, tip)| tip).sum()
    }

    /// Held and not taken.
    pub(super) fn left(&self) -> i64 {
        self.held() - self.taken()
    }

    pub(super) fn allowed(&self) -> Allowed {
        let is_paid = self.stage == Stage::Paid;
        Allowed {
            take: is_paid && self.left() > 0 && self.refunded == 0,
            release: is_paid && self.takes.is_empty(),
            cancel: self.stage == Stage::Waiting,
            refund: self.refunded < self.taken(),
            change: self.stage == Stage::Waiting,
        }
    }

    /// Whether the guest or the house may still expect something of it.
    fn is_pending(&self) -> bool {
        self.stage == Stage::Waiting || (self.stage == Stage::Paid && self.takes.is_empty())
    }
}

/// A guest's tab.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Tab {
    pub(super) bill: i64,
    /// The lines that could go to another bill, oldest first.
    pub(super) lines: Vec<i64>,
    /// Oldest first.
    pub(super) holds: Vec<Hold>,
    /// Those under way: the old hold's place among the holds, and the new one's.
    pub(super) renewals: Vec<(usize, usize)>,
    /// What was given back to be charged again, and wasn't yet: what is taken for the bill counts for that first.
    pub(super) again: i64,
    pub(super) is_away: bool,
}

impl Tab {
    /// What the guest has to pay in all: what a refund took off is owed by nobody.
    pub(super) fn to_pay(&self) -> i64 {
        self.bill - self.holds.iter().map(|h| h.off_bill).sum::<i64>()
    }

    /// What the house has of the bill: all that was taken for it less what it gave back of that.
    fn has(&self) -> i64 {
        let of_bill = |h: &Hold| h.taken() - h.tips() - h.bill_back;
        self.holds.iter().map(of_bill).sum()
    }

    /// On the bill and not had yet.
    pub(super) fn due(&self) -> i64 {
        (self.to_pay().max(0) - self.has()).max(0)
    }

    /// Gives back of the bill first and then of the tip. What the house had too much of the bill is nobody's debt;
    /// the rest is forgiven, or asked for again.
    fn give_back(&mut self, hold: usize, amount: i64, again: bool) -> bool {
        let too_much = (self.has() - self.to_pay().max(0)).max(0);
        let most_off = self.to_pay().max(0);
        let hold = &mut self.holds[hold];
        let of_bill = amount.min(hold.taken() - hold.tips() - hold.bill_back);
        // On a tab that was closed nobody would see that it is due again.
        let is_hidden = self.is_away && again && of_bill > too_much;
        let may = amount > 0 && hold.refunded + amount <= hold.taken() && !is_hidden;
        if may {
            hold.refunded += amount;
            hold.bill_back += of_bill;
            if again {
                self.again += (of_bill - too_much).max(0);
            } else {
                hold.off_bill += (of_bill - too_much).clamp(0, most_off);
            }
        }
        may
    }

    /// What can be taken at all.
    pub(super) fn at_hand(&self) -> i64 {
        self.holds
            .iter()
            .filter(|h| h.allowed().take)
            .map(Hold::left)
            .sum()
    }

    /// Whether so much can be taken: all or nothing, and Dojo takes a tip only with some amount.
    pub(super) fn can_take(&self, amount: i64, tip: i64) -> bool {
        let parts = i64::try_from(self.shares(amount + tip).len()).unwrap_or(i64::MAX);
        self.due() > 0 && amount + tip > 0 && amount + tip <= self.at_hand() && amount >= parts
    }

    /// Oldest hold first, as much of each as it has.
    fn shares(&self, total: i64) -> Vec<(usize, i64)> {
        let (mut rest, mut shares) = (total, Vec::new());
        for (number, hold) in self.holds.iter().enumerate().filter(|(_, h)| h.allowed().take) {
            let share = rest.min(hold.left());
            if share > 0 {
                shares.push((number, share));
            }
            rest -= share;
        }
        shares
    }

    /// Takes what can be taken. The tip is with the last money, and leaves a penny of the amount there.
    pub(super) fn take(&mut self, amount: i64, tip: i64) {
        self.again = (self.again - amount).max(0);
        let mut tip = tip;
        for (number, share) in self.shares(amount + tip).into_iter().rev() {
            let tip_here = tip.min(share - 1);
            tip -= tip_here;
            self.holds[number].takes.push((share - tip_here, tip_here));
        }
    }

    /// Whether a new hold may be asked for in the place of this one.
    pub(super) fn may_renew(&self, hold: usize) -> bool {
        let is_renewed = self
            .renewals
            .iter()
            .any(|(old, new)| [*old, *new].contains(&hold));
        self.holds[hold].allowed().release && !is_renewed
    }

    /// Whether what is due would not be held without the old hold, for which a smaller one has come.
    fn would_miss(&self, old: usize, new: usize) -> bool {
        let held = |place: &usize| self.holds[*place].allowed().take;
        let others = (0..self.holds.len()).filter(|place| *place != old).filter(held);
        let held: i64 = others.map(|place| self.holds[place].left()).sum();
        self.holds[new].left() < self.holds[old].left() && self.due() > held
    }

    /// What somebody who looks makes of the renewals: with the new hold in force the old one goes, unless the bill
    /// needs both. Where either went another way there is nothing left to do.
    fn look_at_renewals(&mut self) {
        for (old, new) in std::mem::take(&mut self.renewals) {
            let new_stage = self.holds[new].stage;
            let is_in_force = self.holds[new].allowed().take;
            if !self.holds[old].allowed().release {
                continue;
            }
            if is_in_force && !self.would_miss(old, new) {
                self.holds[old].stage = Stage::Released;
            } else if is_in_force || new_stage == Stage::Waiting {
                self.renewals.push((old, new));
            }
        }
    }

    /// Whether so much may come: where the house has more than the bill, that would pay it, and nobody would be asked.
    fn may_get(&self) -> bool {
        self.has() <= self.to_pay().max(0)
    }

    /// What of the bill goes, line by line where whole lines go.
    fn going(&self, part: Part) -> (Vec<i64>, i64) {
        match part {
            Part::Line(nth) => self
                .lines
                .get(nth)
                .map_or((vec![], 0), |line| (vec![*line], *line)),
            Part::Share(ways) => (vec![], self.due() / ways),
            Part::All if self.lines.iter().sum::<i64>() == self.due() => (self.lines.clone(), self.due()),
            Part::All => (vec![], self.due()),
        }
    }

    pub(super) fn can_be_closed(&self) -> bool {
        !self.holds.iter().any(Hold::is_pending)
    }

    /// What the end of the night makes of it, when nobody chooses otherwise.
    fn close_night(&mut self) {
        // What was given back to be charged again is for a person to charge.
        if self.due() > 0 && self.again > 0 {
            return;
        }
        // So is what the house has beyond the bill: somebody may have to give it back.
        if self.has() > self.to_pay().max(0) {
            return;
        }
        let due = self.due();
        if due > self.at_hand() {
            // There isn't enough to pay it from: a person says what becomes of it.
            return;
        }
        if due > 0 {
            self.take(due, 0);
        } else if !self.can_be_closed() {
            let bill = self.to_pay();
            let to_release = self.holds.iter_mut().filter(|h| h.allowed().release);
            let to_release: Vec<&mut Hold> = to_release.collect();
            if bill > 0 || to_release.is_empty() {
                return;
            }
            for hold in to_release {
                hold.stage = Stage::Released;
            }
        }
        self.is_away = self.can_be_closed();
    }
}

/// All tabs, in the order of their opening.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Book {
    pub(super) tabs: Vec<Tab>,
    /// Whether the last action was to be carried out, and not refused.
    pub(super) was_done: bool,
    /// What was written on all bills together. No move changes it.
    pub(super) written: i64,
}

/// What of a bill is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The line in this place among those that can go.
    Line(usize),
    Share(i64),
    All,
}

/// Something staff or the guest does. Tabs and holds are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Action {
    Open {
        asked: i64,
    },
    AskForMore {
        tab: usize,
        asked: i64,
    },
    ChangeAmount {
        tab: usize,
        hold: usize,
        asked: i64,
    },
    Pay {
        tab: usize,
        hold: usize,
    },
    AddLine {
        tab: usize,
        amount: i64,
    },
    /// To another tab, or to a new one.
    Move {
        tab: usize,
        part: Part,
        onto: Option<usize>,
    },
    Take {
        tab: usize,
        amount: i64,
        tip: i64,
    },
    TakeAll {
        tab: usize,
    },
    Release {
        tab: usize,
        hold: usize,
    },
    Renew {
        tab: usize,
        hold: usize,
        asked: Option<i64>,
    },
    GiveUpRenewal {
        tab: usize,
        hold: usize,
    },
    Cancel {
        tab: usize,
        hold: usize,
    },
    Refund {
        tab: usize,
        hold: usize,
        amount: i64,
        again: bool,
    },
    CloseTab {
        tab: usize,
    },
    CloseNight,
    Sweep,
    Restart,
}

impl Book {
    /// Carries an action out, or refuses it.
    pub(super) fn act(&mut self, action: &Action) {
        self.was_done = match *action {
            Action::Open { asked } => {
                self.tabs.push(Tab {
                    holds: vec![Hold::asked_for(asked, true)],
                    ..Tab::default()
                });
                true
            }
            Action::AskForMore { tab, asked } => {
                self.tabs[tab].holds.push(Hold::asked_for(asked, false));
                true
            }
            Action::ChangeAmount { tab, hold, asked } => self.on(tab, hold, |h| {
                let may = h.allowed().change;
                if may && h.may_change {
                    h.asked = asked;
                }
                may
            }),
            Action::Pay { tab, hold } => self.on(tab, hold, |h| {
                let may = h.stage == Stage::Waiting;
                if may {
                    h.stage = Stage::Paid;
                }
                may
            }),
            Action::AddLine { tab, amount } => {
                let tab = &mut self.tabs[tab];
                // Nobody takes off what a refund took off already.
                let may = amount > 0 || tab.to_pay() + amount >= 0;
                if may {
                    tab.bill += amount;
                    tab.lines.push(amount);
                    self.written += amount;
                }
                may
            }
            Action::Move { tab, part, onto } => self.move_bill(tab, part, onto),
            Action::Take { tab, amount, tip } => self.take(tab, amount, tip),
            Action::TakeAll { tab } => self.take(tab, self.tabs[tab].at_hand(), 0),
            Action::Release { tab, hold } => self.on(tab, hold, |h| {
                let may = h.allowed().release;
                if may {
                    h.stage = Stage::Released;
                }
                may
            }),
            Action::Renew { tab, hold, asked } => {
                let tab = &mut self.tabs[tab];
                let may = tab.may_renew(hold);
                if may {
                    let asked = asked.unwrap_or(tab.holds[hold].held());
                    tab.renewals.push((hold, tab.holds.len()));
                    tab.holds.push(Hold::asked_for(asked, false));
                }
                may
            }
            Action::GiveUpRenewal { tab, hold } => {
                let tab = &mut self.tabs[tab];
                let about = |(old, new): &(usize, usize)| [*old, *new].contains(&hold);
                let found = tab.renewals.iter().copied().find(about);
                if let Some((_, new)) = found {
                    tab.renewals.retain(|renewal| !about(renewal));
                    if tab.holds[new].stage == Stage::Waiting {
                        tab.holds[new].stage = Stage::Cancelled;
                    }
                }
                found.is_some()
            }
            Action::Cancel { tab, hold } => self.on(tab, hold, |h| {
                let may = h.allowed().cancel;
                if may {
                    h.stage = Stage::Cancelled;
                }
                may
            }),
            Action::Refund {
                tab,
                hold,
                amount,
                again,
            } => self.tabs[tab].give_back(hold, amount, again),
            Action::CloseTab { tab } => {
                let may = self.tabs[tab].can_be_closed();
                self.tabs[tab].is_away |= may;
                may
            }
            Action::CloseNight => {
                let before = self.tabs.clone();
                self.tabs
                    .iter_mut()
                    .filter(|tab| !tab.is_away)
                    .for_each(Tab::close_night);
                before != self.tabs
            }
            Action::Sweep => {
                self.tabs.iter_mut().for_each(Tab::look_at_renewals);
                true
            }
            Action::Restart => true,
        };
    }

    fn take(&mut self, tab: usize, amount: i64, tip: i64) -> bool {
        let may = self.tabs[tab].can_take(amount, tip);
        if may {
            self.tabs[tab].take(amount, tip);
        }
        may
    }

    fn move_bill(&mut self, tab: usize, part: Part, onto: Option<usize>) -> bool {
        let from = &self.tabs[tab];
        let (lines, amount) = from.going(part);
        let may_get = onto.is_none_or(|onto| onto != tab && self.tabs[onto].may_get());
        if amount <= 0 || amount > from.due() || !may_get {
            return false;
        }
        let is_left = from.holds.iter().any(|hold| hold.left() > 0);
        let closes = part == Part::All && !is_left && from.can_be_closed();
        let onto = onto.unwrap_or_else(|| {
            self.tabs.push(Tab::default());
            self.tabs.len() - 1
        });
        self.tabs[tab].bill -= amount;
        self.tabs[tab].is_away = closes;
        match part {
            Part::Line(nth) => drop(self.tabs[tab].lines.remove(nth)),
            Part::All if !lines.is_empty() => self.tabs[tab].lines.clear(),
            Part::All | Part::Share(_) => {}
        }
        self.tabs[onto].bill += amount;
        let came = if lines.is_empty() { vec![amount] } else { lines };
        self.tabs[onto].lines.extend(came);
        true
    }

    fn on(&mut self, tab: usize, hold: usize, change: impl FnOnce(&mut Hold) -> bool) -> bool {
        change(&mut self.tabs[tab].holds[hold])
    }

    /// Whether an action is about something that is there.
    pub(super) fn has(&self, action: &Action) -> bool {
        let is_open = |tab: usize| self.tabs.get(tab).is_some_and(|t| !t.is_away);
        let has_hold = |tab: usize, hold: usize| self.tabs.get(tab).is_some_and(|t| hold < t.holds.len());
        match *action {
            Action::Open { .. } | Action::CloseNight | Action::Sweep | Action::Restart => true,
            Action::AskForMore { tab, .. }
            | Action::AddLine { tab, .. }
            | Action::Take { tab, .. }
            | Action::TakeAll { tab }
            | Action::CloseTab { tab } => is_open(tab),
            Action::Move { tab, onto, .. } => is_open(tab) && onto.is_none_or(is_open),
            Action::ChangeAmount { tab, hold, .. }
            | Action::Pay { tab, hold }
            | Action::Release { tab, hold }
            | Action::Renew { tab, hold, .. }
            | Action::GiveUpRenewal { tab, hold }
            | Action::Cancel { tab, hold } => is_open(tab) && has_hold(tab, hold),
            // What was taken can be refunded when the tab is long closed.
            Action::Refund { tab, hold, .. } => has_hold(tab, hold),
        }
    }
}
