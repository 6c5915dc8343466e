// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest'
import App from '../../App.svelte'
// Read before the window begins, which otherwise reads it when the floor is there.
import '../../lazy'
import { FakeDesk } from '../../backend/fake/desk'
import { at, click, has, input, settled, show } from '../../backend/fake/render'
import { createApp, type App as State } from '../../state/app'

const NEWER = { version: '0.2.0', notes: 'The night is quicker.' }
let desk: FakeDesk
let app: State

beforeEach(async () => {
  desk = new FakeDesk()
  desk.setUpdates({ isPossible: true })
  app = createApp(desk.backend)
  show(app, App, {})
  await settled()
})

async function about() {
  await click('screen-settings')
  await click('section-about')
}

test('is off until somebody wants it', async () => {
  await about()
  expect(input('set-updates').checked).toBe(false)
  expect(has('nothing-new')).toBe(false)
  await click('set-updates')
  expect(desk.sent.filter((call) => call.command === 'setUpdateNotice')).toMatchObject([{ args: [true] }])
  expect(has('nothing-new')).toBe(true)
})

test('tells of a new version once, with its notes where they have room', async () => {
  await about()
  await click('set-updates')
  desk.setUpdates({ update: NEWER })
  await settled()
  expect(at('update-banner').textContent).toContain('Holdfast 0.2.0 is ready to install.')
  await click('update-notes')
  expect(app.nav.section).toBe('about')
  expect(at('new-version').textContent).toBe('Holdfast 0.2.0 is ready to install.')
  expect((at('new-notes') as HTMLTextAreaElement).value).toBe('The night is quicker.')
  expect(has('update-banner')).toBe(false)
})

test('goes from sight when it may not be told any more, as while something is on its way', async () => {
  await about()
  await click('set-updates')
  desk.setUpdates({ update: NEWER })
  await settled()
  expect(has('update-banner')).toBe(true)
  desk.setUpdates({ update: null })
  await settled()
  expect(has('update-banner')).toBe(false)
  desk.setUpdates({ update: NEWER })
  await settled()
  await click('update-dismiss')
  desk.tellChanged()
  await settled()
  expect(has('update-banner')).toBe(false)
})

test('promises nothing where no repository of this PC has Holdfast', async () => {
  desk.setUpdates({ isListed: false })
  await about()
  await click('set-updates')
  expect(has('nothing-new')).toBe(false)
  expect(at('not-listed').textContent).toContain('we can’t tell you of a new version')
})

test('shows no empty box where a version came without notes', async () => {
  await about()
  await click('set-updates')
  desk.setUpdates({ update: { version: '0.1.0-2', notes: null } })
  await settled()
  expect(at('new-version').textContent).toBe('Holdfast 0.1.0-2 is ready to install.')
  expect(at('new-notes').tagName).toBe('P')
})

test('offers nothing where nothing keeps this PC up to date', async () => {
  desk.setUpdates({ isPossible: false })
  await about()
  expect(has('set-updates')).toBe(false)
})
