import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { exactly, inParts, onDay, shortly, when } from './dates'
import { venue } from '../zone.svelte'

afterEach(() => {
  vi.unstubAllEnvs()
  venue.zone = venue.today = undefined
})

it('says a day and a time as people do', () => {
  const at = new Date(2026, 9, 11, 14, 5)
  expect(when(at.toISOString())).toBe('Sun 11 Oct, 14:05')
  expect(shortly(at.toISOString(), new Date(2026, 9, 11, 9, 0).toISOString())).toBe('14:05')
  expect(shortly(at.toISOString(), new Date(2026, 9, 12, 0, 1).toISOString())).toBe('Sun 11 Oct, 14:05')
  expect(onDay('2026-10-11')).toBe('Sun 11 Oct')
})

describe.each(['America/New_York', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'UTC'])(
  'on a PC set to %s',
  (zone) => {
    beforeEach(() => {
      vi.stubEnv('TZ', zone)
      venue.zone = 'Europe/London'
    })

    it('tells every time by the venue’s wall', () => {
      // In October London is an hour ahead of UTC.
      expect(when('2026-10-11T13:05:00Z')).toBe('Sun 11 Oct, 14:05')
      expect(exactly('2026-10-11T13:05:09Z')).toBe('14:05:09')
      expect(when('2026-12-31T23:59:00Z')).toBe('Thu 31 Dec, 23:59')
    })

    it('calls today what is today at the venue', () => {
      const midnight = '2026-10-11T23:00:00Z'
      expect(shortly('2026-10-11T22:59:00Z', midnight)).toBe('Sun 11 Oct, 23:59')
      expect(shortly(midnight, '2026-10-12T22:59:00Z')).toBe('00:00')
      expect(shortly('2025-10-12T12:00:00Z', '2026-10-12T12:00:00Z')).toBe('Sun 12 Oct, 13:00')
    })

    it('keeps a day without a time the same day', () => {
      expect(onDay('2026-10-11')).toBe('Sun 11 Oct')
    })
  }
)

it('goes by this PC where the system does not know the venue’s zone', () => {
  venue.zone = 'Europe/Nowhere'
  expect(when(new Date(2026, 9, 11, 14, 5).toISOString())).toBe('Sun 11 Oct, 14:05')
})

it('says the year where it is not this one, in the venue’s zone', () => {
  venue.zone = 'Europe/London'
  venue.today = '2026-12-31'
  expect(when('2026-10-11T13:05:00Z')).toBe('Sun 11 Oct, 14:05')
  expect(onDay('2026-10-11')).toBe('Sun 11 Oct')
  expect(onDay('2027-01-03')).toBe('Sun 3 Jan 2027')
  venue.today = '2027-01-02'
  expect(when('2026-10-11T13:05:00Z')).toBe('Sun 11 Oct 2026, 14:05')
  expect(when('2026-12-31T23:59:00Z')).toBe('Thu 31 Dec 2026, 23:59')
})

it('lets a day within a week stand without its date, and none that is further off', () => {
  venue.zone = 'Europe/London'
  const now = '2026-10-11T19:00:00Z'
  expect(inParts('2026-10-11T20:30:00Z', now)).toEqual({ day: '', date: '', time: '21:30' })
  expect(inParts('2026-10-16T20:30:00Z', now)).toEqual({ day: 'Fri', date: '16 Oct,', time: '21:30' })
  expect(inParts('2026-10-18T20:30:00Z', now)).toEqual({ day: 'Sun 18 Oct,', date: '', time: '21:30' })
})
