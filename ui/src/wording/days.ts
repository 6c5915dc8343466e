// What a typed date is told: what is wrong with it, and how far off it is. And the days' names in a calendar.

const EXAMPLE = 'Type a date like 26/11.'
export const NOT_A_DATE = 'Type a date like 26/11 or tomorrow.'

export const noSuchMonth = (month: number) => `There is no month ${month}. ${NOT_A_DATE}`
/** `month` from 1. */
export const monthHas = (month: number, days: number) => `${MONTHS[month - 1]} has ${days} days. ${EXAMPLE}`

export const TODAY = 'today'
export const TOMORROW = 'tomorrow'
export const YESTERDAY = 'yesterday'
export const inDays = (days: number) => `in ${days} days`
export const daysAgo = (days: number) => `${days} days ago`
/** `Thu 26 Nov 2026, in 3 days`. */
export const dayAndHowFar = (day: string, howFar: string) => `${day}, ${howFar}`
export const chooseDayFor = (field: string) => `Choose a day: ${field}`

/** From Monday: in a column's head, and in full. */
export const WEEKDAYS: [short: string, long: string][] = [
  ['Mon', 'Monday'],
  ['Tue', 'Tuesday'],
  ['Wed', 'Wednesday'],
  ['Thu', 'Thursday'],
  ['Fri', 'Friday'],
  ['Sat', 'Saturday'],
  ['Sun', 'Sunday']
]

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December'
]
