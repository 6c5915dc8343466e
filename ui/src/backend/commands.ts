// The window's commands, and how each is called.
import type { Act } from '../bindings/Act'
import type { AmountCheck } from '../bindings/AmountCheck'
import type { AskForMore } from '../bindings/AskForMore'
import type { Attention } from '../bindings/Attention'
import type { Backup } from '../bindings/Backup'
import type { ClosedAsked } from '../bindings/ClosedAsked'
import type { ClosedPage } from '../bindings/ClosedPage'
import type { ClosedPlace } from '../bindings/ClosedPlace'
import type { BroughtIn } from '../bindings/BroughtIn'
import type { Connection } from '../bindings/Connection'
import type { DaysView } from '../bindings/DaysView'
import type { ExportKind } from '../bindings/ExportKind'
import type { Details } from '../bindings/Details'
import type { Floor } from '../bindings/Floor'
import type { FloorOrder } from '../bindings/FloorOrder'
import type { Found } from '../bindings/Found'
import type { Look } from '../bindings/Look'
import type { Mode } from '../bindings/Mode'
import type { NewPreview } from '../bindings/NewPreview'
import type { Night } from '../bindings/Night'
import type { NightChoice } from '../bindings/NightChoice'
import type { NightSeen } from '../bindings/NightSeen'
import type { OpenTab } from '../bindings/OpenTab'
import type { Outcome } from '../bindings/Outcome'
import type { PutBack } from '../bindings/PutBack'
import type { Paper } from '../bindings/Paper'
import type { PaperKind } from '../bindings/PaperKind'
import type { Renew } from '../bindings/Renew'
import type { RefundPreview } from '../bindings/RefundPreview'
import type { RefundTyped } from '../bindings/RefundTyped'
import type { RenewPreview } from '../bindings/RenewPreview'
import type { ReportRow } from '../bindings/ReportRow'
import type { ReportView } from '../bindings/ReportView'
import type { Same } from '../bindings/Same'
import type { SayRefund } from '../bindings/SayRefund'
import type { Seen } from '../bindings/Seen'
import type { Settings } from '../bindings/Settings'
import type { Start } from '../bindings/Start'
import type { Step } from '../bindings/Step'
import type { TabView } from '../bindings/TabView'
import type { Take } from '../bindings/Take'
import type { TakePreview } from '../bindings/TakePreview'
import type { TakeTyped } from '../bindings/TakeTyped'

/** Each command with what it takes and answers. */
export interface Commands {
  start(): Promise<Start>
  chooseTraining(): Promise<Start>
  enterKey(key: string): Promise<Start>
  forgetKey(mode: Mode): Promise<Start>
  useMode(mode: Mode): Promise<Start>
  leaveMode(): Promise<Start>
  testConnection(): Promise<Connection>
  floor(): Promise<Floor>
  floorPainted(): Promise<null>
  tab(id: string): Promise<TabView>
  closed(asked: ClosedAsked, after: ClosedPlace | null): Promise<ClosedPage>
  search(query: string): Promise<Found>
  setFloorOrder(order: FloorOrder): Promise<Floor>
  attention(): Promise<Attention>
  putAside(operation: string): Promise<Attention>
  acceptReading(holdId: string, key: string): Promise<TabView>
  askDojo(holdId: string): Promise<Attention>
  checkAmount(text: string, currency: string, allowZero: boolean): Promise<AmountCheck>
  previewNew(typed: OpenTab): Promise<NewPreview>
  openTab(typed: OpenTab): Promise<TabView>
  sameCard(id: string): Promise<Same[]>
  retryOpen(tabId: string, holdId: string): Promise<TabView>
  askForMore(more: AskForMore): Promise<TabView>
  look(tabId: string, accepted: Seen, holdId: string | null): Promise<Look>
  previewRenewal(typed: Renew): Promise<RenewPreview>
  renew(tabId: string, typed: Renew): Promise<TabView>
  giveUpRenewal(holdId: string): Promise<Outcome>
  addLine(tabId: string, what: string | null, quantity: number, amount: string): Promise<TabView>
  takeOff(tabId: string, lineId: string): Promise<TabView>
  mendTab(tabId: string, details: Details): Promise<TabView>
  closeTab(id: string): Promise<TabView>
  reopenTab(id: string): Promise<TabView>
  previewTake(tabId: string, typed: TakeTyped): Promise<TakePreview>
  take(take: Take): Promise<Outcome>
  release(request: Act): Promise<Outcome>
  cancel(request: Act): Promise<Outcome>
  refund(request: Act): Promise<Outcome>
  changeAmount(request: Act): Promise<Outcome>
  changeTip(request: Act): Promise<Outcome>
  sendReceipt(request: Act): Promise<Outcome>
  previewRefund(holdId: string, typed: RefundTyped): Promise<RefundPreview>
  previewSaid(say: SayRefund): Promise<RefundPreview>
  sayRefund(say: SayRefund): Promise<TabView>
  settings(): Promise<Settings>
  settingsChanges(): Promise<Step[]>
  saveSettings(settings: Settings): Promise<Settings>
  backups(): Promise<Backup[]>
  backUp(): Promise<Backup[]>
  putBackPreview(name: string): Promise<PutBack>
  putBack(name: string): Promise<Start>
  night(choices: NightChoice[]): Promise<Night>
  closeNight(choices: NightChoice[], seen: NightSeen[]): Promise<Night>
  stopNight(): Promise<Night>
  goOnWithNight(): Promise<Night>
  letNightBe(): Promise<Night>
  makeReport(): Promise<ReportView>
  report(number: number): Promise<ReportView>
  reports(before: number | null): Promise<ReportRow[]>
  paper(kind: PaperKind, holdId: string): Promise<Paper>
  days(from: string | null, to: string | null, currency: string | null): Promise<DaysView>
  export(kind: ExportKind, from: string, to: string): Promise<string>
  emailLink(holdId: string): Promise<null>
  bringIn(): Promise<BroughtIn>
  stay(): Promise<null>
  quit(): Promise<null>
  autostart(): Promise<boolean>
  setAutostart(on: boolean): Promise<boolean>
  support(): Promise<string>
  saveSupport(text: string): Promise<string>
  acknowledge(key: string): Promise<null>
  openLink(tabId: string, holdId: string): Promise<null>
  trainingPay(intentId: string, card: string): Promise<null>
  trainingClock(advance: string): Promise<string>
}

/** Sends a command by its name. */
type Call = <T>(command: string, args: Record<string, unknown>) => Promise<T>

/** All commands, sent by `call`. */
export const commands = (call: Call): Commands => ({
  start: () => call('start', {}),
  chooseTraining: () => call('choose_training', {}),
  enterKey: (key) => call('enter_key', { key }),
  forgetKey: (mode) => call('forget_key', { mode }),
  useMode: (mode) => call('use_mode', { mode }),
  leaveMode: () => call('leave_mode', {}),
  testConnection: () => call('test_connection', {}),
  floor: () => call('floor', {}),
  floorPainted: () => call('floor_painted', {}),
  tab: (id) => call('tab', { id }),
  closed: (asked, after) => call('closed', { asked, after }),
  search: (query) => call('search', { query }),
  setFloorOrder: (order) => call('set_floor_order', { order }),
  attention: () => call('attention', {}),
  putAside: (operation) => call('put_aside', { operation }),
  acceptReading: (holdId, key) => call('accept_reading', { holdId, key }),
  askDojo: (holdId) => call('ask_dojo', { holdId }),
  checkAmount: (text, currency, allowZero) => call('check_amount', { text, currency, allowZero }),
  previewNew: (typed) => call('preview_new', { typed }),
  openTab: (typed) => call('open_tab', { typed }),
  sameCard: (id) => call('same_card', { id }),
  retryOpen: (tabId, holdId) => call('retry_open', { tabId, holdId }),
  askForMore: (more) => call('ask_for_more', { more }),
  look: (tabId, accepted, holdId) => call('look', { tabId, accepted, holdId }),
  previewRenewal: (typed) => call('preview_renewal', { typed }),
  renew: (tabId, typed) => call('renew', { tabId, typed }),
  giveUpRenewal: (holdId) => call('give_up_renewal', { holdId }),
  addLine: (tabId, what, quantity, amount) => call('add_line', { tabId, what, quantity, amount }),
  takeOff: (tabId, lineId) => call('take_off', { tabId, lineId }),
  mendTab: (tabId, details) => call('mend_tab', { tabId, details }),
  closeTab: (id) => call('close_tab', { id }),
  reopenTab: (id) => call('reopen_tab', { id }),
  previewTake: (tabId, typed) => call('preview_take', { tabId, typed }),
  take: (take) => call('take', { take }),
  release: (request) => call('release', { request }),
  cancel: (request) => call('cancel', { request }),
  refund: (request) => call('refund', { request }),
  changeAmount: (request) => call('change_amount', { request }),
  changeTip: (request) => call('change_tip', { request }),
  sendReceipt: (request) => call('send_receipt', { request }),
  previewRefund: (holdId, typed) => call('preview_refund', { holdId, typed }),
  previewSaid: (say) => call('preview_said', { say }),
  sayRefund: (say) => call('say_refund', { say }),
  settings: () => call('settings', {}),
  settingsChanges: () => call('settings_changes', {}),
  saveSettings: (settings) => call('save_settings', { settings }),
  backups: () => call('backups', {}),
  backUp: () => call('back_up', {}),
  putBackPreview: (name) => call('put_back_preview', { name }),
  putBack: (name) => call('put_back', { name }),
  night: (choices) => call('night', { choices }),
  closeNight: (choices, seen) => call('close_night', { choices, seen }),
  stopNight: () => call('stop_night', {}),
  goOnWithNight: () => call('go_on_with_night', {}),
  letNightBe: () => call('let_night_be', {}),
  makeReport: () => call('make_report', {}),
  report: (number) => call('report', { number }),
  reports: (before) => call('reports', { before }),
  paper: (kind, holdId) => call('paper', { kind, holdId }),
  days: (from, to, currency) => call('days', { from, to, currency }),
  export: (kind, from, to) => call('export', { kind, from, to }),
  emailLink: (holdId) => call('email_link', { holdId }),
  bringIn: () => call('bring_in', {}),
  stay: () => call('stay', {}),
  quit: () => call('quit', {}),
  autostart: () => call('autostart', {}),
  setAutostart: (on) => call('set_autostart', { on }),
  support: () => call('support', {}),
  saveSupport: (text) => call('save_support', { text }),
  acknowledge: (key) => call('acknowledge', { key }),
  openLink: (tabId, holdId) => call('open_link', { tabId, holdId }),
  trainingPay: (intentId, card) => call('training_pay', { intentId, card }),
  trainingClock: (advance) => call('training_clock', { advance })
})
