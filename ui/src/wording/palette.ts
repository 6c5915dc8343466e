// What the palette says of a hit.
import type { Action } from '../actions'
import type { Hold } from '../bindings/Hold'
import { ACTIONS } from './deeds'

/** What Enter comes to. */
export const ENDS = {
  sheet: 'Opens the sheet',
  paper: 'Opens the paper',
  tab: 'Opens the tab',
  screen: 'Opens it',
  shows: 'Shows it',
  closes: 'Closes it',
  changes: 'Changes it',
  not: 'Not now'
}
export const GROUPS = { do: 'Do', go: 'Go to' }
export const SHOW_QR = 'Show the QR code'
export const NOTHING_FOUND = 'Nothing found. Try a verb and a place: take 12.'

/** `Take, Amira`. */
export const onTab = (deed: string, tab: string) => `${deed}, ${tab}`

/** `Release £30.00, Amira`. */
export function onHold(action: Action, { left }: Pick<Hold, 'left'>, tab: string): string {
  if (action === 'release') return `Release ${left.text}, ${tab}`
  if (action === 'renew') return `Renew ${left.text}, ${tab}`
  return onTab(ACTIONS[action], tab)
}

/** The guest of a closed tab. */
export const FORGET_GUEST = 'Forget the guest'
