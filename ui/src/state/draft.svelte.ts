// What was typed over the settings and isn't saved yet. It's kept while somebody looks elsewhere.
import type { Settings } from '../bindings/Settings'

/** Lists and numbers are typed as text. */
const textsOf = (now: Settings) => ({
  places: now.places.join('\n'),
  tipPresets: now.tipPresets.join('  '),
  tabPresets: now.tabPresets.join('  '),
  depositPresets: now.depositPresets.join('  '),
  warningHours: now.warningHours.join('  '),
  safeHours: String(now.safeHours),
  nightAtOnce: String(now.nightAtOnce),
  holdBackSeconds: String(now.holdBackSeconds),
  forgetAfterMonths: String(now.forgetAfterMonths),
  releaseReasons: now.releaseReasons.join('\n'),
  cancelReasons: now.cancelReasons.join('\n'),
  refundReasons: now.refundReasons.join('\n')
})

const words = (text: string) => text.split(/[\s;]+/).filter(Boolean)
const lines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
// What is no number is sent as none: the desk refuses that, with its own words.
const number = (text: string) => (/^\d{1,3}$/.test(text.trim()) ? Number.parseInt(text, 10) : null)
const hours = (text: string) =>
  text
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map((word) => (/^\d{1,3}$/.test(word) ? Number.parseInt(word, 10) : 0))

export class Draft {
  /** What is chosen, and what is typed as it is. */
  chosen = $state<Settings>() as Settings
  texts = $state<ReturnType<typeof textsOf>>() as ReturnType<typeof textsOf>
  readonly #now: Settings

  /** `typed`: what was typed over another ledger's settings and couldn't be saved there. */
  constructor(now: Settings, typed: Partial<Settings> = {}) {
    this.#now = now
    this.chosen = { ...now, ...typed }
    this.texts = textsOf(this.chosen)
  }

  /** As the desk is asked to save it. */
  get settings(): Settings {
    const { texts } = this
    return {
      ...this.chosen,
      places: lines(texts.places),
      tipPresets: words(texts.tipPresets),
      tabPresets: words(texts.tabPresets),
      depositPresets: words(texts.depositPresets),
      warningHours: hours(texts.warningHours),
      safeHours: number(texts.safeHours),
      nightAtOnce: number(texts.nightAtOnce),
      holdBackSeconds: number(texts.holdBackSeconds),
      forgetAfterMonths: number(texts.forgetAfterMonths),
      releaseReasons: lines(texts.releaseReasons),
      cancelReasons: lines(texts.cancelReasons),
      refundReasons: lines(texts.refundReasons)
    }
  }

  /** The settings that differ from what is saved. */
  get changed(): (keyof Settings)[] {
    const asked = this.settings
    return (Object.keys(asked) as (keyof Settings)[]).filter(
      (key) => JSON.stringify(asked[key]) !== JSON.stringify(this.#now[key])
    )
  }

  /** What was typed and isn't saved. */
  get unsaved(): Partial<Settings> {
    const asked = this.settings
    return Object.fromEntries(this.changed.map((key) => [key, asked[key]]))
  }
}
