// @vitest-environment happy-dom
import { fireEvent } from '@testing-library/svelte'
import { beforeEach, expect, test } from 'vitest'
import App from '../../App.svelte'
// Read before the window begins, which otherwise reads it when the floor is there.
import '../../lazy'
import { FakeDesk } from '../../backend/fake/desk'
import { at, button, click, enter, has, input, settled, show, type } from '../../backend/fake/render'
import { SETTINGS } from '../../backend/fake/till'
import type { Settings } from '../../bindings/Settings'
import { createApp, type App as State } from '../../state/app'

let desk: FakeDesk
let app: State

async function open(setup: 'venue' | 'key' | 'printer' | 'staff' | 'hold' | 'done' | null) {
  desk = new FakeDesk()
  desk.begin({ setup })
  await restart()
}
/** The window begins once more, over the same desk. */
async function restart() {
  document.body.replaceChildren()
  app = createApp(desk.backend)
  show(app, App, {})
  await settled()
}
beforeEach(() => open('venue'))

const saved = () =>
  desk.sent.filter((call) => call.command === 'saveSettings').map((call) => call.args[0] as Settings)
const steps = () => desk.sent.filter((call) => call.command === 'setUp').map((call) => call.args[0])
const stepMarked = () =>
  [...document.querySelectorAll<HTMLElement>('[aria-current="step"]')].map((step) => step.dataset.testid)

test('sets what Settings set, and remembers each step', async () => {
  await type('set-venue', 'The Bell')
  await type('set-address', '1 High Street')
  await type('set-statement', 'THE BELL OAKHAM')
  await click('setup-next')
  expect(saved()[0]).toMatchObject({
    venue: 'The Bell',
    address: '1 High Street',
    statementName: 'THE BELL OAKHAM'
  })
  expect(stepMarked()).toEqual(['step-key'])
  await click('setup-skip')
  await click('setup-next')
  await type('set-staff', 'Sam')
  await click('setup-next')
  expect(saved()[1]?.staffName).toBe('Sam')
  expect(steps()).toEqual(['key', 'printer', 'staff', 'hold'])
  expect(at('step-key').textContent).toContain('Skipped')
  expect(at('step-venue').textContent).toContain('done')
})

test('keeps what is refused, says why, and can be passed by and come back to', async () => {
  await type('set-venue', ' ')
  await click('setup-next')
  expect(at('field-error').textContent).toContain('The venue needs a name.')
  expect(document.activeElement).toBe(at('set-venue'))
  expect(stepMarked()).toEqual(['step-venue'])

  await click('setup-skip')
  expect(stepMarked()).toEqual(['step-key'])
  await type('field-key', 'sk_sandbox_abc')
  await enter('field-key')
  expect(app.session.start?.mode).toBe('sandbox')
  // Another ledger has other settings; what was typed waits all the same.
  await click('setup-back')
  expect(input('set-venue').value).toBe(' ')
  // It ends only when that is right.
  await click('step-hold')
  await click('setup-end')
  expect(stepMarked()).toEqual(['step-venue'])
  await type('set-venue', 'The Bell')
  await click('step-hold')
  await click('setup-end')
  expect(app.session.settings?.venue).toBe('The Bell')
  expect(has('setup')).toBe(false)
})

test('begins again where somebody stopped', async () => {
  document.body.replaceChildren()
  await open('printer')
  expect(stepMarked()).toEqual(['step-printer'])
  await click('test-slip')
  expect(at('paper').textContent).toContain('Test slip')
  await click('paper-slip')
  expect(at('paper').className).toContain('slip')
})

test('knows after a restart what was done and what was skipped', async () => {
  await type('set-venue', 'The Bell')
  await click('setup-next')
  await click('setup-skip')
  await restart()
  expect(stepMarked()).toEqual(['step-printer'])
  expect(at('step-venue').textContent).toContain('done')
  expect(at('step-key').textContent).toContain('Skipped')
  expect(at('step-printer').textContent).not.toMatch(/done|Skipped/)
  // What is done later is skipped no more.
  await click('setup-skip')
  await click('setup-back')
  await click('setup-next')
  await restart()
  expect(at('step-printer').textContent).toContain('done')
})

test('says of a key only what is so, whatever was pressed and after a restart', async () => {
  await click('setup-skip')
  await click('setup-next')
  expect(at('step-key').textContent).toContain('Skipped')
  await click('step-key')
  await type('field-key', 'sk_sandbox_abc')
  await enter('field-key')
  expect(at('step-key').textContent).toContain('done')
})

test('the name that nobody chose goes on no paper: “Continue” asks for one, and skipping goes on', async () => {
  await desk.backend.saveSettings({ ...SETTINGS, venue: 'My venue' })
  await restart()
  await click('setup-next')
  expect(stepMarked()).toEqual(['step-venue'])
  expect(at('field-error').textContent).toContain('Type your venue’s name')
  expect(document.activeElement).toBe(at('set-venue'))
  await click('setup-skip')
  expect(stepMarked()).toEqual(['step-key'])
  await click('step-hold')
  await click('setup-first')
  expect(has('setup')).toBe(false)
})

test('a key that was pasted is saved by the green button, and never left behind', async () => {
  await click('step-key')
  expect(at('setup-next').textContent).toBe('Continue')
  await type('field-key', 'sk_sandbox_abc')
  // It waits while another step is shown.
  await click('setup-skip')
  await click('step-key')
  expect(input('field-key').value).toBe('sk_sandbox_abc')
  // The setup doesn't end over it either.
  await click('step-hold')
  await click('setup-first')
  expect(stepMarked()).toEqual(['step-key'])
  expect(at('key-unsaved').textContent).toContain('isn’t saved yet')
  expect(has('keep-key')).toBe(false)
  await click('setup-next')
  expect(desk.sent.filter((call) => call.command === 'enterKey').map((call) => call.args[0])).toEqual([
    'sk_sandbox_abc'
  ])
  expect(at('step-key').textContent).toContain('done')
  expect(stepMarked()).toEqual(['step-key'])
  expect(at('setup-next').textContent).toBe('Continue')
  expect(input('field-key').value).toBe('')
  await click('setup-next')
  expect(stepMarked()).toEqual(['step-printer'])
})

test('has the keys to itself: no tab is opened behind it', async () => {
  await fireEvent.keyDown(document.body, { key: 'F2' })
  expect(app.nav.sheet).toBeNull()
  expect(has('new-tab')).toBe(false)
})

test('without a key it ends on the floor in training, with the guided night if somebody wants it', async () => {
  await click('step-hold')
  expect(at('ready').textContent).toContain('You have no key yet')
  expect(at('ready').textContent).toContain('leave training in Settings')
  await click('setup-guided')
  expect(steps().at(-1)).toBe('done')
  expect(has('setup')).toBe(false)
  expect(at('guide-progress').textContent).toBe('0 of 7 done')
})

test('with a key it ends at the first request, or practises first', async () => {
  await click('step-key')
  await type('field-key', 'sk_sandbox_abc')
  await enter('field-key')
  expect(app.session.start?.mode).toBe('sandbox')
  await click('step-hold')
  await click('setup-first')
  expect(app.nav.sheet).toEqual({ kind: 'new', what: 'tab' })

  document.body.replaceChildren()
  await open('hold')
  desk.begin({ setup: 'hold', mode: 'sandbox' })
  await app.session.enter()
  await settled()
  await click('setup-guided')
  expect(app.session.start?.mode).toBe('training')
  expect(has('guide')).toBe(true)
})

test('nobody practises unasked while something is on hold with the key', async () => {
  document.body.replaceChildren()
  await open('hold')
  desk.begin({ setup: 'hold', mode: 'live' })
  desk.leavingMeans = '1 tab open, £50.00 on hold. While this mode is closed nobody watches these holds.'
  await app.session.enter()
  await settled()
  await click('setup-guided')
  expect(at('setup-leaving').textContent).toContain('£50.00 on hold')
  expect(document.activeElement).toBe(at('setup-stay'))
  expect(desk.count('chooseTraining')).toBe(0)
  await click('setup-stay')
  expect(has('setup-leaving')).toBe(false)
  await click('setup-guided')
  await click('setup-leave')
  expect(app.session.start?.mode).toBe('training')
})

test('a till that was set up never sees it', async () => {
  for (const setup of ['done', null] as const) {
    document.body.replaceChildren()
    await open(setup)
    expect(has('setup')).toBe(false)
    expect(has('new-tab')).toBe(true)
  }
})

test('nothing is sent twice by an impatient press', async () => {
  const next = button('setup-next')
  next.click()
  next.click()
  await settled()
  expect(steps()).toEqual(['key'])
})
