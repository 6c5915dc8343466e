// The folders of the window have an order, and none may use one above it, not even for a type: a reader of a low one
// needs none of the others. `desk/tests/folders.rs` asks the same of Rust.
import { expect, it } from 'vitest'

const sources = import.meta.glob<string>(['./**/*.svelte', './**/*.ts', '!./**/*.test.ts'], {
  query: '?raw',
  import: 'default',
  eager: true
})

/** From the bottom to the top: folders, and the files beside them. */
const ORDER = [
  'bindings',
  'actions',
  'zone',
  'wording',
  'days',
  'focus',
  'menu',
  'rows',
  'backend',
  'typed',
  'consent',
  'state',
  'deeds',
  'components',
  'screens/paper',
  'screens/training',
  'screens/settings',
  'screens/setup',
  'screens/tab',
  'screens/floor',
  'screens/attention',
  'screens/deposits',
  'screens/history',
  'screens/guest',
  'screens/night',
  'screens/palette',
  'screens/reports',
  'screens/window',
  'lazy',
  'styles',
  'App',
  'backend/fake',
  'backend/tauri',
  'main',
  'guest'
]

/** Where a file belongs: `state`, `screens/tab`, `deeds`. */
function layerOf(path: string): string {
  const [first = '', second, ...rest] = path.replace(/(\.svelte)?\.ts$|\.svelte$/, '').split('/')
  const pair = `${first}/${second}`
  return (first === 'screens' && rest.length > 0) || ORDER.includes(pair) ? pair : first
}

/** The path that `to` leads to from a file of this path. */
function resolve(from: string, to: string): string {
  const parts = from.split('/').slice(0, -1)
  for (const part of to.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}

/** The files that a source imports or re-exports, types too. */
const importsOf = (code: string) =>
  [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)].map(([, to = '']) => to)

/** Every use of a higher folder by a lower one, and each that has no place in the order. */
function upward(path: string, code: string): string[] {
  const own = layerOf(path)
  if (!ORDER.includes(own)) return [`${path} has no place in the order`]
  return importsOf(code)
    .map((to) => layerOf(resolve(path, to)))
    .filter((of) => !ORDER.includes(of) || ORDER.indexOf(of) > ORDER.indexOf(own))
    .map((of) => `${path} uses ${of}`)
}

it('lets no folder use one above it', () => {
  const files = Object.entries(sources)
  expect(files.length).toBeGreaterThan(100)
  expect(files.flatMap(([path, code]) => upward(path.replace('./', ''), code))).toEqual([])
})

it('finds each kind of import that leads upward', () => {
  for (const code of [
    "import { app } from '../state/app'",
    "import type { App } from '../state/app'",
    "import {\n  app,\n  contextOf\n} from '../state/app'",
    "export { app } from '../state/app'",
    "const late = () => import('../state/app')",
    "import '../state/app'"
  ]) {
    expect(upward('wording/tab.ts', code), code).toEqual(['wording/tab.ts uses state'])
    expect(upward('components/Row.svelte', code), code).toEqual([])
  }
  expect(upward('screens/floor/Floor.svelte', "import A from '../tab/ShownTab.svelte'")).toEqual([])
  expect(upward('screens/tab/TabPanel.svelte', "import A from '../floor/Floor.svelte'")).toHaveLength(1)
  expect(upward('backend/error.ts', "import { draw } from './fake/render'")).toHaveLength(1)
  expect(upward('sideways/new.ts', '')).toHaveLength(1)
})
