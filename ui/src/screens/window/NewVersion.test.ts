// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest'
import { FakeDesk } from '../../backend/fake/desk'
import { settled, show, started } from '../../backend/fake/render'
import type { UpdateNotice } from '../../bindings/UpdateNotice'
import NewVersion from './NewVersion.svelte'

afterEach(() => {
  vi.useRealTimers()
})

test('what is told by day goes in the evening, on a floor where nothing changes', async () => {
  const desk = new FakeDesk()
  const app = await started(desk)
  const notice = await app.desk.updateNotice()
  const told = { ...notice, isOn: true, update: { version: '0.2.0', notes: 'Invented.' } }
  let now: UpdateNotice = told
  app.desk.updateNotice = async () => now
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  show(app, NewVersion, {})
  await settled()
  const banner = () => document.querySelector('[data-testid="update-banner"]')
  expect(banner()).not.toBeNull()
  now = { ...told, update: null }
  vi.advanceTimersByTime(60_000)
  await settled()
  expect(banner()).toBeNull()
})
