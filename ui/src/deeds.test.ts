// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { tab } from './backend/fake/samples'
import { DEEDS, deedOf, isOnTab, mayDo, sheetOf } from './deeds'

const key = (key: string, held: KeyboardEventInit = {}) =>
  deedOf(new KeyboardEvent('keydown', { key, ...held }))

test('each key means one deed', () => {
  const keys = Object.values(DEEDS).flatMap(({ key }) => (key ? [key] : []))
  expect(new Set(keys).size).toBe(keys.length)
  expect(key('F4')).toBe('take')
  expect(key('k', { ctrlKey: true })).toBe('palette')
  expect(key('e', { metaKey: true })).toBe('closeTab')
  expect(key('k')).toBeUndefined()
})

test('AltGr, which some systems report as Ctrl and Alt, types € and closes nothing', () => {
  expect(key('€', { ctrlKey: true, altKey: true })).toBeUndefined()
  expect(key('e', { ctrlKey: true, altKey: true })).toBeUndefined()
})

test('F6 cancels what is only requested, and releases what is on hold', () => {
  const guest = { id: 'lena', name: 'Lena', heldMinor: 5000 }
  expect(sheetOf(tab(guest), 'release')).toEqual({ kind: 'act', act: 'release', holdId: 'lena-hold' })
  expect(sheetOf(tab({ ...guest, isWaiting: true }), 'release')).toEqual({
    kind: 'act',
    act: 'cancel',
    holdId: 'lena-hold'
  })
})

test('a payment asks for no further hold, and nothing of a tab is allowed that the desk refuses', () => {
  expect(mayDo(tab({ id: 'gift', name: 'Gift', kind: 'payment', heldMinor: 5000 }), 'holdMore')).toBe(false)
  const view = tab({ id: 'lena', name: 'Lena', heldMinor: 5000 })
  const refused = {
    ...view,
    keys: { take: false, release: null, renew: null },
    holds: [],
    closedAt: '2026-10-11'
  }
  for (const deed of Object.keys(DEEDS) as (keyof typeof DEEDS)[])
    if (isOnTab(deed)) expect([deed, mayDo(refused, deed)]).toEqual([deed, false])
})
