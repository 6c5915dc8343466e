// @vitest-environment happy-dom
import { cleanup } from '@testing-library/svelte'
import { beforeEach, expect, test, vi } from 'vitest'
import { FakeDesk, refusal } from '../../backend/fake/desk'
import { at, button, click, enter, has, input, settled, show, started, type } from '../../backend/fake/render'
import { previewTake } from '../../backend/fake/previews'
import type { Take } from '../../bindings/Take'
import type { App } from '../../state/app'
import TakeSheet from './TakeSheet.svelte'

/** Longer than a notice of new figures sleeps, and than a sheet rests after they were accepted. */
const AWAKE_MS = 700

let desk: FakeDesk
let app: App

beforeEach(async () => {
  desk = new FakeDesk()
  app = await started(desk)
  await app.floor.select('amira')
  app.nav.sheet = { kind: 'take' }
  show(app, TakeSheet, { tab: desk.tab('amira') })
  await settled()
})

const awake = () => new Promise((done) => setTimeout(done, AWAKE_MS))

test('begins with what is due, without its currency', () => {
  expect(input('field-bill').value).toBe('84.50')
  expect(input('field-tip').value).toBe('')
  expect(button('take-confirm').textContent).toContain('Take £84.50')
  expect(button('take-confirm').disabled).toBe(false)
})

test('takes what is on the button, once, with what the person saw', async () => {
  await type('field-tip', '5')
  await settled()
  await enter('field-tip')
  await enter('field-tip')
  expect(desk.count('take')).toBe(1)
  const [take] = desk.sent.find((call) => call.command === 'take')?.args as [Take]
  expect(take).toMatchObject({
    tabId: 'amira',
    typed: { bill: '84.50', service: '', tip: '5' },
    expectTotalMinor: 8950,
    seen: { dueMinor: 8450 }
  })
  expect(app.nav.sheet).toBeNull()
  expect(app.nav.toast).toBe('£89.50 is taken.')
})

test('a tip at a tap is typed into the field, not as its button says it', async () => {
  expect(at('tip-choice').textContent).toContain('10%£8.45')
  await click('tip-choice')
  expect(input('field-tip').value).toBe('10%')
  expect(at('tip-choice').getAttribute('aria-pressed')).toBe('true')
  await enter('field-tip')
  const [take] = desk.sent.find((call) => call.command === 'take')?.args as [Take]
  expect(take).toMatchObject({ typed: { tip: '10%' }, expectTotalMinor: 9295 })
})

test('waits for the sum of the last digit before it takes', async () => {
  await type('field-tip', '5')
  await enter('field-tip')
  const [take] = desk.sent.find((call) => call.command === 'take')?.args as [Take]
  expect(take.expectTotalMinor).toBe(8950)
})

test('keeps what is typed when the figures change, and sleeps until they are accepted', async () => {
  await type('field-tip', '5')
  desk.setBill('amira', 9450)
  await settled()
  expect(input('field-tip').value).toBe('5')
  expect(input('field-bill').value).toBe('84.50')
  expect(at('changed').textContent).toContain('£94.50 is due now.')
  expect(button('take-confirm').disabled).toBe(true)

  await enter('field-tip')
  await click('take-confirm')
  expect(desk.count('take')).toBe(0)

  await awake()
  await click('use-new-figures')
  expect(has('changed')).toBe(false)
  expect(input('field-tip').value).toBe('5')
  expect(input('field-bill').value).toBe('94.50')
  // The second half of a double click still does nothing.
  expect(button('take-confirm').disabled).toBe(true)
  await awake()
  expect(button('take-confirm').disabled).toBe(false)
  await enter('field-tip')
  const [take] = desk.sent.find((call) => call.command === 'take')?.args as [Take]
  expect(take).toMatchObject({ expectTotalMinor: 9950, seen: { dueMinor: 9450 } })
})

test('keeps a bill that the person typed when new figures are accepted', async () => {
  await type('field-bill', '60')
  desk.setBill('amira', 9450)
  await settled()
  await awake()
  await click('use-new-figures')
  expect(input('field-bill').value).toBe('60')
})

test('accepts new figures only after a moment, so that a click on its way does not', async () => {
  desk.setBill('amira', 9450)
  await settled()
  await click('use-new-figures')
  expect(has('changed')).toBe(true)
})

test('says what is wrong at its field', async () => {
  await type('field-tip', 'five')
  await settled()
  expect(at('field-error').textContent).toBe('Type an amount like 12.50.')
  expect(button('take-confirm').disabled).toBe(true)
})

test('shows why a take failed, and loses nothing that was typed', async () => {
  await type('field-tip', '5')
  desk.fail('take', refusal('not_sent', 'Dojo can’t be reached. Nothing was sent.'))
  await enter('field-tip')
  expect(at('sheet-error').textContent).toBe('Dojo can’t be reached. Nothing was sent.')
  expect(input('field-tip').value).toBe('5')
  expect(input('field-bill').value).toBe('84.50')
  expect(app.nav.sheet).toEqual({ kind: 'take' })

  desk.fail('take', null)
  await enter('field-tip')
  const decisions = desk.sent.filter((call) => call.command === 'take').map((call) => call.args as [Take])
  expect(decisions).toHaveLength(2)
  expect(decisions[0]?.[0].decision).toBe(decisions[1]?.[0].decision)
})

test('a decision that comes after somebody else changed the tab is not taken', async () => {
  vi.spyOn(desk, 'tellChanged').mockImplementation(() => {})
  desk.setBill('amira', 9450)
  await enter('field-tip')
  expect(desk.count('take')).toBe(1)
  expect(at('changed').textContent).toContain('£94.50 is due now.')
  expect(has('sheet-error')).toBe(false)
  expect(desk.tab('amira').row.captured.minor).toBe(0)
})

test('without a bill there is nothing to take a share of: the picks sleep, and the bill is typed', async () => {
  cleanup()
  app.nav.sheet = null
  await app.floor.select('callum')
  app.nav.sheet = { kind: 'take' }
  show(app, TakeSheet, { tab: desk.tab('callum') })
  await settled()
  const picks = () =>
    [...document.querySelectorAll<HTMLButtonElement>("[data-testid='tip-choice']")].map((pick) => [
      pick.textContent?.replace(/\s+/g, ' ').trim(),
      pick.disabled
    ])
  expect(picks()).toEqual([['10%no bill yet', true]])
  expect(document.activeElement).toBe(at('field-bill'))

  await type('field-bill', '40')
  await settled()
  expect(picks()).toEqual([['10%£4.00', false]])
})

test('a bill over the hold: the big figure is what its key takes, and Enter presses it', async () => {
  cleanup()
  desk.setBill('amira', 18240)
  await settled()
  show(app, TakeSheet, { tab: desk.tab('amira') })
  await settled()
  expect(at('take-total').textContent).toBe('£150.00')
  expect(at('take-rest').textContent).toBe('£32.40 to hold')
  expect(button('take-way-on').textContent).toContain('Take £150.00, hold £32.40 more')
  await enter('field-tip')
  const [take] = desk.sent.find((call) => call.command === 'take')?.args as [Take]
  expect(take).toMatchObject({ expectTotalMinor: 15000, thenAskMinor: 3240 })
})

test('Enter right after a digit asks no guest for more before anybody was told so', async () => {
  desk.backend.previewTake = async (id, typed) => {
    await new Promise((done) => setTimeout(done, 20))
    return previewTake(desk.tab(id), typed)
  }
  await type('field-tip', '100')
  await enter('field-tip')
  await new Promise((done) => setTimeout(done, 50))
  expect(desk.count('take')).toBe(0)
  expect(button('take-way-on').textContent).toContain('Take £150.00, hold £34.50 more')
  await enter('field-tip')
  await new Promise((done) => setTimeout(done, 50))
  expect(desk.count('take')).toBe(1)
})

test('keeps saying what became of a take when the ledger can’t be looked at since', async () => {
  desk.fail('take', refusal('unclear', 'The request may have left.'))
  desk.fail('look', refusal('ledger', 'Nothing was sent.'))
  desk.fail('previewTake', refusal('ledger', 'Nothing was sent.'))
  await click('take-confirm')
  desk.setBill('amira', 9450)
  await settled()
  expect(at('sheet-error').textContent).toContain('The request may have left.')
  expect(at('sheet-error').textContent).not.toContain('Nothing was sent.')
})

test('what changed at another till is the one reason why it sleeps', async () => {
  await type('field-bill', '0')
  expect(has('take-why')).toBe(true)
  desk.setBill('amira', 9450)
  await settled()
  expect(has('changed')).toBe(true)
  expect(has('take-why')).toBe(false)
})
