// What a key, the palette and the key help name: one list, so that none of them promises what another lacks.
import { asError } from './backend/error'
import type { Seen } from './bindings/Seen'
import type { TabView } from './bindings/TabView'
import { giveBack } from './focus'
import type { App } from './state/app'
import type { Screen, Sheet } from './state/navigation.svelte'
import { DEED_WORDS, type tabKeys } from './wording/deeds'

interface Entry {
  /** As the key help and the palette say it. */
  words: string
  /** As it stands on a button; none where only the palette and a press reach it. */
  key: string | null
  /** Means the same, where `key` is a single character: a person may have switched those off. */
  other?: string
}

export const DEEDS = {
  newTab: { words: DEED_WORDS.newTab, key: 'F2' },
  newDeposit: { words: DEED_WORDS.newDeposit, key: 'F3' },
  take: { words: DEED_WORDS.take, key: 'F4' },
  holdMore: { words: DEED_WORDS.holdMore, key: 'Ctrl M' },
  release: { words: DEED_WORDS.release, key: 'F6' },
  renew: { words: DEED_WORDS.renew, key: 'F7' },
  refund: { words: DEED_WORDS.refund, key: null },
  showQr: { words: DEED_WORDS.showQr, key: 'Ctrl G' },
  print: { words: DEED_WORDS.print, key: 'Ctrl P' },
  moveBill: { words: DEED_WORDS.moveBill, key: 'Ctrl L' },
  closeTab: { words: DEED_WORDS.closeTab, key: 'Ctrl E' },
  forgetGuest: { words: DEED_WORDS.forgetGuest, key: null },
  floor: { words: DEED_WORDS.floor, key: null },
  deposits: { words: DEED_WORDS.deposits, key: 'F9' },
  night: { words: DEED_WORDS.night, key: 'F8' },
  history: { words: DEED_WORDS.history, key: null },
  reports: { words: DEED_WORDS.reports, key: null },
  attention: { words: DEED_WORDS.attention, key: null },
  settings: { words: DEED_WORDS.settings, key: null },
  search: { words: DEED_WORDS.search, key: '/', other: 'Ctrl F' },
  palette: { words: DEED_WORDS.palette, key: 'Ctrl K' },
  serviceAll: { words: DEED_WORDS.serviceAll, key: 'Ctrl S' },
  onlyFlagged: { words: DEED_WORDS.onlyFlagged, key: 'Ctrl O' },
  pad: { words: DEED_WORDS.pad, key: 'Ctrl B' },
  rows: { words: DEED_WORDS.rows, key: 'Ctrl D' },
  keys: { words: DEED_WORDS.keys, key: '?', other: 'F1' }
} as const satisfies Record<string, Entry>

export type Deed = keyof typeof DEEDS

/** What the part of the screen does that it's about: neither a key nor the palette reaches it from elsewhere. */
export type InPlace = 'search' | 'pad' | 'serviceAll' | 'onlyFlagged'

/** What needs the tab that is shown. */
export const ON_TAB = [
  'take',
  'holdMore',
  'release',
  'renew',
  'refund',
  'showQr',
  'print',
  'moveBill',
  'closeTab',
  'forgetGuest'
] as const satisfies (Deed & keyof ReturnType<typeof tabKeys>)[]
export type TabDeed = (typeof ON_TAB)[number]

export const isOnTab = (deed: Deed): deed is TabDeed => (ON_TAB as readonly Deed[]).includes(deed)

/** All keys of a deed. */
export function keysOf(deed: Deed): string[] {
  const { key, other }: Entry = DEEDS[deed]
  return [key, other].filter((key) => key != null)
}

/** As it stands on a button, where keys of a single character may be switched off. */
export function keyOf(deed: Deed, hasLetters: boolean): string | null {
  return keysOf(deed).find((key) => hasLetters || key.length > 1) ?? null
}

const BY_KEY = new Map(
  (Object.keys(DEEDS) as Deed[]).flatMap((deed) => keysOf(deed).map((key) => [key, deed] as const))
)

/** Which deed a key means. */
export function deedOf(event: KeyboardEvent, hasLetters = true): Deed | undefined {
  if (event.altKey) return undefined
  const isChord = event.ctrlKey || event.metaKey
  if (!hasLetters && !isChord && event.key.length === 1) return undefined
  return BY_KEY.get((isChord ? `Ctrl ${event.key.toUpperCase()}` : event.key) as never)
}

/** What a deed opens on this tab; none while the desk doesn't allow it. The desk says which hold it acts on. */
export function sheetOf({ keys }: TabView, deed: TabDeed): Sheet | null {
  const { release, renew, refund } = keys
  if (deed === 'take') return keys.take ? { kind: 'take' } : null
  if (deed === 'holdMore') return keys.holdMore ? { kind: 'more' } : null
  if (deed === 'moveBill') return keys.moveBill ? { kind: 'move' } : null
  if (deed === 'release') return release && { kind: 'act', ...release }
  if (deed === 'forgetGuest') return keys.forget ? { kind: 'forget' } : null
  if (deed === 'renew') return renew ? { kind: 'renew', holdId: renew } : null
  return deed === 'refund' && refund ? { kind: 'act', act: 'refund', holdId: refund } : null
}

/** Whether the desk allows a deed on this tab now. */
export function mayDo(tab: TabView, deed: TabDeed): boolean {
  if (deed === 'showQr') return tab.keys.showQr !== null
  if (deed === 'print') return tab.keys.print !== null
  if (deed === 'closeTab') return tab.keys.closeTab !== null
  return sheetOf(tab, deed) !== null
}

/** Closes the tab as the person saw it; where the desk refuses it, its words are said. */
export async function closeTab({ desk, floor, nav }: App, id: string, seen: Seen): Promise<void> {
  try {
    floor.show(await desk.closeTab(id, seen))
    void floor.select(null)
  } catch (cause) {
    nav.say(asError(cause).message)
  }
}

/** Sends a request that never left; where the desk refuses it, its words are said. */
export async function sendAgain({ desk, floor, nav }: App, tab: TabView): Promise<void> {
  const hold = tab.keys.sendAgain
  if (hold === null) return
  try {
    floor.show(await desk.retryOpen(tab.row.id, hold))
  } catch (cause) {
    nav.say(asError(cause).message)
  }
}

/** Goes to a screen. The tab that is shown belongs to the one before. */
export function go({ floor, nav }: App, screen: Screen): void {
  // It spoke of what was pressed there, and would lie over what can be pressed here.
  if (screen !== nav.screen) nav.toast = null
  // A search that's left over from elsewhere must not hide tabs that the night is about to close, nor the other way.
  if (screen !== nav.screen && (screen === 'night' || nav.screen === 'night')) floor.query = ''
  nav.screen = screen
  void floor.select(null)
}

function performOnTab(app: App, tab: TabView, deed: TabDeed): void {
  if (!mayDo(tab, deed)) return
  if (deed === 'showQr') app.nav.guest = tab.keys.showQr
  else if (deed === 'closeTab') {
    if (tab.keys.closeTab === 'ask') app.nav.sheet = { kind: 'close' }
    else void closeTab(app, tab.row.id, tab.seen)
  } else if (deed === 'print') {
    const { print } = tab.keys
    if (print) app.nav.paper = { ...print, isPrinting: true }
  } else app.nav.sheet = sheetOf(tab, deed)
}

/** The tab that was chosen is on its way, and what is there is the one before: the key meant the one that was chosen.
 * Closing asks nothing, so it's for a tab that somebody sees. */
async function performOnNext(app: App, deed: TabDeed): Promise<void> {
  const { floor, nav } = app
  const id = floor.selected
  if (id === null || deed === 'closeTab') return
  await floor.arriving
  if (floor.chosen?.row.id === id && !nav.sheet && !nav.paper && !nav.guest)
    performOnTab(app, floor.chosen, deed)
}

/** Does what a key or the palette names; nothing when that isn't possible now. No money moves: a sheet asks first. */
export function perform(app: App, deed: Exclude<Deed, InPlace>): void {
  const { floor, nav } = app
  // A key that did nothing would be pressed again.
  if (floor.readOnly && (isOnTab(deed) || deed === 'newTab' || deed === 'newDeposit')) nav.say(floor.readOnly)
  else if (isOnTab(deed)) {
    if (floor.chosen) performOnTab(app, floor.chosen, deed)
    else void performOnNext(app, deed)
  } else if (deed === 'newTab') nav.sheet = { kind: 'new', what: 'tab' }
  else if (deed === 'newDeposit') nav.sheet = { kind: 'new', what: 'deposit' }
  else if (deed === 'rows') nav.changeRows()
  else if (deed === 'keys') nav.sheet = { kind: 'keys' }
  else if (deed === 'palette') nav.sheet = { kind: 'palette' }
  else {
    go(app, deed)
    giveBack(null)
  }
}
