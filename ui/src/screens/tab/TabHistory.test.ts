// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest'
import { FakeDesk } from '../../backend/fake/desk'
import { NOW } from '../../backend/fake/samples'
import { at, click, has, show, started } from '../../backend/fake/render'
import type { HistoryEntry } from '../../bindings/HistoryEntry'
import TabHistory from './TabHistory.svelte'

const step = (words: string, topic: HistoryEntry['topic']): HistoryEntry => ({
  at: NOW,
  words,
  amount: null,
  by: 'Staff',
  reference: null,
  topic
})
// The words speak of money and bill everywhere: only the desk's code says what a step is.
const STEPS = [
  step('Warned: the money expires soon', 'warning'),
  step('Took £20.00 of the bill', 'money'),
  step('Bill: 2 × Crisps', 'bill'),
  step('Opened', 'tab')
]
const shown = () =>
  [...document.querySelectorAll<HTMLElement>('[data-testid="history-step"]')].map(
    (step) => step.dataset.topic
  )

let steps: HistoryEntry[]
const open = async () => show(await started(new FakeDesk()), TabHistory, { steps })

beforeEach(() => {
  steps = STEPS
})

test('shows all, and one kind at a press', async () => {
  await open()
  expect(shown()).toEqual(['warning', 'money', 'bill', 'tab'])
  await click('topic-bill')
  expect(shown()).toEqual(['bill'])
  expect(at('topic-bill').getAttribute('aria-pressed')).toBe('true')
  await click('topic-all')
  expect(shown()).toHaveLength(4)
})

test('offers only kinds that are there, and none where there is one', async () => {
  await open()
  expect(has('topic-settings')).toBe(false)
  steps = [step('Opened', 'tab')]
  document.body.innerHTML = ''
  await open()
  expect(has('topic-all')).toBe(false)
  expect(shown()).toEqual(['tab'])
})
