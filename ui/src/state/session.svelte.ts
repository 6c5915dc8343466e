// Which mode the window is in, with its settings, and what keeps it from showing anything.
import type { Backend } from '../backend/backend'
import { asError } from '../backend/error'
import type { Settings } from '../bindings/Settings'
import type { Start } from '../bindings/Start'
import type { UpdateNotice } from '../bindings/UpdateNotice'
import { afterPicture } from '../rows'
import { CLOSE_FIRST } from '../wording/window'
import { Draft } from './draft.svelte'
import type { Floor } from './floor.svelte'
import type { Navigation } from './navigation.svelte'

export class Session {
  start = $state.raw<Start | null>(null)
  settings = $state.raw<Settings | null>(null)
  /** What is typed on the settings screen; none before it is opened. */
  draft = $state.raw<Draft | null>(null)
  /** What there is to tell of a new version; none before anybody asked. */
  updates = $state.raw<UpdateNotice | null>(null)
  /** Why nothing can be shown at all. */
  fatalError = $state<string | null>(null)
  readonly #desk: Backend
  readonly #floor: Floor
  readonly #nav: Navigation
  #isHearing = false
  #isStale = false

  constructor(desk: Backend, floor: Floor, nav: Navigation) {
    this.#desk = desk
    this.#floor = floor
    this.#nav = nav
  }

  /** Keys of a single character do something; a person may switch them off. */
  get hasLetters(): boolean {
    return this.settings?.letterKeys ?? true
  }

  /** The till is new, and somebody is setting it up: nothing else is shown. */
  get isSettingUp(): boolean {
    const step = this.start?.setup
    return step != null && step !== 'done'
  }

  async begin() {
    await this.#desk.onChanged(() => {
      void this.#floor.refresh()
      void this.#hear()
    })
    await this.#desk.onReopened(() => void this.enter())
    await this.#desk.onLeaving((words) => (this.#nav.sheet = { kind: 'leaving', words }))
    await this.#desk.onTabPressed((tab) => this.showTab(tab))
    await this.enter()
  }

  /** Shows the tab that a notification is about. What is open over the floor may have been typed in, and stays. */
  showTab(tab: string) {
    if (!this.start?.mode) return
    if (this.#nav.sheet || this.#nav.paper || this.#nav.guest) {
      this.#nav.say(CLOSE_FIRST)
      return
    }
    this.#nav.screen = 'floor'
    void this.#floor.select(tab)
  }

  /** Shows what there is to begin with; where the ledger is opened again meanwhile, it is asked again. */
  async enter() {
    try {
      await this.use(this.#desk.start())
      this.fatalError = null
    } catch (cause) {
      this.fatalError = asError(cause).message
    }
  }

  /** Has the desk save what was typed; rejects where it refuses that. */
  async saveDraft(draft: Draft) {
    // Another till may have saved a moment ago: what wasn't typed here stays as it is there.
    const now = await this.#desk.settings()
    const saved = await this.#desk.saveSettings({ ...now, ...draft.unsaved })
    this.settings = saved
    this.draft = new Draft(saved)
  }

  /** Shows what another till has saved; what is typed here stays. Changes that come meanwhile cause one more round. */
  async #hear() {
    const { start } = this
    this.#isStale = true
    if (!start?.sharedLedger || this.#isHearing) return
    this.#isHearing = true
    try {
      while (this.#isStale) {
        this.#isStale = false
        const now = await this.#desk.settings()
        if (this.start !== start) return
        if (JSON.stringify(now) === JSON.stringify(this.settings)) continue
        this.settings = now
        if (this.draft) this.draft = new Draft(now, this.draft.unsaved)
      }
    } catch {
      // The floor says that the ledger is away; the next change asks again.
    } finally {
      this.#isHearing = false
    }
  }

  /** Takes over a new mode, or the same one with another key. */
  async use(answer: Promise<Start>) {
    const start = await answer
    // Nothing is shown before what it needs is known: a sheet offers what Settings say.
    const settings = start.mode ? await this.#desk.settings() : null
    this.#floor.clear(start.mode !== null)
    this.#nav.sheet = this.#nav.paper = this.#nav.guest = null
    this.settings = settings
    // What was typed over the former ledger's settings is not this one's, unless the till is only being set up: then
    // it's the venue's, and waits to be corrected.
    this.draft = settings && this.isSettingUp && this.draft ? new Draft(settings, this.draft.unsaved) : null
    this.start = start
    await this.#floor.refresh()
    if (!start.mode) return
    afterPicture(() => {
      // What a start is measured by, and what other work waits for.
      performance.mark('floor')
      void this.#desk.floorPainted()
    })
  }
}
