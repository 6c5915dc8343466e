// Times as people say them, by the venue's wall, wherever this computer thinks it is.
import { venue } from '../zone.svelte'

interface Formats {
  time: Intl.DateTimeFormat
  toTheSecond: Intl.DateTimeFormat
  date: Intl.DateTimeFormat
  /** With the year: whether two moments are on one day. */
  whole: Intl.DateTimeFormat
  year: Intl.DateTimeFormat
}

function made(timeZone: string | undefined): Formats {
  const format = (of: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-GB', { ...of, timeZone })
  return {
    time: format({ hour: '2-digit', minute: '2-digit' }),
    toTheSecond: format({ hour: '2-digit', minute: '2-digit', second: '2-digit' }),
    date: format({ weekday: 'short', day: 'numeric', month: 'short' }),
    whole: format({ dateStyle: 'short' }),
    year: format({ year: 'numeric' })
  }
}

// Making a format is slow, and every row asks for some.
const known = new Map<string | undefined, Formats>()

/** In `timeZone`; by this computer's wall before the desk has said one, or where the system does not know it. */
function inZone(timeZone: string | undefined): Formats {
  let formats = known.get(timeZone)
  if (!formats) {
    try {
      formats = made(timeZone)
    } catch {
      formats = made(undefined)
    }
    known.set(timeZone, formats)
  }
  return formats
}

const wall = () => inZone(venue.zone)

// Put together by hand, for the systems differ in their commas.
const plainDay = (at: Date, by: Formats) => by.date.format(at).replace(',', '')

/** With the year where it isn't the venue's this one. */
function dayOf(at: Date, by: Formats): string {
  const year = by.year.format(at)
  const isOther = venue.today !== undefined && !venue.today.startsWith(year)
  return isOther ? `${plainDay(at, by)} ${year}` : plainDay(at, by)
}
const dated = (at: Date, by: Formats) => `${dayOf(at, by)}, ${by.time.format(at)}`

/** `Sun 12 Oct, 14:05`. */
export function when(text: string): string {
  return dated(new Date(text), wall())
}

/** `14:05:09`. */
export function exactly(text: string): string {
  return wall().toTheSecond.format(new Date(text))
}

/** `14:05`, with the day before it unless it is `now`'s. */
export function shortly(text: string, now: string | undefined): string {
  const by = wall()
  const at = new Date(text)
  const isToday = by.whole.format(at) === by.whole.format(now ? new Date(now) : new Date())
  return isToday ? by.time.format(at) : dated(at, by)
}

const WEEK = 6 * 24 * 60 * 60 * 1000

/** `Sun`, `12 Oct,` and `14:05`: where room is short and the day is within a week, the date may be left out. */
export function inParts(text: string, now: string | undefined): { day: string; date: string; time: string } {
  const by = wall()
  const [at, from] = [new Date(text), now ? new Date(now) : new Date()]
  const time = by.time.format(at)
  if (by.whole.format(at) === by.whole.format(from)) return { day: '', date: '', time }
  const [day = '', ...date] = dayOf(at, by).split(' ')
  const isNear = Math.abs(at.getTime() - from.getTime()) < WEEK
  const dated = `${date.join(' ')},`
  return isNear ? { day, date: dated, time } : { day: `${day} ${dated}`, date: '', time }
}

// The noon of a day without a time, which is on that day in every zone it's shown in here.
const noon = (day: string) => new Date(`${day}T12:00:00Z`)
const UTC = 'UTC'
const LONG = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: UTC
})
const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: UTC })

/** `Sun 12 Oct`, of a day without a time, which is the same in every zone. */
export function onDay(day: string): string {
  return dayOf(noon(day), inZone(UTC))
}

/** `Sun 12 Oct 2026`, whatever year it is. */
export function onWholeDay(day: string): string {
  return `${plainDay(noon(day), inZone(UTC))} ${day.slice(0, 4)}`
}

/** `Sunday 12 October 2026`, for a screen reader. */
export function onLongDay(day: string): string {
  return LONG.format(noon(day)).replace(',', '')
}

/** `October 2026`. */
export function onMonth(day: string): string {
  return MONTH.format(noon(day))
}
