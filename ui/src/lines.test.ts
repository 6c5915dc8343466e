// No line is longer than a screen is wide. Prettier leaves long words and sentences as they are, so it can't say.
import { expect, test } from 'vitest'

const MAX_LINE_CHARACTERS = 120

const files = import.meta.glob<string>(['./**/*.{ts,svelte,css}', '../*.{js,ts,html}', '!./bindings/**'], {
  query: '?raw',
  import: 'default',
  eager: true
})

test('no line is longer than 120 characters', () => {
  expect(Object.keys(files).length).toBeGreaterThan(60)
  const long = Object.entries(files).flatMap(([name, text]) =>
    text
      .split('\n')
      .flatMap((line, index) => ([...line].length > MAX_LINE_CHARACTERS ? [`${name}:${index + 1}`] : []))
  )
  expect(long).toEqual([])
})
