// What the window shows at the moment: asked for again after every change, never worked out here.
import { asError, desk, onChanged, onLeaving, onReopened } from './backend/desk'
import type { AppError } from './bindings/AppError'
import type { Attention } from './bindings/Attention'
import type { Backup } from './bindings/Backup'
import type { Filter } from './bindings/Filter'
import type { Floor } from './bindings/Floor'
import type { NotSaid } from './bindings/NotSaid'
import type { Outcome } from './bindings/Outcome'
import type { PaperKind } from './bindings/PaperKind'
import type { Settings } from './bindings/Settings'
import type { Start } from './bindings/Start'
import type { TabView } from './bindings/TabView'
import { afterPicture, shared } from './rows'
import { venue } from './zone.svelte'

export type Screen = 'floor' | 'deposits' | 'night' | 'history' | 'reports' | 'attention' | 'settings'
export type Sheet =
  | { kind: 'new'; what: 'tab' | 'deposit' | 'payment' }
  | { kind: 'take' }
  | { kind: 'more'; /** What to begin with, unless the bill says. */ amount?: string }
  | { kind: 'renew'; holdId: string }
  | { kind: 'mend' }
  | {
      kind: 'act'
      act: 'release' | 'cancel' | 'refund' | 'change_amount' | 'change_tip' | 'send_receipt'
      holdId: string
    }
  | { kind: 'said'; holdId: string; said: NotSaid }
  | { kind: 'put_back'; backup: Backup }
  | { kind: 'keys' }
  | { kind: 'leaving'; words: string }

/** What is shown for printing, over everything else. */
export type PaperOf = { kind: 'report'; number: number } | { kind: PaperKind; holdId: string }

class View {
  start = $state.raw<Start | null>(null)
  floor = $state.raw<Floor | null>(null)
  attention = $state.raw<Attention | null>(null)
  settings = $state.raw<Settings | null>(null)
  tab = $state.raw<TabView | null>(null)
  selected = $state<string | null>(null)
  screen = $state<Screen>('floor')
  filter = $state<Filter>('all')
  query = $state('')
  sheet = $state.raw<Sheet | null>(null)
  paper = $state.raw<PaperOf | null>(null)
  /** Counts up with every answer to a change, for screens that ask for themselves. */
  changes = $state(0)
  toast = $state<string | null>(null)
  /** Why nothing can be shown at all. */
  hurdle = $state<string | null>(null)
  trouble = $state<string | null>(null)
  #asking = false
  #again = false
  #toastEnds: ReturnType<typeof setTimeout> | undefined

  async begin() {
    await onChanged(() => void this.refresh())
    await onReopened(() => void this.enter())
    await onLeaving((words) => (this.sheet = { kind: 'leaving', words }))
    await this.enter()
  }

  /** Shows what there is to begin with; the ledger may be opened anew meanwhile, and then it is asked again. */
  async enter() {
    try {
      await this.use(desk.start())
      this.hurdle = null
    } catch (cause) {
      this.hurdle = asError(cause).message
    }
  }

  /** Takes over a new mode, or the same one with another key. */
  async use(answer: Promise<Start>) {
    const start = await answer
    // Nothing is shown before what it needs is known: a sheet offers what Settings say.
    const settings = start.mode ? await desk.settings() : null
    this.selected = this.tab = this.floor = this.attention = null
    this.sheet = this.paper = null
    this.settings = settings
    this.start = start
    await this.refresh()
    if (!start.mode) return
    afterPicture(() => {
      // What a start is measured by, and what other work waits for.
      performance.mark('floor')
      void desk.floorPainted()
    })
  }

  /** Asks again for what is shown; changes that come meanwhile cause one more round. */
  async refresh(): Promise<void> {
    if (!this.start?.mode) return
    if (this.#asking) {
      this.#again = true
      return
    }
    this.#asking = true
    try {
      do {
        this.#again = false
        const selected = this.selected
        const [floor, tab, attention] = await Promise.all([
          desk.floor(),
          selected ? desk.tab(selected) : null,
          desk.attention()
        ])
        venue.zone = floor.zone
        this.floor = { ...floor, rows: shared(this.floor?.rows ?? [], floor.rows) }
        this.attention = attention
        if (this.selected === selected) this.tab = tab
        this.changes += 1
      } while (this.#again)
      this.trouble = null
    } catch (cause) {
      this.trouble = asError(cause).message
    } finally {
      this.#asking = false
    }
  }

  async select(id: string | null) {
    this.selected = id
    if (id === null) {
      this.tab = null
      return
    }
    try {
      const tab = await desk.tab(id)
      if (this.selected === id) this.tab = tab
    } catch (cause) {
      this.say(asError(cause).message)
    }
  }

  /** Shows a tab that has just been answered, without asking for it again. */
  show(tab: TabView) {
    // What comes late about one tab must not change whose sheet is open.
    if (this.sheet && this.selected !== tab.row.id) {
      void this.refresh()
      return
    }
    this.selected = tab.row.id
    this.tab = tab
    void this.refresh()
  }

  /** What became of a decision, in a line that goes away and a place that stays. */
  became(outcome: Outcome) {
    // Another tab's sheet may have been opened while this was waited for.
    if (this.selected === outcome.tab.row.id) this.sheet = null
    this.show(outcome.tab)
    this.say(
      [...outcome.operations.map((operation) => operation.words), outcome.unsent].filter(Boolean).join(' ')
    )
  }

  say(words: string) {
    this.toast = words
    clearTimeout(this.#toastEnds)
    this.#toastEnds = setTimeout(() => (this.toast = null), 7000)
  }
}

export const view = new View()

/** An error's words for one field. */
export function fieldError(error: AppError | null, field: string): string | null {
  return error?.fields.find((f) => f.field === field)?.message ?? null
}
