// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { FakeDesk, refusal } from '../backend/fake/desk'
import { settled } from '../backend/fake/render'
import { createApp } from './app'

test('says why nothing can be shown, and shows it once it can', async () => {
  const desk = new FakeDesk()
  const app = createApp(desk.backend)
  desk.fail('start', refusal('ledger', 'The ledger can’t be opened.'))
  await app.session.begin()
  expect(app.session.fatalError).toBe('The ledger can’t be opened.')
  expect(app.floor.view).toBeNull()

  desk.fail('start', null)
  await app.session.enter()
  expect(app.session.fatalError).toBeNull()
  expect(app.floor.view?.openCount).toBe(3)
})

test('joins the changes that come while an answer is awaited', async () => {
  const desk = new FakeDesk()
  const app = createApp(desk.backend)
  await app.session.begin()
  const before = desk.count('floor')
  for (let change = 0; change < 10; change += 1) desk.tellChanged()
  await settled()
  expect(desk.count('floor') - before).toBe(2)
})

test('asks for nothing before a mode was chosen', async () => {
  const desk = new FakeDesk()
  const app = createApp(desk.backend)
  await app.session.use(desk.backend.start().then((start) => ({ ...start, mode: null })))
  await app.floor.refresh()
  expect(desk.count('floor')).toBe(0)
  expect(app.session.settings).toBeNull()
})
