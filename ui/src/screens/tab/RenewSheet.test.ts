// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { FakeDesk } from '../../backend/fake/desk'
import { click, input, settled, show, started } from '../../backend/fake/render'
import RenewSheet from './RenewSheet.svelte'

/** Longer than the sheet waits for the next digit. */
const ASKED_MS = 120

test('begins with what is on hold as it would be typed, and sends that', async () => {
  const desk = new FakeDesk([{ id: 'brandt', name: 'Olaf Brandt', heldMinor: 2000_00 }])
  const tab = desk.tab('brandt')
  const [hold] = tab.holds
  if (!hold) throw new Error('there is no hold')
  show(await started(desk), RenewSheet, { tab, hold })
  expect(input('renew-amount').value).toBe('2000.00')
  await new Promise((done) => setTimeout(done, ASKED_MS))
  await settled()
  await click('renew-confirm')
  const renewed = desk.sent.find(({ command }) => command === 'renew')
  expect(renewed?.args[1]).toMatchObject({ amount: '2000.00', seen: tab.seen })
})
