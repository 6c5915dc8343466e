import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { TabRow } from './bindings/TabRow'
import { CALM, hands, inPlace, isSame, shared } from './rows'

const row = (id: string, name: string) => ({ id, name, filters: ['all'] }) as TabRow

it('keeps the rows that did not change, in their new order', () => {
  const before = [row('1', 'Amira'), row('2', 'Brandt')]
  const after = shared(before, [row('3', 'Callum'), row('2', 'Brandt, O.'), row('1', 'Amira')])
  expect(after.map((r) => r.name)).toEqual(['Callum', 'Brandt, O.', 'Amira'])
  expect(after[2]).toBe(before[0])
  expect(after[1]).not.toBe(before[1])
})

it('knows what says the same, however deep, and whatever is missing on one side', () => {
  const one = { id: '1', held: { minor: 5000 }, card: null, filters: ['all', 'tabs'] }
  expect(isSame(one, structuredClone(one))).toBe(true)
  for (const other of [
    { ...one, held: { minor: 5001 } },
    { ...one, card: {} },
    { ...one, filters: ['all'] },
    { ...one, filters: ['tabs', 'all'] },
    { ...one, filters: { 0: 'all', 1: 'tabs' } },
    { id: '1', held: { minor: 5000 }, card: null },
    { ...one, short: null },
    null
  ])
    expect(isSame(one, other)).toBe(false)
})

it('holds the order still: rows change in place, what has gone waits, what is new comes last', () => {
  const before = [row('1', 'Amira'), row('2', 'Brandt'), row('3', 'Callum')]
  const now = [row('4', 'Duarte'), row('3', 'Callum'), row('1', 'Amira, paid')]
  expect(inPlace(before, now, (r) => r.id).map((r) => r.name)).toEqual([
    'Amira, paid',
    'Brandt',
    'Callum',
    'Duarte'
  ])
})

describe('a hand on a list', () => {
  let list: EventTarget, world: EventTarget, told: boolean[], leave: () => void
  const at = (where: EventTarget, what: string) => where.dispatchEvent(new Event(what))
  const last = () => told.at(-1)

  beforeEach(() => {
    vi.useFakeTimers()
    list = new EventTarget()
    world = new EventTarget()
    told = []
    leave = hands(list, world, (isOn) => told.push(isOn))
  })
  afterEach(() => {
    leave()
    vi.useRealTimers()
  })

  it.each(['pointerenter', 'pointermove', 'focusin'])('is there for a moment after %s', (event) => {
    at(list, event)
    vi.advanceTimersByTime(CALM - 1)
    expect(last()).toBe(true)
    vi.advanceTimersByTime(1)
    expect(last()).toBe(false)
  })

  it.each(['pointerup', 'pointercancel', 'blur'])(
    'stays as long as it presses, and for a moment after %s',
    (event) => {
      at(list, 'pointerdown')
      vi.advanceTimersByTime(60_000)
      expect(last()).toBe(true)
      at(world, event)
      vi.advanceTimersByTime(CALM - 1)
      expect(last()).toBe(true)
      vi.advanceTimersByTime(1)
      expect(last()).toBe(false)
    }
  )

  it('is none while it presses elsewhere, nor after the list has gone', () => {
    at(world, 'pointerup')
    leave()
    at(list, 'pointerdown')
    expect(told).toEqual([])
  })
})
