//! A card's number is kept nowhere, whichever field it's typed into.

use anyhow::{Context, Result, ensure};
use holdfast_desk::{Act, AppError, ErrorCode, OpenTab, Seen, Settings};
use holdfast_domain::{Currency, Kind, OperationKind};
use holdfast_tests::{GOOD, Till, decision};

const TYPED: &str = "for later: 5200 0000-0000 1005 exp 12/27";

fn is_refused(what: &str, field: &str, answer: Result<impl Sized, AppError>) -> Result<()> {
    let error = answer.err().with_context(|| format!("{what} was kept"))?;
    ensure!(error.code == ErrorCode::Invalid, "{what}: {error:?}");
    ensure!(
        error.fields.iter().any(|f| f.field.as_str() == field),
        "{what}: {error:?}"
    );
    ensure!(
        error.message.contains("looks like a card number"),
        "{what}: {error:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_card_number_is_refused_in_every_text() -> Result<()> {
    let till = Till::open().await?;
    let typed = |name: &str| OpenTab::of(Kind::Tab, name, "50", Currency::Gbp);
    is_refused("a name", "name", till.desk.open_tab(typed(TYPED)).await)?;
    let with_note = OpenTab {
        note: Some(TYPED.to_owned()),
        ..typed("Stool 4")
    };
    is_refused("a note", "note", till.desk.open_tab(with_note).await)?;
    let with_place = OpenTab {
        place: Some("5200000000001005".to_owned()),
        ..typed("Stool 4")
    };
    is_refused("a place", "place", till.desk.open_tab(with_place).await)?;

    let tab = till.opened(Kind::Tab, "Stool 4", "50").await?;
    let line = till.desk.add_line(tab, Some(TYPED.to_owned()), 1, "5").await;
    is_refused("a line", "what", line)?;
    let hold = till.hold(tab).await?;
    till.pay(&hold, GOOD).await?;
    is_refused("a search", "query", till.desk.search(TYPED).await)?;
    let all = till.desk.settings().await?;
    for (what, field, settings) in [
        (
            "a venue",
            "venue",
            Settings {
                venue: TYPED.to_owned(),
                ..all.clone()
            },
        ),
        (
            "a name of staff",
            "staffName",
            Settings {
                staff_name: TYPED.to_owned(),
                ..all.clone()
            },
        ),
        (
            "a table",
            "places",
            Settings {
                places: vec!["5200000000001005".to_owned()],
                ..all.clone()
            },
        ),
        (
            "a reason offered",
            "releaseReasons",
            Settings {
                release_reasons: vec!["5200000000001005".to_owned()],
                ..all.clone()
            },
        ),
    ] {
        is_refused(what, field, till.desk.save_settings(settings).await)?;
    }
    let release = Act {
        hold_id: hold.id,
        decision: decision(),
        seen: Seen::default(),
        amount: None,
        refund: None,
        reason: Some(TYPED.to_owned()),
        email: None,
    };
    is_refused(
        "a reason",
        "reason",
        till.desk.act(OperationKind::Reversal, release).await,
    )
}
