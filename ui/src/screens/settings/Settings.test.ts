// @vitest-environment happy-dom
import { cleanup, fireEvent } from '@testing-library/svelte'
import { beforeEach, expect, test } from 'vitest'
import { FakeDesk, refusal } from '../../backend/fake/desk'
import { at, click, has, input, settled, show, started, type } from '../../backend/fake/render'
import type { Settings as Saved } from '../../bindings/Settings'
import type { App } from '../../state/app'
import Settings from './Settings.svelte'

let desk: FakeDesk
let app: App

beforeEach(async () => {
  desk = new FakeDesk()
  app = await started(desk)
  show(app, Settings, {})
  await settled()
})

const shown = () =>
  [...document.querySelectorAll<HTMLElement>('[role="tabpanel"]')]
    .filter((panel) => !panel.hidden)
    .map((panel) => panel.dataset.testid)
const saved = () =>
  desk.sent.filter((call) => call.command === 'saveSettings').map((call) => call.args[0] as Saved)
/** Longer than a frame: the field that is wrong has the focus after one. */
const drawn = () => new Promise((done) => setTimeout(done, 60))

test('shows one part at once, and says which', async () => {
  expect(shown()).toEqual(['panel-mode'])
  await click('section-venue')
  expect(shown()).toEqual(['panel-venue'])
  expect(at('section-venue').getAttribute('aria-selected')).toBe('true')
  const panel = at('panel-venue')
  expect(document.getElementById(panel.getAttribute('aria-labelledby') ?? '')).toBe(at('section-venue'))
})

test('goes from part to part by arrows, with one stop for Tab', async () => {
  at('section-mode').focus()
  await fireEvent.keyDown(at('section-mode'), { key: 'ArrowDown' })
  expect(shown()).toEqual(['panel-venue'])
  expect(document.activeElement).toBe(at('section-venue'))
  await fireEvent.keyDown(at('section-venue'), { key: 'End' })
  expect(shown()).toEqual(['panel-about'])
  await fireEvent.keyDown(at('section-about'), { key: 'ArrowDown' })
  expect(shown()).toEqual(['panel-mode'])
  const stops = [...document.querySelectorAll<HTMLElement>('[role="tab"]')].filter(
    (tab) => tab.tabIndex === 0
  )
  expect(stops).toEqual([at('section-mode')])
})

test('loses nothing that was typed when another part is shown, nor another screen', async () => {
  await click('section-venue')
  await type('set-venue', 'The Bell')
  await click('section-night')
  await type('set-cutoff', '04:30')
  await click('section-venue')
  expect(input('set-venue').value).toBe('The Bell')
  expect(at('not-saved').textContent).toBe('Not saved yet: Venue, Day and night')
  expect(at('section-night').textContent).toContain('not saved')

  cleanup()
  show(app, Settings, {})
  await settled()
  expect(input('set-venue').value).toBe('The Bell')
  expect(saved()).toEqual([])
})

test('saves what was typed in every part, in one press', async () => {
  await type('set-venue', 'The Bell')
  await type('set-tips', '5 8')
  await type('set-warnings', '48, 6')
  await click('section-night')
  await click('save-settings')
  expect(saved()[0]).toMatchObject({ venue: 'The Bell', tipPresets: ['5', '8'], warningHours: [48, 6] })
  expect(has('not-saved')).toBe(false)
  expect(app.session.settings?.venue).toBe('The Bell')
})

test('brings a person who saves to the part that has the error', async () => {
  await click('section-venue')
  await type('set-cutoff', 'five')
  await type('set-safe', 'lots')
  await click('save-settings')
  await drawn()
  expect(shown()).toEqual(['panel-deadlines'])
  expect(document.activeElement).toBe(at('set-safe'))
  expect(at('section-deadlines').textContent).toContain('needs correcting')
  expect(at('section-night').textContent).toContain('needs correcting')
  expect(input('set-cutoff').value).toBe('five')

  await type('set-safe', '12')
  await click('save-settings')
  await drawn()
  expect(shown()).toEqual(['panel-night'])
  expect(at('section-deadlines').textContent).not.toContain('needs correcting')
})

test('stays where it is when the error is there, or is no field’s', async () => {
  await click('section-night')
  await type('set-cutoff', 'five')
  await type('set-safe', 'lots')
  await click('save-settings')
  await drawn()
  expect(shown()).toEqual(['panel-night'])
  expect(document.activeElement).toBe(at('set-cutoff'))

  await type('set-cutoff', '05:00')
  await type('set-safe', '12')
  await type('set-venue', 'The Bell')
  desk.fail('saveSettings', refusal('ledger', 'The ledger can’t be written.'))
  await click('save-settings')
  expect(at('settings-error').textContent).toContain('The ledger can’t be written.')
  expect(shown()).toEqual(['panel-night'])
  expect(input('set-venue').value).toBe('The Bell')
})

test('switches one-letter keys off, and the window follows at once', async () => {
  await click('section-keys')
  expect(shown()).toEqual(['panel-keys'])
  expect(input('set-letters').checked).toBe(true)
  await click('set-letters')
  await click('save-settings')
  expect(saved()[0]?.letterKeys).toBe(false)
  expect(app.session.settings?.letterKeys).toBe(false)
})

test('shows the licences of what others wrote', async () => {
  await click('section-about')
  await click('third-party')
  expect((at('third-party-text') as HTMLTextAreaElement).value).toBe('Inter 5.3.0, OFL-1.1')
})

test('the second folder is chosen in the system’s dialog, and named by no field', async () => {
  await click('section-backups')
  expect(document.querySelector('#panel-backups input')).toBeNull()
  await click('choose-backup-folder')
  await settled()
  expect(desk.sent.map((call) => call.command)).toContain('chooseBackupFolder')
})

test('licences and support details are closed by the button that showed them', async () => {
  await click('section-about')
  for (const id of ['third-party', 'support']) {
    const show = at(id).textContent
    await click(id)
    expect(has(`${id}-text`)).toBe(true)
    expect(at(id).textContent).toMatch(/^Hide/)
    expect(at(id).getAttribute('aria-expanded')).toBe('true')
    await click(id)
    expect(has(`${id}-text`)).toBe(false)
    expect(at(id).textContent).toBe(show)
  }
})

test('warns of copies that aren’t encrypted once there is a folder for them', async () => {
  await click('section-backups')
  expect(has('copies-plain')).toBe(false)
  await click('choose-backup-folder')
  expect(has('copies-plain')).toBe(true)
})

test('training says how this till gets its key', () => {
  expect(at('panel-mode').textContent).toContain('the first screen asks for its key')
})

test('training says whether the disk is encrypted, and offers nothing that needs Dojo', async () => {
  await click('section-pc')
  expect(at('disk').textContent).toContain('Nobody can tell.')
  expect(has('set-autostart')).toBe(false)
  expect(has('bring-in')).toBe(false)
})
