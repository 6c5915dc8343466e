// @vitest-environment happy-dom
import { render } from '@testing-library/svelte'
import { expect, test } from 'vitest'
import type { GuestWindow as Shown } from '../../bindings/GuestWindow'
import { guestPage } from '../../backend/fake/samples'
import { at, has, settled } from '../../backend/fake/render'
import GuestWindow from './GuestWindow.svelte'

const GUEST = { id: 'odile', name: 'Odile Marchand', place: 'Table 2', heldMinor: 10000, isWaiting: true }

/** A desk that knows the one hold. */
function deskOf(shown: Shown | null) {
  let again = () => {}
  const desk = {
    shown,
    guestWindow: async () => {
      if (desk.shown === null) throw new Error('The till is closed.')
      return desk.shown
    },
    onChanged: async (call: () => void) => {
      again = call
      return () => {}
    },
    change: async (shown: Shown | null) => {
      desk.shown = shown
      again()
      await settled()
    }
  }
  return desk
}

const shown = (isWaiting: boolean): Shown => ({
  mode: 'training',
  zone: 'Europe/London',
  page: guestPage({ ...GUEST, isWaiting })
})

test('the guest’s window follows its hold and never shows a name', async () => {
  const desk = deskOf(shown(true))
  render(GuestWindow, { desk })
  await settled()
  expect(at('guest-window').textContent).toContain('A hold, not a payment')
  expect(at('guest-window').textContent).toContain('TRAINING')
  expect(at('guest-window').textContent).not.toContain('Odile')
  await desk.change(shown(false))
  expect(at('guest-done').textContent).toContain('On hold, not charged')
})

test('a till that is closed leaves no old code behind', async () => {
  const desk = deskOf(shown(true))
  render(GuestWindow, { desk })
  await settled()
  await desk.change(null)
  expect(has('guest-amount')).toBe(false)
})
