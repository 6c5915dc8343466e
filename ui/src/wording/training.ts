// What training's guided night says.
import type { GuideTask } from '../bindings/GuideTask'
import { TEST_CARDS } from './tab'

/** Each task in a word or two, and how it's done. */
export const TASKS: Record<GuideTask, { name: string; how: string }> = {
  open: { name: 'Open a tab', how: 'Press F2. Type any name and any amount, then press Enter.' },
  card: {
    name: 'Add its card',
    how: `Play the guest: on your tab, press “${TEST_CARDS.good}”. The amount is on hold then.`
  },
  round: {
    name: 'Add a round',
    how: 'On your tab, under Bill, type what it was and what it costs, then press Enter.'
  },
  take: { name: 'Take it', how: 'Press F4 on your tab, check the amount and take it.' },
  refund: {
    name: 'Refund a part',
    how: 'On a tab that you took from, choose “Refund…”. Type less than you took, and say why.'
  },
  release: {
    name: 'Release one',
    how: 'Choose a tab on hold that you took nothing from, and press F6. The guest pays nothing.'
  },
  night: { name: 'Close the night', how: 'Press F8, look through the list, then press F4 and confirm.' }
}

export const ALL_DONE =
  'That’s a whole night. Start it again in Settings, under “Training”, whenever somebody is new.'

/** How far somebody has come. */
export const progress = (done: number, all: number) => `${done} of ${all} done`
/** For a screen reader, beside a task that was done. */
export const IS_DONE = ', done'
/** What comes next. */
export const nextTask = (task: GuideTask) => TASKS[task].how
