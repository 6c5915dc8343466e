import type { TabRow } from './bindings/TabRow'

const plain = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()

/** Whether every word typed is somewhere in what a row shows. Accents and case don't matter. */
export function matches(row: TabRow, query: string): boolean {
  const words = plain(query).split(/\s+/).filter(Boolean)
  if (words.length === 0) return true
  const all = plain(
    [row.name, row.place, row.reference, row.card?.lastFour, row.held.text, row.asked?.text, row.bill.text, row.captured.text].join(' ')
  )
  return words.every((word) => all.includes(word))
}
