// Times as people say them, in the till's own time zone.
const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const toTheSecond = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const date = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' })

// Put together by hand, for the systems differ in their commas.
const dated = (at: Date) => `${dayOf(at)}, ${time.format(at)}`
const dayOf = (at: Date) => date.format(at).replace(',', '')

/** `Sun 12 Oct, 14:05`. */
export function when(text: string): string {
  return dated(new Date(text))
}

/** `14:05:09`. */
export function exactly(text: string): string {
  return toTheSecond.format(new Date(text))
}

/** `14:05`, with the day before it unless it is `now`'s. */
export function shortly(text: string, now: string | undefined): string {
  const at = new Date(text)
  const today = new Date(now ?? Date.now())
  return at.toDateString() === today.toDateString() ? time.format(at) : dated(at)
}

/** `Sun 12 Oct`. */
export function onDay(text: string): string {
  return dayOf(new Date(`${text}T12:00:00`))
}
