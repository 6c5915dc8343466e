// The parts of the settings, in the order of their list, and which settings each holds: an error is shown where its
// field is.
import type { Settings } from '../../bindings/Settings'
import type { SectionId } from '../../wording/settings'

interface Section {
  id: SectionId
  fields: (keyof Settings)[]
}

export const SECTIONS: Section[] = [
  { id: 'mode', fields: [] },
  { id: 'venue', fields: ['venue', 'address', 'statementName', 'staffName', 'currency', 'theme'] },
  { id: 'places', fields: ['places'] },
  { id: 'money', fields: ['service', 'tipPresets', 'tabPresets', 'depositPresets'] },
  { id: 'deadlines', fields: ['deadlineAction', 'linkEnds', 'safeHours'] },
  { id: 'notices', fields: ['warningHours', 'keepInTray', 'warningSound', 'namesInNotices'] },
  {
    id: 'night',
    fields: ['cutOff', 'timeZone', 'nightAtOnce', 'reportAfterRun', 'spreadsheetNumbers']
  },
  {
    id: 'care',
    fields: ['holdBackSeconds', 'releaseReasons', 'cancelReasons', 'refundReasons']
  },
  { id: 'guests', fields: ['forgetAfterMonths', 'namesToDojo'] },
  { id: 'keys', fields: ['letterKeys'] },
  { id: 'backups', fields: [] },
  { id: 'ledger', fields: [] },
  { id: 'pc', fields: [] },
  { id: 'changes', fields: [] },
  { id: 'about', fields: [] }
]

/** Which part has this setting; none where the desk names something else. */
export const sectionOf = (field: string): SectionId | undefined =>
  SECTIONS.find(({ fields }) => (fields as string[]).includes(field))?.id
