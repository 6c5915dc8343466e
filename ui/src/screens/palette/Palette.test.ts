// @vitest-environment happy-dom
import { cleanup, fireEvent } from '@testing-library/svelte'
import { beforeEach, expect, test } from 'vitest'
import { FakeDesk } from '../../backend/fake/desk'
import { at, settled, show, started, type } from '../../backend/fake/render'
import type { Guest } from '../../backend/fake/samples'
import type { App } from '../../state/app'
import KeyMap from '../window/KeyMap.svelte'
import { ALL_VERBS, deedsOn, general } from './hits'
import Palette from './Palette.svelte'

let desk: FakeDesk
let app: App

beforeEach(async () => {
  desk = new FakeDesk()
  app = await started(desk)
  app.nav.sheet = { kind: 'palette' }
  show(app, Palette, {})
  await settled()
})

const hits = () =>
  [...document.querySelectorAll('[data-testid="hit"] b')].map((hit) => hit.textContent?.trim() ?? '')
const ask = async (query: string) => {
  await type('palette-input', query)
  await settled()
}
const press = async (key: string) => {
  await fireEvent.keyDown(at('palette-input'), { key })
  await settled()
}

test('a verb and a name open the sheet, and nothing is sent', async () => {
  await ask('rel call')
  expect(hits()).toEqual(['Release £200.00, Callum Reid', 'Callum Reid'])
  await press('Enter')
  expect(app.nav.sheet).toEqual({ kind: 'act', act: 'release', holdId: 'callum-hold' })
  expect(app.floor.tab?.row.id).toBe('callum')
  expect(desk.count('release')).toBe(0)
})

test('what isn’t possible is listed with its reason, and does nothing', async () => {
  await ask('refund amira')
  expect(at('hit').textContent).toContain('Nothing was taken.')
  expect(at('hit').getAttribute('aria-disabled')).toBe('true')
  await press('Enter')
  expect(app.nav.sheet).toEqual({ kind: 'palette' })
})

test('arrows choose, and what is chosen is said to a screen reader', async () => {
  await ask('brandt')
  const input = at('palette-input')
  const chosen = () => document.getElementById(input.getAttribute('aria-activedescendant') ?? '')
  expect(chosen()?.textContent).toContain('Take, Olaf Brandt')
  await press('ArrowUp')
  expect(chosen()?.textContent).toContain('Opens the tab')
  expect(chosen()?.getAttribute('aria-selected')).toBe('true')
  await press('Enter')
  expect(app.nav.sheet).toBeNull()
  expect(app.floor.selected).toBe('brandt')
})

test('goes to a screen by its name', async () => {
  await ask('rep')
  expect(hits()).toEqual(['Reports'])
  await press('Enter')
  expect(app.nav.screen).toBe('reports')
})

test('with nothing typed it offers what can be done on the tab that is shown', async () => {
  await app.floor.select('amira')
  await ask(' ')
  expect(hits()).toContain('Release £150.00, Amira Haddad')
  expect(hits()).not.toContain('Refund, Amira Haddad')
})

test('says when nothing fits', async () => {
  await ask('zzzz')
  expect(at('palette').textContent).toContain('Nothing found.')
})

test('whatever has a key in the palette stands in the key help too', async () => {
  await ask(' ')
  const keys = [...document.querySelectorAll('[data-testid="hit"] .ends kbd')].map((key) => key.textContent)
  show(app, KeyMap, {})
  await settled()
  const help = [...document.querySelectorAll('.keys dd kbd')].map((key) => key.textContent)
  for (const key of keys.filter((key) => key !== 'Enter')) expect(help).toContain(key)
  expect(help).toContain('Ctrl K')
})

test('Enter right after the last letter waits for what the letters mean', async () => {
  desk = new FakeDesk([
    { id: 'amira', name: 'Amira Haddad', billMinor: 5000, heldMinor: 5000, capturedMinor: 5000 },
    { id: 'brandt', name: 'Olaf Brandt', billMinor: 5000, heldMinor: 5000, capturedMinor: 5000 }
  ])
  cleanup()
  app = await started(desk)
  await app.floor.select('brandt')
  app.nav.sheet = { kind: 'palette' }
  show(app, Palette, {})
  await settled()
  // A verb alone means the tab that is shown; with a name, another one.
  await ask('close')
  await type('palette-input', 'close amira')
  await press('Enter')
  const closed = desk.sent.filter((call) => call.command === 'closeTab').map((call) => call.args[0])
  expect(closed).toEqual(['amira'])
})

const there = () =>
  JSON.stringify([
    app.nav.screen,
    app.nav.sheet,
    app.nav.paper,
    app.nav.guest,
    app.floor.selected,
    app.nav.rows
  ])

test('every entry that may be pressed does something, and what its end says', async () => {
  const guests: Guest[] = [
    { id: 'open', name: 'Open', billMinor: 5000, heldMinor: 9000 },
    { id: 'paid', name: 'Paid', billMinor: 5000, heldMinor: 5000, capturedMinor: 5000 },
    { id: 'waits', name: 'Waits', heldMinor: 5000, isWaiting: true }
  ]
  const seen = new Set<string>()
  for (const { id } of guests) {
    for (let number = 0; ; number += 1) {
      desk = new FakeDesk(guests)
      app = await started(desk)
      await app.floor.select(id)
      const tab = app.floor.tab ?? expect.fail('no tab')
      const hit = [...deedsOn(app, tab, ALL_VERBS), ...general(app, '')][number]
      if (!hit) break
      if (hit.why) continue
      // From a screen that none of them goes to and over no sheet, so that each has something to change.
      app.nav.screen = hit.id === 'history' ? 'reports' : 'history'
      const before = there()
      hit.run()
      await settled()
      expect(there() !== before || desk.count('closeTab') > 0, hit.words).toBe(true)
      if (hit.ends === 'Opens the sheet') expect(app.nav.sheet, hit.words).not.toBeNull()
      if (hit.ends === 'Opens the paper') expect(app.nav.paper, hit.words).not.toBeNull()
      if (hit.ends === 'Closes it') expect(desk.count('closeTab'), hit.words).toBe(1)
      if (hit.ends === 'Shows it') expect(app.nav.guest, hit.words).not.toBeNull()
      seen.add(hit.id.split(' ')[0] ?? '')
    }
  }
  for (const verb of [
    'take',
    'release',
    'cancel',
    'refund',
    'holdMore',
    'showQr',
    'closeTab',
    'receipt',
    'rows'
  ])
    expect([...seen]).toContain(verb)
}, 30_000)
