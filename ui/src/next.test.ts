import { expect, test } from 'vitest'
import { tab, type Guest } from './backend/fake/samples'
import type { TabView } from './bindings/TabView'
import { nextStep } from './next'

const GUEST: Guest = { id: 'callum', name: 'Callum Reid', kind: 'deposit', heldMinor: 20000 }
const of = (guest: Partial<Guest>, change: (view: TabView) => Partial<TabView> = () => ({})) => {
  const view = tab({ ...GUEST, ...guest })
  return nextStep({ ...view, ...change(view) })
}
const endsTooSoon = (view: TabView) => ({
  keys: { ...view.keys, renew: 'callum-hold' },
  holds: view.holds.map((hold) => ({ ...hold, renew: 'It ends before the guest leaves.' }))
})

test('a hold that ends too soon is renewed, unless there is something to take', () => {
  expect(of({}, endsTooSoon)).toBe('renew')
  expect(of({ billMinor: 5000 }, endsTooSoon)).toBe('take')
})

test('a link that goes by mail, for a renewal, takes nobody’s place', () => {
  const renewal = { isNew: true, other: 'old-hold', words: '', tone: 'wait', mayGiveUp: true } as const
  const byMail = (view: TabView) => ({
    keys: { ...view.keys, take: true },
    holds: view.holds.map((hold) => ({ ...hold, renewal }))
  })
  expect(of({ isWaiting: true })).toBe('showQr')
  expect(of({ isWaiting: true, billMinor: 5000 }, byMail)).toBe('take')
})

test('what is left of a bill after its hold is gone is requested', () => {
  expect(of({ billMinor: 5000, heldMinor: 0 })).toBe('holdMore')
})

test('what neither may be taken nor closed has no next step', () => {
  const stuck = (view: TabView) => ({
    keys: { ...view.keys, take: false },
    closeRefused: 'It is being settled.'
  })
  expect(of({ billMinor: 5000 }, stuck)).toBeNull()
})

test('a closed tab has none', () => {
  expect(
    of({ capturedMinor: 5000, billMinor: 5000 }, () => ({ closedAt: '2026-10-11T20:00:00Z' }))
  ).toBeNull()
})
