// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest'
import { FakeDesk, refusal } from '../../backend/fake/desk'
import { at, button, click, settled, show, started, type } from '../../backend/fake/render'
import type { App } from '../../state/app'
import ForgetSheet from './ForgetSheet.svelte'

let desk: FakeDesk
let app: App

beforeEach(async () => {
  desk = new FakeDesk([
    { id: 'lowe', name: 'M. Lowe', billMinor: 5000, heldMinor: 5000, capturedMinor: 5000 }
  ])
  app = await started(desk)
  app.nav.sheet = { kind: 'forget' }
  show(app, ForgetSheet, { tab: desk.tab('lowe') })
  await settled()
})

test('the safe key has the focus, and the red one waits for a reason and a name', async () => {
  expect(document.activeElement).toBe(at('forget-keep'))
  expect(button('forget-confirm').disabled).toBe(true)
  await click('forget-why')
  expect(button('forget-confirm').disabled).toBe(true)
  await type('forget-name', 'M. Lowe')
  expect(button('forget-confirm').disabled).toBe(false)
  await click('forget-confirm')
  await settled()
  const asked = desk.sent.find(({ command }) => command === 'forgetGuest')
  expect(asked?.args[0]).toEqual({ tabId: 'lowe', tabs: ['lowe'], why: 'asked', name: 'M. Lowe' })
  expect(app.nav.sheet).toBeNull()
})

test('another tab with the name goes too once it is ticked', async () => {
  const [, other] = document.querySelectorAll<HTMLInputElement>("[data-testid='forget-tab']")
  other?.click()
  await settled()
  await click('forget-why')
  await type('forget-name', 'M. Lowe')
  await click('forget-confirm')
  await settled()
  const asked = desk.sent.find(({ command }) => command === 'forgetGuest')
  expect(asked?.args[0]).toMatchObject({ tabs: ['lowe', 'other'] })
})

test('a wrong name is said at its field, and the sheet stays', async () => {
  const wrong = refusal('invalid', 'Type the name as it stands above.')
  desk.fail('forgetGuest', {
    ...wrong,
    fields: [{ field: 'name', message: 'Type the name as it stands above.' }]
  })
  await click('forget-why')
  await type('forget-name', 'Lowe')
  await click('forget-confirm')
  await settled()
  expect(document.body.textContent).toContain('Type the name as it stands above.')
  expect(app.nav.sheet).toEqual({ kind: 'forget' })
})
