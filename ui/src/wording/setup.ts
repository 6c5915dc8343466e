// What the first start of a till says: the welcome, and setting it up step by step.
import type { AppError } from '../bindings/AppError'
import type { Mode } from '../bindings/Mode'
import type { SetupStep } from '../bindings/SetupStep'

type Step = Exclude<SetupStep, 'done'>

/** Each step, in its list and as its head. */
export const STEPS: Record<Step, { name: string; head: string }> = {
  venue: { name: 'Venue', head: 'Where are you?' },
  key: { name: 'Dojo', head: 'Connect to Dojo' },
  printer: { name: 'Printer', head: 'Print a test slip' },
  staff: { name: 'Staff', head: 'Who is working?' },
  hold: { name: 'First hold', head: 'Ready for the first hold' }
}
/** Beside a step that was passed by. */
export const SKIPPED = 'Skipped'
/** For a screen reader, beside a step that was done. */
export const IS_DONE = ', done'

/** On the welcome's key. */
export const setUpWords = (isBegun: boolean) => (isBegun ? 'Continue setting up' : 'Set up this till')

/** What a till is called before somebody says it; the desk has the same. */
const UNNAMED = 'My venue'
/** “Continue” over that name: it's a real value, and guests would read it. */
export const nameMissing = (venue: string): AppError | null => {
  if (venue.trim() !== UNNAMED) return null
  const message = 'Type your venue’s name: guests read it on papers. Or skip this step.'
  return { code: 'invalid', message, fields: [{ field: 'venue', message }], changes: [] }
}
/** On the green button, unless there is something to send first. */
export const CONTINUE = 'Continue'
/** Before the setup would end over a key that was only pasted. */
export const KEY_UNSAVED = 'This key isn’t saved yet. Save it, or clear the field.'

/** What stands before somebody who has gone through the steps. */
export const readyWords = (mode: Mode | null | undefined) =>
  ({
    live: 'This till takes real money. Practise first, or request the first hold from a guest.',
    sandbox: 'This till works in Dojo’s test world. Practise first, or request a first hold there.',
    training:
      'You have no key yet, so this till works in training: nothing here is real. When you have one, ' +
      'leave training in Settings, and the first screen asks for it.'
  })[mode ?? 'training']
/** What the last key does. */
export const startWords = (mode: Mode | null | undefined) =>
  mode === 'training' ? 'Go to the floor' : 'Request the first hold'
