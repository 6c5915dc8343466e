// What the end of the night says in the window. What will happen to which amounts, the desk says.
import type { NightAction } from '../bindings/NightAction'
import type { NightDeedCode } from '../bindings/NightDeedCode'
import type { NightRow } from '../bindings/NightRow'
import type { RunPick } from '../bindings/RunPick'
import type { RunView } from '../bindings/RunView'
import type { TabRow } from '../bindings/TabRow'
import { shortCard } from './cards'
import { shortly, when } from './dates'
import { amounts, tabs } from './kinds'

/** What is done to a tab. */
export const ACTIONS: Record<NightAction, string> = {
  take: 'Take',
  release: 'Release',
  cancel: 'Cancel',
  closeTab: 'Close tab',
  leave: 'Leave open'
}

/** `left` stay open. `found` is how many a search shows; none where nothing is looked for. */
export function openTabs(open: number, left: number, found: number | null): string {
  const all = left > 0 ? `${open} open, ${left} to stay open` : `${open} open`
  return found === null ? all : `${all}. Your search shows ${found}; the totals are of all.`
}
export const noneOpenMatches = (query: string) => `No open tab matches “${query}”.`
/** `share` is the service charge, `10%`. */
export const serviceOn = (share: string) => `${share} service on`
/** On which of the night's rows it is. */
export const SERVICE_ON = { all: 'All', flagged: 'Flagged', plain: 'Not flagged', none: 'None' }
export const ONLY_FLAGGED = 'Only flagged'
/** What happens besides what is taken. */
export const BESIDES = { back: 'Drops off cards', dojo: 'Dojo takes itself' }
export const nightClosed = (last: { title: string; made: string } | null) =>
  last ? `The night is closed. ${last.title} was made ${last.made}.` : 'The night is closed.'
export const closeNight = (button: string) => `${button}…`

// The table.

export const closeIt = (name: string) => `Close ${name}`
/** On a field of a row, for a screen reader. */
export function figureOf(figure: 'bill' | 'service' | 'tip', name: string): string {
  return { bill: `Bill of ${name}`, service: `Service of ${name}`, tip: `Tip of ${name}` }[figure]
}
export const actionFor = (name: string) => `Action for ${name}`
export const inAll = (count: number) => `In all, ${tabs(count)}`
/** When it was opened, by whom, and its card: where there is no room for columns. */
export const openedBy = ({ tab }: NightRow, now: string | undefined) =>
  [`${shortly(tab.openedAt, now)} ${tab.openedBy}`, shortCard(tab.card)].filter(Boolean).join(' · ')
/** What a manager knows a stranger's tab by, beside its place. */
export const facts = (tab: TabRow, now: string | undefined) =>
  [
    tab.left.minor > 0 && `${tab.left.text} on hold`,
    shortCard(tab.card),
    `since ${shortly(tab.openedAt, now)} by ${tab.openedBy}`
  ]
    .filter(Boolean)
    .join(' · ')

// What is confirmed.

/** An amount that doesn't move says what it is. */
export function deedAmount(code: NightDeedCode, amount: string): string {
  if (code === 'cancel') return `${amount} requested`
  return code === 'leave' ? `${amount} on hold` : amount
}
/** While it can still be stopped. */
export const closingIn = (count: number, seconds: number) =>
  seconds === 1
    ? `Closing ${tabs(count)} in 1 second. Nothing has been sent yet.`
    : `Closing ${tabs(count)} in ${seconds} seconds. Nothing has been sent yet.`
/** `seconds` is how long it can be stopped; 0 where it can't. */
export const cannotUndo = (seconds: number) =>
  seconds > 0
    ? `You can’t undo a take, only refund it. You get ${seconds} seconds to stop.`
    : 'You can’t undo a take, only refund it.'

// While it's closed, and afterwards.

/** What moved, and what bills are short by. */
export const runTaken = ({ taken, released: back, short, startedAt, by }: RunView) =>
  [
    taken.length > 0 && `${amounts(taken)} taken`,
    back.length > 0 && released(amounts(back)),
    short,
    `Started ${when(startedAt)} by ${by}`
  ]
    .filter(Boolean)
    .join(' · ')
export const released = (amount: string) => `${amount} released`
/** Under the column of what is to be done, where nothing may be yet. */
export const release = (amount: string) => `Release ${amount}`
/** Before what is taken, where holds have no room for all of bill, service and tips. */
export const lessBeyond = (amount: string) => `− ${amount} beyond the holds`
export const doneOf = (done: number, total: number) => `${done} of ${total} done`
export const SHOW: Record<RunPick, string> = { all: 'All', open: 'Not done yet', trouble: 'Needs attention' }
export const showsRun = (isShown: boolean) => (isShown ? 'Show what’s open' : 'Show what was done')
export const NOT_PART = 'Not part of this'

// The report at its foot.

export const nightReport = (number: number) => `Night report ${number}`
/** `since` is from where to where it goes, as the desk says it. */
export const everything = (since: string) => `Everything ${since}`
export const showReport = (number: number) => `Show and print report ${number}`
export const makeReport = (number: number) => `Make night report ${number}`
