// What the window needs of the desk. The real one is in tauri.ts, the one for tests in fake/desk.ts.
import type { Commands } from '../bindings/commands'

/** The desk as the window reaches it: its commands, and what it tells by itself. Each call back can be called off. */
export interface Backend extends Commands {
  /** Calls back whenever something that is shown may have changed. */
  onChanged(again: () => void): Promise<() => void>
  /** Calls back when the ledger had to be opened again: all that is shown is of the former one. */
  onReopened(again: () => void): Promise<() => void>
  /** Calls back when somebody wants to quit while something is open, with what that means. */
  onLeaving(ask: (words: string) => void): Promise<() => void>
  /** Calls back when somebody pressed a notification about a tab. */
  onTabPressed(show: (tab: string) => void): Promise<() => void>
}

/** What the guest's own window needs: its one page, and a word when that may have changed. */
export type GuestBackend = Pick<Backend, 'guestWindow' | 'onChanged'>
