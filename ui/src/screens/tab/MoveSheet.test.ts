// @vitest-environment happy-dom
import { fireEvent } from '@testing-library/svelte'
import { beforeEach, expect, test } from 'vitest'
import { FakeDesk } from '../../backend/fake/desk'
import { at, button, click, enter, has, settled, show, started, type } from '../../backend/fake/render'
import { perform } from '../../deeds'
import type { MoveBill } from '../../bindings/MoveBill'
import type { App } from '../../state/app'
import MoveSheet from './MoveSheet.svelte'

let desk: FakeDesk
let app: App

const lines = [
  { what: 'Wine', eachMinor: 18_00 },
  { what: 'Ale', eachMinor: 9_50 },
  { what: 'Crisps', eachMinor: 2_50, isStruck: true }
]

beforeEach(async () => {
  desk = new FakeDesk([
    { id: 'mia', name: 'Mia', billMinor: 27_50, heldMinor: 100_00, lines },
    { id: 'five', name: 'Table 5', billMinor: 20_00, heldMinor: 100_00 },
    { id: 'nine', name: 'Table 9', billMinor: 0, heldMinor: 50_00 }
  ])
  app = await started(desk)
  await app.floor.select('mia')
  app.nav.sheet = { kind: 'move' }
  show(app, MoveSheet, { tab: desk.tab('mia') })
  await settled()
})

const sent = () =>
  desk.sent.filter((call) => call.command === 'moveBill').map((call) => call.args[0] as MoveBill)
const tick = (nth: number) =>
  fireEvent.click(document.querySelectorAll<HTMLInputElement>('.choose input')[nth] as HTMLInputElement)

test('Ctrl L opens it where something is still to take', () => {
  app.nav.sheet = null
  perform(app, 'moveBill')
  expect(app.nav.sheet).toEqual({ kind: 'move' })
})

test('lines that are ticked go to the tab that Enter found', async () => {
  expect(document.querySelectorAll('.choose input')).toHaveLength(2)
  expect(button('move-confirm').disabled).toBe(true)
  await tick(0)
  await type('move-find', 'table')
  await settled()
  expect(at('move-why').textContent).toContain('Choose the tab')
  await enter('move-find')
  expect(sent()).toHaveLength(0)
  expect(button('move-confirm').textContent).toContain('Move £18.00 to Table 5')
  await click('move-confirm')
  expect(sent()).toHaveLength(1)
  expect(sent()[0]).toMatchObject({
    typed: { tabId: 'mia', part: { lines: ['mia-line-0'] }, onto: { tab: 'five' } },
    expectMinor: 18_00,
    closes: false
  })
  expect(sent()[0]?.ontoSeen?.dueMinor).toBe(20_00)
  expect(app.nav.sheet).toBeNull()
  expect(app.nav.toast).toBe('£18.00 moved from Mia to Table 5.')
  expect(app.floor.selected).toBe('mia')
})

test('what was chosen may be chosen again', async () => {
  await click('move-all')
  await click('move-target')
  expect(document.querySelectorAll('[data-testid=move-target]')).toHaveLength(1)
  await click('move-other')
  expect(document.activeElement).toBe(at('move-find'))
  expect(document.querySelectorAll('[data-testid=move-target]')).toHaveLength(2)
  expect(button('move-confirm').disabled).toBe(true)
  await click('move-target')
  await type('move-find', 'nine')
  await settled()
  expect(button('move-confirm').disabled).toBe(true)
})

test('two presses move once', async () => {
  await click('move-share-2')
  await click('move-target')
  button('move-confirm').click()
  button('move-confirm').click()
  await settled()
  expect(sent()).toHaveLength(1)
})

test('a share goes to a new tab, which is shown next', async () => {
  await click('move-share-3')
  await click('move-new')
  await click('move-confirm')
  expect(at('field-error').textContent).toContain('Type a name for the new tab.')
  await type('move-name', 'Noor')
  await settled()
  await click('move-confirm')
  expect(sent()[1]).toMatchObject({
    typed: { part: { share: 3 }, onto: { new: { name: 'Noor', place: null } } }
  })
  expect(sent()[1]?.ontoSeen).toBeNull()
  expect(app.floor.selected).toBe('new')
})

test('what is still on hold after all has gone is offered, and not released by itself', async () => {
  await click('move-all')
  await click('move-target')
  await click('move-confirm')
  expect(at('move-rest').textContent).toBe('£100.00 is still on hold on Mia.')
  expect(desk.count('release')).toBe(0)
  await click('move-release')
  expect(app.nav.sheet).toEqual({ kind: 'act', act: 'release', holdId: 'mia-hold' })
})

test('it may be kept', async () => {
  await click('move-all')
  await click('move-target')
  await click('move-confirm')
  await click('move-keep')
  expect(app.nav.sheet).toBeNull()
  expect(app.nav.toast).toContain('moved from Mia to Table 5')
})

test('sleeps when either bill changes, until the new figures are accepted', async () => {
  await click('move-all')
  await click('move-target')
  desk.setBill('five', 45_00)
  await settled()
  expect(at('changed').textContent).toContain('Table 5: £45.00 is due now.')
  await click('move-confirm')
  expect(sent()).toHaveLength(0)
  await new Promise((done) => setTimeout(done, 650))
  await click('use-new-figures')
  expect(has('changed')).toBe(false)
  await new Promise((done) => setTimeout(done, 650))
  await settled()
  await click('move-confirm')
  expect(sent()[0]?.ontoSeen?.dueMinor).toBe(45_00)
})
