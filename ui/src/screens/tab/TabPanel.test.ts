// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { FakeDesk } from '../../backend/fake/desk'
import { settled, show, started } from '../../backend/fake/render'
import TabPanel from './TabPanel.svelte'

test('offers what is on the bill once more, each once, and nothing that was removed', async () => {
  const desk = new FakeDesk([
    {
      id: 'lena',
      name: 'Lena',
      billMinor: 2220,
      heldMinor: 10000,
      lines: [
        { what: 'Stout', eachMinor: 620 },
        { what: 'Crisps', eachMinor: 150, isStruck: true },
        { what: 'Crisps', eachMinor: -150, isStruck: true },
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
