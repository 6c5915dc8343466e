// @vitest-environment happy-dom
import { cleanup } from '@testing-library/svelte'
import { beforeEach, expect, test } from 'vitest'
import { FakeDesk } from '../../backend/fake/desk'
import { at, button, click, input, settled, show, started, type } from '../../backend/fake/render'
import MoreSheet from './MoreSheet.svelte'

let desk: FakeDesk

beforeEach(async () => {
  desk = new FakeDesk([{ id: 'pavel', name: 'Pavel', billMinor: 13000, heldMinor: 10000 }])
  show(await started(desk), MoreSheet, { tab: desk.tab('pavel') })
  await settled()
})

test('begins with what the bill is over, and says the amount on its key', async () => {
  expect(input('more-amount').value).toBe('30.00')
  await type('more-amount', '40')
  await settled()
  expect(button('more-confirm').textContent).toContain('Hold £40.00 more')
})

test('a pick goes into the field as it would be typed, and stays marked', async () => {
  await type('more-amount', '')
  await click('more-missing')
  expect(input('more-amount').value).toBe('30.00')
  expect(at('more-missing').getAttribute('aria-pressed')).toBe('true')
})

test('says what the person saw, so that two don’t ask for the same', async () => {
  await click('more-confirm')
  const asked = desk.sent.find(({ command }) => command === 'askForMore')
  expect(asked?.args[0]).toMatchObject({ amount: '30.00', seen: desk.tab('pavel').seen })
})

test('names no amount that it can’t read', async () => {
  await type('more-amount', 'lots')
  await settled()
  expect(button('more-confirm').textContent).toContain('Hold more')
})

test('sleeps when its tab is closed meanwhile', async () => {
  cleanup()
  const desk = new FakeDesk([
    { id: 'pavel', name: 'Pavel', billMinor: 13000, heldMinor: 10000, capturedMinor: 10000 }
  ])
  show(await started(desk), MoreSheet, { tab: desk.tab('pavel') })
  await settled()
  expect(button('more-confirm').disabled).toBe(false)
  // The night, which goes on while the sheet is open.
  await desk.backend.closeTab('pavel', desk.tab('pavel').seen)
  await settled()
  await click('more-confirm')
  expect(desk.count('askForMore')).toBe(0)
  expect(at('changed').textContent).toContain('It was closed.')
})
