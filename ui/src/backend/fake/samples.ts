// Invented guests for tests, in the shape in which the desk answers.
import type { Figures } from '../../bindings/Figures'
import type { GuestPage } from '../../bindings/GuestPage'
import type { GuideStep } from '../../bindings/GuideStep'
import type { Hold } from '../../bindings/Hold'
import type { Money } from '../../bindings/Money'
import type { Night } from '../../bindings/Night'
import type { Paper } from '../../bindings/Paper'
import type { Settings } from '../../bindings/Settings'
import type { TabRow } from '../../bindings/TabRow'
import type { TabStep } from '../../bindings/TabStep'
import type { TabView } from '../../bindings/TabView'
import { SETTINGS } from './till'
import { refusal } from './typing'

/** The moment at which all of it is. */
export const NOW = '2026-10-11T19:00:00Z'

/** An amount in pounds, from pence. */
export function pounds(minor: number): Money {
  const pence = String(minor % 100).padStart(2, '0')
  const whole = Math.floor(minor / 100)
  return {
    minor,
    currency: 'GBP',
    text: `£${whole.toLocaleString('en-GB')}.${pence}`,
    typed: `${whole}.${pence}`
  }
}

const CARD = { brand: 'Visa', lastFour: '4242' }
const HELD = { code: 'held', words: 'On hold', tone: 'good' } as const
const WAITING = { code: 'waiting', words: 'Waiting for card', tone: 'wait' } as const
const QR =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 3"><path d="M0 0h1v1h-1zM2 2h1v1h-1z"/></svg>'

/** What a guest is made of. Amounts are in pence. */
export interface Guest {
  /** What a manager should know of it at night. */
  flag?: string
  id: string
  name: string
  place?: string
  kind?: TabRow['kind']
  billMinor?: number
  heldMinor: number
  capturedMinor?: number
  /** Of what was taken. */
  tipMinor?: number
  /** The guest has the link and hasn't paid: nothing is on hold yet. */
  isWaiting?: boolean
  /** For how many seconds a release or a refund may be stopped. */
  holdBackSeconds?: number
  /** What was put on the bill. Its sum is `billMinor` all the same. */
  lines?: { what: string | null; eachMinor: number; isStruck?: boolean }[]
}

function hold(guest: Guest): Hold {
  const { holdBackSeconds = 0 } = guest
  const captured = guest.capturedMinor ?? 0
  const heldMinor = guest.isWaiting ? 0 : guest.heldMinor
  return {
    id: `${guest.id}-hold`,
    intentId: `pi_${guest.id}`,
    reference: `${guest.id.toUpperCase()}-1`,
    captureMode: 'manual',
    amount: pounds(guest.heldMinor),
    tip: null,
    held: pounds(heldMinor),
    captured: pounds(captured),
    capturedTip: pounds(0),
    pending: pounds(0),
    refunded: pounds(0),
    refundedOf: [],
    notSaid: [],
    left: pounds(heldMinor - captured),
    stands: `${pounds(heldMinor - captured).text} on hold`,
    refundable: pounds(captured),
    gauge: { percent: 0, tone: 'good' },
    card: guest.isWaiting ? null : CARD,
    authCode: '015790',
    state: guest.isWaiting ? WAITING : HELD,
    deadline: null,
    deadlineAction: 'release',
    link: guest.isWaiting ? 'https://pay.example/checkout/1' : null,
    linkQr: guest.isWaiting ? QR : null,
    linkTrouble: null,
    linkEndsAt: null,
    linkEnded: false,
    declined: 0,
    actions: [
      { action: 'take', allowed: heldMinor > captured, why: null, holdBackSeconds: 0 },
      { action: 'release', allowed: heldMinor > 0 && captured === 0, why: null, holdBackSeconds },
      { action: 'cancel', allowed: guest.isWaiting === true, why: null, holdBackSeconds: 0 },
      {
        action: 'refund',
        allowed: captured > 0,
        why: captured > 0 ? null : 'Nothing was taken.',
        holdBackSeconds
      }
    ],
    papers: [
      ...(heldMinor > captured ? [{ kind: 'slip', label: 'Print the hold slip' } as const] : []),
      ...(captured > 0 ? [{ kind: 'receipt', label: 'Print the receipt' } as const] : [])
    ],
    operation: null,
    caution: null,
    contradicts: null,
    authorisedAt: NOW,
    renewal: null,
    renew: null
  }
}

/** What the guest sees of it. */
export function guestPage(guest: Guest): GuestPage {
  return {
    venue: SETTINGS.venue,
    place: guest.place ?? null,
    reference: guest.id.toUpperCase(),
    isPayment: guest.kind === 'payment',
    amount: pounds(guest.heldMinor),
    terms: guest.kind === 'payment' ? null : 'When you leave, we charge only what you spend.',
    stage: guest.isWaiting ? 'waiting' : 'done',
    qr: guest.isWaiting ? QR : null,
    linkEndsAt: null,
    card: guest.isWaiting ? null : CARD,
    deadlineAt: null,
    now: NOW
  }
}

/** What the desk says comes first, for a guest with one hold. */
function next(guest: Guest): TabView['next'] {
  const [bill, captured] = [guest.billMinor ?? 0, guest.capturedMinor ?? 0]
  if (bill > guest.heldMinor)
    return { step: 'holdMore', words: `Hold ${pounds(bill - guest.heldMinor).text} more…` }
  if (captured > 0 && bill <= captured) return { step: 'closeTab', words: 'Close tab' }
  if (guest.isWaiting) return { step: 'showQr', words: 'Show QR to guest' }
  return { step: 'take', words: bill > 0 ? `Take ${pounds(bill - captured).text}…` : 'Take…' }
}

/** What the desk's keys act on, for a guest with one hold. */
function keys(guest: Guest): TabView['keys'] {
  const { id, actions, papers } = hold(guest)
  const may = (action: string) => actions.some((one) => one.action === action && one.allowed)
  const kind = papers.find((paper) => paper.kind === 'receipt')?.kind ?? papers[0]?.kind
  const act = may('release') ? 'release' : 'cancel'
  return {
    take: may('take'),
    holdMore: guest.kind !== 'payment',
    release: may(act) ? { act, holdId: id } : null,
    renew: null,
    refund: may('refund') ? id : null,
    showQr: guest.isWaiting ? id : null,
    sendAgain: null,
    print: kind ? { kind, holdId: id } : null,
    moveBill: (guest.billMinor ?? 0) > (guest.capturedMinor ?? 0),
    closeTab: may('release') ? null : isOwed(guest) ? 'ask' : 'now',
    forget: false
  }
}

const isOwed = ({ billMinor = 0, capturedMinor = 0 }: Guest) => billMinor > capturedMinor

/** The guest has one link already, and it's enough. */
const isFirstUnpaid = ({ isWaiting, billMinor = 0, heldMinor }: Guest) =>
  isWaiting === true && billMinor <= heldMinor

/** The smaller buttons beside what comes first. */
function lesser(guest: Guest): TabView['lesser'] {
  const may = keys(guest)
  const all = [
    ['take', may.take],
    ['closeTab', may.closeTab !== null],
    ['refund', may.refund !== null],
    ['holdMore', may.holdMore && !isFirstUnpaid(guest)]
  ] as const
  const first = next(guest)?.step
  return all.flatMap(([step, isAllowed]) => (isAllowed && step !== first ? [step] : [])).slice(0, 2)
}

/** Whatever else may be done, for a guest with one hold. */
function menu(guest: Guest): TabView['menu'] {
  const [may, first, beside] = [keys(guest), next(guest)?.step, lesser(guest)]
  const isButton = (step: TabStep) => first === step || beside.includes(step)
  const { id: holdId, actions, papers } = hold(guest)
  const acts = actions.filter(
    ({ action, allowed }) => allowed && action !== 'take' && !(action === 'refund' && isButton('refund'))
  )
  return [
    ...(may.holdMore && !isButton('holdMore') ? [{ kind: 'tab', deed: 'holdMore' } as const] : []),
    ...acts.map(({ action }) => ({ kind: 'hold', action, holdId }) as const),
    ...papers.map(({ kind }) => ({ kind: 'paper', paper: kind, holdId }) as const),
    ...(may.moveBill ? [{ kind: 'tab', deed: 'moveBill' } as const] : []),
    ...(may.closeTab && !isButton('closeTab') ? [{ kind: 'tab', deed: 'closeTab' } as const] : []),
    ...(may.forget ? [{ kind: 'tab', deed: 'forgetGuest' } as const] : [])
  ]
}

/** What the amounts of a guest come to. */
function sums(guest: Guest) {
  const bill = guest.billMinor ?? 0
  const captured = guest.capturedMinor ?? 0
  const heldMinor = guest.isWaiting ? 0 : guest.heldMinor
  return {
    bill,
    captured,
    heldMinor,
    left: heldMinor - captured,
    due: Math.max(0, bill - captured),
    missing: bill > guest.heldMinor ? pounds(bill - guest.heldMinor) : null
  }
}

/** The row of a guest with one hold. */
function rowOf(guest: Guest): TabRow {
  const { bill, captured, heldMinor, left, due, missing } = sums(guest)
  const isPaid = captured > 0 && due === 0
  return {
    id: guest.id,
    kind: guest.kind ?? 'tab',
    name: guest.name,
    isNamed: true,
    place: guest.place ?? null,
    reference: guest.id.toUpperCase(),
    bill: pounds(bill),
    due: pounds(due),
    toSpend: left > 0 && left >= due ? pounds(left - due) : null,
    group: missing ? 'attention' : guest.isWaiting ? 'waiting' : isPaid ? 'paid' : 'held',
    held: pounds(heldMinor),
    asked: guest.isWaiting ? pounds(guest.heldMinor) : null,
    captured: pounds(captured),
    left: pounds(left),
    beingTaken: null,
    uncovered: null,
    gauge: { percent: 0, tone: 'good' },
    card: guest.isWaiting ? null : CARD,
    state: guest.isWaiting ? WAITING : HELD,
    deadline: null,
    detail: left > due ? `${pounds(left - due).text} to spend` : '',
    openedAt: NOW,
    openedBy: 'Robin',
    closedAt: null,
    closedBy: null,
    arrivesOn: null,
    departsOn: null,
    elsewhere: null,
    needsPerson: false,
    edge: missing ? 'bad' : null,
    isEnding: false,
    linkEndsAt: null,
    short: missing,
    filters: ['all', guest.kind === 'deposit' ? 'deposit' : 'tab']
  }
}

function linesOf(guest: Guest): TabView['lines'] {
  return (guest.lines ?? []).map(({ what, eachMinor, isStruck = false }, index) => ({
    id: `${guest.id}-line-${index}`,
    what,
    quantity: 1,
    each: pounds(eachMinor),
    total: pounds(eachMinor),
    at: NOW,
    by: 'Robin',
    mayTakeOff: !isStruck,
    mayMove: !isStruck,
    moved: null,
    isStruck,
    strikes: null
  }))
}

/** A guest with one hold, in force unless it's waited for. */
export function tab(guest: Guest): TabView {
  const { bill, captured, left, missing } = sums(guest)
  return {
    row: rowOf(guest),
    seen: {
      dueMinor: bill - captured,
      lines: bill > 0 ? 1 : 0,
      holds: [
        {
          holdId: `${guest.id}-hold`,
          card: CARD.lastFour,
          askedMinor: guest.heldMinor,
          authorisedMinor: guest.heldMinor,
          takenMinor: captured,
          refundedMinor: 0,
          leftMinor: guest.heldMinor - captured,
          deadlineAction: 'release',
          underWay: null,
          isLast: false
        }
      ],
      isClosed: false
    },
    note: null,
    email: null,
    lines: linesOf(guest),
    again: (guest.lines ?? []).slice(0, 3).map(({ what, eachMinor }) => ({ what, each: pounds(eachMinor) })),
    missing,
    over: left > 0 ? missing : null,
    lapsed: null,
    holds: [hold(guest)],
    keys: keys(guest),
    further: {
      which: isFirstUnpaid(guest) ? 'anotherGuest' : left > 0 ? 'more' : 'first',
      deadlineAction: 'release',
      presets: [pounds(50_00), pounds(100_00)]
    },
    next: next(guest),
    lesser: lesser(guest),
    menu: menu(guest),
    stands: `${pounds(left).text} on hold`,
    whyNotTake: null,
    history: [],
    closeRefused: left > 0 && captured === 0 ? 'Money is held on it.' : null,
    closedAt: null,
    isForgotten: false,
    elsewhere: null
  }
}

export const sumOf = (rows: TabRow[], of: (row: TabRow) => Money) =>
  pounds(rows.reduce((sum, row) => sum + of(row).minor, 0))

/** What stands over rows. */
export const figuresOf = (rows: TabRow[]): Figures => ({
  open: rows.length,
  held: [sumOf(rows, (row) => row.left)],
  due: [sumOf(rows, (row) => row.due)],
  expiring: [],
  beingTaken: []
})

/** The guest with this id, of `guests`. */
export function guestOf(guests: Guest[], id: string): Guest {
  const guest = guests.find((guest) => guest.id === id)
  if (!guest) throw refusal('not_found', 'There is no such tab.')
  return guest
}

/** Two tables and a deposit. */
export const GUESTS: Guest[] = [
  { id: 'amira', name: 'Amira Haddad', place: 'Table 12', billMinor: 8450, heldMinor: 15000 },
  { id: 'brandt', name: 'Olaf Brandt', place: 'Table 3', billMinor: 1234_50, heldMinor: 2000_00 },
  { id: 'callum', name: 'Callum Reid', place: 'Room 14', kind: 'deposit', heldMinor: 20000 }
]

/** A night without rows. */
export const EMPTY_NIGHT: Night = {
  rows: [],
  day: 'Sun 11 Oct',
  bills: [],
  beyond: [],
  taking: [],
  service: [],
  tips: [],
  back: [],
  dojoTakes: [],
  serviceCharge: { label: '12.5%', typed: '12.5%' },
  sentence: '',
  deeds: [],
  button: 'Close the night',
  confirm: 'Close the night',
  count: 0,
  stays: 0,
  ready: false,
  run: null,
  report: {
    number: 1,
    since: 'since the first tab',
    parts: [],
    whyNot: 'No money has moved yet.',
    last: null
  }
}

/** The guided night's tasks, none of them done. */
export const guideOf = (): GuideStep[] =>
  (['open', 'card', 'round', 'take', 'refund', 'release', 'night'] as const).map((task) => ({
    task,
    isDone: false
  }))

/** What tries the printer. */
export const testPaper = ({ venue, address }: Settings): Paper => ({
  title: 'Test slip',
  venue,
  address,
  notice: null,
  bill: [],
  facts: [],
  words: ['Check the right edge.'],
  made: 'Printed now by Sam'
})
