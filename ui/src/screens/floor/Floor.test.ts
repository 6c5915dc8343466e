// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest'
import { FakeDesk, refusal } from '../../backend/fake/desk'
import { at, click, has, settled, show, started } from '../../backend/fake/render'
import type { App } from '../../state/app'
import Floor from './Floor.svelte'

let desk: FakeDesk
let app: App

beforeEach(async () => {
  desk = new FakeDesk()
  app = await started(desk)
  show(app, Floor, {})
  await settled()
})

const names = (list = 'list') =>
  [...at(list).querySelectorAll<HTMLElement>('[data-testid="row"]')].map((row) => row.dataset.name)

test('shows every guest with the sums', () => {
  expect(names()).toEqual(['Amira Haddad', 'Olaf Brandt', 'Callum Reid'])
  expect(at('open-count').textContent).toBe('3')
  expect(at('sum-held').textContent).toBe('£2,350.00')
  expect(at('sum-due').textContent).toBe('£1,319.00')
})

test('shows what is under a filter, and what that adds up to', async () => {
  await click('filter-deposit')
  expect(names()).toEqual(['Callum Reid'])
  expect([at('open-count').textContent, at('sum-held').textContent]).toEqual(['1', '£200.00'])
  await click('filter-all')
  expect(names()).toHaveLength(3)
  expect(at('sum-held').textContent).toBe('£2,350.00')
})

test('what needs attention and is about no open tab has a row of its own, which leads there', async () => {
  const state = { code: 'backup', words: 'No second copy', tone: 'warn' } as const
  desk.setOthers([{ key: 'backup', name: 'Backup', about: '', state, tabId: null }])
  await settled()
  expect(at('other').textContent).toContain('No second copy')
  expect(at('filter-all').textContent).toContain('4')
  await click('filter-deposit')
  expect(has('other')).toBe(false)
  await click('filter-all')
  await click('other')
  expect(app.nav.screen).toBe('attention')
})

test('shows a new bill without being asked, and takes over no other row', async () => {
  const before = app.floor.view?.rows ?? []
  desk.setBill('amira', 9000)
  await settled()
  expect(at('list').textContent).toContain('£90.00')
  const after = app.floor.view?.rows ?? []
  // The same objects: nothing of them is drawn again.
  expect(after.map((row, index) => row === before[index])).toEqual([false, true, true])
})

test('opens the panel of the row that is pressed', async () => {
  at('list').querySelector<HTMLElement>('[data-id="amira"]')?.click()
  await settled()
  expect(at('panel').textContent).toContain('Amira Haddad')
  expect(app.floor.selected).toBe('amira')
})

test('lays what is found over the floor, which stays', async () => {
  app.floor.query = 'brandt'
  await settled()
  expect(names()).toEqual(['Olaf Brandt'])
  expect(names('covered')).toHaveLength(3)
  await click('search-clear')
  expect(names()).toHaveLength(3)
})

test('says why an answer is missing, and keeps what it showed', async () => {
  desk.fail('floor', refusal('ledger', 'The ledger can’t be read.'))
  desk.setBill('amira', 9000)
  await settled()
  expect(app.floor.trouble).toBe('The ledger can’t be read.')
  expect(names()).toHaveLength(3)
  expect(at('list').textContent).toContain('£84.50')

  desk.fail('floor', null)
  desk.tellChanged()
  await settled()
  expect(app.floor.trouble).toBeNull()
  expect(at('list').textContent).toContain('£90.00')
})

test('says why a tab can’t be shown', async () => {
  desk.fail('tab', refusal('not_found', 'There is no such tab.'))
  at('list').querySelector<HTMLElement>('[data-id="amira"]')?.click()
  await settled()
  expect(has('panel')).toBe(false)
  expect(app.nav.toast).toBe('There is no such tab.')
})

test('Enter on a search opens the first hit, also when it comes before the answer', async () => {
  app.floor.query = 'brandt'
  app.floor.opening = 'brandt'
  expect(app.floor.selected).toBeNull()
  await settled()
  expect(app.floor.selected).toBe('brandt')
  expect(app.floor.opening).toBeNull()
  expect(document.activeElement).toBe(at('line-amount'))
})

test('what was typed after Enter opens nothing', async () => {
  app.floor.opening = 'brandt'
  app.floor.query = 'amira'
  await settled()
  expect(app.floor.selected).toBeNull()
})

test('a bill over its hold says by how much, in red, and what to do', async () => {
  desk.setBill('amira', 18240)
  await settled()
  const row = at('list').querySelector('[data-id="amira"]')
  const chip = row?.querySelector('[data-testid="state"]')
  expect(chip?.textContent).toBe('£32.40 over')
  expect(chip?.classList.contains('bad')).toBe(true)
  expect(row?.querySelector('[data-testid="short"]')?.textContent).toBe('Hold more now')
})

test('a state that is worse than being over stays in sight beside it', async () => {
  desk.setBill('amira', 18240)
  await settled()
  const view = app.floor.view ?? expect.fail('no floor')
  const state = { code: 'unclear', words: 'Not confirmed', tone: 'bad' } as const
  app.floor.view = { ...view, rows: view.rows.map((row) => ({ ...row, state })) }
  await settled()
  const row = at('list').querySelector('[data-id="amira"]')
  expect(row?.querySelector('[data-testid="state"]')?.textContent).toBe('Not confirmed')
  expect(row?.querySelector('[data-testid="short"]')?.textContent).toBe('Hold £32.40 more now')
})
