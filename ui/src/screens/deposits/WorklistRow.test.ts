// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { FakeDesk } from '../../backend/fake/desk'
import { click, show, started } from '../../backend/fake/render'
import { pounds } from '../../backend/fake/samples'
import type { WorklistEntry } from '../../bindings/WorklistEntry'
import WorklistRow from './WorklistRow.svelte'

test('asks for what should be on hold, as a person would type it', async () => {
  const app = await started(new FakeDesk())
  const entry: WorklistEntry = {
    tabId: 'callum',
    holdId: null,
    name: 'Callum Reid',
    about: 'Room 14',
    state: { code: 'arriving', words: 'Not requested', tone: 'warn' },
    words: 'Nothing is on hold for Callum Reid.',
    amount: pounds(1200_00),
    amountIs: 'not on hold',
    next: { kind: 'ask', label: 'Request £1,200.00…' },
    seen: null
  }
  show(app, WorklistRow, { entry })
  await click('entry-next')
  expect(app.nav.sheet).toEqual({ kind: 'more', amount: '1200.00' })
})
