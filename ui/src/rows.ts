// Lists that change while somebody reads them.
import type { TabRow } from './bindings/TabRow'

/** `rows`, with those that did not change being the same objects as before: nothing of them is drawn again. */
export function shared(before: TabRow[], rows: TabRow[]): TabRow[] {
  const known = new Map(before.map((row) => [row.id, row]))
  return rows.map((row) => {
    const old = known.get(row.id)
    return old && isSame(old, row) ? old : row
  })
}

/**
 * Whether two answers say the same. Each half minute every row is compared with the one before, so it makes nothing
 * that would have to be thrown away.
 */
export function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>]
  for (const key in one) if (!isSame(one[key], other[key])) return false
  for (const key in other) if (!(key in one)) return false
  return Array.isArray(a) === Array.isArray(b)
}

/**
 * `now` in the order of `before`: each row in its place, what has gone still there, what is new at the end. For the
 * moment in which a finger is on its way.
 */
export function inPlace<T>(before: T[], now: T[], id: (row: T) => string): T[] {
  const fresh = new Map(now.map((row) => [id(row), row]))
  const known = new Set(before.map(id))
  return [...before.map((row) => fresh.get(id(row)) ?? row), ...now.filter((row) => !known.has(id(row)))]
}

/**
 * Acts once what is there now has been painted, at the beginning of the next frame. The answer cancels it until then.
 */
export function afterPicture(act: () => void): () => void {
  let frame = requestAnimationFrame(() => (frame = requestAnimationFrame(act)))
  return () => cancelAnimationFrame(frame)
}

/** How long after a hand, or the focus, was last seen on a list the list may be put in another order, in ms. */
export const CALM = 800

/** Tells when a hand comes to a list, by pointer or by keyboard, and when it has been gone or at rest for a moment. */
export function hands(list: EventTarget, world: EventTarget, tell: (isOn: boolean) => void): () => void {
  let isDown = false
  let calm: ReturnType<typeof setTimeout> | undefined
  const seen = () => {
    tell(true)
    clearTimeout(calm)
    calm = setTimeout(() => isDown || tell(false), CALM)
  }
  const down = () => {
    isDown = true
    seen()
  }
  const up = () => {
    if (!isDown) return
    isDown = false
    seen()
  }
  const all: [EventTarget, string, () => void][] = [
    [list, 'pointerdown', down],
    ...['pointerenter', 'pointermove', 'focusin'].map((event): [EventTarget, string, () => void] => [
      list,
      event,
      seen
    ]),
    // Wherever it is lifted, scrolling included.
    ...['pointerup', 'pointercancel', 'blur'].map((event): [EventTarget, string, () => void] => [
      world,
      event,
      up
    ])
  ]
  for (const [on, event, act] of all) on.addEventListener(event, act)
  return () => {
    clearTimeout(calm)
    for (const [on, event, act] of all) on.removeEventListener(event, act)
  }
}

/** Where a list stood: the row that had the focus, and the first one in sight with its place. */
export type Standing = { focus: string | null; id: string | null; top: number }

const rowsIn = (list: HTMLElement) => [...list.querySelectorAll<HTMLElement>('[data-id]')]
const topIn = (list: HTMLElement, row: HTMLElement) =>
  row.getBoundingClientRect().top - list.getBoundingClientRect().top
/** Under the heading that stays at the top. */
const HEADING = 36

export function standing(list: HTMLElement | undefined): Standing {
  const none = { focus: null, id: null, top: 0 }
  if (!list?.isConnected) return none
  const focused = document.activeElement
  const focus = focused instanceof HTMLElement && list.contains(focused) ? (focused.dataset.id ?? null) : null
  // At the very top whatever comes first is meant to be seen.
  if (list.scrollTop === 0) return { ...none, focus }
  const first = rowsIn(list).find((row) => topIn(list, row) >= HEADING)
  return { focus, id: first?.dataset.id ?? null, top: first ? topIn(list, first) : 0 }
}

/** Puts a list that was redrawn back to where it stood. */
export function restand(list: HTMLElement | undefined, was: Standing) {
  if (!list?.isConnected) return
  const of = (id: string | null) =>
    id ? list.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`) : null
  const focused = of(was.focus)
  if (focused && document.activeElement === document.body) focused.focus({ preventScroll: true })
  const first = of(was.id)
  if (first) list.scrollTop += topIn(list, first) - was.top
}

/** The row at which Tab stops: the one that is shown, else the first. */
export function entry(rows: TabRow[], selected: string | null): string | undefined {
  return rows.some((row) => row.id === selected) ? (selected ?? undefined) : rows[0]?.id
}

/**
 * Where an arrow leads in a list of rows: on from the one that has the focus, from outside to where Tab stops; none
 * for another key.
 */
export function walked(
  list: HTMLElement | undefined,
  key: string,
  row = 'button.row'
): HTMLElement | undefined {
  const rows = [...(list?.querySelectorAll<HTMLElement>(row) ?? [])]
  const at = rows.indexOf(document.activeElement as HTMLElement)
  const outside = at < 0 ? rows.findIndex((row) => row.tabIndex === 0) : null
  const to = { ArrowDown: outside ?? at + 1, ArrowUp: outside ?? at - 1, Home: 0, End: rows.length - 1 }[key]
  return to === undefined ? undefined : rows[Math.min(rows.length - 1, Math.max(0, to))]
}
