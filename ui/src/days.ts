// Days as people type and read them. In and out they're `2026-11-26`: a day has no time and no zone.
import { CalendarDate, getDayOfWeek, parseDate } from '@internationalized/date'
import * as wording from './wording/days'

/** Where a day without its year is looked for: a booking's lies ahead, a list's behind. */
export type Leaning = 'ahead' | 'back'

export type Read = { day: string } | { error: string }

const WEEKDAYS = wording.WEEKDAYS.map(([, long]) => long.toLowerCase())
const MONTHS = wording.MONTHS.map((month) => month.toLowerCase())
/** Weeks begin on Monday, and the day comes before the month. */
export const LOCALE = 'en-GB'
/** A booking that began this long ago is still this year's; what lies further back is next year's. */
const BEHIND_DAYS = 90

/** The one name that begins with what was typed; -1 when there is none or several. */
function named(names: string[], typed: string, least: number): number {
  const fits = names.filter((name) => typed.length >= least && name.startsWith(typed))
  return fits.length === 1 ? names.indexOf(fits[0] ?? '') : -1
}

/** The year that is meant when none is typed. */
function yearFor(day: number, month: number, today: CalendarDate, leaning: Leaning): number {
  const thisYear = new CalendarDate(today.year, month, Math.min(day, 28))
  const ahead = thisYear.compare(today)
  if (leaning === 'back') return ahead > 0 ? today.year - 1 : today.year
  return ahead < -BEHIND_DAYS ? today.year + 1 : today.year
}

function dated(day: number, month: number, year: number): Read {
  const days = month >= 1 && month <= 12 ? new CalendarDate(year, month, 1).calendar : null
  const most = days?.getDaysInMonth(new CalendarDate(year, month, 1))
  if (!most) return { error: wording.noSuchMonth(month) }
  if (day >= 1 && day <= most) return { day: new CalendarDate(year, month, day).toString() }
  return { error: wording.monthHas(month, most) }
}

/** A year of two digits is this century's. */
const fullYear = (text: string) => (text.length === 2 ? 2000 + Number(text) : Number(text))

function byName(words: string[], today: CalendarDate, leaning: Leaning): Read | null {
  // `thu 26 nov`: the date counts, and what it's read as says its weekday.
  const [first = '', ...others] = words
  const rest = others.length > 0 && named(WEEKDAYS, first, 2) >= 0 ? others : words
  const at = rest.findIndex((word) => named(MONTHS, word, 3) >= 0)
  const numbers = rest.filter((_, index) => index !== at)
  const [day = '', year] = numbers
  if (at < 0 || at > 1 || numbers.length > 2 || !/^\d{1,2}(st|nd|rd|th)?$/.test(day)) return null
  if (year !== undefined && !/^(\d{2}|\d{4})$/.test(year)) return null
  const month = named(MONTHS, rest[at] ?? '', 3) + 1
  const number = Number.parseInt(day, 10)
  return dated(number, month, year ? fullYear(year) : yearFor(number, month, today, leaning))
}

function byWord(typed: string, today: CalendarDate, leaning: Leaning): CalendarDate | null {
  const word = named([wording.TODAY, wording.TOMORROW, wording.YESTERDAY], typed, 3)
  if (word >= 0) return today.add({ days: [0, 1, -1][word] ?? 0 })
  const shift = /^([+-])(\d{1,3})$/.exec(typed)
  if (shift) return today.add({ days: Number(`${shift[1]}${shift[2]}`) })
  const weekday = named(WEEKDAYS, typed, 2)
  if (weekday < 0) return null
  const from = getDayOfWeek(today, LOCALE, 'mon')
  const days = (weekday - from + 7) % 7
  return today.add({ days: leaning === 'back' && days > 0 ? days - 7 : days })
}

/** What was typed, as a day; nothing typed is none. `today` is the venue's business day. */
export function readDay(text: string, today: string, leaning: Leaning = 'ahead'): Read | null {
  const typed = text.trim().toLowerCase().replaceAll(',', ' ')
  if (typed === '') return null
  const now = parseDate(today)
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(typed)
  if (iso) return dated(Number(iso[3]), Number(iso[2]), Number(iso[1]))
  const word = byWord(typed, now, leaning)
  if (word) return { day: word.toString() }
  const numbers = /^(\d{1,2})(?:\s*[/.-]\s*|\s+)(\d{1,2})\.?(?:\s*[/.-]?\s*(\d{4}|\d{2}))?$/.exec(typed)
  if (numbers) {
    const [day, month] = [Number(numbers[1]), Number(numbers[2])]
    const year = numbers[3] ? fullYear(numbers[3]) : yearFor(day, month, now, leaning)
    return dated(day, month, year)
  }
  const words = typed.replace(/^(\d{1,2})\.?([a-z]{3,})/, '$1 $2').split(/[\s./-]+/)
  return byName(words.filter(Boolean), now, leaning) ?? { error: wording.NOT_A_DATE }
}

/** How a day is typed, by one that lies ahead: tomorrow. */
export function exampleOf(today: string): string {
  const { day, month } = parseDate(today).add({ days: 1 })
  return `${day}/${month}`
}

/** `today`, `in 2 days`, `3 days ago`. */
export function howFar(day: string, today: string): string {
  const days = parseDate(day).compare(parseDate(today))
  if (days === 0) return wording.TODAY
  if (days === 1) return wording.TOMORROW
  if (days === -1) return wording.YESTERDAY
  return days > 0 ? wording.inDays(days) : wording.daysAgo(-days)
}

/** The weeks of a day's month, from Monday; none where another month's days would stand. */
export function weeksOf(day: string): (string | null)[][] {
  const first = parseDate(day).set({ day: 1 })
  const before = getDayOfWeek(first, LOCALE, 'mon')
  const most = first.calendar.getDaysInMonth(first)
  const count = Math.ceil((before + most) / 7)
  return Array.from({ length: count }, (_, week) =>
    Array.from({ length: 7 }, (_, weekday) => {
      const number = week * 7 + weekday - before
      return number >= 0 && number < most ? first.add({ days: number }).toString() : null
    })
  )
}

/** Where a key leads in a calendar; none for another key. A month's last day stays the last one that there is. */
export function stepped(day: string, key: string, isShift: boolean): string | undefined {
  const date = parseDate(day)
  const weekday = getDayOfWeek(date, LOCALE, 'mon')
  const months = isShift ? 12 : 1
  const by = {
    ArrowLeft: { days: -1 },
    ArrowRight: { days: 1 },
    ArrowUp: { days: -7 },
    ArrowDown: { days: 7 },
    PageUp: { months: -months },
    PageDown: { months },
    Home: { days: -weekday },
    End: { days: 6 - weekday }
  }[key]
  return by && date.add(by).toString()
}
