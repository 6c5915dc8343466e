//! What moves money on a hold, and what it would move.

use super::{Answer, Shell};
use holdfast_desk::{
    Act, RefundPreview, RefundTyped, Renew, RenewPreview, SayRefund, Take, TakePreview, TakeTyped,
    view::{Outcome, TabView},
};
use holdfast_domain::{HoldId, OperationKind, TabId};

pub(super) async fn preview_take(shell: &Shell, tab_id: TabId, typed: TakeTyped) -> Answer<TakePreview> {
    shell.desk().await?.preview_take(tab_id, &typed).await
}

pub(super) async fn take(shell: &Shell, take: Take) -> Answer<Outcome> {
    let desk = shell.desk().await?;
    let taken = desk.take(&take).await?;
    desk.outcome_of_take(take.tab_id, &taken).await
}

async fn act(shell: &Shell, kind: OperationKind, act: Act) -> Answer<Outcome> {
    shell.desk().await?.act(kind, act).await
}

pub(super) async fn release(shell: &Shell, request: Act) -> Answer<Outcome> {
    act(shell, OperationKind::Reversal, request).await
}

pub(super) async fn cancel(shell: &Shell, request: Act) -> Answer<Outcome> {
    act(shell, OperationKind::Cancel, request).await
}

pub(super) async fn preview_refund(
    shell: &Shell,
    hold_id: HoldId,
    typed: RefundTyped,
) -> Answer<RefundPreview> {
    shell.desk().await?.preview_refund(hold_id, &typed).await
}

pub(super) async fn refund(shell: &Shell, request: Act) -> Answer<Outcome> {
    act(shell, OperationKind::Refund, request).await
}

pub(super) async fn preview_said(shell: &Shell, say: SayRefund) -> Answer<RefundPreview> {
    shell.desk().await?.preview_said(&say).await
}

pub(super) async fn say_refund(shell: &Shell, say: SayRefund) -> Answer<TabView> {
    shell.desk().await?.say_refund(&say).await
}

pub(super) async fn change_amount(shell: &Shell, request: Act) -> Answer<Outcome> {
    act(shell, OperationKind::SetAmount, request).await
}

pub(super) async fn change_tip(shell: &Shell, request: Act) -> Answer<Outcome> {
    act(shell, OperationKind::SetTips, request).await
}

pub(super) async fn send_receipt(shell: &Shell, request: Act) -> Answer<Outcome> {
    act(shell, OperationKind::Receipt, request).await
}

pub(super) async fn preview_renewal(shell: &Shell, typed: Renew) -> Answer<RenewPreview> {
    shell.desk().await?.preview_renewal(&typed).await
}

pub(super) async fn renew(shell: &Shell, tab_id: TabId, typed: Renew) -> Answer<TabView> {
    let desk = shell.desk().await?;
    desk.renew(&typed).await?;
    desk.tab(tab_id).await
}

pub(super) async fn give_up_renewal(shell: &Shell, hold_id: HoldId) -> Answer<Outcome> {
    shell.desk().await?.give_up_renewal(hold_id).await
}
