// The end of the night at the fake desk.
import type { Money } from '../../bindings/Money'
import type { Night } from '../../bindings/Night'
import type { NightChoice } from '../../bindings/NightChoice'
import type { NightRow } from '../../bindings/NightRow'
import type { RunView } from '../../bindings/RunView'
import { previewTake } from './previews'
import { EMPTY_NIGHT, pounds, tab, type Guest } from './samples'

/** Whether the venue's service charge can be put on a row, or taken off again. */
function serviceIs(choice: NightChoice | undefined, { minor }: Money): NightRow['serviceIs'] {
  const typed = choice?.typed.service ?? null
  if (typed === EMPTY_NIGHT.serviceCharge?.typed) return 'added'
  return (choice?.action ?? 'take') === 'take' && typed === null && minor === 0 ? 'missing' : 'settled'
}

/** What became of it in the run. */
function endedAs(run: RunView, { id }: Guest): NightRow['ended'] {
  const state = run.rows.find((row) => row.tabId === id)?.state
  return state && state.code !== 'done' ? state : null
}

/** The night's table with `choices` put in. */
export function nightTable(guests: Guest[], choices: NightChoice[], run: RunView | null): Night {
  const rows = guests
    .filter((guest) => (guest.billMinor ?? 0) > 0)
    .map((guest): NightRow => {
      const choice = choices.find((choice) => choice.tabId === guest.id)
      const preview = previewTake(tab(guest), choice?.typed ?? { bill: null, service: null, tip: null })
      const action = choice?.action ?? 'take'
      return {
        tab: tab(guest).row,
        action,
        choices: ['take', 'leave'],
        bill: preview.bill,
        service: preview.service,
        serviceIs: serviceIs(choice, preview.service),
        tip: preview.tip,
        beyond: pounds(0),
        total: preview.total,
        back: preview.released,
        seen: {
          tabId: guest.id,
          action,
          totalMinor: preview.total.minor,
          seen: preview.seen,
          agreed: { aboveMinor: 0, dojoTakesMinor: 0 }
        },
        tick: 'take',
        flags: guest.flag ? [{ words: guest.flag, tone: 'quiet', place: null }] : [],
        ended: run?.isShown ? endedAs(run, guest) : null,
        errors: preview.errors
      }
    })
  const chosen = rows.filter((row) => row.action !== 'leave')
  const taking = pounds(chosen.reduce((sum, row) => sum + row.total.minor, 0))
  return {
    ...EMPTY_NIGHT,
    run,
    deeds: [
      {
        code: 'take',
        words: `Take from ${chosen.length} tabs`,
        about: 'Bill',
        sums: [taking],
        moves: true
      },
      {
        code: 'leave',
        words: 'Leave 1 tab open',
        about: 'Callum Reid',
        sums: [pounds(200_00)],
        moves: false
      }
    ],
    rows,
    taking: [taking],
    sentence: `${chosen.length} tabs, ${taking.text}.`,
    button: `Close ${chosen.length} tabs`,
    confirm: `Take ${taking.text}`,
    count: chosen.length,
    stays: rows.length - chosen.length,
    ready: run === null && chosen.length > 0 && chosen.every((row) => row.errors.length === 0)
  }
}
