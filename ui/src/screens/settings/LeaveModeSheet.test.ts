// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest'
import { FakeDesk } from '../../backend/fake/desk'
import { at, click, settled, show, started } from '../../backend/fake/render'
import type { App } from '../../state/app'
import LeaveModeSheet from './LeaveModeSheet.svelte'
import ModePanel from './ModePanel.svelte'

const MEANS = '1 tab open, £50.00 on hold. While this mode is closed nobody watches these holds.'

let desk: FakeDesk
let app: App

beforeEach(async () => {
  document.body.replaceChildren()
  desk = new FakeDesk()
  desk.begin({ mode: 'live', keys: { sandbox: null, live: 'sk_prod_…7Qx2' } })
  app = await started(desk)
})

test('a mode in which nothing is open closes at once', async () => {
  show(app, ModePanel, {})
  await click('change-mode')
  expect(app.nav.sheet).toBeNull()
  expect(desk.count('leaveMode')).toBe(1)
})

test('a mode with an open hold is closed by nobody who has not read that', async () => {
  desk.leavingMeans = MEANS
  show(app, ModePanel, {})
  await click('change-mode')
  expect(app.nav.sheet).toEqual({ kind: 'leaveMode', words: MEANS })
  expect(desk.count('leaveMode')).toBe(0)
})

test('the question says what is open, and its first button keeps the watch', async () => {
  app.nav.sheet = { kind: 'leaveMode', words: MEANS }
  show(app, LeaveModeSheet, { words: MEANS })
  expect(at('leave-means').textContent).toBe(MEANS)
  expect(document.activeElement).toBe(at('keep-mode'))
  await click('keep-mode')
  expect(app.nav.sheet).toBeNull()
  expect(desk.count('leaveMode')).toBe(0)
})

test('who confirms leaves', async () => {
  show(app, LeaveModeSheet, { words: MEANS })
  await click('leave-confirm')
  await settled()
  expect(desk.count('leaveMode')).toBe(1)
  expect(app.session.start?.mode).toBeNull()
})
