// What the fake desk answers whatever was done before.
import type { Backend } from '../backend'
import { PHRASE } from './phrase'

const quiet = async () => () => {}

export const FIXED: Partial<Backend> = {
  onReopened: quiet,
  onLeaving: quiet,
  onTabPressed: quiet,
  testConnection: async () => ({ ok: true, words: 'Dojo answers and accepts the key.' }),
  settingsChanges: async () => [],
  backups: async () => [],
  drawRecoveryPhrase: async () => PHRASE,
  diskEncryption: async () => ({ isEncrypted: null, words: 'Nobody can tell.' }),
  comparePrinted: async () => ({ verdict: 'contradicted', words: 'Entry 12 has another seal.' }),
  support: async () => 'Holdfast 0.1.0 on linux',
  autostart: async () => ({ on: false, trouble: null }),
  thirdParty: async () => 'Inter 5.3.0, OFL-1.1',
  floorPainted: async () => null,
  attention: async () => ({ items: [] }),
  openGuestWindow: async () => null,
  printPaper: async () => null,
  sameCard: async () => [],
  compareJournal: async () => ({
    verdict: 'agrees',
    words: 'Dojo’s record agrees up to entry 12 of 12.'
  }),
  savePaper: async () => ({
    words: 'Saved: “Holdfast receipt.pdf” in your folder Downloads.',
    path: '/home/till/Downloads/Holdfast receipt.pdf'
  })
}
