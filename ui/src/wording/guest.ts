// What a guest reads on the till's other side, and on the slip.
import type { GuestPage } from '../bindings/GuestPage'
import type { Mode } from '../bindings/Mode'
import { shortly } from './dates'
import { MODES } from './window'

/** All but the real world is said. */
export const modeSign = (mode: Mode | null) => (mode === null || mode === 'live' ? null : MODES[mode])

/** What it is. */
export const whatItIs = ({ isPayment }: GuestPage) => (isPayment ? 'A payment' : 'A hold, not a payment')

/** What the guest has to do. */
export const steps = ({ isPayment, terms }: GuestPage): string[] => {
  if (isPayment) return ['Scan the code and add your card.', 'Your card is charged at once.']
  return ['Scan the code and add your card.\nYou pay nothing now.', ...(terms ? [terms] : [])]
}

export const worksUntil = ({ linkEndsAt, now }: { linkEndsAt: string; now: string }) =>
  `The code works until ${shortly(linkEndsAt, now)}`
export const thanks = ({ isPayment }: GuestPage) =>
  isPayment ? 'Thanks. Paid' : 'Thanks. On hold, not charged'
