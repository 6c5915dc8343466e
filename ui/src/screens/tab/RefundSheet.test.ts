// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest'
import { FakeDesk } from '../../backend/fake/desk'
import { at, click, input, settled, show, started } from '../../backend/fake/render'
import type { App } from '../../state/app'
import RefundSheet from './RefundSheet.svelte'

let desk: FakeDesk
let app: App

async function open(tipMinor: number) {
  desk = new FakeDesk([
    { id: 'amira', name: 'Amira', billMinor: 5000, heldMinor: 5000, capturedMinor: 5000, tipMinor }
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
