// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest'
import { FakeDesk, refusal } from '../../backend/fake/desk'
import { at, click, settled, show, started } from '../../backend/fake/render'
import PaperScreen from './PaperScreen.svelte'

let desk: FakeDesk

beforeEach(async () => {
  desk = new FakeDesk()
  show(await started(desk), PaperScreen, { of: { kind: 'test' } })
  await settled()
})

/** What the preview itself says: all else is behind it, for eyes and for a screen reader. */
const said = () => document.querySelector('dialog [role="status"]')?.textContent

test('says on the preview where the PDF went, with all of its path', async () => {
  expect(said()).toBe('')
  await click('paper-save')
  expect(said()).toContain('Saved: “Holdfast receipt.pdf” in your folder Downloads.')
  // It's among what no paper has on it: the next one would be printed with it.
  expect(at('paper-said').closest('.paper-tools')).not.toBeNull()
  expect(said()).toContain('/home/till/Downloads/Holdfast receipt.pdf')
})

test('says there why nothing was saved', async () => {
  desk.fail('savePaper', refusal('internal', 'The folder is full.'))
  await click('paper-save')
  expect(at('paper-said').textContent).toBe('The folder is full.')
})
