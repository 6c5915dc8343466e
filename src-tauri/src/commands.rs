//! The window's commands: each hands what was typed to the desk and its answer back.

use crate::downloads;
use crate::leaving::Leaving;
use crate::till::Till;
use chrono::{DateTime, NaiveDate, Utc};
use holdfast_desk::{
    Act, AppError, AskForMore, Attention, ClosedAsked, DaysView, Desk, Details, ErrorCode, ExportKind,
    FloorOrder, Look, Mode, Night, NightChoice, NightSeen, OpenTab, Paper, PaperKind, RefundPreview,
    RefundTyped, Renew, RenewPreview, ReportRow, ReportView, SayRefund, Seen, Settings, Take, TakePreview,
    TakeTyped,
    view::{
        AmountCheck, Backup, BroughtIn, ClosedPage, ClosedPlace, Connection, Floor, Found, NewPreview,
        Outcome, PutBack, Same, Start, Step, TabView,
    },
};
use holdfast_domain::{Currency, HoldId, LineId, OperationId, OperationKind, TabId};
use holdfast_process::{CappedLog, scrubbed};
use tauri::{AppHandle, Manager, State, Wry, ipc::Invoke};

type Answer<T> = Result<T, AppError>;

/// All of them; `build.rs` declares the same names.
#[expect(clippy::too_many_lines, reason = "one list of names")]
pub(crate) fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        start,
        choose_training,
        enter_key,
        forget_key,
        use_mode,
        leave_mode,
        test_connection,
        floor,
        floor_painted,
        tab,
        closed,
        search,
        set_floor_order,
        attention,
        put_aside,
        ask_dojo,
        accept_reading,
        check_amount,
        preview_new,
        open_tab,
        same_card,
        retry_open,
        ask_for_more,
        look,
        preview_renewal,
        renew,
        give_up_renewal,
        add_line,
        take_off,
        mend_tab,
        close_tab,
        reopen_tab,
        preview_take,
        take,
        release,
        cancel,
        preview_refund,
        refund,
        preview_said,
        say_refund,
        change_amount,
        change_tip,
        send_receipt,
        settings,
        settings_changes,
        save_settings,
        backups,
        back_up,
        put_back_preview,
        put_back,
        night,
        close_night,
        stop_night,
        go_on_with_night,
        let_night_be,
        make_report,
        report,
        reports,
        paper,
        days,
        export,
        acknowledge,
        bring_in,
        stay,
        quit,
        autostart,
        set_autostart,
        support,
        save_support,
        open_link,
        email_link,
        training_pay,
        training_clock
    ]
}

#[tauri::command]
async fn start(till: State<'_, Till>) -> Answer<Start> {
    Ok(till.start().await)
}

#[tauri::command]
async fn choose_training(till: State<'_, Till>) -> Answer<Start> {
    till.choose(Mode::Training).await
}

#[tauri::command]
async fn use_mode(till: State<'_, Till>, mode: Mode) -> Answer<Start> {
    till.choose(mode).await
}

#[tauri::command]
async fn enter_key(till: State<'_, Till>, key: String) -> Answer<Start> {
    till.enter_key(&key).await
}

#[tauri::command]
async fn forget_key(till: State<'_, Till>, mode: Mode) -> Answer<Start> {
    till.forget_key(mode).await
}

#[tauri::command]
async fn leave_mode(till: State<'_, Till>) -> Answer<Start> {
    till.leave().await
}

#[tauri::command]
async fn test_connection(till: State<'_, Till>) -> Answer<Connection> {
    Ok(till.desk().await?.test_connection().await)
}

#[tauri::command]
async fn floor(till: State<'_, Till>) -> Answer<Floor> {
    till.desk().await?.floor().await
}

#[tauri::command]
fn floor_painted(till: State<'_, Till>) {
    till.floor_painted();
}

#[tauri::command]
async fn tab(till: State<'_, Till>, id: TabId) -> Answer<TabView> {
    till.desk().await?.tab(id).await
}

#[tauri::command]
async fn closed(till: State<'_, Till>, asked: ClosedAsked, after: Option<ClosedPlace>) -> Answer<ClosedPage> {
    till.desk().await?.closed(&asked, after).await
}

#[tauri::command]
async fn search(till: State<'_, Till>, query: String) -> Answer<Found> {
    till.desk().await?.search(&query).await
}

#[tauri::command]
async fn set_floor_order(till: State<'_, Till>, order: FloorOrder) -> Answer<Floor> {
    let desk = till.desk().await?;
    desk.set_floor_order(order).await?;
    desk.floor().await
}

#[tauri::command]
async fn attention(till: State<'_, Till>) -> Answer<Attention> {
    till.desk().await?.attention().await
}

#[tauri::command]
async fn put_aside(till: State<'_, Till>, operation: OperationId) -> Answer<Attention> {
    let desk = till.desk().await?;
    desk.put_aside(operation).await?;
    desk.attention().await
}

/// One more reading of Dojo's record; it sends nothing that moves money.
#[tauri::command]
async fn ask_dojo(till: State<'_, Till>, hold_id: HoldId) -> Answer<Attention> {
    let desk = till.desk().await?;
    desk.read(hold_id).await?;
    desk.attention().await
}

/// What Dojo shows counts from here on, though it showed more before.
#[tauri::command]
async fn accept_reading(till: State<'_, Till>, hold_id: HoldId, key: String) -> Answer<TabView> {
    let desk = till.desk().await?;
    let hold = desk.accept_reading(hold_id, &key).await?;
    desk.tab(hold.tab).await
}

#[tauri::command]
async fn check_amount(text: String, currency: Currency, allow_zero: bool) -> Answer<AmountCheck> {
    Ok(Desk::check_amount(&text, currency, allow_zero))
}

#[tauri::command]
async fn open_tab(till: State<'_, Till>, typed: OpenTab) -> Answer<TabView> {
    let desk = till.desk().await?;
    let id = desk.open_tab(typed).await?;
    desk.tab(id).await
}

#[tauri::command]
async fn preview_new(till: State<'_, Till>, typed: OpenTab) -> Answer<NewPreview> {
    till.desk().await?.preview_new(&typed).await
}

#[tauri::command]
async fn same_card(till: State<'_, Till>, id: TabId) -> Answer<Vec<Same>> {
    till.desk().await?.same_card(id).await
}

#[tauri::command]
async fn retry_open(till: State<'_, Till>, tab_id: TabId, hold_id: HoldId) -> Answer<TabView> {
    let desk = till.desk().await?;
    desk.retry_open(hold_id).await?;
    desk.tab(tab_id).await
}

#[tauri::command]
async fn ask_for_more(till: State<'_, Till>, more: AskForMore) -> Answer<TabView> {
    let desk = till.desk().await?;
    desk.ask_for_more(&more).await?;
    desk.tab(more.tab_id).await
}

/// What an open sheet shows now, and what changed since the person accepted it.
#[tauri::command]
async fn look(till: State<'_, Till>, tab_id: TabId, accepted: Seen, hold_id: Option<HoldId>) -> Answer<Look> {
    till.desk().await?.look(tab_id, &accepted, hold_id).await
}

#[tauri::command]
async fn preview_renewal(till: State<'_, Till>, typed: Renew) -> Answer<RenewPreview> {
    till.desk().await?.preview_renewal(&typed).await
}

#[tauri::command]
async fn renew(till: State<'_, Till>, tab_id: TabId, typed: Renew) -> Answer<TabView> {
    let desk = till.desk().await?;
    desk.renew(&typed).await?;
    desk.tab(tab_id).await
}

#[tauri::command]
async fn give_up_renewal(till: State<'_, Till>, hold_id: HoldId) -> Answer<Outcome> {
    till.desk().await?.give_up_renewal(hold_id).await
}

#[tauri::command]
async fn add_line(
    till: State<'_, Till>,
    tab_id: TabId,
    what: Option<String>,
    quantity: i64,
    amount: String,
) -> Answer<TabView> {
    let desk = till.desk().await?;
    desk.add_line(tab_id, what, quantity, &amount).await?;
    desk.tab(tab_id).await
}

#[tauri::command]
async fn take_off(till: State<'_, Till>, tab_id: TabId, line_id: LineId) -> Answer<TabView> {
    let desk = till.desk().await?;
    desk.take_off(tab_id, line_id).await?;
    desk.tab(tab_id).await
}

#[tauri::command]
async fn mend_tab(till: State<'_, Till>, tab_id: TabId, details: Details) -> Answer<TabView> {
    let desk = till.desk().await?;
    desk.mend_tab(tab_id, details).await?;
    desk.tab(tab_id).await
}

#[tauri::command]
async fn close_tab(till: State<'_, Till>, id: TabId) -> Answer<TabView> {
    let desk = till.desk().await?;
    desk.close_tab(id).await?;
    desk.tab(id).await
}

#[tauri::command]
async fn reopen_tab(till: State<'_, Till>, id: TabId) -> Answer<TabView> {
    let desk = till.desk().await?;
    desk.reopen_tab(id).await?;
    desk.tab(id).await
}

#[tauri::command]
async fn preview_take(till: State<'_, Till>, tab_id: TabId, typed: TakeTyped) -> Answer<TakePreview> {
    till.desk().await?.preview_take(tab_id, &typed).await
}

#[tauri::command]
async fn take(till: State<'_, Till>, take: Take) -> Answer<Outcome> {
    let desk = till.desk().await?;
    let taken = desk.take(&take).await?;
    desk.outcome_of_take(take.tab_id, &taken).await
}

async fn act(till: State<'_, Till>, kind: OperationKind, act: Act) -> Answer<Outcome> {
    till.desk().await?.act(kind, act).await
}

#[tauri::command]
async fn release(till: State<'_, Till>, request: Act) -> Answer<Outcome> {
    act(till, OperationKind::Reversal, request).await
}

#[tauri::command]
async fn cancel(till: State<'_, Till>, request: Act) -> Answer<Outcome> {
    act(till, OperationKind::Cancel, request).await
}

#[tauri::command]
async fn refund(till: State<'_, Till>, request: Act) -> Answer<Outcome> {
    act(till, OperationKind::Refund, request).await
}

#[tauri::command]
async fn preview_refund(till: State<'_, Till>, hold_id: HoldId, typed: RefundTyped) -> Answer<RefundPreview> {
    till.desk().await?.preview_refund(hold_id, &typed).await
}

#[tauri::command]
async fn preview_said(till: State<'_, Till>, say: SayRefund) -> Answer<RefundPreview> {
    till.desk().await?.preview_said(&say).await
}

#[tauri::command]
async fn say_refund(till: State<'_, Till>, say: SayRefund) -> Answer<TabView> {
    till.desk().await?.say_refund(&say).await
}

#[tauri::command]
async fn change_amount(till: State<'_, Till>, request: Act) -> Answer<Outcome> {
    act(till, OperationKind::SetAmount, request).await
}

#[tauri::command]
async fn change_tip(till: State<'_, Till>, request: Act) -> Answer<Outcome> {
    act(till, OperationKind::SetTips, request).await
}

#[tauri::command]
async fn send_receipt(till: State<'_, Till>, request: Act) -> Answer<Outcome> {
    act(till, OperationKind::Receipt, request).await
}

#[tauri::command]
async fn settings(till: State<'_, Till>) -> Answer<Settings> {
    till.desk().await?.settings().await
}

#[tauri::command]
async fn settings_changes(till: State<'_, Till>) -> Answer<Vec<Step>> {
    till.desk().await?.settings_changes().await
}

#[tauri::command]
async fn save_settings(till: State<'_, Till>, settings: Settings) -> Answer<Settings> {
    till.desk().await?.save_settings(settings).await
}

#[tauri::command]
async fn backups(till: State<'_, Till>) -> Answer<Vec<Backup>> {
    till.desk().await?.backups().await
}

/// A second copy that could not be made is told on the floor.
#[tauri::command]
async fn back_up(till: State<'_, Till>) -> Answer<Vec<Backup>> {
    let desk = till.desk().await?;
    desk.back_up().await?;
    desk.backups().await
}

#[tauri::command]
async fn put_back_preview(till: State<'_, Till>, name: String) -> Answer<PutBack> {
    till.desk().await?.put_back_preview(&name).await
}

#[tauri::command]
async fn put_back(till: State<'_, Till>, name: String) -> Answer<Start> {
    till.put_back(&name).await
}

#[tauri::command]
async fn night(till: State<'_, Till>, choices: Vec<NightChoice>) -> Answer<Night> {
    till.desk().await?.night(&choices).await
}

#[tauri::command]
async fn close_night(
    till: State<'_, Till>,
    choices: Vec<NightChoice>,
    seen: Vec<NightSeen>,
) -> Answer<Night> {
    till.desk().await?.close_night(&choices, &seen).await
}

#[tauri::command]
async fn stop_night(till: State<'_, Till>) -> Answer<Night> {
    till.desk().await?.stop_night().await
}

#[tauri::command]
async fn go_on_with_night(till: State<'_, Till>) -> Answer<Night> {
    till.desk().await?.go_on_with_night().await
}

#[tauri::command]
async fn let_night_be(till: State<'_, Till>) -> Answer<Night> {
    till.desk().await?.let_night_be().await
}

#[tauri::command]
async fn make_report(till: State<'_, Till>) -> Answer<ReportView> {
    till.desk().await?.make_report().await
}

#[tauri::command]
async fn report(till: State<'_, Till>, number: i64) -> Answer<ReportView> {
    till.desk().await?.report(number).await
}

#[tauri::command]
async fn reports(till: State<'_, Till>, before: Option<i64>) -> Answer<Vec<ReportRow>> {
    till.desk().await?.reports(before).await
}

#[tauri::command]
async fn paper(till: State<'_, Till>, kind: PaperKind, hold_id: HoldId) -> Answer<Paper> {
    till.desk().await?.paper(kind, hold_id).await
}

#[tauri::command]
async fn days(
    till: State<'_, Till>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    currency: Option<Currency>,
) -> Answer<DaysView> {
    till.desk().await?.days(from, to, currency).await
}

/// Writes a list into the folder for downloads; where, in words. The window never names a path.
#[tauri::command]
async fn export(
    app: AppHandle,
    till: State<'_, Till>,
    kind: ExportKind,
    from: NaiveDate,
    to: NaiveDate,
) -> Answer<String> {
    let export = till.desk().await?.export(kind, from, to).await?;
    let folder = app.path().download_dir().unwrap_or_else(|_| till.exports());
    downloads::write(folder, export).await
}

/// Somebody has seen what the watch found.
#[tauri::command]
async fn acknowledge(till: State<'_, Till>, key: String) -> Answer<()> {
    till.desk().await?.acknowledge(&key).await
}

/// Makes tabs of what is open at Dojo and not known here.
#[tauri::command]
async fn bring_in(till: State<'_, Till>) -> Answer<BroughtIn> {
    till.desk().await?.bring_in().await
}

/// Whoever was asked before quitting stays.
#[tauri::command]
async fn stay(leaving: State<'_, Leaving>) -> Answer<()> {
    leaving.stays();
    Ok(())
}

/// Ends the program; the window has said what that means.
#[tauri::command]
async fn quit(app: AppHandle) -> Answer<()> {
    app.exit(0);
    Ok(())
}

#[tauri::command]
async fn autostart() -> Answer<bool> {
    Ok(crate::autostart::is_on())
}

#[tauri::command]
async fn set_autostart(till: State<'_, Till>, on: bool) -> Answer<bool> {
    crate::autostart::set(till.root(), on)?;
    Ok(crate::autostart::is_on())
}

/// What a supporter needs, for its user to read before it goes anywhere.
#[tauri::command]
async fn support(till: State<'_, Till>) -> Answer<String> {
    let log = CappedLog::tail(&till.root().join("log"), 300);
    till.desk().await?.support(&about_this_pc(), &log).await
}

/// Saves what was read, word for word; where.
#[tauri::command]
async fn save_support(till: State<'_, Till>, text: String) -> Answer<String> {
    till.desk()
        .await?
        .save_support(till.root(), &scrubbed(&text))
        .await
}

fn about_this_pc() -> String {
    format!(
        "Holdfast {} on {} {}, Tauri {}",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        tauri::VERSION
    )
}

/// Opens a hold's own page in the browser; no other address can be asked for.
#[tauri::command]
async fn open_link(till: State<'_, Till>, tab_id: TabId, hold_id: HoldId) -> Answer<()> {
    let view = till.desk().await?.tab(tab_id).await?;
    let hold = view.holds.into_iter().find(|hold| hold.id == hold_id);
    let link = hold
        .and_then(|hold| hold.link)
        .ok_or_else(|| AppError::new(ErrorCode::NotFound, "This request has no page any more."))?;
    opened(link, "No browser could be opened. Copy the link instead.").await
}

/// Writes a hold's own link into a letter of the computer's mail program; staff send it themselves.
#[tauri::command]
async fn email_link(till: State<'_, Till>, hold_id: HoldId) -> Answer<()> {
    let letter = till.desk().await?.link_mail(hold_id).await?;
    opened(letter, "No mail program could be opened. Copy the link instead.").await
}

async fn opened(what: String, or_else: &str) -> Answer<()> {
    tokio::task::spawn_blocking(move || open::that_detached(what))
        .await
        .is_ok_and(|opened| opened.is_ok())
        .then_some(())
        .ok_or_else(|| AppError::new(ErrorCode::Internal, or_else))
}

/// The guest's part, in training.
#[tauri::command]
async fn training_pay(till: State<'_, Till>, intent_id: String, card: String) -> Answer<()> {
    let simulator = till.simulator().await?;
    let paid = simulator.pay(&intent_id, &card);
    paid.map(drop)
        .map_err(|error| AppError::new(ErrorCode::NotAllowed, format!("It can’t be paid: {error}.")))
}

/// Winds training's clock on.
#[tauri::command]
async fn training_clock(till: State<'_, Till>, advance: String) -> Answer<DateTime<Utc>> {
    let now = till.simulator().await?.wind_on(&advance);
    let now = now.map_err(|error| AppError::new(ErrorCode::NotAllowed, format!("{error}.")))?;
    till.desk().await?.sweep().await?;
    Ok(now)
}
