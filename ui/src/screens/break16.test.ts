// @vitest-environment happy-dom
// Ways in which a sheet does something else than what the person sees. Red where it does.
import { expect, test } from 'vitest'
import { FakeDesk } from '../backend/fake/desk'
import { settled, show, started } from '../backend/fake/render'
import { pounds } from '../backend/fake/samples'
import TakeSheet from './tab/TakeSheet.svelte'

test('what is on hold on two cards is not said to be on one of them', async () => {
  const desk = new FakeDesk([{ id: 'amira', name: 'Amira', billMinor: 5000, heldMinor: 6000 }])
  const app = await started(desk)
  await app.floor.select('amira')
  const tab = desk.tab('amira')
  const first = tab.holds[0] ?? expect.fail('no hold')
  const second = { ...first, id: 'second', card: { brand: 'Mastercard', lastFour: '4471' } }
  const row = { ...tab.row, left: pounds(12000), held: pounds(12000), card: second.card }
  show(app, TakeSheet, { tab: { ...tab, row, holds: [second, first] } })
  await settled()
  expect(document.querySelector('dialog')?.textContent).not.toContain('£120.00 on hold on Mastercard 4471')
})
