// @vitest-environment happy-dom
import { cleanup } from '@testing-library/svelte'
import { expect, test } from 'vitest'
import { FakeDesk } from '../../backend/fake/desk'
import { show, started } from '../../backend/fake/render'
import { SETTINGS } from '../../backend/fake/till'
import KeyMap from './KeyMap.svelte'

test('names every key that works, and none that is switched off', async () => {
  const app = await started(new FakeDesk())
  const named = () => {
    cleanup()
    show(app, KeyMap, {})
    return [...document.querySelectorAll('dd kbd')].map((key) => key.textContent)
  }
  for (const key of ['/', 'Ctrl F', '?', 'F1', 'F4', 'Ctrl K']) expect(named()).toContain(key)

  app.session.settings = { ...SETTINGS, letterKeys: false }
  expect(named().filter((key) => key?.length === 1)).toEqual([])
  for (const key of ['Ctrl F', 'F1', 'F4', 'Ctrl K']) expect(named()).toContain(key)
})
