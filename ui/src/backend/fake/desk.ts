// A desk in memory, for tests of components. It knows just enough of money for a sheet to have figures; the rules are
// tested where they are, in Rust.
import type { AppError } from '../../bindings/AppError'
import type { Floor } from '../../bindings/Floor'
import type { Money } from '../../bindings/Money'
import type { MoveBill } from '../../bindings/MoveBill'
import type { MoveOutcome } from '../../bindings/MoveOutcome'
import type { MovePreview } from '../../bindings/MovePreview'
import type { MoveTyped } from '../../bindings/MoveTyped'
import type { NewPreview } from '../../bindings/NewPreview'
import type { Night } from '../../bindings/Night'
import type { NightChoice } from '../../bindings/NightChoice'
import type { NightRow } from '../../bindings/NightRow'
import type { NightSeen } from '../../bindings/NightSeen'
import type { OpenTab } from '../../bindings/OpenTab'
import type { Outcome } from '../../bindings/Outcome'
import type { RefundPart } from '../../bindings/RefundPart'
import type { RefundPreview } from '../../bindings/RefundPreview'
import type { RefundTyped } from '../../bindings/RefundTyped'
import type { Renew } from '../../bindings/Renew'
import type { RenewPreview } from '../../bindings/RenewPreview'
import type { RunView } from '../../bindings/RunView'
import type { Seen } from '../../bindings/Seen'
import type { Settings } from '../../bindings/Settings'
import type { TabView } from '../../bindings/TabView'
import type { Take } from '../../bindings/Take'
import type { TakePreview } from '../../bindings/TakePreview'
import type { TakeTyped } from '../../bindings/TakeTyped'
import type { Backend } from '../backend'
import { EMPTY_NIGHT, guestPage, GUESTS, NOW, pounds, SETTINGS, START, tab, type Guest } from './samples'

type Method = keyof Backend

const WRONG = 'Type an amount like 12.50.'

/** An error as the desk answers it. */
export function refusal(code: AppError['code'], message: string, fields: AppError['fields'] = []): AppError {
  return { code, message, fields, changes: [] }
}

/** What was typed in minor units; nothing typed is `empty`. None when it is no amount. */
function parse(text: string | null, empty: number): number | null {
  if (text === null || text.trim() === '') return empty
  const parts = /^(\d{1,7})(?:\.(\d{2}))?$/.exec(text.trim())
  return parts ? Number(parts[1]) * 100 + Number(parts[2] ?? 0) : null
}

/** Whether the venue's service charge can be put on a row, or taken off again. */
function serviceIs(choice: NightChoice | undefined, { minor }: Money): NightRow['serviceIs'] {
  const typed = choice?.typed.service ?? null
  if (typed === EMPTY_NIGHT.serviceCharge?.typed) return 'added'
  return (choice?.action ?? 'take') === 'take' && typed === null && minor === 0 ? 'missing' : 'settled'
}

/** The desk in memory. `backend` is what components get, the rest is for the test. */
export class FakeDesk {
  /** Every command that was sent, in order. */
  readonly sent: { command: Method; args: unknown[] }[] = []
  readonly backend: Backend
  #guests: Guest[]
  #settings = SETTINGS
  #run: RunView | null = null
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

  /** The guest adds a card: what was waited for is on hold. */
  pay(id: string): void {
    this.#guest(id).isWaiting = false
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
    const guest = this.#guests.find((guest) => guest.id === id)
    if (!guest) throw refusal('not_found', 'There is no such tab.')
    return guest
  }

  #answers(): Partial<Backend> {
    const quiet = async () => () => {}
    return {
      onChanged: async (again) => {
        this.#changed.add(again)
        return () => this.#changed.delete(again)
      },
      onReopened: quiet,
      onLeaving: quiet,
      start: async () => START,
      settings: async () => this.#settings,
      saveSettings: async (asked) => this.#save(asked),
      settingsChanges: async () => [],
      backups: async () => [],
      autostart: async () => false,
      floorPainted: async () => null,
      attention: async () => ({ items: [] }),
      floor: async () => this.#floor(),
      tab: async (id) => this.tab(id),
      guestPage: async (holdId) => guestPage(this.#guest(holdId.replace(/-hold$/, ''))),
      openGuestWindow: async () => null,
      printPaper: async () => null,
      savePaper: async () => 'Saved to /home/till/Downloads/holdfast-paper.pdf',
      search: async (query) => this.#search(query),
      sameCard: async () => [],
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
      askForMore: async ({ tabId }) => this.tab(tabId),
      look: async (id, accepted) => this.#look(id, accepted),
      previewMove: async (typed, find) => this.#previewMove(typed, find),
      moveBill: async (moving) => this.#moveBill(moving),
      previewTake: async (id, typed) => this.#previewTake(id, typed),
      take: async (take) => this.#take(take),
      previewRenewal: async (typed) => this.#previewRenewal(typed),
      renew: async (id) => this.tab(id),
      previewRefund: async (holdId, typed) => this.#previewRefund(holdId, typed),
      previewNew: async (typed) => this.#previewNew(typed),
      openTab: async (typed) => this.#openTab(typed),
      night: async (choices) => this.#night(choices),
      closeNight: async (choices, seen) => this.#closeNight(choices, seen)
    }
  }

  #save(asked: Settings): Settings {
    const fields = [
      { field: 'venue', message: 'The venue needs a name.', isRight: asked.venue.trim() !== '' },
      {
        field: 'cutOff',
        message: 'Type a time of day like 05:00.',
        isRight: /^\d\d:\d\d$/.test(asked.cutOff)
      },
      { field: 'safeHours', message: 'Use at most 96 hours.', isRight: asked.safeHours <= 96 }
    ].filter(({ isRight }) => !isRight)
    const problems = fields.map(({ field, message }) => ({ field, message }))
    if (problems[0]) throw refusal('invalid', problems[0].message, problems)
    this.#settings = asked
    return asked
  }

  #closeTab(id: string): TabView {
    const view = this.tab(id)
    if (view.closeRefused) throw refusal('invalid', view.closeRefused)
    this.#guests = this.#guests.filter((guest) => guest.id !== id)
    this.tellChanged()
    return { ...view, closedAt: NOW }
  }

  #floor(): Floor {
    const rows = this.#guests.map((guest) => tab(guest).row)
    const sum = (of: (row: (typeof rows)[number]) => Money) =>
      pounds(rows.reduce((sum, row) => sum + of(row).minor, 0))
    return {
      now: NOW,
      today: '2026-10-11',
      zone: 'Europe/London',
      rows,
      order: 'urgent',
      filters: [
        { filter: 'all', words: 'All', count: rows.length },
        { filter: 'deposit', words: 'Deposits', count: rows.filter((row) => row.kind === 'deposit').length }
      ],
      openCount: rows.length,
      held: [sum((row) => row.left)],
      bills: [sum((row) => row.bill)],
      due: [sum((row) => row.due)],
      groups: [],
      attention: 0,
      lapsing: [],
      banners: [],
      deposits: { lists: [], due: 0 },
      online: true
    }
  }

  #search(query: string) {
    const open = this.#floor().rows.filter((row) => row.name.toLowerCase().includes(query.toLowerCase()))
    return { open, closed: [], words: `${open.length} found for “${query}”` }
  }

  #look(id: string, accepted: Seen) {
    const isClosed = !this.#guests.some((guest) => guest.id === id)
    if (isClosed) return { seen: { ...accepted, isClosed }, changes: ['It was closed.'] }
    const { seen } = this.tab(id)
    const changes = seen.dueMinor === accepted.dueMinor ? [] : [`${pounds(seen.dueMinor).text} is due now.`]
    return { seen, changes }
  }

  #previewMove({ tabId, part, onto }: MoveTyped, find: string): MovePreview {
    const from = this.tab(tabId)
    const due = from.seen.dueMinor
    const lines = (ids: string[]) =>
      from.lines.filter(({ id }) => ids.includes(id)).reduce((sum, line) => sum + line.total.minor, 0)
    const minor = part === 'all' ? due : 'share' in part ? Math.floor(due / part.share) : lines(part.lines)
    const other = onto && 'tab' in onto ? this.tab(onto.tab) : null
    const name = other?.row.name ?? (onto && 'new' in onto ? onto.new.name || 'the new tab' : null)
    const why = minor === 0 ? 'Choose what to move.' : name ? null : 'Choose the tab that it goes to.'
    const amount = pounds(minor)
    const side = (view: TabView, more: number) => ({
      name: view.row.name,
      before: view.row.due,
      after: pounds(view.row.due.minor + more),
      held: view.row.left,
      over: null
    })
    const targets = this.#guests.filter(
      (guest) => guest.id !== tabId && guest.name.toLowerCase().includes(find.toLowerCase())
    )
    return {
      seen: from.seen,
      ontoSeen: other?.seen ?? null,
      amount,
      due: pounds(due),
      shares: [2, 3, 4].map((ways) => ({
        ways,
        words: { 2: 'Half', 3: 'A third', 4: 'A quarter' }[ways] ?? '',
        amount: pounds(Math.floor(due / ways))
      })),
      targets: targets.map(({ id, name, place }) => ({ tabId: id, name, about: place ?? '' })),
      moreTargets: 0,
      sides: [side(from, -minor), ...(other ? [side(other, minor)] : [])],
      cautions: [],
      closes: false,
      errors: [],
      why,
      allowed: why === null,
      button: name && minor > 0 ? `Move ${amount.text} to ${name}` : 'Move'
    }
  }

  #moveBill({ typed, seen, expectMinor }: MoveBill): MoveOutcome {
    const { changes } = this.#look(typed.tabId, seen)
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

  #previewTake(id: string, typed: TakeTyped): TakePreview {
    const view = this.tab(id)
    const due = view.seen.dueMinor
    const asked = parse(typed.bill, due)
    const share = (text: string | null) =>
      text?.endsWith('%') ? Math.floor(((asked ?? 0) * Number(text.slice(0, -1))) / 100) : parse(text, 0)
    const fields = {
      bill: asked,
      service: share(typed.service),
      tip: share(typed.tip)
    }
    const errors = Object.entries(fields)
      .filter(([, minor]) => minor === null)
      .map(([field]) => ({ field, message: WRONG }))
    const [bill, service, tip] = [fields.bill ?? 0, fields.service ?? 0, fields.tip ?? 0]
    const total = bill + service + tip
    const allowed = errors.length === 0 && total > 0 && total <= view.row.left.minor
    return {
      seen: view.seen,
      due: pounds(due),
      bill: pounds(bill),
      service: pounds(service),
      tip: pounds(tip),
      total: pounds(total),
      sentence: `${pounds(total).text} is taken of ${view.row.left.text}.`,
      released: pounds(Math.max(0, view.row.left.minor - total)),
      above: null,
      dojoTakes: null,
      over: null,
      wayOn: null,
      errors,
      tipChoices: [{ label: '10 %', typed: '10%', amount: pounds(Math.floor(bill / 10)) }],
      serviceChoice: null,
      split: [],
      allowed,
      why: allowed ? null : 'It can’t be taken.',
      cautions: []
    }
  }

  #take(take: Take): Outcome {
    const guest = this.#guest(take.tabId)
    const { changes } = this.#look(take.tabId, take.seen)
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
      mayBePutAside: false
    } as const
    return { operations: [operation], unsent: null, tab: this.tab(take.tabId) }
  }

  #previewRefund(holdId: string, typed: RefundTyped): RefundPreview {
    const { capturedMinor = 0, tipMinor = 0 } = this.#guest(holdId.replace(/-hold$/, ''))
    const part = (code: RefundPart['code'], label: string, taken: number, text: string | null) => {
      const back = parse(text, 0) ?? 0
      return { code, label, taken: pounds(taken), stays: pounds(taken - back), all: pounds(taken), back }
    }
    const parts = [
      part('bill', 'Bill', capturedMinor - tipMinor, typed.bill),
      part('tip', 'Tip', tipMinor, typed.tip)
    ]
    const total = parts.reduce((sum, { back }) => sum + back, 0)
    return {
      parts: parts.map(({ code, label, taken, stays, all }) => ({ code, label, taken, stays, all })),
      total: pounds(total),
      most: pounds(capturedMinor),
      concernsBill: false,
      isBeyondBill: false,
      owedMinor: 0,
      takenOff: '',
      chargedAgain: '',
      errors: [],
      allowed: total > 0
    }
  }

  #previewRenewal({ holdId, amount }: Renew): RenewPreview {
    const { left } = this.tab(holdId.replace(/-hold$/, '')).row
    const minor = parse(amount, 0)
    const money = minor ? pounds(minor) : null
    return {
      held: left,
      heldUntil: null,
      money,
      button: money ? `Request ${money.text}` : 'Request the new hold',
      linkEndsAt: null,
      newUntil: null,
      sentence: '',
      tooLong: null,
      why: null,
      errors: money ? [] : [{ field: 'amount', message: WRONG }]
    }
  }

  #previewNew(typed: OpenTab): NewPreview {
    const minor = parse(typed.amount, 0)
    const money = minor ? pounds(minor) : null
    return {
      money,
      button: money ? `Hold ${money.text}` : 'Open',
      sum: null,
      departsOn: null,
      deadline: 'Dropped off the card after 7 days.',
      linkEndsAt: null,
      tooLong: null,
      same: [],
      offline: null,
      places: this.#settings.places
        .map((name) => ({ name, isTaken: this.#guests.some((guest) => guest.place === name) }))
        .sort((a, b) => Number(a.isTaken) - Number(b.isTaken)),
      lastAmounts: [pounds(62_50)]
    }
  }

  #openTab(typed: OpenTab): TabView {
    const heldMinor = parse(typed.amount, 0)
    if (!heldMinor) {
      const message = 'Type an amount like 50.'
      throw refusal('invalid', message, [{ field: 'amount', message }])
    }
    const guest: Guest = { id: typed.decision, name: typed.name, kind: typed.kind, heldMinor }
    this.#guests = [...this.#guests, guest]
    this.tellChanged()
    return tab(guest)
  }

  #night(choices: NightChoice[]): Night {
    const rows = this.#guests
      .filter((guest) => (guest.billMinor ?? 0) > 0)
      .map((guest): NightRow => {
        const choice = choices.find((choice) => choice.tabId === guest.id)
        const preview = this.#previewTake(guest.id, choice?.typed ?? { bill: null, service: null, tip: null })
        return {
          tab: tab(guest).row,
          action: choice?.action ?? 'take',
          choices: ['take', 'leave'],
          bill: preview.bill,
          service: preview.service,
          serviceIs: serviceIs(choice, preview.service),
          tip: preview.tip,
          total: preview.total,
          back: preview.released,
          dojoTakes: null,
          above: null,
          seen: preview.seen,
          tick: 'take',
          flags: [],
          errors: preview.errors
        }
      })
    const chosen = rows.filter((row) => row.action !== 'leave')
    const taking = pounds(chosen.reduce((sum, row) => sum + row.total.minor, 0))
    return {
      ...EMPTY_NIGHT,
      run: this.#run,
      deeds: [
        {
          code: 'take',
          words: `Take from ${chosen.length} tabs`,
          about: 'Bill',
          sums: [taking],
          moves: true
        },
        {
          code: 'leave',
          words: 'Leave 1 tab open',
          about: 'Callum Reid',
          sums: [pounds(200_00)],
          moves: false
        }
      ],
      rows,
      taking: [taking],
      sentence: `${chosen.length} tabs, ${taking.text}.`,
      button: `Close ${chosen.length} tabs`,
      confirm: `Take ${taking.text}`,
      count: chosen.length,
      ready: this.#run === null && chosen.length > 0 && chosen.every((row) => row.errors.length === 0)
    }
  }

  #closeNight(choices: NightChoice[], seen: NightSeen[]): Night {
    for (const row of seen) {
      const guest = this.#guest(row.tabId)
      guest.capturedMinor = (guest.capturedMinor ?? 0) + row.totalMinor
    }
    this.#guests = this.#guests.filter((guest) => !seen.some((row) => row.tabId === guest.id))
    this.tellChanged()
    return this.#night(choices)
  }
}
