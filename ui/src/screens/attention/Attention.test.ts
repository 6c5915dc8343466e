// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { FakeDesk } from '../../backend/fake/desk'
import { NOW } from '../../backend/fake/samples'
import { at, click, has, settled, show, started } from '../../backend/fake/render'
import type { AttentionItem } from '../../bindings/AttentionItem'
import type { App } from '../../state/app'
import Attention from './Attention.svelte'

const ITEM: AttentionItem = {
  key: 'take-1',
  state: { code: 'conflict', words: 'Doesn’t match Dojo', tone: 'bad' },
  name: 'Amira Haddad',
  about: 'Table 12',
  tabId: 'amira',
  holdId: 'amira-hold',
  asked: 'Take £60.00, by Robin',
  askedAt: NOW,
  shows: '£45.00 taken',
  readAt: NOW,
  since: NOW,
  meaning: 'What Dojo shows isn’t what we asked for.',
  locked: null,
  next: { kind: 'showTab', label: 'Show tab' },
  aside: { kind: 'operation', key: 'take-1' }
}

let app: App

/** The screen with this one card, whose operation the tab beside it tells of too. */
async function open(change: Partial<AttentionItem> = {}) {
  const desk = new FakeDesk()
  desk.backend.attention = async () => ({ items: [{ ...ITEM, ...change }] })
  const tab = desk.tab('amira')
  const operation = {
    id: 'take-1',
    kind: 'capture',
    amount: null,
    tip: null,
    at: NOW,
    state: 'conflict',
    words: 'Dojo’s record doesn’t match the take of £60.00.',
    tone: 'bad',
    mayBePutAside: true,
    mayBeSentAgain: false,
    isForSettings: false
  } as const
  desk.backend.tab = async () => ({ ...tab, holds: tab.holds.map((hold) => ({ ...hold, operation })) })
  app = await started(desk)
  app.nav.screen = 'attention'
  await app.floor.refresh()
  show(app, Attention, {})
  await settled()
}
const keys = () =>
  [...at('attention-item').querySelectorAll('button')].map((key) => [
    key.textContent?.trim(),
    key.classList.contains('pri')
  ])

test('what leads to a tab leads to it once: open beside the card, its key is gone', async () => {
  await open()
  expect(keys()).toEqual([
    ['Show tab', true],
    ['Seen, dismiss', false]
  ])
  await click('next-step')
  expect(at('panel').textContent).toContain('Amira Haddad')
  expect(keys()).toEqual([['Seen, dismiss', true]])
  expect(at('attention-item').getAttribute('aria-current')).toBe('true')
})

test('another step stays first, and only the way to the open tab goes', async () => {
  await open({ next: { kind: 'askDojo', label: 'Ask Dojo now' }, aside: null })
  await click('show-tab')
  expect(keys()).toEqual([['Ask Dojo now', true]])
})

test('the tab beside its card says and offers nothing that the card says already', async () => {
  await open()
  await click('next-step')
  expect(at('operation').classList.contains('on-card')).toBe(true)
  app.nav.screen = 'floor'
  await settled()
  expect(at('operation').classList.contains('on-card')).toBe(false)
  expect(has('put-aside-here')).toBe(true)
})

test('doesn’t say that nothing needs attention while the ledger can’t be asked', async () => {
  const desk = new FakeDesk()
  desk.readOnly = 'The shared ledger can’t be reached since 21:04.'
  desk.backend.attention = async () => ({ items: [] })
  app = await started(desk)
  app.nav.screen = 'attention'
  await app.floor.refresh()
  show(app, Attention, {})
  await settled()
  expect(at('attention').textContent).toContain('Nothing needed attention when we last knew.')
  desk.readOnly = null
  await app.floor.refresh()
  await settled()
  expect(at('attention').textContent).toContain('Nothing needs attention.')
})
