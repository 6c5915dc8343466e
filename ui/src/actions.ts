// What each action is called on a button and on its sheet. Whether it is allowed is the desk's word.
import type { ActKind } from './backend/desk'
import type { Allowed } from './bindings/Allowed'
import type { Hold } from './bindings/Hold'

export type Action = Allowed['action']

type Verb = { name: string; act: ActKind | null; button: (hold: Hold) => string }

const VERBS: Record<Action, Verb> = {
  take: { name: 'Take', act: null, button: () => 'Take…' },
  release: { name: 'Release', act: 'release', button: (hold) => `Release ${hold.left.text}…` },
  renew: { name: 'Renew', act: null, button: () => 'Renew…' },
  cancel: { name: 'Cancel', act: 'cancel', button: () => 'Cancel the request…' },
  refund: { name: 'Refund', act: 'refund', button: () => 'Refund…' },
  changeAmount: { name: 'Change the amount', act: 'change_amount', button: () => 'Change the amount…' },
  changeTip: { name: 'Change the tip', act: 'change_tip', button: () => 'Change the tip…' },
  receipt: { name: 'Send a receipt', act: 'send_receipt', button: () => 'Send a receipt…' }
}

export function verb(action: Action): Verb {
  return VERBS[action]
}
