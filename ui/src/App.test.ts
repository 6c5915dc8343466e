// @vitest-environment happy-dom
import { fireEvent } from '@testing-library/svelte'
import { beforeEach, expect, test } from 'vitest'
import App from './App.svelte'
import { FakeDesk, refusal } from './backend/fake/desk'
import { at, settled, show } from './backend/fake/render'
import { createApp, type App as State } from './state/app'

let desk: FakeDesk
let app: State

beforeEach(() => {
  desk = new FakeDesk()
  app = createApp(desk.backend)
})

const open = async () => {
  show(app, App, {})
  await settled()
}
const press = (key: string) => fireEvent.keyDown(document.body, { key })

test('shows the floor under the venue’s name and the mode', async () => {
  await open()
  expect(document.querySelector('h1')?.textContent).toBe('The Anchor')
  expect(at('mode-badge').textContent).toBe('TRAINING')
  expect(at('open-count').textContent).toBe('3')
})

test('says why nothing can be shown', async () => {
  desk.fail('start', refusal('ledger', 'The ledger can’t be opened.'))
  await open()
  expect(document.querySelector('[role="alert"]')?.textContent).toBe('The ledger can’t be opened.')
})

test('says on the floor why an answer is missing', async () => {
  await open()
  desk.fail('floor', refusal('ledger', 'The ledger can’t be read.'))
  desk.tellChanged()
  await settled()
  expect(at('banners').textContent).toContain('The ledger can’t be read.')
})

test('keys act on the hold that the desk names, and on none that it does not', async () => {
  await open()
  await app.floor.select('amira')
  const { tab } = app.floor
  if (!tab) throw new Error('the tab is not shown')

  app.floor.tab = { ...tab, keys: { ...tab.keys, take: false, release: null, renew: null } }
  for (const key of ['F4', 'F6', 'F7']) await press(key)
  expect(app.nav.sheet).toBeNull()

  app.floor.tab = {
    ...tab,
    keys: {
      ...tab.keys,
      release: { act: 'cancel', holdId: 'one-hold' },
      renew: 'another-hold',
      refund: 'a-third-hold'
    }
  }
  await press('F6')
  expect(app.nav.sheet).toEqual({ kind: 'act', act: 'cancel', holdId: 'one-hold' })
  app.nav.sheet = null
  await press('F7')
  expect(app.nav.sheet).toEqual({ kind: 'renew', holdId: 'another-hold' })
})

test('a key does nothing while the tab that was chosen is on its way', async () => {
  await open()
  await app.floor.select('amira')
  app.floor.selected = 'brandt'
  await press('F6')
  expect(app.nav.sheet).toBeNull()
})

test('the new keys open what they name, also while somebody types', async () => {
  await open()
  await app.floor.select('amira')
  const chord = (key: string) => fireEvent.keyDown(at('search'), { key, ctrlKey: true })

  await chord('m')
  expect(app.nav.sheet).toEqual({ kind: 'more' })
  app.nav.sheet = null
  await chord('p')
  expect(app.nav.paper).toEqual({ kind: 'slip', holdId: 'amira-hold', isPrinting: true })
  app.nav.paper = null
  // It can't be closed while money is on hold, and there is no code to show.
  await chord('e')
  await chord('g')
  expect(desk.count('closeTab')).toBe(0)
  expect(app.nav.guest).toBeNull()
  await chord('k')
  expect(app.nav.sheet).toEqual({ kind: 'palette' })
})

test('with one-letter keys off, a letter that is pressed or heard by mistake does nothing', async () => {
  await open()
  const chord = (key: string) => fireEvent.keyDown(document.body, { key, ctrlKey: true })
  await press('a')
  expect(document.activeElement).toBe(at('search'))
  at('search').blur()
  expect(at('search').parentElement?.querySelector('kbd')?.textContent).toBe('/')

  const saved = app.session.settings ?? expect.fail('no settings')
  app.session.settings = { ...saved, letterKeys: false }
  await settled()
  expect(at('search').parentElement?.querySelector('kbd')?.textContent).toBe('Ctrl F')
  for (const key of ['a', '7', '/', '?']) await press(key)
  expect(document.activeElement).not.toBe(at('search'))
  expect(app.nav.sheet).toBeNull()

  await chord('f')
  expect(document.activeElement).toBe(at('search'))
  await press('F1')
  expect(app.nav.sheet).toEqual({ kind: 'keys' })
})

test('Enter in the search asks for its first hit, on the floor', async () => {
  await open()
  app.nav.screen = 'reports'
  app.floor.query = 'brandt'
  await settled()
  await fireEvent.keyDown(at('search'), { key: 'Enter' })
  await settled()
  expect(app.nav.screen).toBe('floor')
  expect(app.floor.selected).toBe('brandt')
})

test('a search left over from the floor hides no tab of the night, nor the other way', async () => {
  await open()
  app.floor.query = 'brandt'
  await press('F8')
  expect(app.floor.query).toBe('')
  app.floor.query = 'amira'
  await press('F9')
  expect(app.floor.query).toBe('')
})

test('Enter in the search at night goes to that row, and stays there', async () => {
  await open()
  app.nav.screen = 'night'
  app.floor.query = 'brandt'
  await settled()
  await fireEvent.keyDown(at('search'), { key: 'Enter' })
  await settled()
  expect(app.nav.screen).toBe('night')
  expect(app.floor.selected).toBeNull()
})

test('a screen reader hears each toast, in a place that was there before', async () => {
  await open()
  const place = at('heard')
  expect(place.getAttribute('role')).toBe('status')
  expect(place.getAttribute('aria-live')).toBe('polite')
  expect(place.textContent).toBe('')

  app.nav.say('Link copied.')
  await settled()
  expect(at('heard')).toBe(place)
  expect(place.textContent).toBe('Link copied.')
  expect(at('toast').getAttribute('aria-hidden')).toBe('true')

  // The same words again are a change too, or nobody would hear them.
  app.nav.say('Link copied.')
  await settled()
  expect(place.textContent).not.toBe('Link copied.')
  expect(place.textContent?.trim()).toBe('Link copied.')
})

test('rows have three heights, and keep the one that was chosen', async () => {
  localStorage.clear()
  await open()
  const height = () => document.querySelector<HTMLElement>('.app')?.dataset.rows
  expect(height()).toBe('tall')
  for (const next of ['medium', 'dense']) {
    await fireEvent.keyDown(document.body, { key: 'd', ctrlKey: true })
    await settled()
    expect(height()).toBe(next)
  }
  expect(createApp(desk.backend).nav.rows).toBe('dense')
})

test('the guest’s code goes with its tab', async () => {
  await open()
  await app.floor.select('amira')
  app.nav.guest = 'amira-hold'
  await app.floor.select('brandt')
  expect(app.nav.guest).toBeNull()
})

test('a letter typed on a list begins a search, and none elsewhere', async () => {
  await open()
  app.floor.query = 'before'
  await press('a')
  expect(document.activeElement).toBe(at('search'))
  expect(app.floor.query, 'what was looked for before goes').toBe('')

  at('screen-settings').focus()
  app.nav.screen = 'settings'
  await settled()
  await press('a')
  expect(document.activeElement).not.toBe(at('search'))
})

test('while the shared ledger is away nothing is begun, and a key says why', async () => {
  desk.readOnly = 'The shared ledger can’t be reached since 21:04.'
  await open()
  expect((at('new-tab') as HTMLButtonElement).disabled).toBe(true)
  await press('F2')
  await settled()
  expect(app.nav.sheet).toBeNull()
  expect(at('toast').textContent).toContain('since 21:04')
  desk.readOnly = null
  desk.tellChanged()
  await settled()
  expect((at('new-tab') as HTMLButtonElement).disabled).toBe(false)
  await press('F2')
  expect(app.nav.sheet).toEqual({ kind: 'new', what: 'tab' })
})

test('says who is working, and at which till where there are several', async () => {
  await open()
  expect(at('on-duty').textContent).toBe('RRobin')
  desk.begin({ sharedLedger: { till: 'Bar 1', address: 'host=db.example' } })
  await app.session.enter()
  await settled()
  expect(at('on-duty').textContent).toContain('Bar 1')
})
