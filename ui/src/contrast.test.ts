// Every pair of colours that meets on the screen, measured in both themes as WCAG 2 measures them.
import { describe, expect, test } from 'vitest'
import tokens from './styles/tokens.css?raw'

const sheets = import.meta.glob<string>(['./**/*.css', '!./styles/tokens.css'], {
  query: '?raw',
  import: 'default',
  eager: true
})

type Theme = Record<string, string>

function block(selector: string): Theme {
  const from = tokens.indexOf(`${selector} {`)
  const body = tokens.slice(from, tokens.indexOf('\n}', from))
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map((found) => [found[1], found[2]])
  )
}

const light = block(':root')
const THEMES: [string, Theme][] = [
  ['light', light],
  ['dark', { ...light, ...block(":root[data-theme='dark']") }]
]

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(theme: Theme, one: string, other: string): number {
  const of = (token: string) => luminance(theme[token] ?? expect.fail(`there is no colour ${token}`))
  const [darker, lighter] = [of(one), of(other)].sort((a, b) => a - b) as [number, number]
  return (lighter + 0.05) / (darker + 0.05)
}

/** Text, and what it may stand on. */
const TEXT: [string, string[]][] = [
  ['ink', ['ground', 'surface', 'raised', 'sunken', 'accent-soft', 'training-soft']],
  [
    'ink-2',
    [
      'ground',
      'surface',
      'raised',
      'sunken',
      'accent-soft',
      'amber-soft',
      'red-soft',
      'blue-soft',
      'training-soft'
    ]
  ],
  ['accent', ['ground', 'surface', 'accent-soft']],
  ['accent-ink', ['accent']],
  ['amber', ['ground', 'surface', 'accent-soft', 'amber-soft']],
  ['red', ['ground', 'surface', 'raised', 'accent-soft', 'red-soft']],
  ['green', ['surface', 'green-soft']],
  ['blue', ['blue-soft']],
  ['training', ['training-soft']],
  ['training-soft', ['training']],
  // The other way round: a pressed filter, a toast, what is dangerous.
  ['surface', ['ink', 'red']],
  ['paper-ink', ['paper']],
  ['paper-ink-2', ['paper']]
]

/** Edges, gauges, bars of charts and the ring around what has the focus, and what they must stand out from. */
const EDGES: [string, string[]][] = [
  ['edge', ['ground', 'surface', 'raised', 'sunken', 'training-soft']],
  ['accent', ['ground', 'surface', 'raised', 'sunken', 'training-soft']],
  ['amber-edge', ['surface', 'sunken']],
  ['red-edge', ['surface', 'sunken', 'raised']],
  ['blue', ['surface']],
  ['training', ['raised']],
  ['paper-line', ['paper']]
]

const pairs = (list: [string, string[]][]) =>
  list.flatMap(([one, others]) => others.map((other): [string, string] => [one, other]))

describe.each(THEMES)('in the %s theme', (_, theme) => {
  test.each(pairs(TEXT))('%s is read on %s', (ink, ground) => {
    expect(contrast(theme, ink, ground)).toBeGreaterThanOrEqual(4.5)
  })
  test.each(pairs(EDGES))('%s is seen on %s', (edge, ground) => {
    expect(contrast(theme, edge, ground)).toBeGreaterThanOrEqual(3)
  })
})

test('a rule that sets text and ground sets a pair that is measured', () => {
  const measured = new Set(pairs(TEXT).map((pair) => pair.join(' on ')))
  const found = Object.values(sheets).flatMap((css) =>
    [...css.matchAll(/\{([^{}]*)\}/g)].flatMap(([, rule]) => {
      const ink = /(?:^|[;{\s])color: var\(--([\w-]+)\)/.exec(rule ?? '')?.[1]
      const ground = /background: var\(--([\w-]+)\)/.exec(rule ?? '')?.[1]
      return ink && ground ? [`${ink} on ${ground}`] : []
    })
  )
  expect(found.length).toBeGreaterThan(15)
  expect(found.filter((pair) => !measured.has(pair))).toEqual([])
})

test('no colour is written anywhere but among the tokens', () => {
  for (const css of Object.values(sheets)) {
    // White under a QR code is the code's own, and shade is no colour.
    expect(css.replaceAll('background: #fff;', '').match(/#[0-9a-f]{3,8}\b/g)).toBeNull()
  }
})
