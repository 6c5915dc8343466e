// @vitest-environment happy-dom
import { cleanup, fireEvent } from '@testing-library/svelte'
import { beforeEach, expect, test } from 'vitest'
import { FakeDesk, refusal } from '../../backend/fake/desk'
import { at, button, click, has, settled, show, started } from '../../backend/fake/render'
import type { NightChoice } from '../../bindings/NightChoice'
import type { RunPick } from '../../bindings/RunPick'
import type { RunView } from '../../bindings/RunView'
import { NOW, pounds } from '../../backend/fake/samples'
import type { NightSeen } from '../../bindings/NightSeen'
import type { App } from '../../state/app'
import Night from './Night.svelte'

/** Longer than a notice of new figures sleeps. */
const AWAKE_MS = 700

let desk: FakeDesk
let app: App

beforeEach(async () => {
  desk = new FakeDesk()
  app = await started(desk)
  show(app, Night, {})
  await settled()
})

const row = (name: string): HTMLElement =>
  document.querySelector<HTMLElement>(`[data-testid='night-row'][data-name='${name}']`) ??
  expect.fail(`there is no row of ${name}`)
const field = (name: string, testid: string) =>
  row(name).querySelector<HTMLInputElement>(`[data-testid='${testid}']`) ?? expect.fail(`no ${testid}`)
const pressed = (testid: string) => button(testid).getAttribute('aria-pressed') === 'true'
const type = async (name: string, testid: string, text: string) => {
  await fireEvent.input(field(name, testid), { target: { value: text } })
  await settled()
}
const closed = () =>
  desk.sent
    .filter((call) => call.command === 'closeNight')
    .map((call) => call.args as [NightChoice[], NightSeen[]])

test('shows each bill as it is typed: without currency and thousands', () => {
  expect(field('Amira Haddad', 'night-bill').value).toBe('84.50')
  expect(field('Olaf Brandt', 'night-bill').value).toBe('1234.50')
  expect(field('Olaf Brandt', 'night-tip').value).toBe('0.00')
  expect(row('Olaf Brandt').textContent).toContain('£1,234.50')
})

test('nothing can be confirmed while Dojo can’t be reached, and the reason stands there', async () => {
  await click('night-close')
  desk.isOnline = false
  await app.floor.refresh()
  await settled()
  expect(button('night-confirm').disabled).toBe(true)
  expect(at('needs-dojo').textContent).toContain('Dojo can’t be reached')
  expect(button('night-close').disabled).toBe(true)
  desk.isOnline = true
  await app.floor.refresh()
  await settled()
  expect(button('night-confirm').disabled).toBe(false)
})

test('sends what was typed on each row, and what the person saw', async () => {
  await type('Amira Haddad', 'night-tip', '5')
  await click('night-close')
  await click('night-confirm')
  expect(closed()).toHaveLength(1)
  const [choices, seen] = closed()[0] ?? expect.fail('nothing was closed')
  expect(choices).toEqual([{ tabId: 'amira', action: null, typed: { bill: null, service: null, tip: '5' } }])
  expect(seen.map((row) => [row.tabId, row.action, row.totalMinor])).toEqual([
    ['amira', 'take', 8950],
    ['brandt', 'take', 123450]
  ])
  expect(has('night-confirm')).toBe(false)
})

test('adds the service charge to all in one press, and takes it off again', async () => {
  await type('Amira Haddad', 'night-service', '2')
  expect(pressed('service-none')).toBe(true)
  await click('service-all')
  expect(pressed('service-all')).toBe(true)
  expect(field('Olaf Brandt', 'night-service').value).toBe('12.5%')
  expect(field('Amira Haddad', 'night-service').value, 'what was typed stays').toBe('2')
  await click('service-none')
  expect(field('Olaf Brandt', 'night-service').value).toBe('0.00')
  expect(field('Amira Haddad', 'night-service').value).toBe('2')
})

test('puts the service charge on flagged rows only, or on the others only', async () => {
  expect(has('service-flagged'), 'no row has a flag').toBe(false)
  desk.flag('amira', 'No name')
  await settled()
  const services = () =>
    ['Amira Haddad', 'Olaf Brandt'].map((name) => field(name, 'night-service').value.includes('%'))
  await click('service-flagged')
  expect(services()).toEqual([true, false])
  expect(pressed('service-flagged')).toBe(true)
  await click('service-plain')
  expect(services()).toEqual([false, true])
  await type('Olaf Brandt', 'night-service', '')
  expect(has('service-flagged'), 'only one row is left to choose').toBe(false)
  expect(pressed('service-none')).toBe(true)
  await click('service-all')
  expect(services(), 'what a person emptied stays empty').toEqual([true, false])
})

test('leaves a row whose tick is taken away', async () => {
  field('Olaf Brandt', 'night-tick').click()
  await settled()
  await click('night-close')
  await click('night-confirm')
  expect(closed()[0]?.[1].map((row) => [row.tabId, row.action])).toEqual([
    ['amira', 'take'],
    ['brandt', 'leave']
  ])
})

test('can’t be confirmed while a row is not what it was, until that is accepted', async () => {
  await click('night-close')
  desk.setBill('amira', 9450)
  await settled()
  expect(at('changed').textContent).toContain('Amira Haddad: £94.50 is due now.')
  expect(button('night-confirm').disabled).toBe(true)
  await click('night-confirm')
  expect(desk.count('closeNight')).toBe(0)

  await new Promise((done) => setTimeout(done, AWAKE_MS))
  await click('use-new-figures')
  await click('night-confirm')
  expect(closed()[0]?.[1][0]?.totalMinor).toBe(9450)
})

test('keeps what is typed on a row when something changes elsewhere', async () => {
  await type('Amira Haddad', 'night-tip', '5')
  desk.setBill('brandt', 1000_00)
  await settled()
  expect(field('Amira Haddad', 'night-tip').value).toBe('5')
  expect(field('Olaf Brandt', 'night-bill').value).toBe('1000.00')
})

test('shows why it could not be closed, and loses nothing that was typed', async () => {
  await type('Amira Haddad', 'night-tip', '5')
  await click('night-close')
  desk.fail('closeNight', refusal('ledger', 'The ledger can’t be written.'))
  await click('night-confirm')
  expect(at('sheet-error').textContent).toBe('The ledger can’t be written.')
  expect(field('Amira Haddad', 'night-tip').value).toBe('5')
  expect(desk.tab('amira').row.captured.minor).toBe(0)
})

test('says at a row what can’t be read, and can’t be closed then', async () => {
  await type('Amira Haddad', 'night-bill', 'lots')
  expect(row('Amira Haddad').textContent).toContain('Type an amount like 12.50.')
  expect(button('night-close').disabled).toBe(true)
})

/** A run over both tabs, as it stands at its first row. */
function run(first: RunView['rows'][number]['state'], is: Partial<RunView>): RunView {
  const row = (id: string, state: RunView['rows'][number]['state']): RunView['rows'][number] => {
    const { row } = desk.tab(id)
    const figures = { bill: row.bill, service: pounds(0), tip: pounds(0), beyond: pounds(0), total: row.bill }
    const picks: RunPick[] =
      state.code === 'done'
        ? ['all']
        : state.code === 'trouble'
          ? ['all', 'open', 'trouble']
          : ['all', 'open']
    const what = `Take ${row.bill.text}`
    return { tabId: id, name: row.name, tab: row, what, taking: figures, state, picks }
  }
  return {
    startedAt: NOW,
    by: 'Staff',
    done: first.code === 'done' ? 1 : 0,
    total: 1,
    phase: 'over',
    words: 'The night is closed',
    isShown: true,
    picks: [
      { pick: 'all', count: 1 },
      { pick: 'open', count: first.code === 'done' ? 0 : 1 },
      { pick: 'trouble', count: first.code === 'trouble' ? 1 : 0 }
    ],
    bills: [pounds(8450)],
    service: [],
    tips: [],
    taking: [pounds(8450)],
    beyond: [],
    taken: first.code === 'done' ? [pounds(8450)] : [],
    releasing: [],
    released: [],
    short: null,
    rows: [row('amira', first)],
    ...is
  }
}
const runRow = () => document.querySelector<HTMLElement>('[data-testid="run-row"]')

test('says before what closing will do, part by part, and that a take can’t be undone', async () => {
  await click('night-close')
  const deeds = [...document.querySelectorAll('[data-testid="night-deed"]')].map((deed) =>
    deed.textContent?.replace(/\s+/g, ' ').trim()
  )
  expect(deeds).toEqual(['Take from 2 tabsBill £1,319.00', 'Leave 1 tab openCallum Reid £200.00 on hold'])
  expect(at('night-undo').textContent).toContain('You can’t undo a take')
})

test('while it is closed the table is the run: the same rows, each with what becomes of it', async () => {
  desk.setRun(run({ code: 'sending', words: 'Taking £84.50…', tone: 'wait' }, { phase: 'running' }))
  await settled()
  expect(has('night-list')).toBe(false)
  expect(has('night-close')).toBe(false)
  expect(runRow()?.textContent).toContain('Taking £84.50…')
  expect(document.querySelector('[data-testid="run-other"]')?.textContent).toContain('Olaf Brandt')
  const place = runRow()

  desk.setRun(run({ code: 'done', words: 'Taken £84.50', tone: 'good' }, { phase: 'running' }))
  await settled()
  expect(runRow(), 'the row stays where it is').toBe(place)
  expect(runRow()?.textContent).toContain('Taken £84.50')
  expect(at('run-taken').textContent).toContain('£84.50 taken')
  await click('run-show-open')
  expect(runRow()).toBe(null)
})

test('the foot of a run says what is to be released, and its head what was', async () => {
  const first = { code: 'done', words: 'Released £40.00', tone: 'good' } as const
  const sums = { taking: [], releasing: [pounds(100_00)], released: [pounds(40_00)] }
  desk.setRun(run(first, { phase: 'interrupted', ...sums }))
  await settled()
  expect(at('run-foot').textContent).toContain('Release £100.00')
  expect(at('run-foot').textContent).not.toContain('released')
  expect(at('run-taken').textContent).toContain('£40.00 released')
})

test('afterwards what is open stands there again, with what became of it', async () => {
  desk.setRun(run({ code: 'trouble', words: 'Refused by Dojo', tone: 'bad' }, {}))
  await settled()
  expect(has('run-table')).toBe(false)
  expect(row('Amira Haddad').textContent).toContain('Refused by Dojo')
  expect(row('Olaf Brandt').textContent).not.toContain('Refused')
  await click('run-all')
  expect(has('night-list')).toBe(false)
  expect(runRow()?.textContent).toContain('Refused by Dojo')
  await click('run-all')
  expect(has('night-list')).toBe(true)
})

test('adds it by its key too', async () => {
  await fireEvent.keyDown(document.body, { key: 's', ctrlKey: true })
  await settled()
  expect(field('Olaf Brandt', 'night-service').value).toBe('12.5%')
  expect(field('Amira Haddad', 'night-service').value).toBe('12.5%')
})

test('a search shows the rows it finds, and closes no fewer', async () => {
  app.floor.query = 'brandt'
  await settled()
  expect(has('night-row')).toBe(true)
  expect(document.querySelectorAll("[data-testid='night-row']")).toHaveLength(1)
  expect(at('night-foot').textContent).toContain('In all, 2 tabs')
  expect(document.body.textContent).toContain('Your search shows 1; the totals are of all.')
  app.floor.opening = 'brandt'
  await settled()
  expect(document.activeElement).toBe(field('Olaf Brandt', 'night-tick'))
  expect(app.floor.opening).toBeNull()
  app.floor.query = 'nobody'
  await settled()
  expect(at('night-list').textContent).toContain('No open tab matches “nobody”.')
  await click('night-close')
  await click('night-confirm')
  expect(closed()[0]?.[1].map((row) => row.tabId)).toEqual(['amira', 'brandt'])
})

test('says what is on hold now: what was taken of it isn’t any more', async () => {
  cleanup()
  desk = new FakeDesk([
    { id: 'petra', name: 'Petra', billMinor: 8000, heldMinor: 10000, capturedMinor: 3000 }
  ])
  app = await started(desk)
  show(app, Night, {})
  await settled()
  expect(row('Petra').textContent).toContain('£70.00')
  expect(row('Petra').textContent).not.toContain('£100.00')
})

test('says why it can’t be read while the ledger is away, and no longer once it’s back', async () => {
  const away = 'The shared ledger can’t be reached.'
  cleanup()
  desk.fail('night', refusal('ledger', away))
  show(app, Night, {})
  await settled()
  expect(at('night-unread').textContent).toContain(away)
  desk.fail('night', null)
  await app.floor.refresh()
  await settled()
  expect(has('night-unread')).toBe(false)
  expect(document.querySelector('[role="alert"]')).toBeNull()
  expect(row('Amira Haddad').textContent).toContain('Amira')
})
