// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { FakeDesk, refusal } from '../../backend/fake/desk'
import { at, button, click, has, input, settled, show, started, type } from '../../backend/fake/render'
import type { Start } from '../../bindings/Start'
import Ledger from './Ledger.svelte'
import Settings from './Settings.svelte'

async function open(start: Partial<Start>) {
  const desk = new FakeDesk()
  desk.begin(start)
  const app = await started(desk)
  show(app, Ledger, {})
  await settled()
  return { desk, app }
}

test('joins with the code that was pasted, in the mode that is open', async () => {
  const { desk, app } = await open({ mode: 'live' })
  expect(button('join-ledger').disabled).toBe(true)
  await type('field-ledger-code', 'holdfast-ledger-1-00')
  await click('join-ledger')
  expect(desk.sent.find(({ command }) => command === 'joinLedger')?.args).toEqual([
    'live',
    'holdfast-ledger-1-00'
  ])
  expect(at('shared-ledger').textContent).toContain('This till is Bar 2')
  expect(app.nav.toast).toContain('shared ledger')
})

test('keeps what was pasted when it’s refused, and says why', async () => {
  const { desk } = await open({ mode: 'live' })
  desk.fail('joinLedger', {
    ...refusal('invalid', 'This code was used before.'),
    fields: [{ field: 'ledgerCode', message: 'This code was used before.' }]
  })
  await type('field-ledger-code', 'holdfast-ledger-1-00')
  await click('join-ledger')
  expect(at('field-error').textContent).toContain('This code was used before.')
  expect(input('field-ledger-code').value).toBe('holdfast-ledger-1-00')
})

test('leaves once the venue’s name was typed, and says first what that means', async () => {
  const sharedLedger = { till: 'Bar 2', address: 'host=db.example' }
  const { desk, app } = await open({ mode: 'live', sharedLedger })
  await click('leave-ledger')
  expect(at('leave-ledger-means').textContent).toContain('Bar 2 will have a ledger of its own again')
  expect(document.activeElement).toBe(at('keep-ledger'))
  expect(button('leave-ledger-confirm').disabled).toBe(true)
  await type('field-leave-ledger', 'Bar 2')
  await click('leave-ledger-confirm')
  expect(at('field-error').textContent).toContain('or stay on the shared ledger')
  expect(has('shared-ledger')).toBe(true)
  await type('field-leave-ledger', 'The Anchor')
  await click('leave-ledger-confirm')
  const sent = desk.sent.filter(({ command }) => command === 'leaveLedger').map(({ args }) => args)
  expect(sent).toEqual([
    ['live', null],
    ['live', 'Bar 2'],
    ['live', 'The Anchor']
  ])
  expect(has('shared-ledger')).toBe(false)
  expect(app.nav.toast).toContain('a ledger of its own')
})

test('stays where somebody thought better of leaving', async () => {
  const sharedLedger = { till: 'Bar 2', address: 'host=db.example' }
  await open({ mode: 'live', sharedLedger })
  await click('leave-ledger')
  await click('keep-ledger')
  expect(has('leave-ledger-means')).toBe(false)
  expect(has('leave-ledger')).toBe(true)
})

test('offers nothing to join in training', async () => {
  await open({ mode: 'training' })
  expect(has('field-ledger-code')).toBe(false)
})

test('shows no backups where the server makes them', async () => {
  for (const sharedLedger of [null, { till: 'Bar 2', address: 'host=db.example' }]) {
    document.body.replaceChildren()
    const desk = new FakeDesk()
    desk.begin({ mode: 'live', sharedLedger })
    show(await started(desk), Settings, {})
    await settled()
    expect(has('back-up')).toBe(sharedLedger === null)
  }
})
