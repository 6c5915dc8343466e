// A desk in memory, for tests of components. It knows just enough of money for a sheet to have figures; the rules are
// tested where they are, in Rust.
import type { AppError } from '../../bindings/AppError'
import type { FieldError } from '../../bindings/FieldError'
import type { Floor } from '../../bindings/Floor'
import type { GuideStep } from '../../bindings/GuideStep'
import type { GuideTask } from '../../bindings/GuideTask'
import type { MoveBill } from '../../bindings/MoveBill'
import type { MoveOutcome } from '../../bindings/MoveOutcome'
import type { Night } from '../../bindings/Night'
import type { NightChoice } from '../../bindings/NightChoice'
import type { NightSeen } from '../../bindings/NightSeen'
import type { OpenTab } from '../../bindings/OpenTab'
import type { OtherRow } from '../../bindings/OtherRow'
import type { Outcome } from '../../bindings/Outcome'
import type { RunView } from '../../bindings/RunView'
import type { Settings } from '../../bindings/Settings'
import type { Start } from '../../bindings/Start'
import type { TabView } from '../../bindings/TabView'
import type { Take } from '../../bindings/Take'
import type { UpdateNotice } from '../../bindings/UpdateNotice'
import type { Backend } from '../backend'
import { FIXED } from './fixed'
import { look, lookNight } from './looks'
import { nightTable } from './night'
import {
  previewForget,
  previewMove,
  previewNew,
  previewRefund,
  previewRenewal,
  previewTake
} from './previews'
import {
  figuresOf,
  guestOf,
  guestPage,
  guideOf,
  GUESTS,
  NOW,
  pounds,
  sumOf,
  tab,
  testPaper,
  type Guest
} from './samples'
import { joined, left, SETTINGS, setUpTo, START } from './till'
import { confirmed } from './phrase'
import { parse, refusal, WRONG } from './typing'

export { refusal }

type Method = keyof Backend

/** The desk in memory. `backend` is what components get, the rest is for the test. */
export class FakeDesk {
  /** Every command that was sent, in order. */
  readonly sent: { command: Method; args: unknown[] }[] = []
  readonly backend: Backend
  isOnline = true
  readOnly: string | null = null
  /** What closing the mode means; none where nothing is open in it. */
  leavingMeans: string | null = null
  #guests: Guest[]
  #settings = SETTINGS
  #run: RunView | null = null
  #others: OtherRow[] = []
  #start = START
  #updates: UpdateNotice = { isPossible: false, isOn: false, isListed: true, update: null }
  #guide: GuideStep[] | null = null
  readonly #failing = new Map<Method, AppError>()
  readonly #changed = new Set<() => void>()

  constructor(guests: Guest[] = GUESTS) {
    this.#guests = structuredClone(guests)
    // What the fake doesn't know it refuses aloud, so that no test passes on silence.
    this.backend = new Proxy(this.#answers() as Backend, {
      get: (answers, name) => {
        const method = name as Method
        return (...args: unknown[]) => {
          this.sent.push({ command: method, args })
          const failure = this.#failing.get(method)
          if (failure) return Promise.reject(failure)
          const answer = answers[method] as ((...args: unknown[]) => Promise<unknown>) | undefined
          return answer
            ? answer(...args)
            : Promise.reject(refusal('internal', `The fake can’t answer ${String(name)}.`))
        }
      }
    })
  }

  /** From now on `method` fails; without an error it works again. */
  fail(method: Method, error: AppError | null): void {
    if (error) this.#failing.set(method, error)
    else this.#failing.delete(method)
  }

  /** How often a command was sent. */
  count(command: Method): number {
    return this.sent.filter((call) => call.command === command).length
  }

  /** Somebody else changes a guest's bill, in pence; the window is told. */
  setBill(id: string, billMinor: number): void {
    this.#guest(id).billMinor = billMinor
    this.tellChanged()
  }

  /** Something that a manager should know of it at night. */
  flag(id: string, words: string): void {
    this.#guest(id).flag = words
    this.tellChanged()
  }

  /** The guest adds a card: what was waited for is on hold. */
  pay(id: string): void {
    this.#guest(id).isWaiting = false
    this.tellChanged()
  }

  /** Somebody saves settings at another till; the window is told. */
  saveElsewhere(settings: Partial<Settings>): void {
    this.#settings = { ...this.#settings, ...settings }
    this.tellChanged()
  }

  /** How the program begins. */
  begin(start: Partial<Start>): void {
    this.#start = { ...START, ...start }
  }

  /** What the computer's own updates found. */
  setUpdates(updates: Partial<UpdateNotice>): void {
    this.#updates = { ...this.#updates, ...updates }
    this.tellChanged()
  }

  /** The ledger shows that a task of the guided night is done. */
  tick(done: GuideTask): void {
    this.#guide = this.#guide?.map((step) => (step.task === done ? { ...step, isDone: true } : step)) ?? null
    this.tellChanged()
  }

  /** What needs attention and is about no open tab. */
  setOthers(others: OtherRow[]): void {
    this.#others = others
    this.tellChanged()
  }

  /** How the night's run stands from now on. */
  setRun(run: RunView | null): void {
    this.#run = run
    this.tellChanged()
  }

  tellChanged(): void {
    for (const again of this.#changed) again()
  }

  /** The tab as it stands. */
  tab(id: string): TabView {
    return tab(this.#guest(id))
  }

  #guest(id: string): Guest {
    return guestOf(this.#guests, id)
  }

  /** The guest whose hold it is. */
  #holder(holdId: string): Guest {
    return this.#guest(holdId.replace(/-hold$/, ''))
  }

  #answers(): Partial<Backend> {
    return {
      ...FIXED,
      onChanged: async (again) => {
        this.#changed.add(again)
        return () => this.#changed.delete(again)
      },
      start: async () => this.#start,
      setUp: async (step, left) => this.#starts(setUpTo(this.#start, step, left)),
      whatLeavingMeans: async () => this.leavingMeans,
      leaveMode: async () => this.#starts({ mode: null }),
      forgetKey: async () => this.#starts({ mode: null }),
      chooseTraining: async () => this.#starts({ mode: 'training' }),
      enterKey: async (key) => this.#enterKey(key),
      guidedNight: async () => this.#guide && { steps: this.#guide },
      startGuidedNight: async () => ({ steps: (this.#guide = guideOf()) }),
      endGuidedNight: async () => {
        this.#guide = null
        return null
      },
      updateNotice: async () => this.#updates,
      setUpdateNotice: async (isOn) => (this.#updates = { ...this.#updates, isOn }),
      testPaper: async () => testPaper(this.#settings),
      settings: async () => this.#settings,
      reports: async () => [],
      saveSettings: async (asked) => this.#save(asked),
      confirmRecoveryPhrase: async (typed) => (this.#settings = confirmed(this.#settings, typed)),
      chooseBackupFolder: async () => (this.#settings = { ...this.#settings, backupFolder: '/media/stick' }),
      joinLedger: async () => (this.#start = joined(this.#start)),
      leaveLedger: async (_, typed) => (this.#start = left(this.#start, typed, this.#settings.venue)),
      floor: async () => this.#floor(),
      tab: async (id) => this.tab(id),
      guestPage: async (holdId) => guestPage(this.#holder(holdId)),
      search: async (query) => this.#search(query),
      checkAmount: async (text) => {
        const minor = parse(text, 0)
        return { money: minor === null ? null : pounds(minor), error: minor === null ? WRONG : null }
      },
      addLine: async (id, what, quantity, amount) => {
        const eachMinor = parse(amount, 0) ?? 0
        const guest = this.#guest(id)
        guest.lines = [{ what, eachMinor }, ...(guest.lines ?? [])]
        this.setBill(id, (guest.billMinor ?? 0) + quantity * eachMinor)
        return this.tab(id)
      },
      closeTab: async (id) => this.#closeTab(id),
      previewForget: async (id, ticked) => previewForget(this.tab(id), ticked),
      forgetGuest: async ({ tabId }) => this.#forget(tabId),
      askForMore: async ({ tabId }) => this.tab(tabId),
      look: async (id, accepted) => look(this.#guests, id, accepted),
      previewMove: async (typed, find) => previewMove(this.#guests, typed, find),
      moveBill: async (moving) => this.#moveBill(moving),
      previewTake: async (id, typed) => previewTake(this.tab(id), typed),
      take: async (take) => this.#take(take),
      previewRenewal: async (typed) => previewRenewal(tab(this.#holder(typed.holdId)), typed),
      renew: async (id) => this.tab(id),
      previewRefund: async (holdId, typed) => previewRefund(this.#holder(holdId), typed),
      previewNew: async (typed) => previewNew(this.#guests, this.#settings, typed),
      openTab: async (typed) => this.#openTab(typed),
      night: async (choices) => nightTable(this.#guests, choices, this.#run),
      lookNight: async (_choices, seen) => lookNight(this.#guests, seen),
      closeNight: async (choices, seen) => this.#closeNight(choices, seen)
    }
  }

  #starts(changed: Partial<Start>): Start {
    this.#start = { ...this.#start, ...changed }
    return this.#start
  }

  #enterKey(key: string): Start {
    const message = 'A key begins with sk_sandbox_ or sk_prod_.'
    if (!key.startsWith('sk_sandbox_')) throw refusal('invalid', message, [{ field: 'key', message }])
    return this.#starts({ mode: 'sandbox', keys: { sandbox: 'sk_sandbox_…1111', live: null } })
  }

  #save(asked: Settings): Settings {
    const fields: (FieldError & { isRight: boolean })[] = [
      { field: 'venue', message: 'The venue needs a name.', isRight: asked.venue.trim() !== '' },
      {
        field: 'cutOff',
        message: 'Type a time of day like 05:00.',
        isRight: /^\d\d:\d\d$/.test(asked.cutOff)
      },
      {
        field: 'safeHours',
        message: 'Use at most 96 hours.',
        isRight: asked.safeHours !== null && asked.safeHours <= 96
      }
    ]
    const wrong = fields.filter(({ isRight }) => !isRight)
    const problems = wrong.map(({ field, message }) => ({ field, message }))
    if (problems[0]) throw refusal('invalid', problems[0].message, problems)
    this.#settings = asked
    return asked
  }

  #closeTab(id: string): TabView {
    const view = this.tab(id)
    if (view.closeRefused) throw refusal('invalid', view.closeRefused)
    this.#guests = this.#guests.filter((guest) => guest.id !== id)
    this.tellChanged()
    return { ...view, closedAt: NOW, row: { ...view.row, closedAt: NOW, closedBy: 'Robin' } }
  }

  #forget(id: string): TabView {
    const view = this.tab(id)
    return { ...view, closedAt: NOW, isForgotten: true, keys: { ...view.keys, forget: false } }
  }

  #floor(): Floor {
    const rows = this.#guests.map((guest) => tab(guest).row)
    const deposits = rows.filter((row) => row.kind === 'deposit')
    const all = figuresOf(rows)
    return {
      now: NOW,
      today: '2026-10-11',
      zone: 'Europe/London',
      rows,
      order: 'urgent',
      filters: [
        { filter: 'all', words: 'All', count: rows.length + this.#others.length, figures: figuresOf(rows) },
        { filter: 'deposit', words: 'Deposits', count: deposits.length, figures: figuresOf(deposits) }
      ],
      openCount: rows.length,
      held: all.held,
      bills: [sumOf(rows, (row) => row.bill)],
      due: all.due,
      beingTaken: [],
      groups: [],
      attention: 0,
      others: this.#others,
      expiring: [],
      banners: [],
      deposits: { lists: [], due: 0 },
      online: this.isOnline,
      readOnly: this.readOnly
    }
  }

  #search(query: string) {
    const open = this.#floor().rows.filter((row) => row.name.toLowerCase().includes(query.toLowerCase()))
    const words = `${open.length} found for “${query}”`
    return { open, closed: [], words, figures: figuresOf(open) }
  }

  #moveBill({ typed, seen, expectMinor }: MoveBill): MoveOutcome {
    const { changes } = look(this.#guests, typed.tabId, seen)
    if (changes.length > 0) throw { ...refusal('changed', 'The tab has changed.'), changes }
    const from = this.#guest(typed.tabId)
    let onto: Guest
    if (typed.onto && 'tab' in typed.onto) onto = this.#guest(typed.onto.tab)
    else {
      const name = typed.onto?.new.name.trim() ?? ''
      const message = 'Type a name for the new tab.'
      if (!name) throw refusal('invalid', message, [{ field: 'name', message }])
      onto = { id: 'new', name, heldMinor: 0, billMinor: 0 }
      this.#guests = [...this.#guests, onto]
    }
    from.billMinor = (from.billMinor ?? 0) - expectMinor
    onto.billMinor = (onto.billMinor ?? 0) + expectMinor
    this.tellChanged()
    const isEmpty = from.billMinor === 0
    return {
      tab: tab(from),
      onto: tab(onto),
      words: `${pounds(expectMinor).text} moved from ${from.name} to ${onto.name}.`,
      rest: isEmpty ? `${pounds(from.heldMinor).text} is still on hold on ${from.name}.` : null
    }
  }

  #take(take: Take): Outcome {
    const guest = this.#guest(take.tabId)
    const { changes } = look(this.#guests, take.tabId, take.seen)
    if (changes.length > 0) throw { ...refusal('changed', 'The tab has changed.'), changes }
    guest.capturedMinor = (guest.capturedMinor ?? 0) + take.expectTotalMinor
    this.tellChanged()
    const amount = pounds(take.expectTotalMinor)
    const operation = {
      id: take.decision,
      kind: 'capture',
      amount,
      tip: null,
      at: NOW,
      state: 'succeeded',
      words: `${amount.text} is taken.`,
      tone: 'good',
      mayBePutAside: false,
      mayBeSentAgain: false,
      isForSettings: false
    } as const
    return { operations: [operation], unsent: null, tab: this.tab(take.tabId) }
  }

  #openTab(typed: OpenTab): TabView {
    const heldMinor = parse(typed.amount, 0)
    const message = 'Type an amount like 50.'
    if (!heldMinor) throw refusal('invalid', message, [{ field: 'amount', message }])
    const guest: Guest = { id: typed.decision, name: typed.name, kind: typed.kind, heldMinor }
    this.#guests = [...this.#guests, guest]
    this.tellChanged()
    return tab(guest)
  }

  #closeNight(choices: NightChoice[], seen: NightSeen[]): Night {
    const confirmed = seen.filter((row) => row.action !== 'leave')
    for (const row of confirmed) {
      const guest = this.#guest(row.tabId)
      guest.capturedMinor = (guest.capturedMinor ?? 0) + row.totalMinor
    }
    this.#guests = this.#guests.filter((guest) => !confirmed.some((row) => row.tabId === guest.id))
    this.tellChanged()
    return nightTable(this.#guests, choices, this.#run)
  }
}
