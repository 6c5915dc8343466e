// No text that a reader sees has a word of banned-words.json. Names in code aren't text.
import { parse, type AST } from 'svelte/compiler'
import ts from 'typescript'
import { expect, it } from 'vitest'
import banned from './banned-words.json'

const sources = import.meta.glob<string>(
  ['./**/*.svelte', './**/*.ts', '!./**/*.test.ts', '!./bindings/**'],
  {
    query: '?raw',
    import: 'default',
    eager: true
  }
)

/** Attributes that no reader sees. */
const NOT_READ = /^(class|id|type|data-|bind:|on|testid$|name$|role$|href$|src$|d$)/
const WORDS = new RegExp(
  `(?<![\\w-])(${Object.keys(banned).join('|').replaceAll(' ', '\\s+')})(?![\\w-])`,
  'i'
)

/** A name rather than text: one word without a capital, as test ids and kinds are. */
const isName = (text: string) => /^[a-z][\w./:-]*$/.test(text.trim())

/** Every text in a script: strings and the parts of templates. */
function textsOfScript(source: string): string[] {
  const texts: string[] = []
  const visit = (node: ts.Node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      texts.push(node.text)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('a.ts', source, ts.ScriptTarget.Latest))
  return texts.filter((text) => !isName(text))
}

/** Every text in a component: its script's, and what stands in its markup. */
function textsOfComponent(source: string): string[] {
  const { fragment, instance, module } = parse(source, { modern: true })
  const texts = [instance, module].flatMap((script) =>
    script ? textsOfScript(source.slice(...bounds(script.content as unknown as Bounds))) : []
  )
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit)
    if (typeof node !== 'object' || node === null || !('type' in node)) return
    const it = node as AST.SvelteNode & Record<string, unknown>
    if (it.type === 'Attribute' && NOT_READ.test(it.name)) return
    if (it.type === 'Text') texts.push(it.data)
    else if (it.type === 'Literal') texts.push(isName(String(it.value)) ? '' : String(it.value))
    else if (it.type === 'TemplateElement') texts.push(it.value.cooked ?? '')
    for (const key in it) if (key !== 'metadata' && key !== 'parent') visit(it[key])
  }
  visit(fragment.nodes)
  return texts
}

type Bounds = { start: number; end: number }
const bounds = ({ start, end }: Bounds): [number, number] => [start, end]

const refused = (path: string, source: string) =>
  (path.endsWith('.svelte') ? textsOfComponent(source) : textsOfScript(source))
    .map((text) => text.replace(/\s+/g, ' ').trim())
    .filter((text) => WORDS.test(text))

it.each(Object.entries(sources))('%s has plain words', (path, source) => {
  expect(refused(path, source)).toEqual([])
})

it('finds a word wherever a reader would: in markup, in attributes, in both kinds of script', () => {
  expect(refused('a.svelte', '<p>The rest goes\n  back.</p>')).toEqual(['The rest goes back.'])
  expect(refused('a.svelte', '<Field hint="Mend it." />')).toEqual(['Mend it.'])
  expect(refused('a.svelte', "<p>{isOver ? 'Put away' : `${n} lets go`}</p>")).toEqual([
    'Put away',
    'lets go'
  ])
  expect(refused('a.svelte', '<script lang="ts">const A = { a: \'Mend\' }</script>')).toEqual(['Mend'])
  expect(refused('a.ts', 'say(`${n} tabs are put away`)')).toEqual(['tabs are put away'])
})

it('leaves names in code alone', () => {
  expect(refused('a.svelte', '<b class="edit" data-testid="mend">Edit</b>')).toEqual([])
  expect(refused('a.ts', "import './mend'\nnav.sheet = { kind: 'mend' } // anew")).toEqual([])
})
