// The parts of the settings, in the order of their list, and which settings each holds: an error is shown where its
// field is.
import type { Settings } from '../../bindings/Settings'

export type SectionId =
  | 'mode'
  | 'venue'
  | 'places'
  | 'money'
  | 'deadlines'
  | 'notices'
  | 'night'
  | 'keys'
  | 'care'
  | 'backups'
  | 'pc'
  | 'changes'
  | 'about'

interface Section {
  id: SectionId
  words: string
  fields: (keyof Settings)[]
}

export const SECTIONS: Section[] = [
  { id: 'mode', words: 'Dojo', fields: [] },
  { id: 'venue', words: 'Venue', fields: ['venue', 'staffName', 'currency', 'theme'] },
  { id: 'places', words: 'Tables and rooms', fields: ['places'] },
  { id: 'money', words: 'Amounts', fields: ['service', 'tipPresets', 'tabPresets', 'depositPresets'] },
  { id: 'deadlines', words: 'Holds and deadlines', fields: ['deadlineAction', 'linkEnds', 'safeHours'] },
  { id: 'notices', words: 'Notices', fields: ['warningHours', 'keepInTray', 'warningSound'] },
  {
    id: 'night',
    words: 'Day and night',
    fields: ['cutOff', 'timeZone', 'nightAtOnce', 'reportAfterRun', 'spreadsheetNumbers']
  },
  {
    id: 'care',
    words: 'Before sending',
    fields: ['holdBackSeconds', 'releaseReasons', 'cancelReasons', 'refundReasons']
  },
  { id: 'keys', words: 'Keyboard', fields: ['letterKeys'] },
  { id: 'backups', words: 'Backups', fields: ['backupFolder'] },
  { id: 'pc', words: 'This PC', fields: [] },
  { id: 'changes', words: 'Change log', fields: [] },
  { id: 'about', words: 'About', fields: [] }
]

/** Which part has this setting; none where the desk names something else. */
export const sectionOf = (field: string): SectionId | undefined =>
  SECTIONS.find(({ fields }) => (fields as string[]).includes(field))?.id
