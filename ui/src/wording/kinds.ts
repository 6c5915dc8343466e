// What a tab is, and what else the window calls by one name wherever it stands.
import type { TabKind } from '../bindings/TabKind'

export const KINDS: Record<TabKind, string> = { tab: 'Tab', deposit: 'Deposit', payment: 'Payment' }

/** `3 × Spritz`; a line without a name is a round, or takes something back. */
export function lineWords(line: { quantity: number; what: string | null; total: { minor: number } }): string {
  const what = line.what ?? (line.total.minor < 0 ? 'Correction' : ROUND)
  return line.quantity > 1 ? `${line.quantity} × ${what}` : what
}
export const ROUND = 'Round'

/** `3 tabs`. */
export const tabs = (count: number) => (count === 1 ? '1 tab' : `${count} tabs`)

/** `£12.00 and €5.00`; a dash where there is none. */
export const amounts = (sums: { text: string }[]) =>
  sums.length > 0 ? sums.map((money) => money.text).join(' and ') : '—'
