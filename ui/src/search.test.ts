import { describe, expect, it } from 'vitest'
import type { TabRow } from './bindings/TabRow'
import { matches } from './search'

const money = (minor: number, text: string) => ({ minor, currency: 'GBP' as const, text })
const row = {
  name: 'Room 14, Zoë Brandt',
  place: 'Terrace',
  reference: 'HF-7K3QXX',
  card: { brand: 'Visa', lastFour: '1096' },
  held: money(25000, '£250.00'),
  bill: money(0, '£0.00'),
  captured: money(0, '£0.00')
} as TabRow

describe('search as you type', () => {
  it('finds by name without accents or case, by room, reference, last four and amount', () => {
    for (const query of ['', 'zoe', 'ROOM 14', 'terrace', '7k3q', '1096', '250', 'brandt 14']) {
      expect(matches(row, query), query).toBe(true)
    }
  })
  it('finds nothing by what is not there', () => {
    for (const query of ['amira', '14 amira', '9999']) expect(matches(row, query), query).toBe(false)
  })
})
