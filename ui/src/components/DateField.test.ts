// @vitest-environment happy-dom
import { fireEvent } from '@testing-library/svelte'
import { beforeEach, expect, test } from 'vitest'
import { FakeDesk } from '../backend/fake/desk'
import { at, click, enter, has, input, settled, show, started, type } from '../backend/fake/render'
import type { OpenTab } from '../bindings/OpenTab'
import type { App } from '../state/app'
import NewSheet from '../screens/tab/NewSheet.svelte'

// The fake's business day is Sun 11 Oct 2026.
let desk: FakeDesk
let app: App

beforeEach(async () => {
  desk = new FakeDesk()
  app = await started(desk)
  app.nav.sheet = { kind: 'new', what: 'deposit' }
  show(app, NewSheet, { what: 'deposit' })
  await settled()
})

const leave = async () => {
  await fireEvent.blur(input('field-departs'))
  await settled()
}
const press = async (key: string) => {
  await fireEvent.keyDown(document.activeElement ?? document.body, { key })
  await settled()
}
const focused = () => document.activeElement?.getAttribute('aria-label')
const open = async () => {
  input('field-departs').focus()
  await press('ArrowDown')
}

test('shows today’s business day as people say it', () => {
  expect(input('field-arrives').value).toBe('Sun 11 Oct')
  expect(input('field-arrives').dataset.day).toBe('2026-10-11')
})

test('says how it reads what is typed, and writes it out when it is left', async () => {
  await type('field-departs', '14/10')
  expect(at('field-departs-read').textContent).toContain('Wed 14 Oct 2026, in 3 days')
  await leave()
  expect(input('field-departs').value).toBe('Wed 14 Oct')
  expect(has('field-departs-read')).toBe(false)
})

test('has the year where it is not this one', async () => {
  await type('field-departs', '3 jan')
  await leave()
  expect(input('field-departs').value).toBe('Sun 3 Jan 2027')
})

test('sends the day, and not what was typed', async () => {
  await type('field-name', 'Brandt')
  await type('field-amount', '200')
  await type('field-departs', 'tomorrow')
  await enter('field-departs')
  const [call] = desk.sent.filter(({ command }) => command === 'openTab')
  expect((call?.args[0] as OpenTab | undefined)?.departsOn).toBe('2026-10-12')
})

test('says what is wrong once it is left, keeps it, and sends nothing', async () => {
  await type('field-name', 'Brandt')
  await type('field-amount', '200')
  await type('field-departs', '31/11')
  expect(has('field-error')).toBe(false)
  await leave()
  expect(at('field-error').textContent).toBe('November has 30 days. Type a date like 26/11.')
  expect(input('field-departs').value).toBe('31/11')
  await enter('field-departs')
  expect(desk.count('openTab')).toBe(0)
  await type('field-departs', '30/11')
  await enter('field-departs')
  expect(desk.count('openTab')).toBe(1)
})

test('draws nothing while the focus is on its way, or it would be called back', async () => {
  await type('field-departs', '31/11')
  await fireEvent.change(input('field-departs'))
  await fireEvent.blur(input('field-departs'))
  await Promise.resolve()
  expect(has('field-error')).toBe(false)
  await settled()
  expect(has('field-error')).toBe(true)
})

test('opens a calendar by key, moves through it, and takes the day', async () => {
  await open()
  expect(focused()).toBe('Sunday 11 October 2026')
  expect(document.activeElement?.getAttribute('aria-current')).toBe('date')
  await press('ArrowRight')
  await press('ArrowDown')
  expect(focused()).toBe('Monday 19 October 2026')
  await press('PageDown')
  expect(focused()).toBe('Thursday 19 November 2026')
  await press('End')
  expect(focused()).toBe('Sunday 22 November 2026')
  ;(document.activeElement as HTMLElement).click()
  await settled()
  expect(has('calendar')).toBe(false)
  expect(input('field-departs').value).toBe('Sun 22 Nov')
  expect(document.activeElement).toBe(input('field-departs'))
})

test('Esc closes the calendar alone, and keeps what was', async () => {
  await type('field-departs', '14/10')
  await open()
  await press('ArrowRight')
  const goesOn = await fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Escape' })
  await settled()
  expect(goesOn).toBe(false)
  expect(has('calendar')).toBe(false)
  expect(input('field-departs').dataset.day).toBe('2026-10-14')
  expect(app.nav.sheet).not.toBeNull()
})

test('is a grid with names: one day to stop at, the chosen one said', async () => {
  await type('field-departs', '14/10')
  await click('field-departs-open')
  const cells = [...document.querySelectorAll('button[role="gridcell"]')]
  expect(cells).toHaveLength(31)
  expect(cells.filter((cell) => cell.getAttribute('tabindex') === '0')).toHaveLength(1)
  expect(cells.filter((cell) => cell.getAttribute('aria-selected') === 'true')).toHaveLength(1)
  expect(at('calendar').getAttribute('aria-label')).toBe('Choose a day: Departs on (optional)')
  await click('month-after')
  expect(at('calendar').querySelector('[aria-live]')?.textContent).toBe('November 2026')
})

test('shows how a day is typed by one that lies ahead', () => {
  expect(input('field-departs').placeholder).toBe('12/10')
})
