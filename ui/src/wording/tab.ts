// What a tab's row and its panel say.
import type { DeadlineAction } from '../bindings/DeadlineAction'
import type { HistoryTopic } from '../bindings/HistoryTopic'
import type { TabRow } from '../bindings/TabRow'
import type { Card } from '../bindings/Card'
import { shortCard, shortCardWithin } from './cards'
import { inParts, onDay, shortly, when } from './dates'
import { KINDS } from './kinds'

/** Heads of figures, for a screen reader too. */
export const FIGURES = { bill: 'Bill', due: 'Still to take', taken: 'Taken', held: 'On hold', paid: 'Paid' }

const dotted = (...facts: (string | false | null | undefined)[]) => facts.filter(Boolean).join(' · ')
const arrives = (day: string) => `arrives ${onDay(day)}`
const departs = (day: string) => `departs ${onDay(day)}`

// A row.

/** Under the name: the place, or what it is; and until when. */
export const underName = (row: TabRow) =>
  dotted(row.place ?? KINDS[row.kind], row.departsOn && departs(row.departsOn))
/** After that, where there is room. */
export const since = (at: string, now: string | undefined) => ` · since ${shortly(at, now)}`
/** Instead, where another till changed it a moment ago. */
export const elsewhere = (words: string) => ` · ${words}`
/** Of a closed tab instead; `by` is none where nobody noted it. */
export const closedOn = (at: string, by: string | null, now: string | undefined) =>
  by ? ` · closed ${shortly(at, now)} by ${by}` : ` · closed ${shortly(at, now)}`
/** Puts away what was done elsewhere. */
export const SEEN_ELSEWHERE = 'Dismiss this note'
export const REQUESTED = 'requested'
export const requested = (amount: string) => `${amount} requested`
export const holdMoreNow = (amount: string) => `Hold ${amount} more now`
/** Where the amount stands above it. */
export const HOLD_MORE_NOW = 'Hold more now'

/** Where room is short, its date is left out. */
export interface EndsAt {
  before: string
  date: string
  after: string
}
export function expires(at: string, now: string | undefined): EndsAt {
  const { day, date, time } = inParts(at, now)
  return { before: day ? `expires ${day}` : 'expires', date, after: time }
}
export function linkExpires(at: string, now: string | undefined): EndsAt {
  const { day, date, time } = inParts(at, now)
  return { before: day ? `link expires ${day}` : 'link expires', date, after: time }
}

/** What the palette tells a tab by. */
export const standsAs = (row: TabRow) => dotted(row.place, row.state.words, shortCard(row.card), row.detail)

// The panel.

export const PARTS = { bill: 'Bill', holds: 'Holds', history: 'History' }
export const holdsOf = (count: number) => (count > 1 ? `${PARTS.holds} ${count}` : PARTS.holds)

/** Under the name of the tab that is shown. */
export const aboutTab = (row: TabRow, now: string | undefined) =>
  dotted(
    row.place,
    row.kind === 'payment' ? 'Payment, taken at once' : KINDS[row.kind],
    `opened ${shortly(row.openedAt, now)} by ${row.openedBy}`,
    row.reference,
    row.arrivesOn && arrives(row.arrivesOn),
    row.departsOn && departs(row.departsOn)
  )
/** Where Reopen stands; `by` is none where an older version didn’t note it. */
export const closedBy = (at: string, by: string | null, now: string | undefined) =>
  by ? `Closed ${shortly(at, now)} by ${by}.` : `Closed ${shortly(at, now)}.`
/** When a request left, or would have. */
export const askedAt = (state: string, at: string, now: string | undefined) =>
  state === 'not_sent' ? `Tried ${shortly(at, now)}.` : `Sent ${shortly(at, now)}.`
/** `shows` is what Dojo shows, as the desk says it. */
export const contradicted = (shows: string) =>
  `${shows}. Check Dojo’s portal first. This hold is locked until you decide.`

/** Over the figure of what is held. */
export function onHold(held: { minor: number }, card: Card | null): string {
  const short = held.minor > 0 ? shortCardWithin(card) : null
  return short ? `On hold on ${short}` : FIGURES.held
}
export const over = (amount: string) => `${amount} over`
export const toSpend = (amount: string) => `${amount} to spend`
export const billIs = (amount: string) => `Bill ${amount}`
export const takenIs = (amount: string) => `Taken ${amount}`
export const refundedIs = (amount: string) => `Refunded ${amount}`
export const overdue = (at: string) => `The deadline was ${when(at)}. We’re asking Dojo what happened.`
/** `words` is how long until then, as the desk says it. */
export function deadlineIs({ action, at, words }: { action: DeadlineAction; at: string; words: string }) {
  return action === 'release'
    ? `Dojo releases it ${when(at)} · ${words}`
    : `Dojo takes it ${when(at)} · ${words}`
}
/** What Dojo does at the deadline, over its time. */
export const DOJO_WILL = { release: 'Dojo releases it', capture: 'Dojo takes it' }

// The bill.

export const amountFor = (isOne: boolean) => (isOne ? 'Amount' : 'Amount for one')
export const NO_LINES = 'No items yet.'
export const NO_BILL = 'A payment has no running bill.'
export const removed = (line: string) => `${line} (removed)`
/** When a line was put on the bill or removed, by whom, and where it went. */
export const lineBy = (at: string, now: string | undefined, by: string, moved: string | null) =>
  moved ? `${shortly(at, now)} ${by}, ${moved}` : `${shortly(at, now)} ${by}`
/** On the button that removes a line, for a screen reader. */
export const remove = (line: string, amount: string) => `Remove: ${line}, ${amount}`

/** `first` tells of one tab on this card; there may be more. */
export const alsoOnCard = (first: string, more: number) =>
  more > 0 ? `${first} And ${more} more on that card.` : first

// The history.

export const TOPICS: Record<HistoryTopic, string> = {
  money: 'Money',
  bill: 'Bill',
  warning: 'Warnings',
  tab: 'Tab',
  settings: 'Settings'
}
export const stepBy = (at: string, by: string, reference: string | null) => dotted(when(at), by, reference)

// A hold.

export const holdNamed = (reference: string) => `Hold ${reference}`
export const takenOf = (taken: string, held: string) => `${taken} of ${held} taken`
export const ofWhich = (part: string) => `of which ${part}`

// A link that waits for its guest.

export const declined = (times: number) =>
  times === 1
    ? 'The card was declined by the guest’s bank. Dojo doesn’t say why. They can try again or use another card.'
    : `A card was declined, ${times} times, by the guest’s bank. Dojo doesn’t say why. They can try again or use ` +
      'another card.'
export const waitingFor = (amount: string) => `Waiting for the guest to add a card for ${amount}`
export const linkEnds = (at: string, now: string | undefined) => `The link expires ${shortly(at, now)}.`
export const LINK_COPIED = 'Link copied.'
export const TEST_CARDS = {
  good: 'Guest pays',
  challenge: 'Pays, 3-D Secure',
  declined: 'Card declined'
}
