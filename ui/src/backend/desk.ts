// The only file that talks to the shell. Everything that the window knows comes through here.
import { invoke } from '@tauri-apps/api/core'
import { listen } from '@tauri-apps/api/event'
import type { Act } from '../bindings/Act'
import type { AmountCheck } from '../bindings/AmountCheck'
import type { AskForMore } from '../bindings/AskForMore'
import type { Attention } from '../bindings/Attention'
import type { AppError } from '../bindings/AppError'
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

export type ActKind = 'release' | 'cancel' | 'refund' | 'change_amount' | 'change_tip' | 'send_receipt'

async function call<T>(command: string, args: Record<string, unknown> = {}): Promise<T> {
  try {
    return await invoke<T>(command, args)
  } catch (cause) {
    throw asError(cause)
  }
}

/** Whatever went wrong, as the desk words it. */
export function asError(cause: unknown): AppError {
  if (typeof cause === 'object' && cause !== null && 'code' in cause && 'message' in cause) {
    const error = cause as AppError
    return { ...error, fields: error.fields ?? [], changes: error.changes ?? [] }
  }
  return {
    code: 'internal',
    message: `Something went wrong inside Holdfast: ${String(cause)}`,
    fields: [],
    changes: []
  }
}

export const desk = {
  start: () => call<Start>('start'),
  chooseTraining: () => call<Start>('choose_training'),
  enterKey: (key: string) => call<Start>('enter_key', { key }),
  forgetKey: (mode: Mode) => call<Start>('forget_key', { mode }),
  useMode: (mode: Mode) => call<Start>('use_mode', { mode }),
  leaveMode: () => call<Start>('leave_mode'),
  testConnection: () => call<Connection>('test_connection'),
  floor: () => call<Floor>('floor'),
  floorPainted: () => call<null>('floor_painted'),
  tab: (id: string) => call<TabView>('tab', { id }),
  closed: (asked: ClosedAsked, after: ClosedPlace | null) => call<ClosedPage>('closed', { asked, after }),
  search: (query: string) => call<Found>('search', { query }),
  setFloorOrder: (order: FloorOrder) => call<Floor>('set_floor_order', { order }),
  attention: () => call<Attention>('attention'),
  putAside: (operation: string) => call<Attention>('put_aside', { operation }),
  acceptReading: (holdId: string, key: string) => call<TabView>('accept_reading', { holdId, key }),
  askDojo: (holdId: string) => call<Attention>('ask_dojo', { holdId }),
  checkAmount: (text: string, currency: string, allowZero: boolean) =>
    call<AmountCheck>('check_amount', { text, currency, allowZero }),
  previewNew: (typed: OpenTab) => call<NewPreview>('preview_new', { typed }),
  openTab: (typed: OpenTab) => call<TabView>('open_tab', { typed }),
  sameCard: (id: string) => call<Same[]>('same_card', { id }),
  retryOpen: (tabId: string, holdId: string) => call<TabView>('retry_open', { tabId, holdId }),
  askForMore: (more: AskForMore) => call<TabView>('ask_for_more', { more }),
  look: (tabId: string, accepted: Seen, holdId: string | null) =>
    call<Look>('look', { tabId, accepted, holdId }),
  previewRenewal: (typed: Renew) => call<RenewPreview>('preview_renewal', { typed }),
  renew: (tabId: string, typed: Renew) => call<TabView>('renew', { tabId, typed }),
  giveUpRenewal: (holdId: string) => call<Outcome>('give_up_renewal', { holdId }),
  addLine: (tabId: string, what: string | null, quantity: number, amount: string) =>
    call<TabView>('add_line', { tabId, what, quantity, amount }),
  takeOff: (tabId: string, lineId: string) => call<TabView>('take_off', { tabId, lineId }),
  mendTab: (tabId: string, details: Details) => call<TabView>('mend_tab', { tabId, details }),
  closeTab: (id: string) => call<TabView>('close_tab', { id }),
  reopenTab: (id: string) => call<TabView>('reopen_tab', { id }),
  previewTake: (tabId: string, typed: TakeTyped) => call<TakePreview>('preview_take', { tabId, typed }),
  take: (take: Take) => call<Outcome>('take', { take }),
  act: (kind: ActKind, request: Act) => call<Outcome>(kind, { request }),
  previewRefund: (holdId: string, typed: RefundTyped) =>
    call<RefundPreview>('preview_refund', { holdId, typed }),
  previewSaid: (say: SayRefund) => call<RefundPreview>('preview_said', { say }),
  sayRefund: (say: SayRefund) => call<TabView>('say_refund', { say }),
  settings: () => call<Settings>('settings'),
  settingsChanges: () => call<Step[]>('settings_changes'),
  saveSettings: (settings: Settings) => call<Settings>('save_settings', { settings }),
  backups: () => call<Backup[]>('backups'),
  backUp: () => call<Backup[]>('back_up'),
  putBackPreview: (name: string) => call<PutBack>('put_back_preview', { name }),
  putBack: (name: string) => call<Start>('put_back', { name }),
  night: (choices: NightChoice[]) => call<Night>('night', { choices }),
  closeNight: (choices: NightChoice[], seen: NightSeen[]) => call<Night>('close_night', { choices, seen }),
  stopNight: () => call<Night>('stop_night'),
  goOnWithNight: () => call<Night>('go_on_with_night'),
  letNightBe: () => call<Night>('let_night_be'),
  makeReport: () => call<ReportView>('make_report'),
  report: (number: number) => call<ReportView>('report', { number }),
  reports: (before: number | null) => call<ReportRow[]>('reports', { before }),
  paper: (kind: PaperKind, holdId: string) => call<Paper>('paper', { kind, holdId }),
  days: (from: string | null, to: string | null, currency: string | null) =>
    call<DaysView>('days', { from, to, currency }),
  export: (kind: ExportKind, from: string, to: string) => call<string>('export', { kind, from, to }),
  emailLink: (holdId: string) => call<null>('email_link', { holdId }),
  bringIn: () => call<BroughtIn>('bring_in'),
  stay: () => call<null>('stay'),
  quit: () => call<null>('quit'),
  autostart: () => call<boolean>('autostart'),
  setAutostart: (on: boolean) => call<boolean>('set_autostart', { on }),
  support: () => call<string>('support'),
  saveSupport: (text: string) => call<string>('save_support', { text }),
  acknowledge: (key: string) => call<null>('acknowledge', { key }),
  openLink: (tabId: string, holdId: string) => call<null>('open_link', { tabId, holdId }),
  trainingPay: (intentId: string, card: string) => call<null>('training_pay', { intentId, card }),
  trainingClock: (advance: string) => call<string>('training_clock', { advance })
}

/** Calls back whenever something that is shown may have changed. */
export function onChanged(again: () => void): Promise<() => void> {
  return listen('changed', again)
}

/** Calls back when the ledger had to be opened anew: all that is shown is of the former one. */
export function onReopened(again: () => void): Promise<() => void> {
  return listen('reopened', again)
}

/** Calls back when somebody wants to quit while something is open, with what that means. */
export function onLeaving(ask: (words: string) => void): Promise<() => void> {
  return listen<string>('leaving', (event) => ask(event.payload))
}
