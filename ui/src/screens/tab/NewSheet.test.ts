// @vitest-environment happy-dom
import { fireEvent } from '@testing-library/svelte'
import { beforeEach, expect, test } from 'vitest'
import { FakeDesk, refusal } from '../../backend/fake/desk'
import { at, button, click, enter, has, input, settled, show, started, type } from '../../backend/fake/render'
import type { OpenTab } from '../../bindings/OpenTab'
import type { App } from '../../state/app'
import NewSheet from './NewSheet.svelte'

/** Longer than the sheet waits for the next key before it asks. */
const ASKED_MS = 150

let desk: FakeDesk
let app: App

beforeEach(async () => {
  desk = new FakeDesk()
  app = await started(desk)
  app.nav.sheet = { kind: 'new', what: 'tab' }
  show(app, NewSheet, { what: 'tab' })
  await settled()
})

const asked = async () => {
  await new Promise((done) => setTimeout(done, ASKED_MS))
  await settled()
}
const opened = () =>
  desk.sent.filter((call) => call.command === 'openTab').map((call) => call.args[0] as OpenTab)

test('opens with a name and an amount, and shows the tab', async () => {
  await type('field-name', 'Duarte')
  await type('field-amount', '50')
  await asked()
  expect(button('open-hold').textContent).toContain('Hold £50.00')
  await enter('field-amount')
  expect(opened()).toHaveLength(1)
  expect(opened()[0]).toMatchObject({
    kind: 'tab',
    name: 'Duarte',
    amount: '50',
    currency: 'GBP',
    place: null,
    arrivesOn: null,
    deadlineAction: 'release',
    linkEnds: 'tonight'
  })
  expect(app.nav.sheet).toBeNull()
  expect(app.floor.tab?.row.name).toBe('Duarte')
  expect(app.floor.view?.rows.map((row) => row.name)).toContain('Duarte')
})

test('sends one decision, however often it is pressed', async () => {
  await type('field-name', 'Duarte')
  await type('field-amount', '50')
  desk.fail('openTab', refusal('not_sent', 'Dojo can’t be reached. Nothing was sent.'))
  await enter('field-amount')
  desk.fail('openTab', null)
  await enter('field-amount')
  expect(opened()).toHaveLength(2)
  expect(opened()[0]?.decision).toBe(opened()[1]?.decision)
})

test('shows why it failed, and loses nothing that was typed', async () => {
  await type('field-name', 'Duarte')
  await type('field-place', 'Table 4')
  await type('field-amount', '50')
  desk.fail('openTab', refusal('not_sent', 'Dojo can’t be reached. Nothing was sent.'))
  await enter('field-amount')
  expect(at('sheet-error').textContent).toBe('Dojo can’t be reached. Nothing was sent.')
  expect(['field-name', 'field-place', 'field-amount'].map((field) => input(field).value)).toEqual([
    'Duarte',
    'Table 4',
    '50'
  ])
  expect(button('open-hold').disabled).toBe(false)
  expect(app.nav.sheet).toEqual({ kind: 'new', what: 'tab' })
})

test('says what is wrong at its field, and nowhere else', async () => {
  await type('field-name', 'Duarte')
  await type('field-amount', '')
  await click('open-hold')
  expect(at('field-error').textContent).toBe('Type an amount like 50.')
  expect(has('sheet-error')).toBe(false)
  expect(input('field-name').value).toBe('Duarte')
})

test('begins with the manager’s first amount: a name and Enter are enough', async () => {
  expect(input('field-amount').value).toBe('50')
  await type('field-name', 'Duarte')
  await enter('field-name')
  expect(opened()[0]).toMatchObject({ name: 'Duarte', amount: '50' })
})

test('follows the kind until the person chose an amount', async () => {
  await click('kind-deposit')
  expect(input('field-amount').value).toBe('200')
  await click('per-night')
  expect(input('field-amount').value).toBe('')
  await click('in-all')
  await click('kind-payment')
  expect(input('field-amount').value).toBe('')
  await type('field-amount', '12')
  await click('kind-tab')
  expect(input('field-amount').value).toBe('12')
})

test('offers what Settings say, and takes it at a tap', async () => {
  await click('preset-100')
  expect(input('field-amount').value).toBe('100')
  await click('kind-deposit')
  expect(input('field-amount').value).toBe('100')
  expect(has('preset-100')).toBe(false)
  await click('preset-200')
  expect(input('field-amount').value).toBe('200')
})

test('keeps what is typed when the floor changes', async () => {
  await type('field-name', 'Duarte')
  desk.setBill('amira', 9000)
  await asked()
  expect(input('field-name').value).toBe('Duarte')
})

test('offers free tables first, and a press picks one or takes it back', async () => {
  const offered = () => [...document.querySelectorAll<HTMLElement>('[data-testid="place"]')]
  await asked()
  expect(offered().map((place) => place.textContent)).toEqual(['Table 1', 'Room 7', 'Table 3open'])
  offered()[1]?.click()
  await asked()
  expect(input('field-place').value).toBe('Room 7')
  expect(offered()[1]?.getAttribute('aria-pressed')).toBe('true')
  await type('field-name', 'Duarte')
  await enter('field-name')
  expect(opened()[0]).toMatchObject({ place: 'Room 7' })
})

test('offers the amounts that were used last beside the manager’s', async () => {
  await asked()
  expect(at('last-amount').textContent).toContain('£62.50')
  await click('last-amount')
  expect(input('field-amount').value).toBe('62.50')
  await type('field-name', 'Duarte')
  await enter('field-name')
  expect(opened()[0]).toMatchObject({ amount: '62.50' })
})

test('reaches the tables by arrows, and Tab passes them by', async () => {
  await asked()
  const places = [...document.querySelectorAll<HTMLElement>('[data-testid="place"]')]
  expect(places.every((place) => place.tabIndex === -1)).toBe(true)
  input('field-place').focus()
  await fireEvent.keyDown(input('field-place'), { key: 'ArrowDown' })
  expect(document.activeElement).toBe(places[0])
  await fireEvent.keyDown(places[0] ?? document.body, { key: 'ArrowRight' })
  expect(document.activeElement).toBe(places[1])
  await fireEvent.keyDown(places[1] ?? document.body, { key: 'ArrowLeft' })
  await fireEvent.keyDown(places[0] ?? document.body, { key: 'ArrowUp' })
  expect(document.activeElement).toBe(input('field-place'))
})
