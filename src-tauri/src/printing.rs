//! Paper, by the web view's own print operation, with the page that it's meant for.

#[cfg(target_os = "linux")]
pub(crate) use by_webkit::{ask, to_pdf};
#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::{ask, to_pdf};

/// Other web views set no page up, and write no PDF without their dialog.
#[cfg(not(target_os = "linux"))]
mod elsewhere {
    use crate::wording;
    use anyhow::{Context, Result, bail};
    use holdfast_desk::Page;
    use std::path::Path;
    use tauri::{AppHandle, Manager};

    pub(crate) fn ask(app: &AppHandle, _: Page) -> Result<()> {
        let window = app.get_webview_window("main").context(wording::NO_WINDOW)?;
        Ok(window.print()?)
    }

    pub(crate) async fn to_pdf(_: &AppHandle, _: Page, _: &Path) -> Result<()> {
        bail!("{}", wording::NO_PDF_HERE)
    }
}

#[cfg(target_os = "linux")]
mod by_webkit {
    use crate::wording;
    use anyhow::{Context, Result, anyhow, ensure};
    use gtk::glib::{self, dgettext};
    use gtk::prelude::*;
    use gtk::{PageSetup, PaperSize, PrintSettings, Unit};
    use holdfast_desk::Page;
    use std::cell::RefCell;
    use std::io::Read;
    use std::path::Path;
    use std::rc::Rc;
    use std::time::Duration;
    use tauri::{AppHandle, Manager, WebviewWindow};
    use tokio::sync::oneshot;
    use webkit2gtk::{PrintOperation, PrintOperationExt, WebView};

    /// A long report takes a second; a print system that hangs should be told as that.
    const PDF_TIMEOUT: Duration = Duration::from_secs(30);

    /// Opens the system's dialog with `page` set up. Comes back at once: staff answer it when they like.
    ///
    /// # Errors
    /// When there is no window.
    pub(crate) fn ask(app: &AppHandle, page: Page) -> Result<()> {
        till(app)?.with_webview(move |view| {
            let view = view.inner();
            let operation = operation(&view, page, &PrintSettings::new());
            let window = view.toplevel().and_then(|top| top.downcast::<gtk::Window>().ok());
            operation.run_dialog(window.as_ref());
        })?;
        Ok(())
    }

    /// Writes what the window would print into the file at `path`, which is there and empty.
    ///
    /// # Errors
    /// The print system's, and when nothing came of it.
    pub(crate) async fn to_pdf(app: &AppHandle, page: Page, path: &Path) -> Result<()> {
        let address = glib::filename_to_uri(path, None)?;
        let (done, printed) = oneshot::channel();
        till(app)?.with_webview(move |view| {
            let settings = PrintSettings::new();
            // GTK's printer that writes files is found by the name that it has in the computer's language.
            settings.set_printer(&dgettext(Some("gtk30"), "Print to File"));
            settings.set(gtk::PRINT_SETTINGS_OUTPUT_URI, Some(&address));
            settings.set(gtk::PRINT_SETTINGS_OUTPUT_FILE_FORMAT, Some("pdf"));
            print(&operation(&view.inner(), page, &settings), done);
        })?;
        let printed = tokio::time::timeout(PDF_TIMEOUT, printed).await;
        printed.context(wording::PRINTER_SILENT)???;
        let mut begins = [0; 5];
        std::fs::File::open(path)?
            .read_exact(&mut begins)
            .context(wording::PDF_EMPTY)?;
        ensure!(&begins == b"%PDF-", "{}", wording::NOT_A_PDF);
        Ok(())
    }

    fn till(app: &AppHandle) -> Result<WebviewWindow> {
        app.get_webview_window("main").context(wording::NO_WINDOW)
    }

    /// Prints without a dialog; `done` hears how it ended.
    fn print(operation: &PrintOperation, done: oneshot::Sender<Result<()>>) {
        // It says that it has finished after a failure too.
        let done = Rc::new(RefCell::new(Some(done)));
        let end = move |result: Result<()>| {
            if let Some(done) = done.borrow_mut().take() {
                // Nobody may be waiting any more.
                let _late = done.send(result);
            }
        };
        let failed = end.clone();
        operation.connect_failed(move |_, error| failed(Err(anyhow!("{error}"))));
        operation.connect_finished(move |_| end(Ok(())));
        operation.print();
    }

    fn operation(view: &WebView, page: Page, settings: &PrintSettings) -> PrintOperation {
        let operation = PrintOperation::new(view);
        let setup = set_up(page);
        settings.set_paper_size(&setup.paper_size());
        operation.set_page_setup(&setup);
        operation.set_print_settings(settings);
        operation
    }

    fn set_up(page: Page) -> PageSetup {
        let (width, height) = (f64::from(page.width), f64::from(page.height));
        let setup = PageSetup::new();
        setup.set_paper_size(&PaperSize::new_custom(
            "holdfast",
            wording::PROGRAM,
            width,
            height,
            Unit::Mm,
        ));
        setup.set_left_margin(page.side.into(), Unit::Mm);
        setup.set_right_margin(page.side.into(), Unit::Mm);
        setup.set_top_margin(page.end.into(), Unit::Mm);
        setup.set_bottom_margin(page.end.into(), Unit::Mm);
        setup
    }
}
