// A guest's card, as far as Dojo shows it.
import type { Card } from '../bindings/Card'

/** `Visa ending 1234`, as a fact of its own; none without its last four digits. */
export function cardEnding(card: Card | null): string | null {
  if (!card?.lastFour) return null
  return card.brand ? `${card.brand} ending ${card.lastFour}` : `Card ending ${card.lastFour}`
}

/** `Visa ending 1234` within a sentence; without its digits it's the guest's. */
export function theCard(card: Card | null): string {
  if (!card?.lastFour) return 'the guest’s card'
  return card.brand ? `${card.brand} ending ${card.lastFour}` : `the card ending ${card.lastFour}`
}

/** `Visa 1234`, where there is little room; none without its last four digits. */
export function shortCard(card: Card | null): string | null {
  if (!card?.lastFour) return null
  return card.brand ? `${card.brand} ${card.lastFour}` : `Card ${card.lastFour}`
}

/** The same within a sentence: `Visa 1234`, or `card 1234`. */
export function shortCardWithin(card: Card | null): string | null {
  return card?.lastFour && !card.brand ? `card ${card.lastFour}` : shortCard(card)
}
