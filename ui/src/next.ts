// Which of a tab's keys comes first. It weighs only what the desk's view says; whether it's allowed is the desk's word.
import type { TabView } from './bindings/TabView'
import { mayDo, shownToGuest, type TabDeed } from './deeds'

/** The step that a person is most likely to take next; none when nothing can be done. */
export function nextStep(tab: TabView): TabDeed | null {
  if (tab.closedAt !== null) return null
  const isPaid = tab.row.captured.minor > 0 && tab.seen.dueMinor <= 0
  const isWaiting = tab.holds.some((hold) => hold === shownToGuest(tab) && !hold.renewal?.isNew)
  const steps: [TabDeed, boolean][] = [
    ['holdMore', tab.missing !== null],
    ['closeTab', isPaid],
    ['showQr', isWaiting],
    ['renew', tab.seen.dueMinor <= 0 && tab.holds.some((hold) => hold.renew !== null)],
    ['take', true],
    ['closeTab', true]
  ]
  return steps.find(([deed, isDue]) => isDue && mayDo(tab, deed))?.[0] ?? null
}
