// What each deed is called: on the key help, in the palette, on a tab's buttons and on its menu.
import type { Action } from '../actions'
import type { FurtherHold } from '../bindings/FurtherHold'
import type { Hold } from '../bindings/Hold'
import { shortCardWithin } from './cards'

/** As the key help and the palette say it. */
export const DEED_WORDS = {
  newTab: 'New tab',
  newDeposit: 'New deposit',
  take: 'Take',
  holdMore: 'Hold more',
  release: 'Release the hold, or cancel the request',
  renew: 'Renew the hold',
  refund: 'Refund',
  showQr: 'Show the QR code to the guest',
  print: 'Print the newest paper',
  moveBill: 'Move or split the bill',
  closeTab: 'Close tab',
  forgetGuest: 'Forget the guest of a closed tab',
  floor: 'Floor',
  deposits: 'Deposits',
  night: 'End of night',
  history: 'History',
  reports: 'Reports',
  attention: 'Attention',
  settings: 'Settings',
  search: 'Search',
  palette: 'Find anything to do',
  serviceAll: 'Put service on all tabs of the night, or remove it',
  onlyFlagged: 'Show only flagged tabs of the night',
  pad: 'Number pad in an amount',
  rows: 'Change the row height',
  keys: 'Show these keys'
}

const HOLD_MORE: Record<FurtherHold, string> = {
  first: 'Request a hold…',
  more: 'Hold more…',
  anotherGuest: 'Request a hold from another guest…'
}

/** On the keys of a tab's panel. */
export const tabKeys = (further: FurtherHold) => ({
  take: 'Take…',
  holdMore: HOLD_MORE[further],
  release: 'Release…',
  renew: 'Renew…',
  refund: 'Refund…',
  showQr: 'Show QR to guest',
  print: PRINT,
  moveBill: 'Move or split the bill…',
  closeTab: 'Close tab',
  forgetGuest: 'Forget guest…'
})
export const PRINT = 'Print'
/** On the menu of a closed tab. */
export const FORGET = 'Forget'
/** In the place of Reopen. */
export const IS_FORGOTTEN = 'We forgot this guest. Amounts, times and Dojo’s references stay.'

/** What each action on a hold is called. */
export const ACTIONS: Record<Action, string> = {
  take: 'Take',
  release: 'Release',
  renew: 'Renew',
  cancel: 'Cancel',
  refund: 'Refund',
  changeAmount: 'Change the amount',
  changeTip: 'Change the tip',
  receipt: 'Send a receipt'
}

/** On the button that opens its sheet. */
export function opens(action: Action, hold: { left: { text: string } }): string {
  return {
    take: 'Take…',
    release: `Release ${hold.left.text}…`,
    renew: 'Renew…',
    cancel: 'Cancel the request…',
    refund: 'Refund…',
    changeAmount: 'Change the amount…',
    changeTip: 'Change the tip…',
    receipt: 'Send a receipt…'
  }[action]
}

/** Which of several holds. */
export function whichHold({ amount, card }: Pick<Hold, 'amount' | 'card'>): string {
  const short = shortCardWithin(card)
  return short ? `${amount.text} on ${short}` : amount.text
}

/** What is in a menu: the first of it by name. */
export function menuOf(names: string[]): string {
  const said = names.map((name, at) => (at === 0 ? name : name.toLowerCase()))
  return said.length > 0 ? `${said.join(', ')}…` : 'More…'
}
