// What the person has accepted of a tab's figures while a sheet is open. The desk says what changed since; until the
// new figures are accepted, the sheet's confirming button sleeps.
import { v7 } from 'uuid'
import type { Backend } from './backend/backend'
import { asError } from './backend/error'
import type { AppError } from './bindings/AppError'
import type { Look } from './bindings/Look'
import type { Seen } from './bindings/Seen'

/** A decision's id, minted once a sheet. It tells its time, so that one from before a restore is known as such. */
export const decision = (): string => v7()

/** A press so soon after a grave sheet came, in milliseconds, was meant for what was under it. */
export const ARMED_AFTER_MS = 400

/** How long after new figures were accepted nothing is confirmed, in milliseconds. */
const RESTS_MS = 600

export class Consent {
  /** What stood there when the person last accepted it; goes with the decision. */
  accepted = $state.raw<Seen | null>(null)
  #look = $state.raw<Look | null>(null)
  readonly #desk: Backend
  #tab: string
  #hold: string | null
  #asked = 0
  /** Just accepted: the second half of a double click does nothing. */
  #rests = $state(false)

  constructor(desk: Backend, tab: string, hold: string | null, seen: Seen | null) {
    this.#desk = desk
    this.#tab = tab
    this.#hold = hold
    this.accepted = seen
  }

  /** What changed since, a sentence each. */
  get changes(): string[] {
    return this.#look?.changes ?? []
  }

  /** Nothing may be confirmed. */
  get sleeps(): boolean {
    return this.accepted === null || this.#rests || this.changes.length > 0
  }

  /** Asks the desk what changed; the newest question wins. */
  async look(): Promise<void> {
    if (this.accepted === null) return
    const mine = ++this.#asked
    const answer = await this.#desk.look(this.#tab, this.accepted, this.#hold)
    if (mine === this.#asked) this.#look = answer
  }

  /**
   * What to say of a decision that the desk didn't take. Nothing where what changed since is why: that stands above
   * with a button of its own. Where nothing that the person saw is different, such as after another till's write, the
   * desk's own words say to look again.
   */
  async refused(cause: unknown): Promise<AppError | null> {
    const error = asError(cause)
    await this.look().catch(() => {})
    return error.code === 'changed' && this.changes.length > 0 ? null : error
  }

  /** The person takes the new figures as they stand on the sheet. */
  accept(): void {
    if (this.#look) this.accepted = this.#look.seen
    this.#rests = true
    setTimeout(() => (this.#rests = false), RESTS_MS)
    this.#asked += 1
    this.#look = null
  }
}
