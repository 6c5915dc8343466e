// What the palette lists for what was typed: deeds on tabs with their reasons, and places to go.
import { actOf, type Action } from '../../actions'
import type { Hold } from '../../bindings/Hold'
import type { TabRow } from '../../bindings/TabRow'
import type { TabView } from '../../bindings/TabView'
import type { IconName } from '../../components/Icon.svelte'
import { DEEDS, isOnTab, keyOf, mayDo, perform, type Deed, type InPlace } from '../../deeds'
import type { App } from '../../state/app'
import type { Sheet } from '../../state/navigation.svelte'
import { ENDS, FORGET_GUEST, onHold, onTab, SHOW_QR } from '../../wording/palette'
import { standsAs } from '../../wording/tab'

export interface Hit {
  id: string
  group: 'do' | 'go'
  words: string
  about: string
  /** What Enter comes to. */
  ends: string
  /** Why it isn't possible now. */
  why: string | null
  icon: IconName
  key: string | null
  run: () => void
}

type Verb = Action | 'holdMore' | 'showQr' | 'print' | 'moveBill' | 'closeTab' | 'forgetGuest'

/** What people type for it. */
const VERBS: Record<Verb, string[]> = {
  take: ['take', 'charge'],
  release: ['release', 'free'],
  renew: ['renew'],
  cancel: ['cancel'],
  refund: ['refund'],
  changeAmount: ['change', 'amount'],
  changeTip: ['tip'],
  receipt: ['send', 'receipt'],
  holdMore: ['hold', 'more'],
  showQr: ['show', 'qr', 'code'],
  print: ['print', 'receipt', 'letter', 'slip'],
  moveBill: ['move', 'split', 'merge'],
  closeTab: ['close'],
  forgetGuest: ['forget']
}
/** One letter means too many of them. */
const LEAST_OF_A_VERB = 2

export interface Asked {
  verbs: Verb[]
  /** What the verb is about: a name, a place, four digits. */
  rest: string
}

/** `rel 14` is a release, of what `14` finds. */
export function split(query: string): Asked {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const meant = (word: string) =>
    (Object.keys(VERBS) as Verb[]).filter(
      (verb) => word.length >= LEAST_OF_A_VERB && VERBS[verb].some((name) => name.startsWith(word))
    )
  const first = words[0] ? meant(words[0]) : []
  if (first.length === 0) return { verbs: [], rest: words.join(' ') }
  // A second word may say which: `hold more`, `send receipt`.
  const second = words[1] ? meant(words[1]).filter((verb) => first.includes(verb)) : []
  return second.length > 0
    ? { verbs: second, rest: words.slice(2).join(' ') }
    : { verbs: first, rest: words.slice(1).join(' ') }
}

/** A text in parts, with those that were typed marked: words from their beginning. */
export function marked(text: string, query: string): [part: string, isMatch: boolean][] {
  const words = query.split(/\s+/).filter(Boolean)
  if (words.length === 0) return [[text, false]]
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const parts = text.split(new RegExp(`(?<![\\p{L}\\p{N}])(${escaped.join('|')})`, 'giu'))
  return parts.map((part, at): [string, boolean] => [part, at % 2 === 1]).filter(([part]) => part !== '')
}

/** Goes to the tab first, so that the sheet stands over it. */
async function on(app: App, tab: TabView, then: (app: App) => void) {
  const { floor, nav } = app
  if (['night', 'reports', 'settings'].includes(nav.screen)) nav.screen = 'floor'
  await floor.select(tab.row.id)
  if (floor.tab?.row.id === tab.row.id) then(app)
}

function ofHold(app: App, tab: TabView, hold: Hold, action: Action): Hit | null {
  const one = hold.actions.find((one) => one.action === action)
  if (!one || (!one.allowed && !one.why)) return null
  const act = actOf(action)
  const sheet: Sheet | null =
    action === 'take'
      ? { kind: 'take' }
      : action === 'renew'
        ? { kind: 'renew', holdId: hold.id }
        : act && { kind: 'act', act, holdId: hold.id }
  return {
    id: `${action} ${hold.id}`,
    group: 'do',
    words: onHold(action, hold, tab.row.name),
    about: one.allowed ? standsAs(tab.row) : (one.why ?? ''),
    ends: one.allowed ? ENDS.sheet : ENDS.not,
    why: one.allowed ? null : one.why,
    icon: 'card',
    key: null,
    run: () => void on(app, tab, ({ nav }) => (nav.sheet = sheet))
  }
}

/** What `verbs` come to on one tab. */
export function deedsOn(app: App, tab: TabView, verbs: Verb[]): Hit[] {
  const deed = (
    deed: 'holdMore' | 'showQr' | 'moveBill' | 'closeTab' | 'forgetGuest',
    words: string,
    ends: string,
    why: string | null
  ): Hit => ({
    id: `${deed} ${tab.row.id}`,
    group: 'do',
    words: onTab(words, tab.row.name),
    about: why ?? standsAs(tab.row),
    ends: why ? ENDS.not : ends,
    why,
    icon: deed === 'showQr' ? 'phone' : 'card',
    key: DEEDS[deed].key,
    run: () => void on(app, tab, (app) => perform(app, deed))
  })
  return verbs.flatMap((verb): Hit[] => {
    if (verb === 'holdMore')
      return mayDo(tab, verb) ? [deed(verb, DEEDS.holdMore.words, ENDS.sheet, null)] : []
    if (verb === 'moveBill')
      return mayDo(tab, verb) ? [deed(verb, DEEDS.moveBill.words, ENDS.sheet, null)] : []
    if (verb === 'forgetGuest') return mayDo(tab, verb) ? [deed(verb, FORGET_GUEST, ENDS.sheet, null)] : []
    if (verb === 'showQr') return mayDo(tab, verb) ? [deed(verb, SHOW_QR, ENDS.shows, null)] : []
    if (verb === 'closeTab')
      return tab.closedAt
        ? []
        : [
            deed(
              verb,
              DEEDS.closeTab.words,
              tab.keys.closeTab === 'ask' ? ENDS.sheet : ENDS.closes,
              tab.closeRefused
            )
          ]
    if (verb === 'print')
      return tab.holds.flatMap((hold) =>
        hold.papers.map(({ kind, label }): Hit => ({
          id: `${kind} ${hold.id}`,
          group: 'do',
          words: onTab(label, tab.row.name),
          about: standsAs(tab.row),
          ends: ENDS.paper,
          why: null,
          icon: 'print',
          key: null,
          run: () => void on(app, tab, ({ nav }) => (nav.paper = { kind, holdId: hold.id }))
        }))
      )
    const hits = tab.holds.flatMap((hold) => ofHold(app, tab, hold, verb) ?? [])
    // A take is one of the tab, however many holds it has.
    return verb === 'take' ? hits.slice(0, 1).map((hit) => ({ ...hit, id: `take ${tab.row.id}` })) : hits
  })
}

export const ALL_VERBS = Object.keys(VERBS) as Verb[]

const ICONS: Partial<Record<Deed, IconName>> = {
  floor: 'floor',
  deposits: 'bed',
  night: 'night',
  history: 'history',
  reports: 'chart',
  attention: 'bell',
  settings: 'settings',
  keys: 'info'
}

/** They act on what has the focus or the screen, which the palette takes. */
const NOT_LISTED: Deed[] = ['palette', 'search', 'pad', 'serviceAll', 'onlyFlagged']

/** Screens and what opens something new, by any word that begins as one that was typed. */
export function general(app: App, query: string): Hit[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = (text: string) =>
    words.every((word) =>
      text
        .toLowerCase()
        .split(/[^\p{L}\p{N}]+/u)
        .some((one) => one.startsWith(word))
    )
  return (Object.keys(DEEDS) as Deed[])
    .filter((deed) => !isOnTab(deed) && !NOT_LISTED.includes(deed) && fits(DEEDS[deed].words))
    .map((deed) => ({
      id: deed,
      group: deed === 'newTab' || deed === 'newDeposit' || deed === 'rows' ? 'do' : 'go',
      words: DEEDS[deed].words,
      about: '',
      ends:
        deed === 'newTab' || deed === 'newDeposit'
          ? ENDS.sheet
          : deed === 'rows'
            ? ENDS.changes
            : ENDS.screen,
      why: null,
      icon: ICONS[deed] ?? 'card',
      key: keyOf(deed, app.session.hasLetters),
      run: () => perform(app, deed as Exclude<Deed, InPlace>)
    }))
}

/** A tab to go to. */
export const place = (app: App, row: TabRow): Hit => ({
  id: `tab ${row.id}`,
  group: 'go',
  words: row.name,
  about: standsAs(row),
  ends: ENDS.tab,
  why: null,
  icon: row.kind === 'deposit' ? 'bed' : 'floor',
  key: null,
  run: () => {
    app.nav.screen = row.filters.length > 0 ? 'floor' : 'history'
    void app.floor.select(row.id)
  }
})
