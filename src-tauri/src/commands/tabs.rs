//! What is open and what was, bills, and the links that guests get.

use super::{Answer, Shell};
use crate::wording;
use holdfast_desk::{
    AppError, AskForMore, Attention, ClosedAsked, Desk, Details, ErrorCode, ForgetGuest, ForgetPreview, Look,
    MoveBill, MoveTyped, OpenTab, Seen,
    view::{
        AmountCheck, ClosedPage, ClosedPlace, Floor, Found, MoveOutcome, MovePreview, NewPreview, Same,
        TabView,
    },
};
use holdfast_domain::{Currency, FloorOrder, HoldId, LineId, OperationId, TabId};

pub(super) async fn floor(shell: &Shell) -> Answer<Floor> {
    shell.desk().await?.floor().await
}

pub(super) async fn tab(shell: &Shell, id: TabId) -> Answer<TabView> {
    shell.desk().await?.tab(id).await
}

pub(super) async fn closed(
    shell: &Shell,
    asked: ClosedAsked,
    after: Option<ClosedPlace>,
) -> Answer<ClosedPage> {
    shell.desk().await?.closed(&asked, after).await
}

pub(super) async fn search(shell: &Shell, query: String) -> Answer<Found> {
    shell.desk().await?.search(&query).await
}

pub(super) async fn set_floor_order(shell: &Shell, order: FloorOrder) -> Answer<Floor> {
    let desk = shell.desk().await?;
    desk.set_floor_order(order).await?;
    desk.floor().await
}

pub(super) async fn attention(shell: &Shell) -> Answer<Attention> {
    shell.desk().await?.attention().await
}

pub(super) async fn put_aside(shell: &Shell, operation: OperationId) -> Answer<Attention> {
    let desk = shell.desk().await?;
    desk.put_aside(operation).await?;
    desk.attention().await
}

pub(super) async fn acknowledge(shell: &Shell, key: String) -> Answer<()> {
    shell.desk().await?.acknowledge(&key).await
}

pub(super) async fn ask_dojo(shell: &Shell, hold_id: HoldId) -> Answer<Attention> {
    let desk = shell.desk().await?;
    desk.read(hold_id).await?;
    desk.attention().await
}

pub(super) async fn accept_reading(shell: &Shell, hold_id: HoldId, key: String) -> Answer<TabView> {
    let desk = shell.desk().await?;
    let hold = desk.accept_reading(hold_id, &key).await?;
    desk.tab(hold.tab).await
}

pub(super) async fn check_amount(
    _: &Shell,
    text: String,
    currency: Currency,
    allow_zero: bool,
) -> Answer<AmountCheck> {
    Ok(Desk::check_amount(&text, currency, allow_zero))
}

pub(super) async fn preview_new(shell: &Shell, typed: OpenTab) -> Answer<NewPreview> {
    shell.desk().await?.preview_new(&typed).await
}

pub(super) async fn open_tab(shell: &Shell, typed: OpenTab) -> Answer<TabView> {
    let desk = shell.desk().await?;
    let id = desk.open_tab(typed).await?;
    desk.tab(id).await
}

pub(super) async fn same_card(shell: &Shell, id: TabId) -> Answer<Vec<Same>> {
    shell.desk().await?.same_card(id).await
}

pub(super) async fn retry_open(shell: &Shell, tab_id: TabId, hold_id: HoldId) -> Answer<TabView> {
    let desk = shell.desk().await?;
    desk.retry_open(hold_id).await?;
    desk.tab(tab_id).await
}

pub(super) async fn ask_for_more(shell: &Shell, more: AskForMore) -> Answer<TabView> {
    let desk = shell.desk().await?;
    desk.ask_for_more(&more).await?;
    desk.tab(more.tab_id).await
}

pub(super) async fn look(
    shell: &Shell,
    tab_id: TabId,
    accepted: Seen,
    hold_id: Option<HoldId>,
) -> Answer<Look> {
    shell.desk().await?.look(tab_id, &accepted, hold_id).await
}

pub(super) async fn add_line(
    shell: &Shell,
    tab_id: TabId,
    what: Option<String>,
    quantity: i64,
    amount: String,
) -> Answer<TabView> {
    let desk = shell.desk().await?;
    desk.add_line(tab_id, what, quantity, &amount).await?;
    desk.tab(tab_id).await
}

pub(super) async fn take_off(shell: &Shell, tab_id: TabId, line_id: LineId) -> Answer<TabView> {
    let desk = shell.desk().await?;
    desk.take_off(tab_id, line_id).await?;
    desk.tab(tab_id).await
}

pub(super) async fn preview_move(shell: &Shell, typed: MoveTyped, find: String) -> Answer<MovePreview> {
    shell.desk().await?.preview_move(&typed, &find).await
}

pub(super) async fn move_bill(shell: &Shell, moving: MoveBill) -> Answer<MoveOutcome> {
    shell.desk().await?.move_bill(&moving).await
}

pub(super) async fn edit_tab(shell: &Shell, tab_id: TabId, details: Details) -> Answer<TabView> {
    let desk = shell.desk().await?;
    desk.edit_tab(tab_id, details).await?;
    desk.tab(tab_id).await
}

pub(super) async fn close_tab(shell: &Shell, id: TabId, seen: Seen) -> Answer<TabView> {
    let desk = shell.desk().await?;
    desk.close_tab(id, &seen).await?;
    desk.tab(id).await
}

pub(super) async fn reopen_tab(shell: &Shell, id: TabId) -> Answer<TabView> {
    let desk = shell.desk().await?;
    desk.reopen_tab(id).await?;
    desk.tab(id).await
}

pub(super) async fn preview_forget(
    shell: &Shell,
    tab_id: TabId,
    ticked: Option<Vec<TabId>>,
) -> Answer<ForgetPreview> {
    shell.desk().await?.preview_forget(tab_id, ticked).await
}

pub(super) async fn forget_guest(shell: &Shell, asked: ForgetGuest) -> Answer<TabView> {
    let (desk, id) = (shell.desk().await?, asked.tab_id);
    desk.forget_guest(asked).await?;
    desk.tab(id).await
}

pub(super) async fn open_link(shell: &Shell, tab_id: TabId, hold_id: HoldId) -> Answer<()> {
    let view = shell.desk().await?.tab(tab_id).await?;
    let hold = view.holds.into_iter().find(|hold| hold.id == hold_id);
    let link = hold
        .and_then(|hold| hold.link)
        .ok_or_else(|| AppError::new(ErrorCode::NotFound, wording::NO_PAGE))?;
    opened(link, wording::NO_BROWSER).await
}

pub(super) async fn email_link(shell: &Shell, hold_id: HoldId) -> Answer<()> {
    let letter = shell.desk().await?.link_mail(hold_id).await?;
    opened(letter, wording::NO_MAIL).await
}

async fn opened(what: String, or_else: &str) -> Answer<()> {
    tokio::task::spawn_blocking(move || open::that_detached(what))
        .await
        .is_ok_and(|opened| opened.is_ok())
        .then_some(())
        .ok_or_else(|| AppError::new(ErrorCode::Internal, or_else))
}
