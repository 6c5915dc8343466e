// What is open, and the tab that is shown: asked for again after every change, never worked out here.
import type { Backend } from '../backend/backend'
import { asError } from '../backend/error'
import type { Attention } from '../bindings/Attention'
import type { Filter } from '../bindings/Filter'
import type { Floor as FloorView } from '../bindings/Floor'
import type { Outcome } from '../bindings/Outcome'
import type { TabView } from '../bindings/TabView'
import { shared } from '../rows'
import { venue } from '../zone.svelte'
import type { Navigation } from './navigation.svelte'

export class Floor {
  view = $state.raw<FloorView | null>(null)
  attention = $state.raw<Attention | null>(null)
  tab = $state.raw<TabView | null>(null)
  selected = $state<string | null>(null)
  filter = $state<Filter>('all')
  query = $state('')
  /** The search whose first hit is to be opened as soon as it's found. */
  opening = $state<string | null>(null)
  /** Counts up with every answer to a change, for screens that ask for themselves. */
  changes = $state(0)
  /** Why the newest answer is missing, while there is none. */
  trouble = $state<string | null>(null)
  /** The tab that is chosen; none while it's on its way, and another is still shown. */
  readonly chosen = $derived(this.tab && this.tab.row.id === this.selected ? this.tab : null)
  /** Done once the tab that was chosen last is there, or can't be had. */
  arriving: Promise<void> = Promise.resolve()
  /** Dojo can't be reached. */
  readonly isOffline = $derived(this.view?.online === false)
  /** Why nothing can be changed at this till: the ledger that it shares is away. */
  readonly readOnly = $derived(this.view?.readOnly ?? null)
  /** What would be sent sleeps. */
  readonly sleeps = $derived(this.isOffline || this.readOnly !== null)
  readonly #desk: Backend
  readonly #nav: Navigation
  #isOpen = false
  #asking = false
  #again = false

  constructor(desk: Backend, nav: Navigation) {
    this.#desk = desk
    this.#nav = nav
  }

  /** Forgets what is shown. From now on it asks for what there is, if there is a ledger to ask. */
  clear(isOpen: boolean) {
    this.selected = this.tab = this.view = this.attention = null
    this.#isOpen = isOpen
  }

  /** Asks again for what is shown; changes that come meanwhile cause one more round. */
  async refresh(): Promise<void> {
    if (!this.#isOpen) return
    if (this.#asking) {
      this.#again = true
      return
    }
    this.#asking = true
    try {
      do {
        this.#again = false
        const selected = this.selected
        const [view, tab, attention] = await Promise.all([
          this.#desk.floor(),
          selected ? this.#desk.tab(selected) : null,
          this.#desk.attention()
        ])
        venue.zone = view.zone
        venue.today = view.today
        this.view = { ...view, rows: shared(this.view?.rows ?? [], view.rows) }
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

  select(id: string | null): Promise<void> {
    this.arriving = this.#choose(id)
    return this.arriving
  }

  async #choose(id: string | null) {
    this.selected = id
    // Another tab's code is not for this guest.
    this.#nav.guest = null
    if (id === null) {
      this.tab = null
      return
    }
    try {
      const tab = await this.#desk.tab(id)
      if (this.selected === id) this.tab = tab
    } catch (cause) {
      // What was there before isn't what was asked for.
      if (this.selected === id) this.tab = null
      this.#nav.say(asError(cause).message)
    }
  }

  /** Shows a tab that has just been answered, without asking for it again. */
  show(tab: TabView) {
    // What comes late about one tab must not change whose sheet is open.
    if (this.#nav.sheet && this.selected !== tab.row.id) {
      void this.refresh()
      return
    }
    this.selected = tab.row.id
    this.tab = tab
    void this.refresh()
  }

  /** What became of a decision, in a line that goes away and a place that stays. */
  showOutcome(outcome: Outcome) {
    // Another tab's sheet may have been opened while this was waited for.
    if (this.selected === outcome.tab.row.id) this.#nav.sheet = null
    this.show(outcome.tab)
    const words = [...outcome.operations.map((operation) => operation.words), outcome.unsent]
    this.#nav.say(words.filter(Boolean).join(' '))
  }
}
