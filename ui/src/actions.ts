// What each action is called on a button and on its sheet. Whether it is allowed is the desk's word.
import type { Commands } from './bindings/commands'
import type { ActionView } from './bindings/ActionView'
import type { Hold } from './bindings/Hold'

/** The commands that a sheet sends about one hold. */
export type ActKind = keyof Pick<
  Commands,
  'release' | 'cancel' | 'refund' | 'changeAmount' | 'changeTip' | 'sendReceipt'
>

export type Action = ActionView['action']

type Verb = { name: string; act: ActKind | null; button: (hold: Hold) => string }

const VERBS: Record<Action, Verb> = {
  take: { name: 'Take', act: null, button: () => 'Take…' },
  release: { name: 'Release', act: 'release', button: (hold) => `Release ${hold.left.text}…` },
  renew: { name: 'Renew', act: null, button: () => 'Renew…' },
  cancel: { name: 'Cancel', act: 'cancel', button: () => 'Cancel the request…' },
  refund: { name: 'Refund', act: 'refund', button: () => 'Refund…' },
  changeAmount: { name: 'Change the amount', act: 'changeAmount', button: () => 'Change the amount…' },
  changeTip: { name: 'Change the tip', act: 'changeTip', button: () => 'Change the tip…' },
  receipt: { name: 'Send a receipt', act: 'sendReceipt', button: () => 'Send a receipt…' }
}

export function verb(action: Action): Verb {
  return VERBS[action]
}
