// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { FakeDesk, refusal } from '../backend/fake/desk'
import { settled } from '../backend/fake/render'
import { createApp } from './app'
import { Draft } from './draft.svelte'

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

const SHARED = { till: 'Bar 2', address: 'host=db.example' }

/** A till on a shared ledger, with its settings. */
async function onSharedLedger() {
  const desk = new FakeDesk()
  desk.begin({ mode: 'live', sharedLedger: SHARED })
  const app = createApp(desk.backend)
  await app.session.begin()
  const { settings } = app.session
  if (!settings) expect.fail('there are no settings')
  return { desk, app, settings }
}

test('shows what another till has saved in Settings, and keeps what is typed here', async () => {
  const { desk, app, settings } = await onSharedLedger()
  app.session.draft = new Draft(settings, { staffName: 'Sam' })
  desk.saveElsewhere({ venue: 'The Bell', staffName: 'Kim' })
  await settled()
  expect(app.session.settings?.venue).toBe('The Bell')
  expect(app.session.draft.chosen).toMatchObject({ venue: 'The Bell', staffName: 'Sam' })
  expect(app.session.draft.changed).toEqual(['staffName'])
})

test('asks for the settings once for many changes, and not at all where the till has its ledger alone', async () => {
  const { desk } = await onSharedLedger()
  const before = desk.count('settings')
  for (let change = 0; change < 10; change += 1) desk.tellChanged()
  await settled()
  expect(desk.count('settings') - before).toBeLessThanOrEqual(2)

  const alone = new FakeDesk()
  await createApp(alone.backend).session.begin()
  const once = alone.count('settings')
  alone.tellChanged()
  await settled()
  expect(alone.count('settings')).toBe(once)
})

test('saves what was typed here alone: what another till saved a moment ago stays', async () => {
  const { desk, app, settings } = await onSharedLedger()
  const draft = new Draft(settings, { staffName: 'Sam' })
  desk.fail('settings', refusal('ledger', 'Not yet.'))
  desk.saveElsewhere({ venue: 'The Bell' })
  await settled()
  desk.fail('settings', null)
  expect(app.session.settings?.venue).toBe(settings.venue)
  await app.session.saveDraft(draft)
  expect(app.session.settings).toMatchObject({ venue: 'The Bell', staffName: 'Sam' })
})
