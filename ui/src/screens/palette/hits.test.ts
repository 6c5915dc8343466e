import { describe, expect, it } from 'vitest'
import { marked, split } from './hits'

describe('what was typed', () => {
  it.each([
    ['rel 14', ['release'], '14'],
    ['release room 14', ['release'], 'room 14'],
    ['hold more amira', ['holdMore'], 'amira'],
    ['send receipt amira', ['receipt'], 'amira'],
    ['close', ['closeTab'], ''],
    // Neither a verb: a name, and a letter that begins too many of them.
    ['amira', [], 'amira'],
    ['r 14', [], 'r 14'],
    ['', [], '']
  ])('%j is %j of %j', (query, verbs, rest) => {
    expect(split(query)).toEqual({ verbs, rest })
  })

  it('leaves open which of two is meant', () => {
    expect(split('receipt').verbs).toEqual(['receipt', 'print'])
  })
})

it('marks what was typed, from a word’s beginning', () => {
  const underlined = (text: string, query: string) =>
    marked(text, query)
      .map(([part, isMatch]) => (isMatch ? `[${part}]` : part))
      .join('')
  expect(underlined('Release £250.00, Room 14', 'rel 14')).toBe('[Rel]ease £250.00, Room [14]')
  expect(underlined('Room 114', '14')).toBe('Room 114')
  expect(underlined('A (b)', '(b')).toBe('A [(b])')
})
