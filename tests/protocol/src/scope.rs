//! How much of the protocol is looked at, and which of its guards is taken out.

/// How many tills there can be.
pub const TILLS: usize = 3;
/// How many holds.
pub const HOLDS: usize = 2;
/// How many decisions.
pub const DECISIONS: usize = 3;
/// How many pairs of a till and a decision that it carries out.
pub const HANDS: usize = 3;

/// How long an intend's permit is good, in ticks. A tick stands for any span within which order alone counts.
pub const PERMIT: u8 = 1;
/// How long Dojo may work on a request, unless it works late.
pub const REQUEST_LIMIT: u8 = 1;
/// How long Dojo's record has to be silent besides.
pub const QUIET: u8 = 1;
/// How many empty readings prove that a request was never carried out.
pub const EMPTY_READINGS: u8 = 2;
/// From the last moment at which anything may begin to the end of time.
pub const SETTLING: u8 = PERMIT + REQUEST_LIMIT + QUIET + 1;

/// One till that carries out one decision. Two of them may have the same decision, as two tills may go on with the
/// same renewal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Errand {
    /// Which till.
    pub till: usize,
    /// Which decision; its operation has the same number.
    pub decision: usize,
    /// On which hold.
    pub hold: usize,
}

/// How often what may go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Faults {
    /// Calls of the ledger whose request or answer is lost.
    pub ledger: u8,
    /// Requests to Dojo that are lost or refused, or whose answer is lost.
    pub dojo: u8,
    /// Requests that Dojo carries out after the request's limit.
    pub late: u8,
    /// Tills that end at any moment and begin again.
    pub crashes: u8,
    /// Primaries that are replaced by an asynchronous standby.
    pub failovers: u8,
}

/// A guard of the protocol that a test takes out, to see that the model notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// The ledger checks and writes an intend under the hold's lock.
    HoldLock,
    /// It compares the versions that the decision was made on.
    Expect,
    /// The till tests its permit before the request leaves.
    Permit,
    /// Nobody concludes Absent before the permit's end, the request's limit and the quiet window.
    PermitEnd,
    /// The ledger records only moves of the table.
    Table,
    /// A till tells its own intend from another till's of the same decision.
    Attempt,
    /// A till whose intend went unanswered asks what became of it.
    LookUp,
    /// A reading is written only if the hold has not moved since before it began, and if it shows no less than is
    /// known.
    Freshness,
    /// The till keeps what it sends in a file of its own first.
    Witness,
    /// A permit ends when the till finds another incarnation of the ledger.
    Incarnation,
}

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// How many tills there are.
    pub tills: usize,
    /// Which of them read Dojo's record and conclude from it, a bit each.
    pub readers: u8,
    /// Who carries out what.
    pub errands: Vec<Errand>,
    /// How much is authorised on each hold; a take is of 1.
    pub room: u8,
    /// How much the bill is; the holds are all of one tab.
    pub due: u8,
    /// The last tick at which a person presses or an intend arrives.
    pub last: u8,
    /// Whether an intend counts as a writing of its hold. It doesn't have to: what is open on a hold is a guard too.
    pub intend_writes: bool,
    /// What may go wrong.
    pub faults: Faults,
    /// Which guard is missing.
    pub without: Option<Guard>,
}

impl Scope {
    /// Two tills and the errands, with nothing going wrong.
    pub fn new(errands: &[(usize, usize, usize)]) -> Self {
        let errands: Vec<Errand> = errands
            .iter()
            .map(|&(till, decision, hold)| Errand { till, decision, hold })
            .collect();
        assert!(errands.len() <= HANDS);
        assert!(
            errands
                .iter()
                .all(|e| e.till < TILLS && e.decision < DECISIONS && e.hold < HOLDS)
        );
        Self {
            tills: 2,
            readers: 0b11,
            errands,
            room: 2,
            due: 1,
            last: 1,
            intend_writes: false,
            faults: Faults::default(),
            without: None,
        }
    }

    /// Two tills take the same bill from one hold, which has room for two.
    pub fn same_hold() -> Self {
        Self::new(&[(0, 0, 0), (1, 1, 0)])
    }

    /// Two tills take the same bill, each from another hold.
    pub fn two_holds() -> Self {
        Self {
            room: 1,
            ..Self::new(&[(0, 0, 0), (1, 1, 1)])
        }
    }

    /// Two tills carry out the same decision, as a renewal's.
    pub fn same_decision() -> Self {
        Self::new(&[(0, 0, 0), (1, 0, 0)])
    }

    /// Whether a till reads Dojo's record.
    pub const fn reads(&self, till: usize) -> bool {
        self.readers & (1 << till) != 0
    }

    /// Whether an asynchronous standby may take over.
    pub const fn is_asynchronous(&self) -> bool {
        self.faults.failovers > 0
    }

    /// The last tick. It stands for all time after it: nothing is under way by then.
    pub const fn end(&self) -> u8 {
        self.last + SETTLING
    }

    /// Whether `guard` is in place.
    pub fn has(&self, guard: Guard) -> bool {
        self.without != Some(guard)
    }

    /// The same with these faults.
    #[must_use]
    pub fn with(self, faults: Faults) -> Self {
        Self { faults, ..self }
    }

    /// The same without `guard`.
    #[must_use]
    pub fn without(self, guard: Guard) -> Self {
        Self {
            without: Some(guard),
            ..self
        }
    }

    /// On which hold an operation is.
    pub fn hold_of(&self, operation: usize) -> usize {
        self.errands
            .iter()
            .find(|errand| errand.decision == operation)
            .map_or(0, |errand| errand.hold)
    }

    /// The numbers of the operations there can be.
    pub fn operations(&self) -> usize {
        self.errands.iter().map(|e| e.decision + 1).max().unwrap_or(0)
    }

    /// Those on one hold.
    pub fn on(&self, hold: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.operations()).filter(move |&operation| self.hold_of(operation) == hold)
    }
}
