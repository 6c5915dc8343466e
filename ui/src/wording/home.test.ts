// Staff's words have one home. A sentence that depends on anything is a function here, whole and with parameters, so
// that it can be translated. Elsewhere no code holds words, and the markup has captions that never change: nothing is
// put into them, and they stand beside nothing that is.
import { parse, type AST } from 'svelte/compiler'
import ts from 'typescript'
import { expect, it } from 'vitest'

const sources = import.meta.glob<string>(
  ['../**/*.svelte', '../**/*.ts', '!../**/*.test.ts', '!../bindings/**', '!../backend/fake/**', '!./**'],
  { query: '?raw', import: 'default', eager: true }
)

/** Attributes that no reader sees. */
const NOT_READ = new RegExp(
  '^(data-|(class|style|id|for|type|testid|name|role|href|src|d|kind|subject|' +
    'aria-(controls|labelledby|describedby|activedescendant))$)'
)
/** What these are given is for the machine: a selector, a format, an error that only a developer meets. */
const FOR_THE_MACHINE =
  /^(querySelector(All)?|closest|matches|matchMedia|addEventListener|Error|DateTimeFormat)$/
/** Read as part of the words beside them. */
const INLINE = new Set(['b', 'strong', 'em', 'i', 'mark'])
/** Names of keys, currencies, the shapes of icons, and selectors. */
const CODE = /^(Ctrl |Arrow|Page|[A-Z]{3}$|M\d)|\[data-/

const hasWord = (text: string) => /\p{L}{2}/u.test(text)
/** Words rather than a name: they begin with a capital, or there is a space. */
const isWords = (text: string) =>
  hasWord(text) && !CODE.test(text) && (/^\s*\p{Lu}/u.test(text) || /\s/.test(text))

const tidy = (text: string) => text.replace(/\s+/g, ' ').trim()

function calleeOf(node: ts.Node): string {
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return ''
  const { expression } = node
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText()
}

/** A text that names something: a type, a key of an object, an id, what something is compared with. */
function isName(node: ts.Node): boolean {
  const { parent } = node
  if (ts.isPropertyAssignment(parent)) return parent.name === node || parent.name.getText() === 'id'
  if (ts.isBinaryExpression(parent)) return ['===', '!=='].includes(parent.operatorToken.getText())
  return ts.isTemplateSpan(parent) || ts.isTemplateExpression(parent)
    ? isName(ts.isTemplateSpan(parent) ? parent.parent : parent)
    : ts.isCaseClause(parent) || ts.isElementAccessExpression(parent)
}

/** The words in code. Where all of it is read, a single small word counts too: `tabs`. */
function wordsOfScript(code: string, isRead = false): string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || FOR_THE_MACHINE.test(calleeOf(node))) return
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      const counts = isRead && !ts.isCallExpression(node.parent) ? hasWord : isWords
      if (counts(node.text) && !isName(node)) found.push(tidy(node.text))
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('a.ts', code, ts.ScriptTarget.Latest, true))
  return found
}

type Node = AST.SvelteNode & { start: number; end: number } & Record<string, unknown>

/** What is read in one go: fixed words, and whether anything is put in. */
interface Piece {
  words: string[]
  isFilled: boolean
}
const merged = (pieces: Piece[]): Piece => ({
  words: pieces.flatMap(({ words }) => words),
  isFilled: pieces.some(({ isFilled }) => isFilled)
})

/** The words in a component's code, and those in its markup that something is put into. */
function wordsOfComponent(source: string): string[] {
  const found: string[] = []
  const { fragment, instance, module } = parse(source, { modern: true })
  const code = (of: unknown, isRead = false) => {
    const { start, end } = of as Node
    found.push(...wordsOfScript(source.slice(start, end), isRead))
  }
  for (const script of [instance, module]) if (script) code(script.content)

  const attribute = ({ name, value }: Node) => {
    if (value === true || NOT_READ.test(String(name))) return
    const parts = [value].flat() as Node[]
    const words = parts.flatMap((part) => (part.type === 'Text' && hasWord(part.data) ? [part.data] : []))
    if (parts.length > 1) found.push(...words.map(tidy))
    for (const part of parts) if (part.type === 'ExpressionTag') code(part.expression)
  }
  const piece = (node: Node): Piece => {
    if (node.type === 'Text') return { words: hasWord(node.data) ? [tidy(node.data)] : [], isFilled: false }
    if (node.type === 'ExpressionTag') {
      code(node.expression, true)
      return { words: [], isFilled: true }
    }
    for (const one of [node.attributes ?? []].flat() as Node[]) if (one.type === 'Attribute') attribute(one)
    for (const key of ['test', 'declaration', 'expression']) if (node[key]) code(node[key])
    const inner = ['fragment', 'consequent', 'alternate', 'body', 'fallback']
      .map((key) => (node[key] as { nodes?: Node[] } | null | undefined)?.nodes)
      .filter((nodes) => nodes !== undefined)
      .map((nodes) => merged(nodes.map(piece)))
    const all = merged(inner)
    // What is there only sometimes is put in, too.
    if (node.type.endsWith('Block')) return { ...all, isFilled: all.isFilled || all.words.length > 0 }
    if (node.type === 'RegularElement' && INLINE.has(String(node.name))) return all
    inner.forEach(close)
    return { words: [], isFilled: false }
  }
  const close = ({ words, isFilled }: Piece) => {
    if (isFilled && words.length > 0) found.push(words.join('…'))
  }
  close(merged((fragment.nodes as Node[]).map(piece)))
  return [...new Set(found)]
}

const refused = (path: string, source: string) =>
  path.endsWith('.svelte') ? wordsOfComponent(source) : wordsOfScript(source)

it('reads all of the window', () => {
  expect(Object.keys(sources).length).toBeGreaterThan(70)
})

it.each(Object.entries(sources))('%s makes no sentence', (path, source) => {
  expect(refused(path, source)).toEqual([])
})

it.each([
  ['a template', 'const words = `${money} taken`', ['taken']],
  ['a choice', "say(isOver ? 'Taken' : 'on hold')", ['Taken', 'on hold']],
  ['pieces put together', "const all = texts.join(' and ')", ['and']],
  ['a list', "const KINDS = { tab: 'Tab' }", ['Tab']],
  ['a switch', "function say(kind: string) { switch (kind) { case 'tab': return 'Tab' } }", ['Tab']]
])('finds words in a script: %s', (_, source, words) => {
  expect(refused('a.ts', source)).toEqual(words)
  expect(refused('a.svelte', `<script lang="ts">${source}</script>`)).toEqual(words)
})

it.each([
  ['a word before a figure', '<p>Taken {money}</p>', ['Taken']],
  ['a figure set bold', '<p>And <b>{count}</b> more.</p>', ['And…more.']],
  ['a part that is there sometimes', '<p>Closed{#if by} by hand{/if}</p>', ['Closed…by hand']],
  ['a choice', "<p>{count === 1 ? 'tab' : 'tabs'}</p>", ['tab', 'tabs']],
  ['an attribute', '<Sheet title="Close {name}?" />', ['Close']],
  ['a choice in one', "<b aria-label={isOver ? 'Over' : ''}>1</b>", ['Over']],
  ['a handler', "<button onclick={() => say('Link copied.')}>Copy</button>", ['Link copied.']],
  ['a constant', '{#if hold}{@const words = `${hold} more`}<p>{words}</p>{/if}', ['more']]
])('finds words in markup: %s', (_, source, words) => {
  expect(refused('a.svelte', source)).toEqual(words)
})

it.each([
  '<p>Nothing yet.</p><button class="btn {tone}" aria-label="Close">Not now<kbd>{key}</kbd></button>',
  "<p>{wording.taken(money)}{fieldError(error, 'amount')}</p>",
  '<dt>Taken</dt><dd>{money}</dd>{#if busy}<span class="spin"></span>{/if}Save',
  '<label for="{id}-input">{label}</label>'
])('leaves fixed captions alone: %s', (source) => {
  expect(refused('a.svelte', source)).toEqual([])
})

it('leaves what nobody reads alone', () => {
  for (const source of [
    "import { a } from './A b'",
    "const to = { ArrowDown: 1, 'Page Up': 2 }[event.key]",
    "if (event.key === 'Escape' || currency === 'GBP') close()",
    "form.querySelector(`[data-testid='field-${field}']`)",
    'const hit = { id: `take ${tab.id}` }',
    "type Kind = 'Tab' | 'Deposit'",
    "throw new Error('No app here')",
    '// A comment with words'
  ])
    expect(refused('a.ts', source), source).toEqual([])
})
