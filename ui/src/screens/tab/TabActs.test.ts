// @vitest-environment happy-dom
import { fireEvent } from '@testing-library/svelte'
import { expect, test } from 'vitest'
import { FakeDesk } from '../../backend/fake/desk'
import { at, click, has, settled, show, started } from '../../backend/fake/render'
import { GUESTS, NOW, tab, type Guest } from '../../backend/fake/samples'
import type { TabView } from '../../bindings/TabView'
import { perform } from '../../deeds'
import type { App } from '../../state/app'
import CloseSheet from './CloseSheet.svelte'
import TabPanel from './TabPanel.svelte'

let desk: FakeDesk
let app: App

const shown = async (guest: Partial<Guest>, changed = (view: TabView) => view) => {
  const [amira, ...others] = GUESTS
  if (!amira) throw new Error('there is no guest')
  desk = new FakeDesk([{ ...amira, ...guest }, ...others])
  app = await started(desk)
  await app.floor.select('amira')
  show(app, TabPanel, { tab: changed(desk.tab('amira')) })
  await settled()
}
const first = () => document.querySelector('.acts .btn.pri')?.textContent
const lesser = () => [...document.querySelectorAll('.lesser > .btn')].map((key) => key.textContent)
const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key })

test('a bill under its hold: take it', async () => {
  await shown({})
  expect(first()).toBe('Take £84.50…F4')
  expect(lesser()).toEqual(['Hold more…Ctrl M'])
  await click('take')
  expect(app.nav.sheet).toEqual({ kind: 'take' })
})

test('a bill over its hold: hold the rest, and take is the lesser key', async () => {
  await shown({ billMinor: 18000 })
  expect(first()).toBe('Hold £30.00 more…Ctrl M')
  expect(at('over').textContent).toBe('£30.00 over')
  expect(lesser()).toEqual(['Take…F4'])
  await click('missing')
  expect(app.nav.sheet).toEqual({ kind: 'more' })
})

test('waiting for the card: show the code, and ask for nothing more meanwhile', async () => {
  await shown({ billMinor: 0, isWaiting: true })
  expect(first()).toBe('Show QR to guestCtrl G')
  expect(has('ask-for-more')).toBe(false)
  await click('show-qr')
  expect(app.nav.guest).toBe('amira-hold')
})

test('what stands beside the first button, and why nothing can be taken, is the desk’s word', async () => {
  await shown({}, (view) => ({ ...view, lesser: ['refund'], whyNotTake: 'The guest hasn’t paid yet.' }))
  expect(lesser()).toEqual(['Refund…'])
  expect(at('why-not-take').textContent).toContain('The guest hasn’t paid yet.')
})

test('while the first link is unpaid a second guest’s hold is in the menu, and Ctrl M leads there', async () => {
  await shown({ billMinor: 0, isWaiting: true })
  expect(lesser().some((words) => words.includes('hold'))).toBe(false)
  await click('more')
  expect(document.body.textContent).toContain('Request a hold from another guest…')
  perform(app, 'holdMore')
  expect(app.nav.sheet).toEqual({ kind: 'more' })
})

test('paid: close the tab; what is left of the hold can still be taken', async () => {
  await shown({ capturedMinor: 8450 })
  expect(first()).toBe('Close tabCtrl E')
  expect(lesser()).toEqual(['Take…F4', 'Refund…'])
  await click('close-tab')
  await settled()
  expect(desk.count('closeTab')).toBe(1)
  expect(app.floor.selected).toBeNull()
})

test('a tab that still owes is closed only when a person says so', async () => {
  await shown({ heldMinor: 5000, capturedMinor: 5000 })
  perform(app, 'closeTab')
  await settled()
  expect(desk.count('closeTab')).toBe(0)
  expect(app.nav.sheet).toEqual({ kind: 'close' })
  show(app, CloseSheet, { tab: desk.tab('amira') })
  await click('keep-open')
  expect([desk.count('closeTab'), app.nav.sheet]).toEqual([0, null])
  await click('close-unpaid')
  await settled()
  expect(desk.count('closeTab')).toBe(1)
})

test('what can’t be closed says so, and stays', async () => {
  await shown({ capturedMinor: 8450 })
  desk.fail('closeTab', { code: 'invalid', message: 'Dojo has yet to answer.', fields: [], changes: [] })
  await click('close-tab')
  expect(app.nav.toast).toBe('Dojo has yet to answer.')
  expect(app.floor.selected).toBe('amira')
})

test('the menu says what is in it, has the other keys, and works by keyboard', async () => {
  await shown({})
  expect(at('more').textContent?.trim()).toBe('Release, print…')
  at('more').focus()
  await press('ArrowDown')
  await settled()
  const items = [...document.querySelectorAll<HTMLElement>('[role="menuitem"]')]
  expect(items.map((item) => item.textContent?.replace(/\s+/g, ' ').trim())).toEqual([
    'Release £150.00… F6',
    'Print the hold slip Ctrl P',
    'Move or split the bill… Ctrl L'
  ])
  expect(document.activeElement).toBe(items[0])
  await press('End')
  expect(document.activeElement).toBe(items[2])
  await press('Escape')
  await settled()
  expect(has('menu-release-amira-hold')).toBe(false)
  expect(document.activeElement).toBe(at('more'))

  await click('more')
  await press('Tab')
  await settled()
  expect(has('menu-release-amira-hold')).toBe(false)
  expect(document.activeElement).toBe(at('more'))

  await click('more')
  await click('menu-release-amira-hold')
  expect(app.nav.sheet).toEqual({ kind: 'act', act: 'release', holdId: 'amira-hold' })
})

/** What the menu says, item by item, each with the key that stands on it. */
const menu = async () => {
  await click('more')
  const items = [...document.querySelectorAll<HTMLElement>('[role="menuitem"]')]
  return items.map((item) => item.textContent?.replace(/\s+/g, ' ').trim())
}

const itemsWith = async (keys: RegExp) => (await menu()).filter((item) => keys.test(item ?? ''))

test('F6 stands on the older hold that it releases, not on the newer request', async () => {
  const [asked] = tab({ id: 'newer', name: 'Amira', heldMinor: 5000, isWaiting: true }).holds
  await shown({}, (view) => ({
    ...view,
    holds: [...(asked ? [asked] : []), ...view.holds],
    menu: [{ kind: 'hold', action: 'cancel', holdId: 'newer-hold' }, ...view.menu]
  }))
  expect(await itemsWith(/F6|Cancel/)).toEqual([
    'Cancel the request…£50.00',
    'Release £150.00…£150.00 on Visa 4242 F6'
  ])
})

test('Ctrl P stands on the receipt of a part-taken hold, which is what it prints', async () => {
  await shown({ capturedMinor: 5000 })
  expect(await itemsWith(/Print/)).toEqual(['Print the hold slip', 'Print the receipt Ctrl P'])
})

test('F7 stands on the hold that it renews', async () => {
  const renew = { action: 'renew', allowed: true, why: null, holdBackSeconds: 0 } as const
  await shown({}, (view) => ({
    ...view,
    holds: view.holds.flatMap((hold) =>
      ['newer', 'older'].map((id) => ({ ...hold, id, actions: [renew], papers: [] }))
    ),
    menu: ['newer', 'older'].map((holdId) => ({ kind: 'hold', action: 'renew', holdId })),
    keys: { ...view.keys, release: null, print: null, renew: 'older' }
  }))
  expect(await itemsWith(/Renew/)).toEqual(['Renew…£150.00 on Visa 4242', 'Renew…£150.00 on Visa 4242 F7'])
})

test('a refund is on the panel, not only among the holds', async () => {
  await shown({ billMinor: 8450, heldMinor: 8450, capturedMinor: 8450 })
  expect(lesser()).toEqual(['Refund…', 'Request a hold…Ctrl M'])
  await click('key-refund')
  expect(app.nav.sheet).toEqual({ kind: 'act', act: 'refund', holdId: 'amira-hold' })
})

test('a closed tab says when it was closed, and by whom', async () => {
  const row = (view: TabView) => ({ ...view.row, closedAt: NOW, closedBy: 'Kim' })
  await shown({ capturedMinor: 8450 }, (view) => ({ ...view, closedAt: NOW, row: row(view) }))
  expect(at('closed-by').textContent).toMatch(/^Closed .*20:00 by Kim\.$/)
})

test('a closed tab can be reopened, refunded and printed from its panel', async () => {
  desk = new FakeDesk([{ id: 'amira', name: 'Amira', billMinor: 8450, heldMinor: 8450, capturedMinor: 8450 }])
  app = await started(desk)
  await app.floor.select('amira')
  const { keys, ...tab } = desk.tab('amira')
  const closed = {
    ...tab,
    closedAt: '2026-10-11T20:00:00Z',
    keys: { ...keys, holdMore: false, closeTab: null },
    next: null,
    lesser: ['refund' as const]
  }
  show(app, TabPanel, { tab: closed })
  await settled()
  expect(first()).toBeUndefined()
  expect(at('reopen').textContent).toBe('Reopen')
  expect(lesser()).toEqual(['Refund…'])
  expect(at('more').textContent?.trim()).toBe('Print…')
})
