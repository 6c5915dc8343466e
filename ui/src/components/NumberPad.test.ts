// @vitest-environment happy-dom
import { fireEvent } from '@testing-library/svelte'
import { beforeEach, expect, test } from 'vitest'
import { FakeDesk } from '../backend/fake/desk'
import { at, click, has, input, settled, show, started, type } from '../backend/fake/render'
import type { App } from '../state/app'
import TakeSheet from '../screens/tab/TakeSheet.svelte'
import NumberPad from './NumberPad.svelte'

let desk: FakeDesk
let app: App

beforeEach(async () => {
  desk = new FakeDesk()
  app = await started(desk)
  await app.floor.select('amira')
  show(app, NumberPad, {})
  show(app, TakeSheet, { tab: desk.tab('amira') })
  await settled()
})

const touch = async (testid: string) => {
  await fireEvent(at(testid), new PointerEvent('pointerdown', { bubbles: true, pointerType: 'touch' }))
  input(testid).focus()
  await settled()
}
const isShown = () => has('pad-7')

test('stays away from those who type', async () => {
  input('field-tip').focus()
  await settled()
  expect(isShown()).toBe(false)
})

test('comes to a finger, types into the field, and the desk answers as to a keyboard', async () => {
  await touch('field-tip')
  expect(isShown()).toBe(true)
  await click('pad-5')
  await click('pad-point')
  await click('pad-00')
  expect(input('field-tip').value).toBe('5.00')
  expect(at('take-confirm').textContent).toContain('Take £89.50')
  await click('pad-erase')
  await click('pad-erase')
  await click('pad-erase')
  expect(input('field-tip').value).toBe('5')
  await click('pad-clear')
  expect(input('field-tip').value).toBe('')
})

test('types over what is marked', async () => {
  await touch('field-bill')
  input('field-bill').select()
  await click('pad-6')
  await click('pad-0')
  expect(input('field-bill').value).toBe('60')
})

test('goes on to the next amount, and away after the last', async () => {
  await touch('field-service')
  await click('pad-next')
  expect(document.activeElement).toBe(input('field-tip'))
  await click('pad-next')
  expect(isShown()).toBe(false)
  expect(document.activeElement).toBe(input('field-tip'))
})

test('goes when somebody takes to the keyboard, and comes when it is asked for', async () => {
  await touch('field-tip')
  await fireEvent.keyDown(input('field-tip'), { key: '5' })
  await settled()
  expect(isShown()).toBe(false)
  await fireEvent.keyDown(input('field-tip'), { key: 'b', ctrlKey: true })
  await settled()
  expect(isShown()).toBe(true)
  await type('field-tip', '5')
  expect(isShown()).toBe(true)
})

test('stands inside the sheet, for outside of it nothing could be pressed', async () => {
  await touch('field-tip')
  expect(at('pad').closest('dialog')).not.toBeNull()
  expect(input('field-tip').inputMode).toBe('none')
})
