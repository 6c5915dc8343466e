// An invented till, as it begins and is set up.
import type { Passed } from '../../bindings/Passed'
import type { Settings } from '../../bindings/Settings'
import type { SetupStep } from '../../bindings/SetupStep'
import type { Start } from '../../bindings/Start'
import { refusal } from './typing'

export const SETTINGS: Settings = {
  venue: 'The Anchor',
  address: '',
  statementName: '',
  currency: 'GBP',
  service: '12.5',
  tipPresets: ['10%'],
  tabPresets: ['50', '100'],
  depositPresets: ['200'],
  places: ['Table 1', 'Table 3', 'Room 7'],
  deadlineAction: 'release',
  linkEnds: 'tonight',
  safeHours: 12,
  cutOff: '05:00',
  timeZone: 'Europe/London',
  nightAtOnce: 4,
  reportAfterRun: true,
  spreadsheetNumbers: 'point',
  holdBackSeconds: 0,
  forgetAfterMonths: 13,
  namesToDojo: true,
  releaseReasons: ['Left without using it'],
  cancelReasons: ['Opened by mistake'],
  refundReasons: ['Complaint'],
  warningHours: [48, 12],
  warningSound: false,
  namesInNotices: true,
  keepInTray: false,
  letterKeys: true,
  staffName: 'Robin',
  theme: 'light',
  backupFolder: null,
  backupFolderSince: null,
  backupRecipient: null
}

export const START: Start = {
  mode: 'training',
  version: '0.1.0',
  dataFolder: '/var/lib/holdfast',
  insteadOfDojo: null,
  keys: { sandbox: null, live: null },
  notice: null,
  leftOpen: null,
  sharedLedger: null,
  joinsAgain: null,
  mayLeaveLedger: null,
  canBringIn: false,
  mayOfferAutostart: false,
  setup: 'done',
  setupPassed: {},
  folderTrouble: null
}

/** What of `start` changes when the setup goes on to `step`, and the step before it was `left` so. */
export function setUpTo({ setup, setupPassed }: Start, step: SetupStep, left: Passed | null): Partial<Start> {
  return { setup: step, setupPassed: setup && left ? { ...setupPassed, [setup]: left } : setupPassed }
}

/** The same till on a ledger that it shares. */
export const joined = (start: Start): Start => ({
  ...start,
  sharedLedger: { till: 'Bar 2', address: 'host=db.example' }
})

/** The same with its own ledger again, once its venue's name was typed. */
export function left(start: Start, typed: string | null, venue: string): Start {
  if (typed !== venue) {
    const means = refusal(
      'unconfirmed',
      `Bar 2 will have a ledger of its own again. Type “${venue}” to leave.`
    )
    const message = `Type “${venue}”, or stay on the shared ledger.`
    throw { ...means, fields: typed ? [{ field: 'confirm', message }] : [] }
  }
  return { ...start, sharedLedger: null, mayLeaveLedger: null }
}

/** A paper as a file. */
export const SAVED = {
  words: 'Saved: “Holdfast receipt.pdf” in your folder Downloads.',
  path: '/home/till/Downloads/Holdfast receipt.pdf'
}
