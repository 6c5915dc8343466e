// What the window says of itself: its screens, its modes, its keys, and what goes wrong inside it.
import type { Mode } from '../bindings/Mode'

export const SCREENS = {
  floor: 'Floor',
  deposits: 'Deposits',
  night: 'Night',
  history: 'History',
  reports: 'Reports',
  attention: 'Attention',
  settings: 'Settings'
}
/** Where a till of a test asks, instead of Dojo. */
export const insteadOfDojo = (address: string) => `Asks ${address} instead of Dojo`
export const MODES: Record<Mode, string> = { training: 'TRAINING', sandbox: 'SANDBOX', live: 'LIVE' }

/** On the chip that says who is working. */
export const CHANGE_PERSON = 'Change who is working'
/** Of a name: its first letters, two at most. */
export const initials = (name: string) =>
  name
    .split(/\s+/)
    .map((word) => [...word][0] ?? '')
    .slice(0, 2)
    .join('')
    .toUpperCase()

/** On the badge of a screen, for a screen reader. */
export const toDo = (count: number) => `${count} to do`
export const needAttention = (count: number) => `${count} need attention`

/** `height` is one of the list's own. */
export const ROWS_ARE = {
  tall: 'Rows are tall now.',
  medium: 'Rows are medium now.',
  dense: 'Rows are dense now.'
}

export const somethingWrong = (cause: string) => `Something went wrong inside Holdfast: ${cause}`

export const E_MAIL_READY = 'Your e-mail is ready to send.'
export const BACKED_UP = 'Backed up and checked.'
export const ASKING_DOJO = 'Asking Dojo…'
export const BRING_IN = 'Bring in open holds from Dojo'
/** Somebody pressed a notification while a sheet is open. */
export const CLOSE_FIRST = 'Finish or close this first. The tab is on the floor.'
export const NEXT_MOMENT = 'One moment…'

/** How full the bar is. */
export const stillToTakeOfHeld = (percent: number) => `Still to take is ${percent} percent of what’s on hold`
/** What changed while a sheet was open, a sentence each. */
export const changedSince = (changes: string[]) => `${changes.join(' ')} We sent nothing from this sheet.`

/** On the key help, beside the deeds' own. */
export const IN_LISTS: { words: string; keys: string[] }[] = [
  { words: 'Move through the list', keys: ['↑ ↓'] },
  { words: 'Open the tab at its bill', keys: ['Enter'] },
  { words: 'Tick or untick a tab of the night', keys: ['Space'] },
  { words: 'Close what is open', keys: ['Esc'] }
]
/** Between two keys that do the same. */
export const OR = ' or '

/** On the banner of holds that were left. */
export const OPEN_LIVE = 'Open live'
/** On a banner about what is put right there. */
export const OPEN_SETTINGS = 'Open Settings'

/** On the first screen. */
export const WATCHES = 'Holdfast keeps watch over your card holds.'
export const NOT_WATCHING = 'Holdfast isn’t watching your holds.'
export const continueLive = (key: string) => `Continue live with ${key}`
export const continueSandbox = (key: string) => `Continue in the sandbox with ${key}`
export const aboutProgram = (version: string, folder: string) => `Holdfast ${version} · data in ${folder}`
export const printWords = (title: string) => `Print ${title.toLowerCase()}`
