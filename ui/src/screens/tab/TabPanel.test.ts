// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { FakeDesk, refusal } from '../../backend/fake/desk'
import { NOW, pounds } from '../../backend/fake/samples'
import { at, button, click, input, settled, show, started, type } from '../../backend/fake/render'
import type { TabView } from '../../bindings/TabView'
import TabPanel from './TabPanel.svelte'

test('offers once more what the desk offers, at its amount', async () => {
  const desk = new FakeDesk([
    {
      id: 'lena',
      name: 'Lena',
      billMinor: 2220,
      heldMinor: 10000,
      lines: [
        { what: 'Stout', eachMinor: 620 },
        { what: null, eachMinor: 980 }
      ]
    }
  ])
  const app = await started(desk)
  await app.floor.select('lena')
  show(app, TabPanel, { tab: desk.tab('lena') })
  await settled()
  const again = [...document.querySelectorAll<HTMLElement>('[data-testid="line-again"]')]
  expect(again.map((key) => key.textContent?.replace(/\s+/g, ' ').trim())).toEqual([
    'Stout £6.20',
    'Round £9.80'
  ])
  again[0]?.click()
  await settled()
  const [call] = desk.sent.filter(({ command }) => command === 'addLine')
  expect(call?.args).toEqual(['lena', 'Stout', 1, '6.20'])
  expect(app.floor.tab?.row.bill.text).toBe('£28.40')
})

const shown = async (change: (view: TabView) => TabView) => {
  const desk = new FakeDesk([
    { id: 'lena', name: 'Lena', billMinor: 3000, heldMinor: 10000, capturedMinor: 6000 }
  ])
  const app = await started(desk)
  await app.floor.select('lena')
  show(app, TabPanel, { tab: change(desk.tab('lena')) })
  await settled()
}
const panel = () => at('panel').textContent?.replace(/\s+/g, ' ') ?? ''

test('says what was refunded beside what was taken, or the bill and the taking wouldn’t add up', async () => {
  await shown((view) => ({ ...view, holds: view.holds.map((hold) => ({ ...hold, refunded: pounds(3000) })) }))
  expect(panel()).toContain('Bill £30.00')
  expect(panel()).toContain('Taken £60.00')
  expect(panel()).toContain('Refunded £30.00')
})

test('says what is being taken, for it’s neither on hold any more nor taken yet', async () => {
  const beingTaken = { amount: pounds(1550), words: 'Take of £15.50 pending' }
  await shown((view) => ({ ...view, row: { ...view.row, beingTaken } }))
  expect(panel()).toContain('Take of £15.50 pending')
})

const DEADLINE = {
  at: '2026-10-16T20:30:00Z',
  safeAt: '2026-10-16T08:30:00Z',
  words: 'in 5 days',
  tone: 'warn',
  isPast: false,
  threshold: null,
  action: 'release'
} as const

test('says a deadline once, whichever part is shown', async () => {
  await shown((view) => ({
    ...view,
    row: { ...view.row, deadline: DEADLINE },
    holds: view.holds.map((hold) => ({ ...hold, deadline: DEADLINE }))
  }))
  const said = () => panel().split('Fri 16 Oct, 21:30').length - 1
  expect(said()).toBe(1)
  await click('part-holds')
  expect(said()).toBe(1)
  expect(panel()).toContain('Take or release by')
})

test('says it once where the hold is to be renewed, too', async () => {
  const renew =
    'On hold until Fri 16 Oct, 21:30. The guest stays until Sun 18 Oct: renew it before it expires.'
  await shown((view) => ({
    ...view,
    row: { ...view.row, deadline: DEADLINE },
    holds: view.holds.map((hold) => ({ ...hold, deadline: DEADLINE, renew }))
  }))
  for (const part of ['part-bill', 'part-holds']) {
    await click(part)
    expect(panel().split('Fri 16 Oct, 21:30')).toHaveLength(2)
  }
})

const operation = (state: string, words: string) =>
  ({
    id: 'request-1',
    kind: 'create',
    amount: null,
    tip: null,
    at: NOW,
    state,
    words,
    tone: 'bad',
    mayBePutAside: false,
    mayBeSentAgain: false,
    isForSettings: false
  }) as const
const withOperation = (state: string, words: string) => (view: TabView) => ({
  ...view,
  holds: view.holds.map((hold) => ({ ...hold, operation: operation(state, words) }))
})

test('what wasn’t sent was tried, and nothing else is said to be sent', async () => {
  await shown(withOperation('not_sent', 'The request for £60.00 wasn’t sent.'))
  expect(at('operation').textContent).toMatch(/wasn’t sent\. *Tried 20:00\./)
  expect(at('operation').textContent).not.toContain('Sent 20:00')
})

test('what was sent says when', async () => {
  await shown(withOperation('unknown', 'We asked Dojo and got no reply.'))
  expect(at('operation').textContent).toContain('Sent 20:00.')
})

test('what is wrong with a line has the whole row’s width, and Add says what is missing', async () => {
  const desk = new FakeDesk([{ id: 'lena', name: 'Lena', billMinor: 0, heldMinor: 10000 }])
  const app = await started(desk)
  await app.floor.select('lena')
  show(app, TabPanel, { tab: desk.tab('lena') })
  await settled()
  expect(button('line-add').disabled).toBe(false)
  const message = 'Use a quantity from 1 to 999.'
  desk.fail('addLine', refusal('invalid', message, [{ field: 'quantity', message }]))
  await type('line-amount', '5')
  await type('line-quantity', 'lot')
  await click('line-add')
  const said = at('field-error')
  expect(said.textContent).toContain(message)
  expect(said.closest('form.add')).toBeNull()
  expect(input('line-quantity').getAttribute('aria-invalid')).toBe('true')
  expect(input('line-quantity').getAttribute('aria-describedby')).toBe(said.id)
  expect(input('line-amount').getAttribute('aria-invalid')).toBe('false')
})

test('in training the guest’s part stands above the code, where it needs no scrolling', async () => {
  const desk = new FakeDesk([{ id: 'lena', name: 'Lena', heldMinor: 5000, isWaiting: true }])
  const app = await started(desk)
  await app.floor.select('lena')
  show(app, TabPanel, { tab: desk.tab('lena') })
  await settled()
  const code = document.querySelector('[data-testid="waiting"] img')
  expect(code && at('pay-good').compareDocumentPosition(code)).toBe(Node.DOCUMENT_POSITION_FOLLOWING)
})

test('says what was done at another till until somebody has seen it', async () => {
  const title = 'Changed at Bar 2 by Sam: £40.00 taken'
  const elsewhere = { row: 'changed at Bar 2, 23:41', title, words: '23:41.', at: '2026-10-11T22:41:00Z' }
  await shown((view) => ({ ...view, elsewhere }))
  expect(at('changed-elsewhere').textContent).toContain(title)
  at('changed-elsewhere').querySelector('button')?.click()
  await settled()
  expect(document.querySelector('[data-testid="changed-elsewhere"]')).toBeNull()
})
