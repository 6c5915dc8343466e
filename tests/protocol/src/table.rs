//! The table of moves, written out by hand a second time. A test compares it with the ledger's, pair by pair.

/// Where an operation stands, by the names of `holdfast_domain::OperationState`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stands {
    /// Durable, and nothing is known of its request.
    Intended,
    /// Dojo took it.
    Accepted,
    /// Nobody can say yet.
    Unknown,
    /// Dojo's record has it.
    Succeeded,
    /// Dojo's record says that it did not go through.
    Declined,
    /// Dojo refused it.
    Rejected,
    /// No byte left.
    NotSent,
    /// Dojo's record did not show it for the whole quiet window.
    Absent,
    /// A person decides.
    Conflict,
}

use Stands::{Absent, Accepted, Conflict, Declined, Intended, NotSent, Rejected, Succeeded, Unknown};

/// All of them, in the order of the rows and columns of [`MOVES`].
pub const ALL: [Stands; 9] = [
    Intended, Accepted, Unknown, Succeeded, Declined, Rejected, NotSent, Absent, Conflict,
];

/// A row says what an operation that stands there may become: a column each, `x` for yes.
#[rustfmt::skip]
pub const MOVES: [(Stands, &str); 9] = [
    //            Intended  Unknown  Declined  NotSent  Conflict
    //             | Accepted | Succeeded | Rejected | Absent |
    (Intended,  "  x    x    x    x    x    x    x    x    x  "),
    (Accepted,  "  .    x    .    x    x    .    .    x    x  "),
    (Unknown,   "  .    x    x    x    x    .    .    x    x  "),
    (Succeeded, "  .    .    .    x    x    .    .    .    .  "),
    (Declined,  "  .    x    .    x    x    .    .    .    .  "),
    (Rejected,  "  .    x    .    x    .    x    .    .    .  "),
    (NotSent,   "  .    x    .    x    .    .    x    .    .  "),
    (Absent,    "  .    x    .    x    .    .    .    x    .  "),
    (Conflict,  "  .    .    .    x    .    .    .    .    x  "),
];

/// [`MOVES`], read once: the checker asks some ten million times.
const ALLOWED: [[bool; 9]; 9] = read();

const fn read() -> [[bool; 9]; 9] {
    let mut allowed = [[false; 9]; 9];
    let mut row = 0;
    while row < 9 {
        let marks = MOVES[row].1.as_bytes();
        let (mut at, mut column) = (0, 0);
        while at < marks.len() {
            if marks[at] != b' ' {
                allowed[row][column] = marks[at] == b'x';
                column += 1;
            }
            at += 1;
        }
        assert!(column == 9, "a row of the table has nine marks");
        row += 1;
    }
    allowed
}

impl Stands {
    /// Whether the table allows the move.
    pub const fn may_become(self, next: Self) -> bool {
        ALLOWED[self as usize][next as usize]
    }

    /// While one is open on a hold, no other may begin.
    pub const fn is_open(self) -> bool {
        matches!(self, Intended | Accepted | Unknown)
    }
}
