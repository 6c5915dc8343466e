// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { FakeDesk, refusal } from '../../backend/fake/desk'
import { click, settled, show, started } from '../../backend/fake/render'
import Reports from './Reports.svelte'

test('says why the night reports can’t be read while the ledger is away, and no longer once it’s back', async () => {
  const desk = new FakeDesk()
  const app = await started(desk)
  const away = refusal('ledger', 'The shared ledger can’t be reached.')
  desk.fail('days', away)
  desk.fail('reports', away)
  show(app, Reports, {})
  await click('part-nights')
  await settled()
  expect(document.querySelector('[role="alert"]')?.textContent).toBe(away.message)
  desk.fail('days', null)
  desk.fail('reports', null)
  await app.floor.refresh()
  await settled()
  expect(document.querySelector('[role="alert"]')).toBeNull()
})
