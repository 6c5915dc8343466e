// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { FakeDesk } from '../../backend/fake/desk'
import { at, show, started } from '../../backend/fake/render'
import type { Chart } from '../../bindings/Chart'
import ChartBars from './ChartBars.svelte'

const chart = (heights: number[]): Chart => ({
  code: 'tips',
  title: 'Tips per day',
  summary: '£0.00 in all',
  top: '£0.00',
  bars: heights.map((height) => ({ label: 'Sun 11 Oct', text: '£0.00', height }))
})
const shown = async (heights: number[]) => {
  show(await started(new FakeDesk()), ChartBars, { chart: chart(heights) })
  return at('chart')
}

test('draws a day on which there was something', async () => {
  const drawn = await shown([0, 1000])
  expect(drawn.querySelectorAll('rect.value')).toHaveLength(2)
  expect(drawn.textContent).not.toContain('Nothing')
})

test('says that there was nothing rather than draw an empty frame', async () => {
  document.body.innerHTML = ''
  const drawn = await shown([0, 0])
  expect(drawn.querySelector('svg')).toBeNull()
  expect(drawn.textContent).toContain('£0.00 in all')
  expect(drawn.textContent).toContain('Nothing on these days.')
})
