// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FakeDesk } from '../../backend/fake/desk'
import { at, button, click, has, settled, show, started } from '../../backend/fake/render'
import { GUESTS } from '../../backend/fake/samples'
import type { App } from '../../state/app'
import ActSheet from './ActSheet.svelte'

const ARMED_MS = 500
let desk: FakeDesk
let app: App

beforeEach(async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  const [amira, ...others] = GUESTS
  if (!amira) throw new Error('there is no guest')
  desk = new FakeDesk([{ ...amira, holdBackSeconds: 5 }, ...others])
  app = await started(desk)
  const tab = desk.tab('amira')
  const hold = tab.holds[0] ?? expect.fail('there is no hold')
  show(app, ActSheet, { tab, hold, act: 'release' })
  await settled()
  vi.advanceTimersByTime(ARMED_MS)
  await settled()
})
afterEach(() => {
  vi.useRealTimers()
})

test('sleeps while Dojo can’t be reached', async () => {
  expect(button('release-confirm').disabled).toBe(false)
  desk.isOnline = false
  await app.floor.refresh()
  await settled()
  expect(button('release-confirm').disabled).toBe(true)
})

test('says what a release does, without the red of money that goes out', () => {
  expect(at('consequence').textContent).toContain('This frees £150.00 on Visa ending 4242.')
  expect(button('release-confirm').classList.contains('danger')).toBe(false)
})

test('counts down for eyes, is announced once, and Stop sends nothing', async () => {
  await click('release-confirm')
  const words = () => at('hold-back').querySelector('[role="status"]')
  const says = (seconds: number) => `Releasing £150.00 in ${seconds} seconds. Nothing has been sent yet.`
  expect(words()?.querySelector('[aria-hidden]')?.textContent).toBe(says(5))
  vi.advanceTimersByTime(2000)
  await settled()
  expect(words()?.querySelector('[aria-hidden]')?.textContent).toBe(says(3))
  expect(words()?.querySelector('.visually-hidden')?.textContent).toBe(says(5))
  await click('hold-back-stop')
  expect(has('hold-back')).toBe(false)
  vi.advanceTimersByTime(10_000)
  await settled()
  expect(desk.count('release')).toBe(0)
})
