// What is shown is drawn. The floor once left a row blank that stood in plain sight: WebKit may forget that what it
// left out while it was out of sight is in sight again.
import { expect, test } from 'vitest'

const sheets = import.meta.glob<string>('./**/*.css', { query: '?raw', import: 'default', eager: true })

test('no style leaves anything out of what is drawn', () => {
  expect(Object.keys(sheets).length).toBeGreaterThan(10)
  for (const [name, sheet] of Object.entries(sheets))
    expect(sheet, name).not.toMatch(/content-visibility\s*:\s*(auto|hidden)/)
})
