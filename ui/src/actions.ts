// Which command each action sends. Whether it is allowed is the desk's word.
import type { Commands } from './bindings/commands'
import type { ActionView } from './bindings/ActionView'
import type { Hold } from './bindings/Hold'

/** The commands that a sheet sends about one hold. */
export type ActKind = keyof Pick<
  Commands,
  'release' | 'cancel' | 'refund' | 'changeAmount' | 'changeTip' | 'sendReceipt'
>

export type Action = ActionView['action']

const COMMANDS: Record<Action, ActKind | null> = {
  take: null,
  release: 'release',
  renew: null,
  cancel: 'cancel',
  refund: 'refund',
  changeAmount: 'changeAmount',
  changeTip: 'changeTip',
  receipt: 'sendReceipt'
}

/** The command of an action about one hold; none where a sheet of its own sends another. */
export const actOf = (action: Action): ActKind | null => COMMANDS[action]

/** For how many seconds it can still be stopped once it's confirmed, as the desk says. */
export const holdBackSeconds = ({ actions }: Hold, act: ActKind): number =>
  actions.find(({ action }) => actOf(action) === act)?.holdBackSeconds ?? 0
