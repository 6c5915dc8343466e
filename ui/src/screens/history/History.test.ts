// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest'
import { FakeDesk } from '../../backend/fake/desk'
import { at, click, has, settled, show, started, type } from '../../backend/fake/render'
import type { ClosedAsked } from '../../bindings/ClosedAsked'
import History from './History.svelte'

let asked: ClosedAsked[]

beforeEach(async () => {
  asked = []
  const desk = new FakeDesk()
  const row = { ...desk.tab('amira').row, closedAt: '2026-10-10T21:30:00Z', closedBy: 'Robin' }
  desk.backend.closed = async (what) => {
    asked.push(what)
    return { rows: [row], next: null }
  }
  show(await started(desk), History, {})
  await waited()
})

/** The list is asked for a moment after the last key. */
const waited = async () => {
  await new Promise((done) => setTimeout(done, 150))
  await settled()
}

test('asks for what is looked for most, and for the rest when somebody wants it', async () => {
  expect(['sift-from', 'sift-to', 'sift-card'].map(has)).toEqual([true, true, true])
  expect(['sift-person', 'sift-least', 'sift-most'].map(has)).toEqual([false, false, false])
  expect(at('sift-more').getAttribute('aria-expanded')).toBe('false')
  await click('sift-more')
  expect(at('sift-more').getAttribute('aria-expanded')).toBe('true')
  expect(['sift-person', 'sift-least', 'sift-most'].map(has)).toEqual([true, true, true])
})

test('what is folded filters nothing: folding clears it', async () => {
  await click('sift-more')
  await type('sift-person', 'Jo')
  await waited()
  expect(asked.at(-1)?.person).toBe('Jo')
  await click('sift-more')
  await waited()
  expect(has('sift-person')).toBe(false)
  expect(asked.at(-1)?.person).toBe('')
})

test('says when and by whom a tab was closed, not since when it was open', () => {
  const row = at('closed-list').querySelector('[data-testid="row"]')?.textContent?.replace(/\s+/g, ' ')
  expect(row).toContain('Table 12 · closed Sat 10 Oct, 22:30 by Robin')
  expect(row).not.toContain('since')
})

test('a date to filter by has no example in it', () => {
  expect(at('sift-from').getAttribute('placeholder')).toBe('')
})
