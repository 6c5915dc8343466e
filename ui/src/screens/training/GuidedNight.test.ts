// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest'
import App from '../../App.svelte'
// Read before the window begins, which otherwise reads it when the floor is there.
import '../../lazy'
import { FakeDesk } from '../../backend/fake/desk'
import { at, click, has, settled, show } from '../../backend/fake/render'
import { createApp, type App as State } from '../../state/app'

let desk: FakeDesk
let app: State

beforeEach(async () => {
  desk = new FakeDesk()
  app = createApp(desk.backend)
  show(app, App, {})
  await settled()
})

async function begin() {
  await click('screen-settings')
  await click('guided-night')
  await settled()
}

test('is not there before somebody wants it, and begins in Settings on the floor', async () => {
  expect(has('guide')).toBe(false)
  await begin()
  expect(app.nav.screen).toBe('floor')
  expect(at('guide-progress').textContent).toBe('0 of 7 done')
  expect(at('guide-how').textContent).toContain('Press F2')
})

test('each task ticks itself, and the next one says how', async () => {
  await begin()
  desk.tick('open')
  await settled()
  expect(at('guide-open').dataset.done).toBe('true')
  expect(at('guide-card').getAttribute('aria-current')).toBe('step')
  expect(at('guide-how').textContent).toContain('Play the guest')
  // In any order: what was done early isn't asked for again.
  desk.tick('round')
  desk.tick('card')
  await settled()
  expect(at('guide-progress').textContent).toBe('3 of 7 done')
  for (const task of ['take', 'refund', 'release', 'night'] as const) desk.tick(task)
  await settled()
  expect(at('guide-how').textContent).toContain('That’s a whole night.')
})

test('is closed when somebody wants that, and begins again with nothing ticked', async () => {
  await begin()
  desk.tick('open')
  await settled()
  await click('guide-close')
  expect(has('guide')).toBe(false)
  desk.tellChanged()
  await settled()
  expect(has('guide')).toBe(false)
  await begin()
  expect(at('guide-progress').textContent).toBe('0 of 7 done')
})

test('takes no room in Settings, and is on the floor again', async () => {
  await begin()
  await click('screen-settings')
  expect(has('guide')).toBe(false)
  await click('screen-floor')
  await settled()
  expect(at('guide-progress').textContent).toBe('0 of 7 done')
})

test('is in training only', async () => {
  await begin()
  desk.begin({ mode: 'live' })
  await app.session.enter()
  await settled()
  expect(has('guide')).toBe(false)
})
