// What an open sheet of the fake desk is told of what changed since somebody looked.
import type { Look } from '../../bindings/Look'
import type { NightSeen } from '../../bindings/NightSeen'
import type { Seen } from '../../bindings/Seen'
import { guestOf, pounds, tab, type Guest } from './samples'

export function look(guests: Guest[], id: string, accepted: Seen): Look {
  const isClosed = !guests.some((guest) => guest.id === id)
  if (isClosed) return { seen: { ...accepted, isClosed }, changes: ['It was closed.'] }
  const { seen } = tab(guestOf(guests, id))
  const changes = seen.dueMinor === accepted.dueMinor ? [] : [`${pounds(seen.dueMinor).text} is due now.`]
  return { seen, changes }
}

/** The same of the rows of a night. */
export function lookNight(guests: Guest[], rows: NightSeen[]): string[] {
  const confirmed = rows.filter((row) => row.action !== 'leave')
  return confirmed.flatMap(({ tabId, seen }) => {
    const { changes } = look(guests, tabId, seen)
    const name = guests.find((guest) => guest.id === tabId)?.name ?? 'A tab'
    return changes.length > 0 ? [`${name}: ${changes.join(' ')}`] : []
  })
}
