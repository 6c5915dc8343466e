// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { FakeDesk } from '../../backend/fake/desk'
import { settled, show, started } from '../../backend/fake/render'
import { START } from '../../backend/fake/till'
import type { Start } from '../../bindings/Start'
import Welcome from './Welcome.svelte'

async function primary(start: Partial<Start>) {
  const desk = new FakeDesk()
  const app = await started(desk)
  app.session.start = { ...START, mode: null, ...start }
  show(app, Welcome, {})
  await settled()
  return [...document.querySelectorAll('.btn.pri')].map((key) => key.textContent?.trim())
}

test('a newcomer is led to training', async () => {
  expect(await primary({})).toEqual(['Start training'])
})

test('a till with a key for real money goes on there: training is not what its staff came for', async () => {
  const keys = { live: 'sk_prod_…7Qx2', sandbox: 'sk_sandbox_…1111' }
  expect(await primary({ keys })).toEqual(['Continue live with sk_prod_…7Qx2'])
  document.body.replaceChildren()
  expect(await primary({ keys: { ...keys, live: null } })).toEqual([
    'Continue in the sandbox with sk_sandbox_…1111'
  ])
})

test('a till that could not open what it works in is not led away from it', async () => {
  expect(
    await primary({ notice: 'We can’t find this mode’s key in this PC’s key store. Enter it again.' })
  ).toEqual([])
})

test('holds that were left in live are said, and training is not what is offered first', async () => {
  const leftOpen = 'Nobody watches your live holds: 1 tab open, £50.00 on hold.'
  expect(await primary({ leftOpen, keys: { live: 'sk_prod_…7Qx2', sandbox: null } })).toEqual([
    'Continue live with sk_prod_…7Qx2'
  ])
  expect(document.querySelector('[data-testid="left-open"]')?.textContent?.trim()).toBe(leftOpen)
  expect(document.querySelector('h1')?.textContent).toBe('Holdfast isn’t watching your holds.')
  document.body.replaceChildren()
  expect(await primary({ leftOpen })).toEqual([])
})

test('a till whose shared ledger can’t be opened may go back to its own', async () => {
  await primary({ notice: 'The shared ledger can’t be reached.' })
  expect(document.querySelector('[data-testid="leave-ledger"]')).toBeNull()
  document.body.replaceChildren()
  await primary({ notice: 'The shared ledger can’t be reached.', mayLeaveLedger: 'live' })
  expect(document.querySelector('[data-testid="leave-ledger"]')?.textContent).toContain(
    'Leave the shared ledger'
  )
})

test('a till that nobody set up is led to that, and one that was left on the way goes on', async () => {
  expect(await primary({ setup: null })).toEqual(['Set up this till'])
  document.body.replaceChildren()
  expect(await primary({ setup: 'printer' })).toEqual(['Continue setting up'])
  document.body.replaceChildren()
  // A key that was entered meanwhile comes first.
  const keys = { live: 'sk_prod_…7Qx2', sandbox: null }
  expect(await primary({ setup: 'printer', keys })).toEqual(['Continue live with sk_prod_…7Qx2'])
})
