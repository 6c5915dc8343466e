// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FakeDesk } from '../../backend/fake/desk'
import { pounds } from '../../backend/fake/samples'
import { at, click, enter, has, input, settled, show, started, type } from '../../backend/fake/render'
import type { Act } from '../../bindings/Act'
import type { App } from '../../state/app'
import RefundSheet from './RefundSheet.svelte'

const ARMED_MS = 500
let desk: FakeDesk
let app: App

async function open(tipMinor: number, holdBackSeconds = 0) {
  desk = new FakeDesk([
    {
      id: 'amira',
      name: 'Amira',
      billMinor: 5000,
      heldMinor: 5000,
      capturedMinor: 5000,
      tipMinor,
      holdBackSeconds
    }
  ])
  app = await started(desk)
  await app.floor.select('amira')
  const tab = app.floor.tab ?? expect.fail('no tab')
  const hold = tab.holds[0] ?? expect.fail('no hold')
  show(app, RefundSheet, { tab, hold })
  await settled()
}

beforeEach(() => {
  document.body.innerHTML = ''
})

test('begins in its first field, and offers all where only the bill was paid', async () => {
  await open(0)
  expect(document.activeElement).toBe(at('refund-bill'))
  expect(input('refund-bill').value).toBe('50.00')
  expect(at('refund-confirm').textContent).toContain('Refund £50.00')
})

test('offers nothing beside a tip: it would be given back unseen', async () => {
  await open(500)
  expect(document.activeElement).toBe(at('refund-bill'))
  expect([input('refund-bill').value, input('refund-tip').value]).toEqual(['', ''])
  await click('refund-all')
  expect([input('refund-bill').value, input('refund-tip').value]).toEqual(['45.00', '5.00'])
})

/** Opens the sheet with so many seconds to stop in, once its key is awake. */
async function openToBeStopped(seconds = 5) {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  await open(0, seconds)
  vi.advanceTimersByTime(ARMED_MS)
  await settled()
}
const passing = async (ms: number) => {
  vi.advanceTimersByTime(ms)
  await settled()
}
afterEach(() => {
  vi.useRealTimers()
})

test('can be stopped before anything is sent', async () => {
  await openToBeStopped()
  await click('refund-confirm')
  expect(at('hold-back').textContent).toContain('Refunding £50.00 in 5 seconds. Nothing has been sent yet.')
  expect(has('refund-bill')).toBe(false)
  await passing(3000)
  await click('hold-back-stop')
  expect(has('hold-back')).toBe(false)
  expect(input('refund-bill').value).toBe('50.00')
  await passing(10_000)
  expect(desk.count('refund')).toBe(0)
})

test('is sent once the time to stop it has passed, as it stood when it was pressed', async () => {
  await openToBeStopped()
  await type('refund-bill', '20')
  await enter('refund-bill')
  await passing(5500)
  expect(desk.count('refund')).toBe(1)
  const [act] = desk.sent.find(({ command }) => command === 'refund')?.args as [Act]
  expect(act.refund).toMatchObject({ bill: '20', expectOwedMinor: 0 })
})

test('new figures stop it by themselves', async () => {
  await openToBeStopped()
  await click('refund-confirm')
  desk.setBill('amira', 6000)
  await settled()
  expect(has('hold-back')).toBe(false)
  await passing(10_000)
  expect(desk.count('refund')).toBe(0)
})

test('without a time to stop in it is sent at once', async () => {
  await openToBeStopped(0)
  await click('refund-confirm')
  expect(desk.count('refund')).toBe(1)
})

test('says its sum, and why its key sleeps while there is none', async () => {
  await open(500)
  expect(at('refund-total').textContent).toBe('£0.00')
  expect(at('refund-why').textContent).toBe('Type how much to refund.')
  await type('refund-tip', '5')
  await settled()
  expect(at('refund-total').textContent).toBe('£5.00')
  expect(has('refund-why')).toBe(false)
})

test('says what stays on hold and what becomes of it', async () => {
  await open(500)
  const tab = desk.tab('amira')
  const first = tab.holds[0] ?? expect.fail('no hold')
  const deadline = {
    at: '2026-10-16T20:30:00Z',
    safeAt: '2026-10-16T08:30:00Z',
    words: 'in 5 days',
    tone: 'good',
    isPast: false,
    threshold: null,
    action: 'release'
  } as const
  const hold = { ...first, left: pounds(4900), deadline }
  document.body.innerHTML = ''
  show(app, RefundSheet, { tab, hold })
  await settled()
  expect(at('refund-stays').textContent).toBe(
    '£49.00 stays on hold until Fri 16 Oct, 21:30, then drops off the card.'
  )
})
