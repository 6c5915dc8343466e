// The window's commands: the one list that the handler, the permissions and the window's TypeScript come from.
// `build.rs` and tests include this file too, so it holds nothing but the list.

/// Hands all commands, by area, to the macro that is named.
macro_rules! each_command {
    ($then:ident) => {
        $then! {
            system {
                /// What the window begins with: the mode, if one was chosen, and what is known of keys.
                start() -> Start;
                /// Somebody sets the till up, is here now and has left the step before. If nothing is open, opens
                /// training.
                set_up(step: SetupStep, left: Option<Passed>) -> Start;
                /// Opens training: invented guests, no network.
                choose_training() -> Start;
                /// Opens a mode whose key is known.
                use_mode(mode: Mode) -> Start;
                /// Keeps a key and opens the mode that it belongs to. A change is confirmed in words.
                enter_key(key: String, confirm: Option<String>) -> Start;
                /// Takes a mode’s key out of the key store. It’s confirmed in words.
                forget_key(mode: Mode, confirm: Option<String>) -> Start;
                /// Joins the ledger that several tills share, with the code that `holdfast-cli ledger enrol` said.
                join_ledger(mode: Mode, code: String) -> Start;
                /// Goes back to a ledger of the till’s own. It’s confirmed in words.
                leave_ledger(mode: Mode, confirm: Option<String>) -> Start;
                /// What closing the mode means; none where nothing is open that Dojo may let expire.
                what_leaving_means() -> Option<String>;
                /// Closes the mode; the window shows the welcome again.
                leave_mode() -> Start;
                /// Asks Dojo whether the key works; moves nothing.
                test_connection() -> Connection;
                /// The floor can be seen: what waited for that may begin.
                floor_painted() -> ();
                /// Somebody who was asked before quitting stays.
                stay() -> ();
                /// Ends the program; the window has said what that means.
                quit() -> ();
                /// Whether the program starts with the computer.
                autostart() -> Autostart;
                /// Starts the program with the computer, or no longer; whether it does now. An entry that doesn’t start
                /// this program does so from then on.
                set_autostart(on: bool) -> Autostart;
                /// What this computer’s own updates have, where its owner wants to be told and may be now.
                update_notice() -> UpdateNotice;
                /// Tells of new versions from now on, or no longer.
                set_update_notice(on: bool) -> UpdateNotice;
                /// What a supporter needs, for its user to read before it goes anywhere.
                support() -> String;
                /// Saves what was read, word for word; where.
                save_support(text: String) -> String;
                /// The licences of what others wrote and Holdfast holds; none where no package put them there.
                third_party() -> Option<String>;
                /// Makes tabs of what is open at Dojo and not known here.
                import_open() -> ImportedView;
                /// The guest’s part, in training.
                training_pay(intent_id: String, card: String) -> ();
                /// Winds training’s clock on.
                training_clock(advance: String) -> DateTime<Utc>;
                /// Fills training’s floor with invented guests in every state; says how many.
                training_busy_night() -> String;
                /// How far training’s guided night has come; none while nobody practises.
                guided_night() -> Option<GuidedNight>;
                /// Begins training’s guided night, with nothing ticked.
                start_guided_night() -> GuidedNight;
                /// Ends it, however far it came.
                end_guided_night() -> ();
            }
            guest {
                /// What the guest of a hold sees.
                guest_page(hold_id: HoldId) -> GuestPage;
                /// Opens a window of the guest’s own with this hold alone, on a second screen where there is one.
                open_guest_window(hold_id: HoldId) -> ();
                /// What the guest’s window shows. The only command that window may call.
                guest_window() -> Option<GuestWindow>;
            }
            tabs {
                /// What is open, with its sums and banners.
                floor() -> Floor;
                /// One tab with all there is to it.
                tab(id: TabId) -> TabView;
                /// A page of the tabs that were closed.
                closed(asked: ClosedAsked, after: Option<ClosedPlace>) -> ClosedPage;
                /// The tabs that are meant by what was typed.
                search(query: String) -> Found;
                /// Puts the floor in another order.
                set_floor_order(order: FloorOrder) -> Floor;
                /// What waits for a person.
                attention() -> Attention;
                /// Somebody has seen an operation that can’t be settled.
                put_aside(operation: OperationId) -> Attention;
                /// Somebody has seen what the watch found.
                acknowledge(key: String) -> ();
                /// One more reading of Dojo’s record; it sends nothing that moves money.
                ask_dojo(hold_id: HoldId) -> Attention;
                /// What Dojo shows counts from here on, though it showed more before.
                accept_reading(hold_id: HoldId, key: String) -> TabView;
                /// Whether this is an amount, and which.
                check_amount(text: String, currency: Currency, allow_zero: bool) -> AmountCheck;
                /// What opening would ask for, while it is typed.
                preview_new(typed: OpenTab) -> NewPreview;
                /// Opens a tab, a deposit or a payment and asks the guest for it.
                open_tab(typed: OpenTab) -> TabView;
                /// Other open tabs on the same card.
                same_card(id: TabId) -> Vec<Same>;
                /// Sends again a request that never left.
                retry_open(tab_id: TabId, hold_id: HoldId) -> TabView;
                /// Asks the guest of an open tab for a further hold.
                ask_for_more(more: AskForMore) -> TabView;
                /// What an open sheet shows now, and what changed since the person accepted it.
                look(tab_id: TabId, accepted: Seen, hold_id: Option<HoldId>) -> Look;
                /// Writes a line on a bill.
                add_line(tab_id: TabId, what: Option<String>, quantity: i64, amount: String) -> TabView;
                /// Takes a line off a bill, by a further line.
                take_off(tab_id: TabId, line_id: LineId) -> TabView;
                /// What moving a part of a bill to another tab would do, while it is chosen.
                preview_move(typed: MoveTyped, find: String) -> MovePreview;
                /// Moves a part of a bill to another tab, or to a new one.
                move_bill(moving: MoveBill) -> MoveOutcome;
                /// Changes a tab’s name, place and dates.
                edit_tab(tab_id: TabId, details: Details) -> TabView;
                /// Closes a tab as the person saw it.
                close_tab(id: TabId, seen: Seen) -> TabView;
                /// Reopens a closed tab.
                reopen_tab(id: TabId) -> TabView;
                /// What forgetting a guest would remove and keep: of these tabs, or of those that are most likely
                /// theirs.
                preview_forget(tab_id: TabId, ticked: Option<Vec<TabId>>) -> ForgetPreview;
                /// Forgets a guest for good.
                forget_guest(asked: ForgetGuest) -> TabView;
                /// Opens a hold’s own page in the browser; no other address can be asked for.
                open_link(tab_id: TabId, hold_id: HoldId) -> ();
                /// Writes a hold’s own link into a letter of the computer’s mail program; staff send it themselves.
                email_link(hold_id: HoldId) -> ();
            }
            money {
                /// What a take would move, while it is typed.
                preview_take(tab_id: TabId, typed: TakeTyped) -> TakePreview;
                /// Takes money from a tab’s holds.
                take(take: Take) -> Outcome;
                /// Lets a hold go.
                release(request: Act) -> Outcome;
                /// Cancels a request that was not paid.
                cancel(request: Act) -> Outcome;
                /// What a refund would move, while it is typed.
                preview_refund(hold_id: HoldId, typed: RefundTyped) -> RefundPreview;
                /// Gives money back to the guest.
                refund(request: Act) -> Outcome;
                /// What `say_refund` would write down.
                preview_said(say: SayRefund) -> RefundPreview;
                /// Says what a refund that was made elsewhere was for.
                say_refund(say: SayRefund) -> TabView;
                /// Changes the amount of a request that was not paid.
                change_amount(request: Act) -> Outcome;
                /// Changes the tip of a request that was not paid.
                change_tip(request: Act) -> Outcome;
                /// Has Dojo send a receipt.
                send_receipt(request: Act) -> Outcome;
                /// What a renewal would ask for, while it is typed.
                preview_renewal(typed: Renew) -> RenewPreview;
                /// Asks for a new hold in place of one that ends.
                renew(tab_id: TabId, typed: Renew) -> TabView;
                /// Gives a renewal up; the old hold stays.
                give_up_renewal(hold_id: HoldId) -> Outcome;
            }
            night {
                /// The night’s table, with what was chosen and typed on it.
                night(choices: Vec<NightChoice>) -> Night;
                /// What differs from what the person is about to confirm.
                look_night(choices: Vec<NightChoice>, seen: Vec<NightSeen>) -> Vec<String>;
                /// Closes the night as the person confirmed it.
                close_night(choices: Vec<NightChoice>, seen: Vec<NightSeen>) -> Night;
                /// Stops the run after what is on its way.
                stop_night() -> Night;
                /// Goes on with a run that was interrupted.
                continue_night() -> Night;
                /// Leaves the rest of an interrupted run.
                leave_rest_of_night() -> Night;
            }
            reports {
                /// Makes the night report.
                make_report() -> ReportView;
                /// A night report by its number.
                report(number: i64) -> ReportView;
                /// A page of night reports, before a number.
                reports(before: Option<i64>) -> Vec<ReportRow>;
                /// Compares the journal with what Dojo’s record says of it.
                compare_journal() -> JournalCheck;
                /// Compares the journal with the entry and the seal at a printed report’s foot.
                compare_printed(printed: String) -> JournalCheck;
                /// What is printed of a hold.
                paper(kind: PaperKind, hold_id: HoldId) -> Paper;
                /// A paper that tries the printer, with the venue’s head.
                test_paper() -> Paper;
                /// Opens the system’s dialog for printing what’s on the screen, with its page set up.
                print_paper(on: PageSize) -> ();
                /// Saves the paper on the screen as a PDF in the folder for downloads; where, in words.
                save_paper(of: Printout, on: PageSize) -> Written;
                /// What moved on some business days.
                days(from: Option<NaiveDate>, to: Option<NaiveDate>, currency: Option<Currency>) -> DaysView;
                /// Writes a list into the folder for downloads; where, in words. The window never names a path.
                export(kind: ExportKind, from: NaiveDate, to: NaiveDate) -> Written;
            }
            settings {
                /// The settings.
                settings() -> Settings;
                /// Who changed which setting.
                settings_changes() -> Vec<HistoryEntry>;
                /// Keeps the settings; all but the second folder for backups.
                save_settings(settings: Settings) -> Settings;
                /// Has a person choose the second folder for backups, in the system’s own dialog.
                choose_backup_folder() -> Settings;
                /// Keeps one copy of each backup only.
                drop_backup_folder() -> Settings;
                /// Draws a recovery phrase for encrypted copies of backups, and shows it this once.
                draw_recovery_phrase() -> RecoveryPhrase;
                /// Encrypts copies in the second folder from now on; the words that were asked for show that the phrase
                /// is written down.
                confirm_recovery_phrase(words: Vec<String>) -> Settings;
                /// Opens an encrypted copy, which a person chooses in the system’s own dialog, and keeps it among the
                /// backups.
                open_copy(phrase: String) -> Vec<BackupView>;
                /// Whether this computer’s disk is encrypted.
                disk_encryption() -> Disk;
                /// The ledger’s backups.
                backups() -> Vec<BackupView>;
                /// Makes a backup now. A second copy that can’t be made is told on the floor.
                back_up() -> Vec<BackupView>;
                /// What would be lost by putting a backup back.
                preview_restore(name: String) -> RestorePreview;
                /// Puts a backup back in the ledger’s place.
                restore_backup(name: String) -> Start;
            }
        }
    };
}
