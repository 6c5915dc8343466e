import { expect, it } from 'vitest'
import type { TabRow } from './bindings/TabRow'
import { shared } from './rows'

const row = (id: string, name: string) => ({ id, name, filters: ['all'] }) as TabRow

it('keeps the rows that did not change, in their new order', () => {
  const before = [row('1', 'Amira'), row('2', 'Brandt')]
  const after = shared(before, [row('3', 'Callum'), row('2', 'Brandt, O.'), row('1', 'Amira')])
  expect(after.map((r) => r.name)).toEqual(['Callum', 'Brandt, O.', 'Amira'])
  expect(after[2]).toBe(before[0])
  expect(after[1]).not.toBe(before[1])
})
