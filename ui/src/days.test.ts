import { describe, expect, it } from 'vitest'
import { howFar, readDay, stepped, weeksOf } from './days'

/** A Tuesday. */
const TODAY = '2026-11-24'

describe('what people type for a day', () => {
  it.each([
    ['26/11', '2026-11-26'],
    ['26.11.', '2026-11-26'],
    ['26.11', '2026-11-26'],
    ['26-11', '2026-11-26'],
    ['26 11', '2026-11-26'],
    ['26/11/26', '2026-11-26'],
    ['26.11.2027', '2027-11-26'],
    ['26 nov', '2026-11-26'],
    ['26nov', '2026-11-26'],
    ['26th November', '2026-11-26'],
    ['Nov 26', '2026-11-26'],
    ['26 November 2027', '2027-11-26'],
    ['Thu 26 Nov', '2026-11-26'],
    ['Thu, 26 Nov 2026', '2026-11-26'],
    ['2026-11-26', '2026-11-26'],
    ['today', '2026-11-24'],
    ['tom', '2026-11-25'],
    ['Tomorrow', '2026-11-25'],
    ['yesterday', '2026-11-23'],
    ['+3', '2026-11-27'],
    ['-1', '2026-11-23'],
    ['fri', '2026-11-27'],
    ['tuesday', '2026-11-24'],
    ['mo', '2026-11-30'],
    // The day comes first, always.
    ['3/12', '2026-12-03'],
    ['12/3', '2027-03-12'],
    ['3 jan', '2027-01-03'],
    ['29/2/28', '2028-02-29']
  ])('%j is %j', (typed, day) => {
    expect(readDay(typed, TODAY)).toEqual({ day })
  })

  it.each([
    ['31/11', 'November has 30 days. Type a date like 26/11.'],
    ['29/2/27', 'February has 28 days. Type a date like 26/11.'],
    ['26/13', 'There is no month 13. Type a date like 26/11 or tomorrow.'],
    ['0/11', 'November has 30 days. Type a date like 26/11.'],
    ['t', 'Type a date like 26/11 or tomorrow.'],
    ['26', 'Type a date like 26/11 or tomorrow.'],
    ['26 ju', 'Type a date like 26/11 or tomorrow.'],
    ['soon', 'Type a date like 26/11 or tomorrow.'],
    ['26/11/2', 'Type a date like 26/11 or tomorrow.']
  ])('%j is refused', (typed, error) => {
    expect(readDay(typed, TODAY)).toEqual({ error })
  })

  it('is none when nothing is typed', () => {
    expect(readDay('  ', TODAY)).toBeNull()
  })

  it.each([
    ['26/11', '2025-11-26'],
    ['24/11', '2026-11-24'],
    ['fri', '2026-11-20'],
    ['tue', '2026-11-24']
  ])('%j in a list of what was is %j', (typed, day) => {
    expect(readDay(typed, TODAY, 'back')).toEqual({ day })
  })
})

it('says how far it is', () => {
  const days = ['2026-11-24', '2026-11-25', '2026-11-23', '2026-12-01', '2026-11-14']
  expect(days.map((day) => howFar(day, TODAY))).toEqual([
    'today',
    'tomorrow',
    'yesterday',
    'in 7 days',
    '10 days ago'
  ])
})

it('lays a month out in weeks from Monday', () => {
  const weeks = weeksOf('2026-11-26')
  expect(weeks.map((week) => week.length)).toEqual([7, 7, 7, 7, 7, 7])
  expect(weeks[0]).toEqual([null, null, null, null, null, null, '2026-11-01'])
  expect(weeks[5]?.slice(0, 2)).toEqual(['2026-11-30', null])
  expect(weeksOf('2027-02-01')).toHaveLength(4)
})

it.each([
  ['ArrowLeft', false, '2026-01-30'],
  ['ArrowRight', false, '2026-02-01'],
  ['ArrowUp', false, '2026-01-24'],
  ['ArrowDown', false, '2026-02-07'],
  ['PageDown', false, '2026-02-28'],
  ['PageUp', false, '2025-12-31'],
  ['PageDown', true, '2027-01-31'],
  ['Home', false, '2026-01-26'],
  ['End', false, '2026-02-01'],
  ['a', false, undefined]
])('%s (shift %s) leads from Sat 31 Jan to %s', (key, isShift, to) => {
  expect(stepped('2026-01-31', key, isShift)).toBe(to)
})
