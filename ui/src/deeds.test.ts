// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { FakeDesk, refusal } from './backend/fake/desk'
import { started } from './backend/fake/render'
import { tab } from './backend/fake/samples'
import type { TabView } from './bindings/TabView'
import { DEEDS, deedOf, isOnTab, keyOf, keysOf, mayDo, perform, sheetOf } from './deeds'

const key = (key: string, held: KeyboardEventInit = {}, hasLetters = true) =>
  deedOf(new KeyboardEvent('keydown', { key, ...held }), hasLetters)

test('each key means one deed', () => {
  const keys = (Object.keys(DEEDS) as (keyof typeof DEEDS)[]).flatMap((deed) => keysOf(deed))
  expect(new Set(keys).size).toBe(keys.length)
  expect(key('F4')).toBe('take')
  expect(key('k', { ctrlKey: true })).toBe('palette')
  expect(key('e', { metaKey: true })).toBe('closeTab')
  expect(key('k')).toBeUndefined()
})

test('a key of one character can be switched off; another one means the same, and nothing else changes', () => {
  expect([key('/'), key('?')]).toEqual(['search', 'keys'])
  expect([key('/', {}, false), key('?', {}, false)]).toEqual([undefined, undefined])
  for (const hasLetters of [true, false]) {
    expect(key('f', { ctrlKey: true }, hasLetters)).toBe('search')
    expect(key('F1', {}, hasLetters)).toBe('keys')
    expect(key('F4', {}, hasLetters)).toBe('take')
    expect(key('k', { ctrlKey: true }, hasLetters)).toBe('palette')
  }
})

test('what stands on a button works with the keys that are on', () => {
  for (const deed of Object.keys(DEEDS) as (keyof typeof DEEDS)[]) {
    expect(keyOf(deed, false)?.length, deed).not.toBe(1)
    expect(keyOf(deed, false) === null, deed).toBe(keyOf(deed, true) === null)
  }
  expect([keyOf('search', true), keyOf('search', false)]).toEqual(['/', 'Ctrl F'])
})

test('AltGr, which some systems report as Ctrl and Alt, types € and closes nothing', () => {
  expect(key('€', { ctrlKey: true, altKey: true })).toBeUndefined()
  expect(key('e', { ctrlKey: true, altKey: true })).toBeUndefined()
})

test('F6 cancels what is only requested, and releases what is on hold', () => {
  const guest = { id: 'lena', name: 'Lena', heldMinor: 5000 }
  expect(sheetOf(tab(guest), 'release')).toEqual({ kind: 'act', act: 'release', holdId: 'lena-hold' })
  expect(sheetOf(tab({ ...guest, isWaiting: true }), 'release')).toEqual({
    kind: 'act',
    act: 'cancel',
    holdId: 'lena-hold'
  })
})

test('nothing of a tab is allowed that the desk refuses, whatever its holds look like', () => {
  const refused: TabView = {
    ...tab({ id: 'lena', name: 'Lena', heldMinor: 5000 }),
    keys: {
      take: false,
      holdMore: false,
      release: null,
      renew: null,
      refund: null,
      showQr: null,
      sendAgain: null,
      print: null,
      moveBill: false,
      closeTab: null,
      forget: false
    }
  }
  for (const deed of Object.keys(DEEDS) as (keyof typeof DEEDS)[])
    if (isOnTab(deed)) expect([deed, mayDo(refused, deed)]).toEqual([deed, false])
})

test('a key pressed while the chosen tab is on its way means that tab, not the one still shown', async () => {
  const guest = { heldMinor: 5000, capturedMinor: 2000, billMinor: 2000 }
  const desk = new FakeDesk([
    { id: 'lena', name: 'Lena', ...guest },
    { id: 'omar', name: 'Omar', ...guest }
  ])
  const here = await started(desk)
  await here.floor.select('lena')
  void here.floor.select('omar')
  perform(here, 'print')
  expect(here.nav.paper).toBeNull()
  await here.floor.arriving
  await Promise.resolve()
  expect(here.nav.paper).toEqual({ ...desk.tab('omar').keys.print, isPrinting: true })
})

test('nobody closes a tab that isn’t shown yet', async () => {
  const desk = new FakeDesk([
    { id: 'lena', name: 'Lena', heldMinor: 5000 },
    { id: 'omar', name: 'Omar', heldMinor: 5000, capturedMinor: 5000, billMinor: 5000 }
  ])
  const here = await started(desk)
  await here.floor.select('lena')
  void here.floor.select('omar')
  perform(here, 'closeTab')
  await here.floor.arriving
  expect(desk.count('closeTab')).toBe(0)
})

test('a tab that can’t be had leaves no other one in its place', async () => {
  const desk = new FakeDesk()
  const here = await started(desk)
  await here.floor.select('amira')
  desk.fail('tab', refusal('ledger', 'The ledger can’t be read.'))
  await here.floor.select('brandt')
  expect(here.floor.tab).toBeNull()
  expect(here.nav.toast).toBe('The ledger can’t be read.')
})
