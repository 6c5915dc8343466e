// What the lists of tabs say: the floor, the closed tabs, what needs attention, the front desk's worklists.
import type { ClosedAsked } from '../bindings/ClosedAsked'
import type { FloorOrder } from '../bindings/FloorOrder'
import { exactly } from './dates'

// The floor.

export const ORDERS: Record<FloorOrder, string> = {
  urgent: 'Most urgent first',
  newest: 'Newest first',
  name: 'A to Z'
}
/** Before the desk has answered the hours aren't known. */
/** The floor's figures. */
export const FIGURES = {
  held: 'On hold',
  due: 'Still to take',
  expiring: 'Expiring',
  beingTaken: 'Being taken'
}
export const SEARCHING = 'Searching…'
/** `found` is how many were found, as the desk says it: none. */
export const foundNone = (found: string) => `${found}.`

// Closed tabs.

type Became = NonNullable<ClosedAsked['became']>

export const ANYTHING = 'Anything'
/** What became of a tab. */
export const BECAME: Record<Became, string> = {
  taken: 'Taken',
  refunded: 'Refunded',
  released: 'Released',
  lapsed: 'Expired',
  unpaid: 'Never on hold'
}
/** On the button that shows the less usual filters, or hides them. */
export const moreFilters = (isOpen: boolean) => (isOpen ? 'Fewer filters' : 'More filters')
export const closedTitle = (isSearched: boolean) =>
  isSearched ? 'Closed tabs, by your search' : 'Closed tabs, newest first'
/** Why nothing is listed; `query` is empty where nothing was searched for. */
export function noneClosed(query: string, isFiltered: boolean): string {
  if (query && isFiltered) return `No closed tabs match “${query}” and these filters.`
  if (query) return `No closed tabs match “${query}”.`
  return isFiltered ? 'No closed tabs match.' : 'No closed tabs yet.'
}
export const noneClosedHint = (isFiltered: boolean) =>
  isFiltered
    ? 'Clear a filter, or clear all.'
    : 'Close a tab from its panel once it’s taken, released or cancelled. You find it here.'

// What needs attention.

export const DOJO_ASKED = 'Dojo was asked. Its answer is below.'
export const dismissed = (name: string) => `${name}: dismissed. It stays in the tab’s history.`
/** Of one thing that needs attention, for a screen reader. */
export const itemNamed = (name: string, state: string) => `${name}: ${state}`
export const readAt = (at: string | null) => (at ? `read ${exactly(at)}` : 'not read since starting')

// The worklists.

export const isClosed = (name: string) => `${name} is closed. You find it in History.`
