// Invented guests for tests, in the shape in which the desk answers.
import type { Hold } from '../../bindings/Hold'
import type { Money } from '../../bindings/Money'
import type { Night } from '../../bindings/Night'
import type { Settings } from '../../bindings/Settings'
import type { Start } from '../../bindings/Start'
import type { TabRow } from '../../bindings/TabRow'
import type { TabView } from '../../bindings/TabView'

/** The moment at which all of it is. */
export const NOW = '2026-10-11T19:00:00Z'

/** An amount in pounds, from pence. */
export function pounds(minor: number): Money {
  const pence = String(minor % 100).padStart(2, '0')
  return { minor, currency: 'GBP', text: `£${Math.floor(minor / 100).toLocaleString('en-GB')}.${pence}` }
}

const CARD = { brand: 'Visa', lastFour: '4242' }
const HELD = { code: 'held', words: 'Held', tone: 'good' } as const

/** What a guest is made of. Amounts are in pence. */
export interface Guest {
  id: string
  name: string
  place?: string
  kind?: TabRow['kind']
  billMinor?: number
  heldMinor: number
  capturedMinor?: number
}

function hold(guest: Guest): Hold {
  const captured = guest.capturedMinor ?? 0
  return {
    id: `${guest.id}-hold`,
    intentId: `pi_${guest.id}`,
    reference: `${guest.id.toUpperCase()}-1`,
    captureMode: 'manual',
    amount: pounds(guest.heldMinor),
    tip: null,
    held: pounds(guest.heldMinor),
    captured: pounds(captured),
    capturedTip: pounds(0),
    pending: pounds(0),
    refunded: pounds(0),
    refundedOf: [],
    notSaid: [],
    left: pounds(guest.heldMinor - captured),
    refundable: pounds(captured),
    gauge: { percent: 0, tone: 'good' },
    card: CARD,
    authCode: '015790',
    state: HELD,
    deadline: null,
    deadlineAction: 'release',
    link: null,
    linkQr: null,
    linkEndsAt: null,
    linkEnded: false,
    declined: 0,
    actions: [{ action: 'take', allowed: true, why: null }],
    papers: [],
    operation: null,
    caution: null,
    contradicts: null,
    authorisedAt: NOW,
    renewal: null,
    renew: null
  }
}

/** A guest with one hold in force. */
export function tab(guest: Guest): TabView {
  const bill = guest.billMinor ?? 0
  const captured = guest.capturedMinor ?? 0
  const row: TabRow = {
    id: guest.id,
    kind: guest.kind ?? 'tab',
    name: guest.name,
    isNamed: true,
    place: guest.place ?? null,
    reference: guest.id.toUpperCase(),
    bill: pounds(bill),
    held: pounds(guest.heldMinor),
    asked: null,
    captured: pounds(captured),
    left: pounds(guest.heldMinor - captured),
    uncovered: null,
    gauge: { percent: 0, tone: 'good' },
    card: CARD,
    state: HELD,
    deadline: null,
    detail: 'in 6 days',
    openedAt: NOW,
    openedBy: 'Robin',
    arrivesOn: null,
    departsOn: null,
    needsPerson: false,
    linkEndsAt: null,
    short: null,
    filters: ['all', guest.kind === 'deposit' ? 'deposit' : 'tab']
  }
  return {
    row,
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
          underWay: null
        }
      ]
    },
    note: null,
    email: null,
    lines: [],
    missing: null,
    holds: [hold(guest)],
    keys: { take: guest.heldMinor > captured, release: `${guest.id}-hold`, renew: null },
    history: [],
    closeRefused: 'Money is held on it.',
    closedAt: null
  }
}

/** Two tables and a deposit. */
export const GUESTS: Guest[] = [
  { id: 'amira', name: 'Amira Haddad', place: 'Table 12', billMinor: 8450, heldMinor: 15000 },
  { id: 'brandt', name: 'Olaf Brandt', place: 'Table 3', billMinor: 1234_50, heldMinor: 2000_00 },
  { id: 'callum', name: 'Callum Reid', place: 'Room 14', kind: 'deposit', heldMinor: 20000 }
]

export const SETTINGS: Settings = {
  venue: 'The Anchor',
  currency: 'GBP',
  service: '12.5',
  tipPresets: ['10%'],
  tabPresets: ['50', '100'],
  depositPresets: ['200'],
  deadlineAction: 'release',
  linkEnds: 'tonight',
  safeHours: 12,
  cutOff: '05:00',
  timeZone: 'Europe/London',
  nightAtOnce: 4,
  reportAfterRun: true,
  holdBackSeconds: 0,
  releaseReasons: ['Left without using it'],
  cancelReasons: ['Opened by mistake'],
  refundReasons: ['Complaint'],
  warningHours: [48, 12],
  warningSound: false,
  keepInTray: false,
  staffName: 'Robin',
  theme: 'light',
  backupFolder: null
}

export const START: Start = {
  mode: 'training',
  version: '0.1.0',
  dataFolder: '/var/lib/holdfast',
  keys: { sandbox: null, live: null },
  notice: null,
  canBringIn: false,
  mayOfferAutostart: false
}

/** A night without rows. */
export const EMPTY_NIGHT: Night = {
  rows: [],
  day: 'Sun 11 Oct',
  taking: [],
  service: [],
  tips: [],
  back: [],
  dojoTakes: [],
  sentence: '',
  button: 'Close the night',
  confirm: 'Close the night',
  count: 0,
  ready: false,
  run: null,
  report: { number: 1, since: 'since the first tab', parts: [], whyNot: 'Nothing has moved.', last: null }
}
