// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest'
import { FakeDesk, refusal } from '../../backend/fake/desk'
import { at, click, has, settled, show, started, type } from '../../backend/fake/render'
import JournalCheck from './JournalCheck.svelte'

let desk: FakeDesk

beforeEach(async () => {
  desk = new FakeDesk()
  show(await started(desk), JournalCheck, {})
  await settled()
})

test('says what Dojo’s record says', async () => {
  await click('compare-dojo')
  expect(at('journal-check').textContent).toContain('agrees up to entry 12')
  desk.fail('compareJournal', refusal('not_sent', 'Dojo is offline.'))
  await click('compare-dojo')
  expect(at('journal-error').textContent?.trim()).toBe('Dojo is offline.')
  expect(has('journal-check')).toBe(false)
})

test('compares what was copied from a report', async () => {
  await type('printed-head', '12 9f86d081884c7d65')
  await click('compare-printed')
  expect(at('journal-check').className).toContain('bad')
  expect(desk.sent.at(-1)).toEqual({ command: 'comparePrinted', args: ['12 9f86d081884c7d65'] })
})
