// @vitest-environment happy-dom
// Ways in which a sheet or the palette does something else than what the person sees. Red where it does.
import { fireEvent } from '@testing-library/svelte'
import { expect, test } from 'vitest'
import { FakeDesk } from '../backend/fake/desk'
import { at, click, settled, show, started, type } from '../backend/fake/render'
import Palette from './palette/Palette.svelte'
import MoreSheet from './tab/MoreSheet.svelte'

test('Enter right after the last letter does nothing to a tab that the letters don’t mean', async () => {
  const desk = new FakeDesk([
    { id: 'amira', name: 'Amira Haddad', billMinor: 5000, heldMinor: 5000, capturedMinor: 5000 },
    { id: 'brandt', name: 'Olaf Brandt', billMinor: 5000, heldMinor: 5000, capturedMinor: 5000 }
  ])
  const app = await started(desk)
  await app.floor.select('brandt')
  app.nav.sheet = { kind: 'palette' }
  show(app, Palette, {})
  await settled()
  await type('palette-input', 'close')
  await settled()
  await type('palette-input', 'close amira')
  await fireEvent.keyDown(at('palette-input'), { key: 'Enter' })
  await settled()
  const closed = desk.sent.filter((call) => call.command === 'closeTab').map((call) => call.args[0])
  expect(closed).not.toContain('brandt')
})

test('a sheet that asks for more sleeps when its tab is closed meanwhile', async () => {
  const desk = new FakeDesk([
    { id: 'pavel', name: 'Pavel', billMinor: 13000, heldMinor: 10000, capturedMinor: 10000 }
  ])
  const app = await started(desk)
  await app.floor.select('pavel')
  app.nav.sheet = { kind: 'more' }
  show(app, MoreSheet, { tab: desk.tab('pavel') })
  await settled()
  // The night, which goes on while the sheet is open.
  await desk.backend.closeTab('pavel')
  await settled()
  await click('more-confirm')
  expect(desk.count('askForMore')).toBe(0)
})
