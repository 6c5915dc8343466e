//! Every function that a till may call, in words: with what it is called so that another venue's rows would be read or
//! changed if it took its venue from anywhere but the role.

/// A call of a function. `<tab>` and the like are ids of the venue that is asked about, `<my tab>` of the till's own,
/// `<new>` is an id that nobody has.
pub(crate) struct Call {
    /// As PostgreSQL names the function.
    pub(crate) function: &'static str,
    /// Its parameters.
    pub(crate) given: String,
    /// What its owner does before, in the same transaction.
    pub(crate) before: &'static str,
    /// Whether it names anything that could be another venue's.
    pub(crate) names: bool,
}

fn row(id: &str, more: &str) -> String {
    format!("jsonb_build_object('id', {id}::text, 'body', '\\x00', {more})")
}

fn tab(id: &str) -> String {
    row(
        id,
        "'version', 0, 'opened_at', 1, 'named', '[]'::jsonb, 'plain', '[]'::jsonb",
    )
}

fn line(id: &str, tab: &str, amount: i64) -> String {
    row(id, &format!("'tab', {tab}::text, 'amount', {amount}"))
}

fn hold(id: &str, tab: &str) -> String {
    let amounts =
        "'asked', 1, 'held', 1, 'authorised', 1, 'captured', 0, 'pending', 0, 'refunded', 0, 'over', 0";
    row(
        id,
        &format!("'tab', {tab}::text, 'reference', {id}::text, 'version', 0, {amounts}"),
    )
}

/// Kind 0 is a create, 1 a capture; state 0 is intended, 3 done.
fn operation(id: &str, hold: &str, kind: i64, state: i64) -> String {
    row(
        id,
        &format!("'hold', {hold}::text, 'kind', {kind}, 'amount', 1, 'tip', 0, 'state', {state}"),
    )
}

const CALL: &str = "<new>, <session>";
const SAID: &str = "'{}'::jsonb";
const KEY: &str = "decode(repeat('01', 32), 'hex')";
/// An id that is used twice in a call, and that nobody has.
const ONCE: &str = "'\\x00000000000000000000000000000001'::bytea";
const TWICE: &str = "'\\x00000000000000000000000000000002'::bytea";

fn call(function: &'static str, given: String) -> Call {
    Call {
        function,
        given,
        before: "",
        names: true,
    }
}

fn nameless(function: &'static str, given: &str) -> Call {
    Call {
        names: false,
        ..call(function, given.to_owned())
    }
}

/// All of them, some more than once.
pub(crate) fn calls() -> Vec<Call> {
    [
        base(),
        of_tabs(),
        of_bills(),
        of_holds(),
        of_renewals_and_runs(),
        of_house(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn base() -> Vec<Call> {
    vec![
        nameless("holdfast.my_venue()", ""),
        call("holdfast.is_busy(integer,bytea)", "<venue>, <tab>".to_owned()),
        call("holdfast.is_busy(integer,bytea)", "<my venue>, <tab>".to_owned()),
        call("holdfast_1.was_done(bytea)", "<call>".to_owned()),
        nameless("holdfast_1.begin_session()", ""),
        nameless(
            "holdfast_1.take_lease(bigint,text,bigint)",
            "<session>, 'watch', 20",
        ),
        nameless("holdfast_1.tidy()", ""),
    ]
}

fn of_tabs() -> Vec<Call> {
    const OPEN: &str = "holdfast_1.open_tab(bytea,bigint,jsonb,bytea,jsonb,jsonb,jsonb)";
    let open = |tab_id: &str, hold_id: &str, operation_id: &str| {
        let (tab, hold) = (tab(tab_id), hold(hold_id, tab_id));
        let create = operation(operation_id, hold_id, 0, 0);
        call(OPEN, format!("{CALL}, {tab}, {KEY}, {hold}, {create}, {SAID}"))
    };
    vec![
        call(
            "holdfast_1.add_tab(bytea,bigint,jsonb,bytea,jsonb)",
            format!("{CALL}, {}, {KEY}, {SAID}", tab("<tab>")),
        ),
        open("<tab>", ONCE, TWICE),
        open(ONCE, "<hold>", TWICE),
        open(ONCE, TWICE, "<operation>"),
        call(
            "holdfast_1.set_tab(bytea,bigint,bigint,jsonb,jsonb)",
            format!("{CALL}, <tab version>, {}, {SAID}", tab("<tab>")),
        ),
        call(
            "holdfast_1.set_closed(bytea,bigint,bigint,jsonb,jsonb,jsonb)",
            format!("{CALL}, <tab version>, NULL, {}, {SAID}", tab("<tab>")),
        ),
        call(
            "holdfast_1.forget(bytea,bigint,bytea[],bigint,jsonb)",
            format!("{CALL}, ARRAY[<closed tab>], 1, {SAID}"),
        ),
        call(
            "holdfast_1.find(jsonb,bigint,bigint,bigint)",
            format!("jsonb_build_array(jsonb_build_array(jsonb_build_array({FITS}))), 10, {LAST}, {LAST}"),
        ),
    ]
}

/// What fits a word of a query: this tab, whatever it's found by otherwise.
const FITS: &str = "jsonb_build_object('any', '[]'::jsonb, 'none', '[]'::jsonb,
                                       'tabs', jsonb_build_array(<closed tab>::text))";

/// No moment and no place comes after it.
const LAST: &str = "9223372036854775807";

fn of_bills() -> Vec<Call> {
    const ADD: &str = "holdfast_1.add_line(bytea,bigint,jsonb,jsonb,bigint,jsonb)";
    const MOVE: &str = "holdfast_1.move_bill(bytea,bigint,jsonb,bytea,jsonb,jsonb,jsonb,bigint,bigint,jsonb)";
    let add = |line: &str| call(ADD, format!("{CALL}, {line}, NULL, 1000000, {SAID}"));
    let both = |from: &str, onto: &str| {
        let (off, on) = (line("<new>", from, -5), line("<new>", onto, 5));
        format!("jsonb_build_array({off}, {on})")
    };
    let moved = |opened: &str, lines: &str, seen: &str, closed: &str| {
        let rest = format!("{closed}, <tab version>, 1000000, {SAID}");
        call(MOVE, format!("{CALL}, {opened}, {KEY}, {lines}, {seen}, {rest}"))
    };
    let (among_mine, none) = (both("<my tab>", "<my other tab>"), "'[]'::jsonb");
    let seen = "jsonb_build_array(jsonb_build_object('tab', <tab>::text, 'operations', 9, 'lines', 9))";
    let off = line("<new>", "<my tab>", 0);
    vec![
        add(&line("<new>", "<tab>", 5)),
        add(&line("<line>", "<my tab>", 5)),
        add(&format!("{off} || jsonb_build_object('takes_off', <line>::text)")),
        moved("NULL", &both("<tab>", "<my other tab>"), none, "NULL"),
        moved("NULL", &both("<my tab>", "<other tab>"), none, "NULL"),
        moved(&tab("<tab>"), &both("<my tab>", "<tab>"), none, "NULL"),
        moved("NULL", &among_mine, seen, "NULL"),
        moved("NULL", &among_mine, none, &tab("<tab>")),
    ]
}

fn of_holds() -> Vec<Call> {
    const ADD: &str = "holdfast_1.add_hold(bytea,bigint,jsonb,jsonb,jsonb,jsonb)";
    const INTEND: &str = "holdfast_1.intend(bytea,bigint,jsonb,jsonb,jsonb)";
    const RECORD: &str = "holdfast_1.record(bytea,bigint,bytea,bigint,jsonb,jsonb,jsonb)";
    const END: &str = "holdfast_1.end_ask(bytea,bigint,bytea,bigint,jsonb,jsonb,jsonb,jsonb,jsonb)";
    const PUT_BACK: &str = "holdfast_1.put_back(bytea,bigint,jsonb)";
    let add = |id: &str, tab: &str, create: &str| {
        let (hold, create) = (hold(id, tab), operation(create, id, 0, 0));
        call(ADD, format!("{CALL}, {hold}, {create}, NULL, {SAID}"))
    };
    let expect = |version: &str| format!("jsonb_build_object('hold', {version})");
    let done = operation("<operation>", "<hold>", 0, 3);
    let back = |operation: &str, more: &str| {
        let rows = format!("jsonb_build_object('operation', {operation}, 'said', {SAID}{more})");
        call(PUT_BACK, format!("{CALL}, {rows}"))
    };
    vec![
        add(ONCE, "<tab>", TWICE),
        add("<hold>", "<my tab>", TWICE),
        add(ONCE, "<my tab>", "<operation>"),
        call(
            INTEND,
            format!(
                "{CALL}, {}, {}, {SAID}",
                expect("<hold version>"),
                operation("<new>", "<hold>", 1, 0)
            ),
        ),
        call(
            INTEND,
            format!(
                "{CALL}, {}, {}, {SAID}",
                expect("<my hold version>"),
                operation("<operation>", "<my hold>", 1, 0)
            ),
        ),
        call(
            RECORD,
            format!("{CALL}, <hold>, <revision>, '{{}}'::jsonb, NULL, {SAID}"),
        ),
        call(
            RECORD,
            format!("{CALL}, <my hold>, <my revision>, '{{}}'::jsonb, {done}, {SAID}"),
        ),
        call(
            END,
            format!("{CALL}, <hold>, <revision>, {done}, NULL, NULL, NULL, {SAID}"),
        ),
        call(
            END,
            format!(
                "{CALL}, <my hold>, <my revision>, NULL, {}, {}, NULL, {SAID}",
                hold(ONCE, "<tab>"),
                operation(TWICE, ONCE, 0, 0)
            ),
        ),
        back(&operation("<new>", "<hold>", 1, 0), ""),
        back(&operation("<operation>", "<my hold>", 1, 0), ""),
        back(
            &operation(TWICE, ONCE, 0, 0),
            &format!(", 'hold', {}", hold(ONCE, "<tab>")),
        ),
        back(
            &operation(TWICE, ONCE, 0, 0),
            &format!(
                ", 'hold', {}, 'tab', {}, 'key', {KEY}::text",
                hold(ONCE, "<tab>"),
                tab("<tab>")
            ),
        ),
    ]
}

fn of_renewals_and_runs() -> Vec<Call> {
    const BEGIN: &str = "holdfast_1.begin_renewal(bytea,bigint,jsonb,jsonb,jsonb,jsonb,jsonb)";
    let begin = |renews: &str, tab: &str, version: &str| {
        let renewal = format!(
            "jsonb_build_object('hold', {ONCE}::text, 'renews', {renews}::text, 'tab', {tab}::text, 'body', '\\x00')"
        );
        let (hold, create) = (hold(ONCE, tab), operation(TWICE, ONCE, 0, 0));
        let expect = format!("jsonb_build_object('hold', {version})");
        call(
            BEGIN,
            format!("{CALL}, {renewal}, {hold}, {create}, {expect}, {SAID}"),
        )
    };
    let of_run = "(<run> || <tab>)";
    let run = |id: &str| row(id, "'ended_at', 1");
    vec![
        begin("<hold>", "<tab>", "<hold version>"),
        begin("<hold>", "<my tab>", "<hold version>"),
        call(
            "holdfast_1.end_renewal(bytea,bigint,jsonb,jsonb)",
            format!(
                "{CALL}, jsonb_build_object('hold', <new hold>::text, 'tab', <renewed tab>::text, 'ended_at', 1,
                                            'body', '\\x00'), {SAID}"
            ),
        ),
        Call {
            before: "UPDATE holdfast.run SET ended_at = 1 WHERE venue = <my venue>",
            ..call(
                "holdfast_1.begin_run(bytea,bigint,jsonb,jsonb,jsonb)",
                format!(
                    "{CALL}, {}, jsonb_build_array({}), {SAID}",
                    row("<run>", "'ended_at', NULL"),
                    row(of_run, "'number', 9")
                ),
            )
        },
        call(
            "holdfast_1.end_run_row(bytea,bigint,jsonb,jsonb)",
            format!("{CALL}, {}, {SAID}", row(of_run, "'ended_at', 1")),
        ),
        call(
            "holdfast_1.set_run_state(bytea,bigint,bigint,jsonb,jsonb)",
            format!("{CALL}, 0, {}, {SAID}", run("<run>")),
        ),
    ]
}

fn of_house() -> Vec<Call> {
    const TELL: &str = "holdfast_1.tell(bytea,bigint,jsonb)";
    let tell = |what: &str, one: &str| {
        let said = format!("jsonb_build_object('{what}', jsonb_build_array({one}))");
        call(TELL, format!("{CALL}, {said}"))
    };
    let finding = |key: &str, more: &str| {
        format!(
            "jsonb_build_object('key', {key}, 'kind', 1, 'seen', true, 'raised', false, 'body', '\\x00'{more})"
        )
    };
    vec![
        call(
            "holdfast_1.set_setting(bytea,bigint,text,text,jsonb,jsonb)",
            format!("{CALL}, <setting>, 'mine', '{{\"was\": \"theirs\"}}'::jsonb, {SAID}"),
        ),
        nameless(
            "holdfast_1.set_beside(bytea,bigint,text)",
            "<new>, <session>, 'mine'",
        ),
        tell("findings", &finding("<finding>", "")),
        tell("findings", &finding("'lapsed/x'", ", 'hold', <hold>::text")),
        tell(
            "movements",
            "jsonb_build_object('hold', <hold>::text, 'currency', 0, 'kind', 2, 'paid', 0, 'amount', 1,
                                'service', 0, 'tip', 0, 'said', 0, 'at', 1, 'body', '\\x00')",
        ),
        tell("notes", "jsonb_build_object('tab', <tab>::text, 'body', '\\x00')"),
        call(
            "holdfast_1.add_report(bytea,bigint,jsonb,jsonb)",
            format!(
                "{CALL}, jsonb_build_object('number', <report>, 'first', <first>, 'last', <first> - 1,
                                            'body', '\\x00'), {SAID}"
            ),
        ),
        call(
            "holdfast_1.note_loss(bytea,bigint,bytea,text,jsonb,jsonb)",
            format!("{CALL}, <incarnation>, 'lost', {SAID}, NULL"),
        ),
    ]
}
