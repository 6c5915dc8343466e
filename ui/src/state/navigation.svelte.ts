// Where in the window somebody is: the screen, the sheet or paper over it, and a line that goes away by itself.
import type { ActKind } from '../actions'
import type { BackupView } from '../bindings/BackupView'
import type { Mode } from '../bindings/Mode'
import type { NotSaid } from '../bindings/NotSaid'
import type { PaperKind } from '../bindings/PaperKind'
import type { SectionId } from '../wording/settings'
import { ROWS_ARE } from '../wording/window'

export type Screen = 'floor' | 'deposits' | 'night' | 'history' | 'reports' | 'attention' | 'settings'
export type Sheet =
  | { kind: 'new'; what: 'tab' | 'deposit' | 'payment' }
  | { kind: 'take' }
  | { kind: 'more'; /** What to begin with, unless the bill says. */ amount?: string }
  | { kind: 'renew'; holdId: string }
  | { kind: 'move' }
  | { kind: 'edit' }
  | { kind: 'close' }
  | { kind: 'forget' }
  | { kind: 'act'; act: ActKind; holdId: string }
  | { kind: 'said'; holdId: string; said: NotSaid }
  | { kind: 'restore'; backup: BackupView }
  | { kind: 'phrase' }
  | { kind: 'openCopy' }
  | { kind: 'removeKey'; mode: Mode }
  | { kind: 'keys' }
  | { kind: 'palette' }
  | { kind: 'leaving'; words: string }
  | { kind: 'leaveMode'; words: string }

/** What is shown for printing, over everything else. */
export type PaperOf =
  | { kind: 'report'; number: number }
  | { kind: 'test' }
  | { kind: PaperKind; holdId: string; /** Goes to the printer as soon as it's shown. */ isPrinting?: true }

const TOAST_MS = 7000

/** How high a row is. The first suits a finger, the last shows most tabs at once. */
export const ROWS = ['tall', 'medium', 'dense'] as const
export type Rows = (typeof ROWS)[number]
/** A matter of this screen and not of the venue, so it's kept with the window. */
const ROWS_KEPT = 'rows'

function keptRows(): Rows {
  try {
    return ROWS.find((rows) => rows === localStorage.getItem(ROWS_KEPT)) ?? 'tall'
  } catch {
    return 'tall'
  }
}

export class Navigation {
  screen = $state<Screen>('floor')
  /** The part of the settings that is shown. */
  section = $state<SectionId>('mode')
  sheet = $state.raw<Sheet | null>(null)
  paper = $state.raw<PaperOf | null>(null)
  /** The hold whose QR code the till shows to its guest. */
  guest = $state<string | null>(null)
  toast = $state<string | null>(null)
  toastTitle = $state('')
  /** The newest toast for a screen reader: the same words said again are told apart by a space that nobody hears. */
  heard = $state('')
  rows = $state<Rows>(keptRows())
  #toastEnds: ReturnType<typeof setTimeout> | undefined

  /** `title`: what more there is to know, for those who point at it. */
  say(words: string, title = '') {
    this.toast = words
    this.toastTitle = title
    this.heard = this.heard === words ? `${words}\u00A0` : words
    clearTimeout(this.#toastEnds)
    this.#toastEnds = setTimeout(() => (this.toast = null), TOAST_MS)
  }

  /** To the next height. */
  changeRows() {
    this.rows = ROWS[(ROWS.indexOf(this.rows) + 1) % ROWS.length] ?? 'tall'
    try {
      localStorage.setItem(ROWS_KEPT, this.rows)
    } catch {
      // A window that may keep nothing begins with tall rows.
    }
    this.say(ROWS_ARE[this.rows])
  }
}
