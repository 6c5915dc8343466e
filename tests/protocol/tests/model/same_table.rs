//! Model and ledger are held to the same table of moves.

use holdfast_domain::OperationState;
use holdfast_protocol::table::{ALL, MOVES, Stands};

/// The same state by the domain's name. The compiler asks for a line here for each of the model's.
const fn of_the_domain(stands: Stands) -> OperationState {
    match stands {
        Stands::Intended => OperationState::Intended,
        Stands::Accepted => OperationState::Accepted,
        Stands::Unknown => OperationState::Unknown,
        Stands::Succeeded => OperationState::Succeeded,
        Stands::Declined => OperationState::Declined,
        Stands::Rejected => OperationState::Rejected,
        Stands::NotSent => OperationState::NotSent,
        Stands::Absent => OperationState::Absent,
        Stands::Conflict => OperationState::Conflict,
    }
}

/// And the other way round: a state that the domain gets has to be in the model.
const fn of_the_model(state: OperationState) -> Stands {
    match state {
        OperationState::Intended => Stands::Intended,
        OperationState::Accepted => Stands::Accepted,
        OperationState::Unknown => Stands::Unknown,
        OperationState::Succeeded => Stands::Succeeded,
        OperationState::Declined => Stands::Declined,
        OperationState::Rejected => Stands::Rejected,
        OperationState::NotSent => Stands::NotSent,
        OperationState::Absent => Stands::Absent,
        OperationState::Conflict => Stands::Conflict,
    }
}

#[test]
fn the_ledger_allows_the_moves_of_the_model_and_no_other() {
    let mut compared = 0;
    for from in ALL {
        for to in ALL {
            let (state, next) = (of_the_domain(from), of_the_domain(to));
            assert_eq!(
                state.may_become(next),
                from.may_become(to),
                "from {from:?} to {to:?}"
            );
            compared += 1;
        }
    }
    assert_eq!(compared, 81);
}

#[test]
fn the_same_states_are_open() {
    for stands in ALL {
        assert_eq!(of_the_domain(stands).is_open(), stands.is_open(), "{stands:?}");
        assert_eq!(of_the_model(of_the_domain(stands)), stands);
    }
}

#[test]
fn the_table_has_a_row_for_each_state_in_order() {
    for (row, stands) in ALL.into_iter().enumerate() {
        assert_eq!((MOVES[row].0, stands as usize), (stands, row));
    }
}
