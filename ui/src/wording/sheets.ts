// What the sheets of a tab say: what each press will do, and to what.
import type { ActKind } from '../actions'
import type { Card } from '../bindings/Card'
import type { Currency } from '../bindings/Currency'
import type { FurtherHold } from '../bindings/FurtherHold'
import type { Hold } from '../bindings/Hold'
import type { LinkEnds } from '../bindings/LinkEnds'
import type { OpenTab } from '../bindings/OpenTab'
import type { RefundPart } from '../bindings/RefundPart'
import type { TabView } from '../bindings/TabView'
import type { TakePart } from '../bindings/TakePart'
import { theCard } from './cards'
import { onDay, shortly } from './dates'
import { KINDS } from './kinds'

// What one hold's sheet says.

interface ActWords {
  title: string
  says: string
  button: string
}

/** `typed` is the amount as the desk reads it; empty before it's one. */
export function actWords(act: Exclude<ActKind, 'refund'>, hold: Hold, typed: string): ActWords {
  const left = hold.left.text
  const asked = hold.amount.text
  if (act === 'release')
    return {
      title: `Release ${left}`,
      says:
        `This frees ${left} on ${theCard(hold.card)}. It was never charged; most banks clear it in minutes, ` +
        `some take days. You can’t undo this or take it later.`,
      button: `Release ${left}`
    }
  if (act === 'cancel')
    return {
      title: `Cancel the request for ${asked}`,
      says: 'The link stops working. No card was used: the guest won’t see anything on their statement.',
      button: `Cancel ${asked}`
    }
  if (act === 'changeAmount')
    return {
      title: 'Change the amount',
      says: `You requested ${asked}. The link stays the same.`,
      button: typed ? `Request ${typed}` : 'Change the amount'
    }
  if (act === 'changeTip')
    return {
      title: 'Change the tip',
      says: `On top of the ${asked} requested.`,
      button: typed ? `Set a tip of ${typed}` : 'Change the tip'
    }
  return { title: 'Send a receipt', says: 'Dojo sends it to this address.', button: 'Send the receipt' }
}

/** What the sheet is about: the tab, the card, and how its hold stands. */
export const actAbout = (tab: string, { card, stands }: Hold) => `${tab} · ${theCard(card)} · ${stands}`
/** While a release can still be stopped. */
export const releasingIn = (amount: string, seconds: number) =>
  seconds === 1
    ? `Releasing ${amount} in 1 second. Nothing has been sent yet.`
    : `Releasing ${amount} in ${seconds} seconds. Nothing has been sent yet.`
export const KEEP_HOLD = 'Keep the hold'
export const KEEP_REQUEST = 'Keep the request'
export const NOT_NOW = 'Not now'

// Closing a tab that still owes.

export const closeTab = (name: string) => `Close ${name}?`
export const notPaidInFull = (bill: string) =>
  `The bill of ${bill} isn’t paid in full. Close it only if the guest paid in another way, or won’t.`

// Asking for more.

export const moreTitle = (name: string, which: FurtherHold) =>
  which === 'more' ? `Hold more for ${name}` : `Request a hold from ${name}`
export const MORE_SAYS: Record<FurtherHold, string> = {
  first: 'The guest gets a new link, on this tab.',
  more: 'The guest gets a new link. What’s on hold already stays on hold.',
  anotherGuest: 'Another guest gets a link of their own, on this tab. The first link keeps working.'
}
/** `amount` is empty before one is typed. */
export function moreButton(amount: string, which: FurtherHold): string {
  if (which === 'more') return amount ? `Hold ${amount} more` : 'Hold more'
  return amount ? `Request ${amount}` : 'Request a hold'
}

// Moving a bill.

export const moveAbout = (name: string, due: string) => `${name} · ${due} still to take. No money moves.`
export const MOVE = 'Move'
export const onTab = (name: string, says: string) => `${name}: ${says}`
export const moreTargets = (count: number) => `And ${count} more. Type to find one.`

// A new tab.

/** On the choice of what to open. */
export const OPENS: Record<OpenTab['kind'], string> = { ...KINDS, payment: 'Pay now' }
export const NEW: Record<OpenTab['kind'], string> = {
  tab: 'New tab',
  deposit: 'New deposit',
  payment: 'New payment'
}
export const NEW_SAYS: Record<OpenTab['kind'], string> = {
  tab: 'We hold this on the guest’s card. You charge what they spend; the rest drops off the card.',
  deposit: 'We hold this on the guest’s card for up to 7 days.',
  payment: 'We charge the guest’s card at once. Nothing is held.'
}
export const guestLabel = (kind: OpenTab['kind']) =>
  kind === 'tab' ? 'Guest or party (optional)' : 'Guest or party'
export const placeExample = (kind: OpenTab['kind']) => (kind === 'deposit' ? 'Room 14' : 'Table 12')
export function amountLabel(currency: Currency, isPerNight: boolean): string {
  if (isPerNight)
    return currency === 'EUR' ? 'Amount for one night in euros' : 'Amount for one night in pounds'
  return currency === 'EUR' ? 'Amount in euros' : 'Amount in pounds'
}
export const departsLabel = (isPerNight: boolean) =>
  isPerNight ? 'Departs on (or type nights)' : 'Departs on (optional)'
/** When an unpaid link expires. */
export const LINK_ENDS: Record<LinkEnds, string> = {
  tonight: 'Link expires tonight',
  day: '24 hours',
  three_days: '3 days',
  week: '7 days'
}
export const moreOfNew = (linkEndsAt: string | null, now: string | undefined) =>
  linkEndsAt
    ? `Link, e-mail, note, currency · the link expires ${shortly(linkEndsAt, now)}`
    : 'Link, e-mail, note, currency'
export const OPEN = 'Open'

// A renewal.

export const LINK_WITH_OLD = 'Link expires with the old hold'
export const renewTitle = (held: string) => `Renew the hold of ${held}`
export function renewAbout({ row }: TabView, card: Card | null): string {
  return row.departsOn
    ? `${row.name} · ${theCard(card)} · departs ${onDay(row.departsOn)}`
    : `${row.name} · ${theCard(card)}`
}
export const REQUEST_NEW = 'Request the new hold'

// A refund.

export const SAID_SAVED = 'Saved what the refund was for.'
export const REFUND = 'Refund'
export const saidTitle = (amount: string) => `What was the refund of ${amount} for?`
export const SAVE_SAID = 'Save this'
/** Before an amount is typed there is none on it. */
export const refundButton = (amount: string | null) => (amount ? `Refund ${amount}` : REFUND)
export function refundAbout(tab: string, { card, captured, refunded }: Hold): string {
  return refunded.minor > 0
    ? `${tab} · ${theCard(card)} · ${captured.text} taken, ${refunded.text} refunded`
    : `${tab} · ${theCard(card)} · ${captured.text} taken`
}
export const partHint = ({ taken, stays }: RefundPart) => `${stays.text} of ${taken.text} stays`
export const allOf = (amount: string) => `All, ${amount}`
/** `takenOff` is what becomes of the bill, as the desk says it. */
export const orInCash = (takenOff: string) => `${takenOff} Choose this too if the guest pays in cash.`
export const beyondBill = (takenOff: string) => `This was paid beyond the bill. ${takenOff}`
export const refundSays = (most: string, card: Card | null) =>
  `You can refund up to ${most} to ${theCard(card)}. The guest sees it as a separate credit in a few working days. ` +
  `You can’t undo this.`
/** While a refund can still be stopped. */
export const refundingIn = (amount: string, seconds: number) =>
  seconds === 1
    ? `Refunding ${amount} in 1 second. Nothing has been sent yet.`
    : `Refunding ${amount} in ${seconds} seconds. Nothing has been sent yet.`
/** Why nothing is sent before an amount is typed. */
export const TYPE_REFUND = 'Type how much to refund.'
/** What a refund leaves alone, until when, and what becomes of it then. */
export function staysOnHold({ left, deadline }: Hold, now: string | undefined): string {
  if (!deadline) return `${left.text} stays on hold.`
  const until = shortly(deadline.at, now)
  return deadline.action === 'release'
    ? `${left.text} stays on hold until ${until}, then drops off the card.`
    : `${left.text} stays on hold until ${until}, then Dojo takes it.`
}
export const SAID_SAYS = 'Nothing is sent to Dojo. This corrects tips, service charge and the bill.'

// A take.

export const takeFrom = (name: string) => `Take from ${name}`
/** `amount` is what a share comes to. */
export const serviceLabel = (amount: string | undefined) => (amount ? `Service · ${amount}` : 'Service')
export const tipLabel = (amount: string | undefined) => (amount ? `Tip · ${amount}` : 'Tip')
export const serviceOf = (share: string) => `Service ${share}`
export const takePart = ({ amount, tip }: TakePart) =>
  tip.minor > 0 ? `${amount.text} + tip ${tip.text}` : amount.text
export const aboveDue = (bill: string, above: string, due: string) =>
  `${bill} is ${above} more than the ${due} still to take.`
export const takeAbove = (amount: string) => `Take ${amount} above the bill`
export const letDojoTake = (amount: string) => `Let Dojo take the other ${amount}`
/** Why a share can’t be chosen. */
export const NO_BILL_YET = 'no bill yet'
/** Beside what is taken: what the guest is asked for with it. */
export const toHold = (amount: string) => `${amount} to hold`
export const takeAndHold = (take: string, hold: string) => `Take ${take}, hold ${hold} more`
/** Before the desk has answered there is no amount on it. */
export const take = (amount: string | undefined) => (amount ? `Take ${amount}` : 'Take')
export const taking = (amount: string | undefined) => (amount ? `Taking ${amount}…` : 'Taking…')

// Forgetting a guest: the rest of it comes from the desk.

export const FORGET = 'Forget the guest'
export const SAME_GUEST = 'Closed tabs with this name. Tick those of the same guest.'
export const WE_REMOVE = 'We remove now'
export const WE_KEEP = 'We keep'
export const REASON = 'Reason'
export const FORGOTTEN = 'Guest forgotten.'
