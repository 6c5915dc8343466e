// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest'
import { FakeDesk } from '../../backend/fake/desk'
import { at, click, has, settled, show, started, type } from '../../backend/fake/render'
import type { App } from '../../state/app'
import PhraseSheet from './PhraseSheet.svelte'

let desk: FakeDesk
let app: App

beforeEach(async () => {
  desk = new FakeDesk()
  app = await started(desk)
  app.nav.sheet = { kind: 'phrase' }
  show(app, PhraseSheet, {})
  await settled()
})

test('shows the words once, and copies are encrypted when two of them are typed', async () => {
  expect(at('phrase-words').querySelectorAll('li')).toHaveLength(12)
  expect(app.session.settings?.backupRecipient).toBeNull()
  await click('phrase-written')
  expect(has('phrase-words')).toBe(false)
  await type('phrase-word-0', 'zebra')
  await type('phrase-word-1', 'word9')
  await click('phrase-confirm')
  expect(document.body.textContent).toContain('That isn’t word 3.')
  await type('phrase-word-0', 'word3')
  await click('phrase-confirm')
  expect(app.session.settings?.backupRecipient).toBe('age1made')
  expect(app.nav.sheet).toBeNull()
})
