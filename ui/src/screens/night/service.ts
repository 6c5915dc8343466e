// The venue's service charge on many rows at once. On which rows it can be put, and from which it can be taken off
// again, is the desk's word.
import type { NightRow } from '../../bindings/NightRow'

/** On which rows it is: `plain` are those without a flag. */
export type ServiceOn = 'all' | 'flagged' | 'plain' | 'none'

/** Whether a manager should look at a row. */
export const isFlagged = (row: NightRow) => row.flags.length > 0 || row.errors.length > 0

const WANTS: Record<ServiceOn, (row: NightRow) => boolean> = {
  all: () => true,
  flagged: isFlagged,
  plain: (row) => !isFlagged(row),
  none: () => false
}

const servable = (rows: NightRow[]) => rows.filter((row) => row.serviceIs !== 'settled')

/** What can be chosen; by flag only where some rows have one and some have none. */
export function choicesOf(rows: NightRow[]): ServiceOn[] {
  const all = servable(rows)
  if (all.length === 0) return []
  const flagged = all.filter(isFlagged).length
  return flagged > 0 && flagged < all.length ? ['all', 'flagged', 'plain', 'none'] : ['all', 'none']
}

/** Where it is now; null where a person has put it on some rows by hand. */
export function standing(rows: NightRow[]): ServiceOn | null {
  const isAsWanted = (on: ServiceOn) =>
    servable(rows).every((row) => (row.serviceIs === 'added') === WANTS[on](row))
  return choicesOf(rows).find(isAsWanted) ?? null
}

/** Which rows change when it shall be on these: those that get it, and those that lose it. */
export function changing(rows: NightRow[], on: ServiceOn): { add: NightRow[]; remove: NightRow[] } {
  return {
    add: rows.filter((row) => row.serviceIs === 'missing' && WANTS[on](row)),
    remove: rows.filter((row) => row.serviceIs === 'added' && !WANTS[on](row))
  }
}
