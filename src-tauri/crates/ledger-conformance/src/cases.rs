//! The list of cases, once, and what is made of it: a test of each, or values.

/// The one list of cases: hands it to `$each`, with what stands before it.
#[doc(hidden)]
#[macro_export]
macro_rules! with_conformance_cases {
    ($each:ident $($before:tt)*) => {
        $crate::$each! { $($before)*
            accounts {
                accounts_all_at_once_are_the_accounts_one_by_one
                what_was_closed_with_something_open_is_unsettled
            }
            asks {
                an_ask_is_ended_once_with_the_hold_that_is_opened_for_it
                an_ask_may_end_with_nobody_asked
                asks_wait_oldest_first_and_a_take_that_covers_all_leaves_none
            }
            closed_tabs {
                pages_have_no_gaps_even_where_times_are_equal
                without_a_filter_all_closed_tabs_are_found_newest_first
                closed_tabs_are_found_by_day_without_the_moment_it_ends
                closed_tabs_are_found_by_a_part_of_the_persons_name
                closed_tabs_are_found_by_all_four_digits_of_the_card
                closed_tabs_are_found_by_what_was_taken_or_else_asked_for
                closed_tabs_are_found_by_what_became_of_them
                parts_of_a_filter_have_to_hold_together
                a_page_of_what_is_looked_for_begins_where_the_one_before_it_ended
            }
            expectations {
                a_bill_is_taken_once_by_those_who_see_it_whatever_hold_they_take_it_from
                a_decision_rests_on_the_bill_that_was_seen
                a_reading_of_a_hold_that_was_written_since_is_refused
                an_answer_is_recorded_whatever_was_written_since
                a_hold_is_asked_for_on_a_tab_as_it_was_seen
                what_was_found_at_dojo_rests_on_nothing_that_was_seen
                the_rest_is_asked_for_on_a_tab_as_it_was_seen
                a_renewal_rests_on_the_old_hold_and_on_the_tab
                a_tab_is_closed_as_it_was_seen
                a_line_rests_on_the_tab_where_somebody_says_so
                a_move_rests_on_both_tabs
                nothing_is_added_to_a_closed_tab
                a_bill_stays_within_its_bounds
                a_line_is_taken_off_once
            }
            findings {
                a_note_makes_a_finding_with_what_it_says
                a_finding_is_told_once_by_its_key
                a_finding_that_ended_by_itself_is_opened_again
                a_finding_that_somebody_has_seen_stays_ended
                a_finding_is_added_or_changed_by_its_key
                warnings_are_what_was_told_of_deadlines_until_the_hold_is_over
            }
            guests {
                what_is_about_a_guest_goes_and_figures_stay
                forgetting_again_changes_nothing
                a_guest_stays_while_something_is_open
                a_guest_stays_while_somebody_has_to_hear_of_something
                a_guest_stays_until_the_night_is_done_with_them
                another_guests_tab_no_longer_says_where_a_bill_came_from
                a_report_keeps_a_forgotten_guests_figures
                nothing_more_is_kept_about_a_forgotten_guest
                a_forgotten_guest_is_found_by_figures_alone
                the_oldest_are_forgotten_first
            }
            journal {
                who_closed_a_tab_last_is_known
                entries_are_numbered_from_one_without_gaps_in_the_order_of_writing
                an_entry_says_what_its_note_said
                all_notes_of_a_commit_are_written_in_their_order_or_none
                what_belongs_to_no_tab_is_found_by_its_topic
                a_witness_knows_its_entry_again_and_no_other
            }
            movements {
                whatever_a_reading_changes_is_a_movement_once
                movements_are_numbered_from_one_without_gaps_over_all_holds
                movements_are_found_by_when_they_happened
                sums_are_of_what_moved_between_two_edges_and_what_was_held_at_the_latter
            }
            not_found {
                what_is_not_in_the_ledger_is_not_found
                an_empty_ledger_has_nothing
            }
            operations {
                one_operation_is_open_on_a_hold
                an_open_operation_leaves_other_holds_free
                a_decisions_id_is_known_once
                a_decision_on_a_hold_that_was_written_since_is_refused
                nothing_takes_more_than_is_held
                nothing_is_taken_of_a_hold_that_was_never_read
                a_tip_counts_towards_what_is_held
                what_is_pending_counts_towards_what_is_held
                nothing_refunds_more_than_was_taken
                decisions_stay_in_the_order_in_which_they_were_made_when_the_clock_is_set_back
                dojos_numbers_are_learnt_once_and_never_replaced
                without_a_reading_what_is_known_stays
                what_a_person_gave_up_on_stays_so_until_a_reading
                a_step_that_is_refused_learns_nothing_of_the_hold
                an_operation_goes_only_where_it_may_go
                what_was_not_seen_at_dojo_is_looked_for_on_a_hold_that_is_over_too
                a_hold_that_is_over_is_live_while_something_is_open_on_it
                every_hold_is_listed_first_those_that_are_not_over_each_newest_first
                what_somebody_was_told_of_and_put_aside_is_marked
            }
            refunds {
                what_is_said_of_a_refund_corrects_the_movements
                what_a_refund_was_of_is_said_once
                nothing_is_said_beyond_what_was_refunded
                a_refund_that_is_not_in_the_ledger_is_not_found
            }
            renewals {
                one_open_renewal_is_about_a_hold
                a_renewal_ends_once
                a_hold_whose_renewal_ended_may_be_renewed
                open_renewals_of_other_holds_go_on_oldest_first
            }
            reports {
                a_report_has_the_next_number_and_begins_after_the_last_ones_movement
                a_report_ends_with_an_existing_movement
                the_next_report_is_made_of_what_moved_since_the_last_one
                a_night_without_movements_has_a_report_too
                reports_are_read_as_they_were_made_the_newest_first
            }
            runs {
                a_run_is_kept_whole_with_its_rows_in_their_order
                one_run_is_open
                a_row_ends_once
                a_run_that_was_stopped_goes_on_and_one_that_ended_does_not
            }
            search {
                a_search_sees_what_was_written_before_and_after_the_first_search
                a_search_finds_all_of_many_tabs_and_counts_those_beyond_the_limit
                of_closed_tabs_the_right_word_comes_first_and_a_slip_is_forgiven
                a_good_part_of_dojos_number_finds_its_tab_alone_and_with_other_words
                what_was_closed_and_changes_is_found_by_what_it_says_now
            }
            tabs {
                a_tab_is_kept_as_it_was_given
                a_tab_is_opened_with_its_hold_or_not_at_all
                whether_a_tab_is_closed_is_no_detail_of_it
                each_writing_of_a_tab_or_a_hold_is_counted
                a_tab_that_was_written_since_is_neither_edited_nor_closed
                open_and_closed_tabs_are_listed_apart_the_newest_closed_first
                the_lines_of_a_bill_are_its_own_oldest_first
                a_move_writes_both_halves_with_their_notes
                a_move_opens_and_closes_tabs_in_its_commit
                a_move_that_does_not_add_up_writes_nothing
                a_move_below_zero_writes_nothing
                a_decision_moves_once
                a_setting_is_what_it_was_set_to_last
                a_setting_that_was_set_since_stays
            }
            tills {
                what_was_written_is_among_the_changes_once
                a_place_in_another_ledgers_changes_says_that_all_has_to_be_read
                a_till_that_is_alone_has_each_duty
            }
        }
    };
}

/// The same for the cases about opening again.
#[doc(hidden)]
#[macro_export]
macro_rules! with_durability_cases {
    ($each:ident $($before:tt)*) => {
        $crate::$each! { $($before)*
                a_tab_with_all_that_is_on_it_is_there_again
                an_open_decision_is_there_again_and_still_in_the_way
                an_open_renewal_is_there_again_and_can_be_ended
                an_ask_is_there_again
                findings_and_settings_are_there_again
                movements_and_reports_are_there_again_and_go_on
                what_was_said_of_a_refund_is_there_again
                tabs_are_found_again
                the_journal_goes_on_where_it_ended
                a_run_is_there_again_with_what_became_of_its_rows
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! conformance_list {
    ($($file:ident { $($case:ident)* })*) => {
        vec![$($($crate::Case {
            name: concat!(stringify!($file), "::", stringify!($case)),
            run: |ledger| Box::pin(async move { $crate::$file::$case(&*ledger).await }),
        }),*),*]
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! durability_names {
    ($($case:ident)*) => { vec![$(stringify!($case)),*] };
}

#[doc(hidden)]
#[macro_export]
macro_rules! conformance_test_each {
    ($adapter:ty, $($file:ident { $($case:ident)* })*) => {$(
        mod $file {
            use super::*;
            $(
                #[::tokio::test]
                async fn $case() {
                    let adapter = <$adapter as $crate::Adapter>::empty();
                    let ledger = $crate::Adapter::ledger(&adapter);
                    $crate::$file::$case(ledger.as_ref()).await;
                }
            )*
        }
    )*};
}

#[doc(hidden)]
#[macro_export]
macro_rules! durability_test_each {
    ($adapter:ty, $($case:ident)*) => {$(
        #[::tokio::test]
        async fn $case() {
            let adapter = <$adapter as $crate::Adapter>::empty();
            $crate::durability::$case(adapter).await;
        }
    )*};
}

/// Makes a test of each case, run on a ledger of its own by this [`Adapter`](crate::Adapter).
/// The calling crate needs `tokio` with `macros`.
#[macro_export]
macro_rules! conformance_tests {
    ($adapter:ty) => {
        $crate::with_conformance_cases!(conformance_test_each $adapter,);
    };
}

/// Makes a test of each case about opening again, by this [`Durable`](crate::Durable) adapter.
/// The calling crate needs `tokio` with `macros`.
#[macro_export]
macro_rules! durability_tests {
    ($adapter:ty) => {
        mod durability {
            use super::*;
            $crate::with_durability_cases!(durability_test_each $adapter,);
        }
    };
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    /// The names of what `file` has with the signature of a case.
    fn written(file: &Path, parameter: &str) -> Vec<String> {
        let text = fs::read_to_string(file).unwrap();
        let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let functions = text.split("pub async fn ").skip(1);
        let cases = functions.filter_map(|function| {
            let (name, rest) = function.split_once('(')?;
            let (parameters, end) = rest.split_once(')')?;
            let is_case = parameters.trim_matches([' ', ',']) == parameter && end.starts_with(" {");
            is_case.then(|| name.to_owned())
        });
        cases.collect()
    }

    #[test]
    fn the_list_has_every_case_that_is_written() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut all = Vec::new();
        for file in fs::read_dir(&folder).unwrap() {
            let file = file.unwrap().path();
            let stem = file.file_stem().unwrap().to_str().unwrap();
            let names = written(&file, "ledger: &dyn Ledger");
            all.extend(names.into_iter().map(|name| format!("{stem}::{name}")));
        }
        let mut listed: Vec<&str> = crate::cases().iter().map(|case| case.name).collect();
        all.sort();
        listed.sort_unstable();
        assert_eq!(listed, all);

        let listed = crate::with_durability_cases!(durability_names);
        assert_eq!(
            listed,
            written(&folder.join("durability.rs"), "durable: impl Durable")
        );
    }
}
