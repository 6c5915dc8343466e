// A recovery phrase in memory.
import type { RecoveryPhrase } from '../../bindings/RecoveryPhrase'
import type { Settings } from '../../bindings/Settings'
import { refusal } from './typing'

export const PHRASE: RecoveryPhrase = {
  words: Array.from({ length: 12 }, (_, place) => `word${place + 1}`),
  asked: [3, 9]
}

/** The settings with its key, once both words are right. */
export function confirmed(settings: Settings, typed: string[]): Settings {
  const fields = PHRASE.asked.flatMap((place, number) =>
    typed[number] === PHRASE.words[place - 1]
      ? []
      : [
          {
            field: number === 0 ? ('word0' as const) : ('word1' as const),
            message: `That isn’t word ${place}.`
          }
        ]
  )
  if (fields.length > 0) throw { ...refusal('invalid', 'Check the words.'), fields }
  return { ...settings, backupRecipient: 'age1made' }
}
