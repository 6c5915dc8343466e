// @vitest-environment happy-dom
import { fireEvent } from '@testing-library/svelte'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import App from '../../App.svelte'
import { FakeDesk } from '../../backend/fake/desk'
import { at, click, has, settled, show } from '../../backend/fake/render'
import { createApp, type App as State } from '../../state/app'

let desk: FakeDesk
let app: State

beforeEach(async () => {
  desk = new FakeDesk([
    { id: 'odile', name: 'Odile Marchand', place: 'Table 2', heldMinor: 10000, isWaiting: true },
    { id: 'lena', name: 'Lena', heldMinor: 5000 }
  ])
  app = createApp(desk.backend)
  show(app, App, {})
  await settled()
  await app.floor.select('odile')
  await settled()
  await fireEvent.keyDown(document.body, { key: 'g', ctrlKey: true })
  // All but the floor is read a moment later.
  await vi.waitFor(() => at('guest'), 5000)
})
afterEach(() => {
  vi.useRealTimers()
})

test('one key turns the till to the guest: code, amount, and that it is no payment', () => {
  const page = at('guest').querySelector('.guest-page')
  expect(page?.textContent).toContain('A hold, not a payment')
  expect(page?.textContent).toContain('Table 2')
  expect(page?.textContent).toContain('The Anchor')
  expect(at('guest-amount').textContent).toBe('£100.00')
  expect(page?.querySelector('img')?.getAttribute('alt')).toBe('QR code that opens the card page')
})

test('shows no name and nothing of another tab', () => {
  expect(at('guest').textContent).not.toContain('Odile')
  expect(at('guest').textContent).not.toContain('Lena')
})

test('prints the code by its key and by its button', async () => {
  await fireEvent.keyDown(at('guest'), { key: 'p', ctrlKey: true })
  await click('guest-print')
  expect(desk.count('printPaper')).toBe(2)
  const slip = at('guest-slip')
  expect(slip.textContent).toContain('A hold, not a payment')
  expect(slip.textContent).toContain('£100.00')
  expect(slip.textContent).toContain('ODILE')
})

test('thanks the guest once the card is there, and goes by itself', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  desk.pay('odile')
  await settled()
  expect(at('guest-done').textContent).toContain('On hold, not charged')
  vi.advanceTimersByTime(20_000)
  await settled()
  expect(has('guest')).toBe(false)
})

test('sends the page to a window of the guest’s own', async () => {
  await click('guest-other-screen')
  expect(desk.sent.at(-1)).toEqual({ command: 'openGuestWindow', args: ['odile-hold'] })
  expect(has('guest')).toBe(false)
})

test('goes back to the till', async () => {
  await click('guest-close')
  expect(has('guest')).toBe(false)
  expect(app.nav.guest).toBeNull()
})
