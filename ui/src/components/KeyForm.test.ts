// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest'
import { FakeDesk, refusal } from '../backend/fake/desk'
import { at, click, input, settled, show, started, type } from '../backend/fake/render'
import KeyForm from './KeyForm.svelte'

let desk: FakeDesk

beforeEach(async () => {
  desk = new FakeDesk()
  show(await started(desk), KeyForm, {})
  await settled()
})

const sent = () => desk.sent.filter((call) => call.command === 'enterKey').map((call) => call.args)

test('a key in another one’s place is confirmed in words', async () => {
  const words = 'This till works with sk_prod_…1. Type “change key” to change it.'
  desk.fail('enterKey', refusal('unconfirmed', words))
  await type('field-key', 'sk_prod_2')
  await click('keep-key')
  await settled()
  expect(at('key-change').textContent).toBe(words)
  expect(input('field-key').value).toBe('sk_prod_2')
  await type('field-confirm', 'change key')
  await click('keep-key')
  await settled()
  expect(sent()).toEqual([
    ['sk_prod_2', null],
    ['sk_prod_2', 'change key']
  ])
})
