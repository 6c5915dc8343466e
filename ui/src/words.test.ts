import { expect, it } from 'vitest'
import { onDay, shortly, when } from './words'

it('says a day and a time as people do', () => {
  const at = new Date(2026, 9, 11, 14, 5)
  expect(when(at.toISOString())).toBe('Sun 11 Oct, 14:05')
  expect(shortly(at.toISOString(), new Date(2026, 9, 11, 9, 0).toISOString())).toBe('14:05')
  expect(shortly(at.toISOString(), new Date(2026, 9, 12, 0, 1).toISOString())).toBe('Sun 11 Oct, 14:05')
  expect(onDay('2026-10-11')).toBe('Sun 11 Oct')
})
