import { expect, test } from 'vitest'
import { FakeDesk } from './backend/fake/desk'
import { refusal } from './backend/fake/typing'
import { Consent } from './consent.svelte'

const CHANGED = refusal('changed', 'This has changed in the meantime. Look at it again, then try again.')

test('says what the desk says of a decision from another version, where no figure is different', async () => {
  const desk = new FakeDesk()
  const consent = new Consent(desk.backend, 'amira', null, desk.tab('amira').seen)
  expect(await consent.refused(CHANGED)).toEqual(CHANGED)
  // Just accepted, the sheet rests for a moment: that's no reason to say nothing.
  consent.accept()
  expect(consent.sleeps).toBe(true)
  expect(await consent.refused(CHANGED)).toEqual(CHANGED)
})

test('says nothing of its own where what changed stands above', async () => {
  const desk = new FakeDesk()
  const consent = new Consent(desk.backend, 'amira', null, desk.tab('amira').seen)
  desk.setBill('amira', 9450)
  expect(await consent.refused(CHANGED)).toBeNull()
  expect(consent.changes).not.toEqual([])
})
