// What the settings say.
import { when } from './dates'

/** The parts, as their list and their heads call them. */
export const SECTIONS = {
  mode: 'Dojo',
  venue: 'Venue',
  places: 'Tables and rooms',
  money: 'Amounts',
  deadlines: 'Holds and deadlines',
  notices: 'Notices',
  night: 'Day and night',
  care: 'Before sending',
  guests: 'Guests’ data',
  keys: 'Keyboard',
  backups: 'Backups',
  ledger: 'Ledger',
  pc: 'This PC',
  changes: 'Change log',
  about: 'About'
}

export type SectionId = keyof typeof SECTIONS
/** In training the first part is about that. */
export const TRAINING = 'Training'

export const HOLD_BACK_HINT =
  'Time to stop a release, a refund or the end of the night after pressing. 0 sends at once; you can’t stop it then.'
export const REASONS_FOR = {
  release: 'Reasons for a release',
  cancel: 'Reasons for cancelling',
  refund: 'Reasons for a refund'
}
export const PLACES_EXAMPLE = 'Table 1\nTable 2\nRoom 14'
/** A PC that doesn't know where it is says UTC, and every time in the window would be by that. */
export const zoneHint = (here: string) =>
  here === 'UTC'
    ? 'This PC gives its times in UTC. Name your own zone, such as Europe/London, or deadlines show UTC too.'
    : `A name such as Europe/London. Leave empty for this PC’s, ${here}.`
export const SAVED = 'Settings saved.'
export const needCorrecting = (count: number) => `${count} settings need correcting. Fix the fields in red.`
export const notSaved = (sections: SectionId[]) =>
  `Not saved yet: ${sections.map((id) => SECTIONS[id]).join(', ')}`
export const changedBy = (at: string, by: string) => `${when(at)} by ${by}`
export const versionIs = (version: string) => `Holdfast ${version}`
export const LICENCE = 'MIT'
/** Where the program was compiled and never installed. */
export const NO_NOTICES =
  'This Holdfast wasn’t installed from a package, so its notices aren’t here. `cargo xtask package` makes them.'
/** Each button shows a long text, and hides it again. */
export const licencesWords = (isShown: boolean) =>
  isShown ? 'Hide third-party licences' : 'Show third-party licences'
export const supportWords = (isShown: boolean) => (isShown ? 'Hide support details' : 'Show support details')
export const savedAs = (path: string) => `Saved as ${path}`

export const trainingClock = (at: string) => `It is ${when(at)} in training now.`
export const busyNight = (isFilling: boolean) => (isFilling ? 'Inventing guests…' : 'Fill with a busy night')
/** `key` is the end of it; none where only the key store knows it. */
export const keyInUse = (mode: 'live' | 'sandbox', key: string | null) => {
  const world =
    mode === 'live' ? 'Live: real cards, real money.' : 'Sandbox: Dojo’s test world, no real money.'
  return key ? `${world} Key in use: ${key}` : `${world} The key in use is kept in the key store.`
}
/** Before a mode is closed in which something is open. */
export const CLOSE_MODE = { title: 'Change mode?', button: 'Stop watching and change mode' }
export const KEEP_WATCHING = 'Keep watching'
export const SAVE_AND_CONNECT = 'Save and connect'
export const TEST_CONNECTION = 'Test the connection'

/** Of a till that shares its ledger. */
export const sharesLedger = (till: string) => `This till is ${till} on a ledger that several tills share.`
/** Back to a ledger of the till's own. */
export const LEAVE_LEDGER = {
  leave: 'Leave the shared ledger',
  stay: 'Stay on it',
  done: 'This till has a ledger of its own now.'
}
export const JOINED = 'This till works on the shared ledger now.'

export const restoreOf = (at: string) => `Restore the backup of ${when(at)}`
export const backUp = (isBusy: boolean) => (isBusy ? 'Backing up and checking…' : 'Back up now')
