// What Rust is told of the paper on the screen, to set its page up and to name its file.
import type { Printout } from '../../bindings/Printout'
import type { PaperOf } from '../../state/navigation.svelte'

export const printoutOf = (of: PaperOf): Printout =>
  of.kind === 'report'
    ? { is: 'report', number: of.number }
    : of.kind === 'test'
      ? { is: 'test' }
      : { is: 'paper', kind: of.kind, holdId: of.holdId }

/** CSS's inch has 96 of its pixels, on every screen. */
const PX_A_MM = 96 / 25.4

/** How long the text of a sheet is on a roll. Its style lays it out on the screen as on paper. */
export function lengthOf(sheet: HTMLElement): number {
  const style = getComputedStyle(sheet)
  const around = (parseFloat(style.paddingTop) || 0) + (parseFloat(style.paddingBottom) || 0)
  return Math.ceil(Math.max(0, sheet.offsetHeight - around) / PX_A_MM)
}
