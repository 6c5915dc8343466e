//! Both themes, and the small screen.

use crate::browser::Window;
use crate::{id, training};
use anyhow::{Context, Result, ensure};
use serde_json::json;

const F8: &str = "\u{e038}";

#[tokio::test]
async fn the_dark_theme_is_a_setting_and_stays() -> Result<()> {
    let mut window = training().await?;
    window.press(&id("screen-settings")).await?;
    window.press(&id("section-venue")).await?;
    window.fill(&id("set-venue"), "The Invented Arms").await?;
    window.paste(&id("set-theme"), "dark").await?;
    window.press(&id("save-settings")).await?;
    window.see("html[data-theme='dark']").await?;
    window.shot("settings-dark").await?;
    window.press(&id("screen-floor")).await?;
    window.press("[data-name='Table 9, Pretend']").await?;
    window.see(&id("take")).await?;
    window.gone(&id("toast")).await?;
    window.shot("floor-dark").await?;
    window.press(&id("take")).await?;
    window.see(&id("take-sentence")).await?;
    window.shot("take-dark").await?;
    window.keys("\u{e00c}").await?;
    window.keys(F8).await?;
    window.see(&id("night-tick")).await?;
    window.shot("night-dark").await?;
    window.restart().await?;
    window.see("html[data-theme='dark']").await?;
    window.reads("header", "The Invented Arms").await
}

#[tokio::test]
async fn the_light_floor() -> Result<()> {
    let window = training().await?;
    window.press("[data-name='Table 9, Pretend']").await?;
    window.see(&id("take")).await?;
    window.shot("floor-light").await?;
    window.keys(F8).await?;
    window.see(&id("night-tick")).await?;
    window.shot("night-light").await
}

#[tokio::test]
async fn the_keys_are_shown_and_escape_closes_what_is_open() -> Result<()> {
    let window = training().await?;
    window.keys("?").await?;
    window.reads("dialog", "New tab").await?;
    window.shot("keys").await?;
    window.keys("\u{e00c}").await?;
    window.gone("dialog").await
}

/// What a house may have: long names, one of 25 letters, an emoji, Arabic, euros, none at all.
const GUESTS: [(&str, &str, &str); 5] = [
    (
        "Wolfeschlegelsteinhausenbergerdorff and party of twelve",
        "GBP",
        "1,200",
    ),
    (LONG, "GBP", "180"),
    ("🎉 Zoë & “the six”", "EUR", "360"),
    ("أميرة الحسن", "EUR", "99999.99"),
    ("", "GBP", "50"),
];

/// Twenty-five letters, which have to stand there whole wherever a name does.
const LONG: &str = "Alexandrina Featherstones";

const TAB: &str = "[data-testid='row'][data-name='Table 9, Pretend']";

/// What sticks out of its box or of the window, what lies under something else, what a finger would miss, and a name of
/// 25 letters that is not there whole.
const CUT: &str = "
  const found = [];
  const inside = document.querySelector('dialog[open]') ?? document.body;
  const say = (what, it) => found.push(
    what + ': ' + (it.dataset.testid ?? it.className) + ' “' + it.textContent.trim().slice(0, 50) + '”');
  const scrolls = (it) => {
    // A table may be moved sideways, and no sheet: what it says would be cut off.
    for (let up = it.parentElement; up && up.tagName !== 'DIALOG'; up = up.parentElement)
      if (/auto|scroll/.test(getComputedStyle(up).overflowX) && up.scrollWidth > up.clientWidth) return true;
    return false
  };
  for (const it of inside.querySelectorAll('*')) {
    const at = it.getBoundingClientRect(), look = getComputedStyle(it);
    if (at.width === 0 || at.height === 0 || look.visibility === 'hidden') continue;
    if (it.closest('.visually-hidden, svg, option')) continue;
    if ((at.right > innerWidth + 1 || at.left < -1) && !scrolls(it)) say('beside the window', it);
    const sheet = it.closest('dialog')?.getBoundingClientRect();
    if (sheet && at.right > sheet.right + 1 && !scrolls(it)) say('beside its sheet', it);
    if (![...it.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())) continue;
    const isShort = it.scrollWidth > it.clientWidth + 1 && look.display !== 'inline';
    // Dots come in a box of text, and never in one that lays out its parts.
    const hasDots = look.textOverflow === 'ellipsis' && !/flex|grid/.test(look.display);
    if (isShort && !hasDots) say('out of its box', it);
    const row = it.closest('.row')?.getBoundingClientRect();
    if (row && at.right > row.right + 1) say('beside its row', it);
    const isCut = (isShort || it.scrollHeight > it.clientHeight + 3) && look.display !== 'inline';
    if (isCut && it.textContent.trim() === arguments[0]) say('cut', it);
  }
  // What was chosen begins in sight, until somebody goes into it.
  for (const panel of inside.querySelectorAll('[role=tabpanel]'))
    if (!panel.contains(document.activeElement) && panel.getBoundingClientRect().top < 0) say('out of sight', panel);
  // Where it's not low, a sheet's keys are in sight without scrolling.
  const low = inside.getBoundingClientRect().bottom + 1;
  if (innerHeight > 560) for (const key of inside.querySelectorAll('dialog .foot button'))
    if (key.getBoundingClientRect().bottom > low) say('below its sheet', key);
  for (const it of inside.querySelectorAll('button, input, select, textarea, summary')) {
    const at = it.getBoundingClientRect();
    const hit = (it.type === 'checkbox' && it.closest('label') || it).getBoundingClientRect();
    const isThere = hit.width > 1 && getComputedStyle(it).visibility !== 'hidden' && !it.closest('.visually-hidden');
    // Half a pixel is lost to the zoom.
    if (isThere && (hit.width < 43.5 || hit.height < 43.5))
      say('too small for a finger, ' + hit.width.toFixed(1) + ' × ' + hit.height.toFixed(1), it);
    const x = at.left + at.width / 2, y = at.top + at.height / 2;
    const isInside = x > 0 && x < innerWidth && y > 0 && y < innerHeight;
    let isSeen = at.width > 0 && getComputedStyle(it).visibility !== 'hidden' && isInside;
    for (let up = it.parentElement; up && isSeen; up = up.parentElement) {
      const box = up.getBoundingClientRect();
      if (getComputedStyle(up).overflowY !== 'visible' && (y < box.top || y > box.bottom)) isSeen = false;
    }
    const top = isSeen ? document.elementFromPoint(x, y) : null;
    const isFoot = top?.closest('.foot, .save, thead, tfoot, .toast, .row.head, .row.group, .paper-tools, .acts');
    const isCovered = top && !isFoot && !it.contains(top) && !top.contains(it);
    if (isCovered) say('under ' + (top.dataset.testid ?? top.className), it);
  }
  return [...new Set(found)]";

/// Looks at what is there, in both themes: axe, what is cut, and pictures into the folder that HOLDFAST_LOOKS names.
pub(crate) async fn look(window: &Window, name: &str, tag: &str) -> Result<()> {
    let name = format!("{name}-{tag}");
    in_theme(window, "dark").await?;
    let is_legible = window.is_legible().await.with_context(|| format!("{name}, dark"));
    picture(window, &format!("{name}-dark")).await?;
    in_theme(window, "light").await?;
    let is_accessible = window.is_accessible().await.with_context(|| name.clone());
    picture(window, &format!("{name}-light")).await?;
    let cut = window.script(CUT, json!([LONG])).await?;
    let is_whole = cut.as_array().is_some_and(Vec::is_empty);
    if std::env::var_os("HOLDFAST_LOOKS").is_none() {
        ensure!(is_whole, "{name}: {cut:#}");
        return is_legible.and(is_accessible);
    }
    // A person who wants to look wants all of it.
    if !is_whole {
        println!("{name}: {cut:#}");
    }
    for found in [is_legible, is_accessible].into_iter().filter_map(Result::err) {
        println!("{found:#}");
    }
    Ok(())
}

/// Shows it in that theme, whatever the settings say.
pub(crate) async fn in_theme(window: &Window, theme: &str) -> Result<()> {
    let script = "document.documentElement.dataset.theme = arguments[0]";
    window.script(script, json!([theme])).await.map(drop)
}

async fn picture(window: &Window, name: &str) -> Result<()> {
    let Some(folder) = std::env::var_os("HOLDFAST_LOOKS") else {
        return Ok(());
    };
    tokio::time::sleep(std::time::Duration::from_millis(250)).await;
    window.picture(&std::path::Path::new(&folder).join(format!("{name}.png")))
}

/// What there is to see, at every size.
pub(crate) async fn at_every_size(window: &Window, visit: impl AsyncFn(&str) -> Result<()>) -> Result<()> {
    for (width, height, zoom) in [
        (1024, 768, 1),
        (1366, 820, 1),
        (1920, 1040, 1),
        // 1366 × 768 at the system's 150 %: as many CSS pixels, which are what a layout goes by.
        (911, 512, 1),
        (1366, 768, 2),
    ] {
        window.size(width, height).await?;
        if zoom == 2 {
            window.zoom_to_double(width / 2).await?;
        }
        visit(&format!("{width}x{height}x{zoom}")).await?;
    }
    Ok(())
}

/// Presses something, wherever it is: the driver misses what was enlarged, and here nothing but the look counts.
async fn poke(window: &Window, selector: &str) -> Result<()> {
    window.see(selector).await?;
    let script = "const it = document.querySelector(arguments[0]); it.focus(); it.click()";
    window.script(script, json!([selector])).await.map(drop)
}

/// Opens a sheet, looks at it and closes it by Esc.
async fn sheet(window: &Window, opener: &str, ready: &str, name: &str, tag: &str) -> Result<()> {
    poke(window, opener).await?;
    window.see(ready).await?;
    look(window, name, tag).await?;
    window.keys("\u{e00c}").await?;
    window.gone("dialog").await
}

/// What lies over the screen and is no sheet: the guest's side, the menu of a tab, the palette.
async fn over_the_screen(window: &Window, tag: &str) -> Result<()> {
    let guest = format!("dialog{} img", id("guest"));
    sheet(window, &id("show-qr"), &guest, "guest", tag).await?;
    poke(window, &id("more")).await?;
    window.see("[role='menuitem']").await?;
    look(window, "menu", tag).await?;
    window.keys("\u{e00c}").await?;
    window.gone("[role='menuitem']").await?;
    window.chord("\u{e009}", "k").await?;
    window.see(&format!("dialog {}", id("hit"))).await?;
    look(window, "palette", tag).await?;
    window.keys("\u{e00c}").await?;
    window.gone("dialog").await
}

/// On a screen of the least size that a till has, without enlarging, a head is one line: the list has the rest.
async fn in_one_line(window: &Window, selector: &str, tag: &str) -> Result<()> {
    let script = "const all = [...document.querySelectorAll(arguments[0])].map((it) => it.getBoundingClientRect()); \
                  const least = Math.max(...all.map((box) => box.top)); \
                  return innerWidth < 1024 || all.every((box) => box.height === 0 || box.bottom > least)";
    let is_one = window.script(script, json!([selector])).await?;
    ensure!(is_one == true, "{tag}: {selector} folds into lines");
    Ok(())
}

/// Every screen and every sheet.
async fn tour(window: &Window, tag: &str) -> Result<()> {
    poke(window, &id("screen-floor")).await?;
    look(window, "floor-alone", tag).await?;
    in_one_line(window, ".figures > div", tag).await?;
    in_one_line(window, ".filters > *", tag).await?;
    poke(window, TAB).await?;
    window.see(&id("take")).await?;
    look(window, "floor-bill", tag).await?;
    let find = format!("dialog {}", id("move-find"));
    sheet(window, &id("move-bill"), &find, "move", tag).await?;
    let part = async |name: &str| {
        poke(window, &id(&format!("part-{name}"))).await?;
        look(window, &format!("floor-{name}"), tag).await
    };
    part("history").await?;
    part("holds").await?;
    for (opener, ready, name) in [
        ("do-release", "release-confirm", "release"),
        ("take", "take-sentence", "take"),
        ("ask-for-more", "more-confirm", "more"),
        ("edit", "edit-confirm", "edit"),
        ("print-slip", "paper", "paper"),
    ] {
        sheet(window, &id(opener), &format!("dialog {}", id(ready)), name, tag).await?;
    }
    for name in [LONG, "أميرة الحسن"] {
        // On a narrow screen the panel stands in front of the list.
        window.keys("\u{e00c}").await?;
        poke(window, &format!("[data-testid='row'][data-name='{name}']")).await?;
        window.see(&id("take")).await?;
        look(window, if name == LONG { "long" } else { "arabic" }, tag).await?;
        if name == LONG {
            poke(window, &id("part-holds")).await?;
            let facts = format!("dialog {}", id("renew-facts"));
            sheet(window, &id("do-renew"), &facts, "renew", tag).await?;
        }
    }
    window.keys("\u{e00c}").await?;
    poke(window, "[data-testid='row'][data-name='Stool 4, Made-up']").await?;
    window.see(&id("link")).await?;
    look(window, "waiting", tag).await?;
    over_the_screen(window, tag).await?;
    poke(window, &id("part-holds")).await?;
    sheet(
        window,
        &id("do-cancel"),
        &format!("dialog {}", id("cancel-confirm")),
        "cancel",
        tag,
    )
    .await?;
    poke(window, &id("new-deposit")).await?;
    poke(window, &id("per-night")).await?;
    window.fill(&id("field-name"), "Table 9, Pretend").await?;
    window.fill(&id("field-amount"), "120").await?;
    window.fill(&id("field-nights"), "10").await?;
    window.see(&id("too-long")).await?;
    window.see(&id("same")).await?;
    look(window, "new", tag).await?;
    window.keys("\u{e00c}").await?;
    window.gone("dialog").await?;
    window.keys("\u{e00c}").await?;
    window.keys("?").await?;
    window.see("dialog").await?;
    look(window, "keys", tag).await?;
    window.keys("\u{e00c}").await?;
    window.gone("dialog").await?;
    for (screen, ready) in [
        ("deposits", "[data-testid='worklists'] > *"),
        ("night", ".night tbody tr"),
        ("history", "[data-testid='closed-list'] > *"),
        ("reports", "[data-testid='chart']"),
        ("attention", ".attention .scroll > *, .attention .empty"),
        ("settings", "[data-testid='section-mode']"),
    ] {
        poke(window, &id(&format!("screen-{screen}"))).await?;
        window.see(ready).await?;
        look(window, screen, tag).await?;
        if screen == "night" {
            in_one_line(window, ".night .heading > *, .night .tools > *", tag).await?;
            let confirm = format!("dialog {}", id("night-confirm"));
            sheet(window, &id("night-close"), &confirm, "night-confirm", tag).await?;
        }
        if screen == "settings" {
            for part in [
                "venue",
                "money",
                "deadlines",
                "notices",
                "night",
                "care",
                "changes",
                "about",
                "ledger",
                "pc",
                "backups",
            ] {
                poke(window, &id(&format!("section-{part}"))).await?;
                look(window, &format!("settings-{part}"), tag).await?;
            }
            let lost = format!("dialog {}", id("put-back-lost"));
            sheet(window, &id("put-back"), &lost, "put-back", tag).await?;
        }
        if screen == "reports" {
            poke(window, &id("part-nights")).await?;
            look(window, "reports-nights", tag).await?;
        }
    }
    Ok(())
}

/// One who stays longer than the hold, and one who is here without one, both with much of a name.
async fn deposits(window: &Window) -> Result<()> {
    for (name, nights) in [
        ("Room 301, Featherstonehaugh-Cholmondeley", "10"),
        ("Wolfeschlegelsteinhausenbergerdorff and daughters", "2"),
    ] {
        window.press(&id("new-deposit")).await?;
        window.fill(&id("field-name"), name).await?;
        window.press(&id("per-night")).await?;
        window.fill(&id("field-amount"), "999.99").await?;
        window.fill(&id("field-nights"), nights).await?;
        window.reads(&id("new-sum"), "departs").await?;
        window.press(&id("open-hold")).await?;
        window.gone("dialog").await?;
        if nights == "10" {
            window.press(&id("pay-good")).await?;
            window.see(&id("renew-due")).await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn every_screen_at_every_size_in_both_themes_with_long_names_and_other_scripts() -> Result<()> {
    let window = Window::open().await?;
    for (width, height) in [(1024, 768), (1920, 1040)] {
        window.size(width, height).await?;
        look(&window, "welcome", &width.to_string()).await?;
    }
    window.press(&id("choose-training")).await?;
    window.see(&id("row")).await?;
    for (name, currency, amount) in GUESTS {
        window.press(&id("new-tab")).await?;
        window.paste(&id("field-name"), name).await?;
        window.fill(&id("field-amount"), amount).await?;
        // What it says comes before what is below it is pressed.
        window.reads(&id("open-hold"), "hold £").await?;
        window.see(&id("new-deadline")).await?;
        window.press(&id("new-more")).await?;
        window.press(&id(&format!("currency-{currency}"))).await?;
        window.press(&id("open-hold")).await?;
        window.gone("dialog").await?;
        window.press(&id("pay-good")).await?;
        window.gone(&id("waiting")).await?;
        if name == LONG {
            // The bill outgrows its hold.
            window.fill(&id("line-amount"), "1234.50").await?;
            window.press(&id("line-add")).await?;
            window.see(&id("missing")).await?;
        }
    }
    deposits(&window).await?;
    at_every_size(&window, async |tag| tour(&window, tag).await).await
}
