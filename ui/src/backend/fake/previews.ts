// What the sheets of the fake desk show before anything is done. It knows just enough of money for them to have
// figures.
import type { ForgetPreview } from '../../bindings/ForgetPreview'
import type { MovePreview } from '../../bindings/MovePreview'
import type { MoveTyped } from '../../bindings/MoveTyped'
import type { NewPreview } from '../../bindings/NewPreview'
import type { OpenTab } from '../../bindings/OpenTab'
import type { RefundPart } from '../../bindings/RefundPart'
import type { RefundPreview } from '../../bindings/RefundPreview'
import type { RefundTyped } from '../../bindings/RefundTyped'
import type { Renew } from '../../bindings/Renew'
import type { RenewPreview } from '../../bindings/RenewPreview'
import type { Settings } from '../../bindings/Settings'
import type { TabView } from '../../bindings/TabView'
import type { TakePreview } from '../../bindings/TakePreview'
import type { TakeTyped } from '../../bindings/TakeTyped'
import { guestOf, pounds, tab, type Guest } from './samples'
import { parse, WRONG } from './typing'

/** What taking comes to: the bill, with a share of it or an amount on top. */
export function previewTake(view: TabView, typed: TakeTyped): TakePreview {
  const due = view.seen.dueMinor
  const asked = parse(typed.bill, due)
  const share = (text: string | null) =>
    text?.endsWith('%') ? Math.floor(((asked ?? 0) * Number(text.slice(0, -1))) / 100) : parse(text, 0)
  const fields = {
    bill: asked,
    service: share(typed.service),
    tip: share(typed.tip)
  }
  const errors = (['bill', 'service', 'tip'] as const)
    .filter((field) => fields[field] === null)
    .map((field) => ({ field, message: WRONG }))
  const [bill, service, tip] = [fields.bill ?? 0, fields.service ?? 0, fields.tip ?? 0]
  const total = bill + service + tip
  const left = view.row.left.minor
  const allowed = errors.length === 0 && total > 0 && total <= left
  const over = total > left ? pounds(total - left) : null
  return {
    seen: view.seen,
    due: pounds(due),
    bill: pounds(bill),
    service: pounds(service),
    tip: pounds(tip),
    total: pounds(total),
    sentence: `${pounds(total).text} is taken of ${view.row.left.text}.`,
    released: pounds(Math.max(0, left - total)),
    above: null,
    dojoTakes: null,
    over,
    wayOn: over && left > 0 ? { take: view.row.left, ask: over } : null,
    errors,
    tipChoices: [{ label: '10%', typed: '10%', amount: pounds(Math.floor(bill / 10)) }],
    serviceChoice: null,
    split: [],
    allowed,
    why: allowed ? null : 'It can’t be taken.',
    cautions: []
  }
}

/** What a refund comes to. */
export function previewRefund({ capturedMinor = 0, tipMinor = 0 }: Guest, typed: RefundTyped): RefundPreview {
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

/** What a renewal asks for. */
export function previewRenewal({ row: { left } }: TabView, { amount }: Renew): RenewPreview {
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

/** What opening asks for. */
export function previewNew(guests: Guest[], settings: Settings, typed: OpenTab): NewPreview {
  const { places, tabPresets, depositPresets } = settings
  const presets = typed.kind === 'deposit' ? depositPresets : tabPresets
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
    places: places
      .map((name) => ({ name, isTaken: guests.some((guest) => guest.place === name) }))
      .sort((a, b) => Number(a.isTaken) - Number(b.isTaken)),
    presets: presets.map((typed) => ({ typed, label: pounds(parse(typed, 0) ?? 0).text })),
    lastAmounts: [pounds(62_50)]
  }
}

/** What moving a part of a bill from one guest to another comes to. */
export function previewMove(guests: Guest[], { tabId, part, onto }: MoveTyped, find: string): MovePreview {
  const of = (id: string) => tab(guestOf(guests, id))
  const from = of(tabId)
  const due = from.seen.dueMinor
  const lines = (ids: string[]) =>
    from.lines.filter(({ id }) => ids.includes(id)).reduce((sum, line) => sum + line.total.minor, 0)
  const minor = part === 'all' ? due : 'share' in part ? Math.floor(due / part.share) : lines(part.lines)
  const other = onto && 'tab' in onto ? of(onto.tab) : null
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
  const targets = guests.filter(
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

/** What forgetting a guest would do: of the tab itself and one more, which isn't ticked by itself. */
export function previewForget(tab: TabView, ticked: string[] | null): ForgetPreview {
  const chosen = ticked ?? [tab.row.id]
  const isNone = chosen.length === 0
  return {
    title: `Forget ${tab.row.name}`,
    about: `${chosen.length} closed tab, Sun 11 Oct · nothing open, nothing on hold`,
    tabs: [
      {
        id: tab.row.id,
        label: tab.row.name,
        about: 'Closed Sun 11 Oct',
        isTicked: chosen.includes(tab.row.id),
        refused: null
      },
      {
        id: 'other',
        label: tab.row.name,
        about: 'Closed Mon 5 Oct',
        isTicked: chosen.includes('other'),
        refused: null
      }
    ],
    removed: [{ what: 'Name and room or table', about: tab.row.name }],
    kept: [{ what: 'Amounts, times and Dojo’s references', about: 'Your books need them' }],
    backups: { what: 'Backups keep the name until Tue 8 Dec', about: 'Dojo keeps its own records.' },
    reasons: [
      { code: 'asked', label: 'The guest wrote to us' },
      { code: 'not_needed', label: 'No longer needed' },
      { code: 'mistake', label: 'Entered by mistake' }
    ],
    name: tab.row.name,
    typeName: `Type ${tab.row.name} to confirm`,
    checked: 'I’ve checked that this is the right guest. It can’t be undone.',
    keep: 'Keep the guest',
    refused: isNone ? 'Tick at least one tab.' : null
  }
}
