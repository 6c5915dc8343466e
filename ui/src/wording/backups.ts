// What encrypted copies of backups say.

/** Which word of the phrase a field is for. */
export const wordNumber = (place: number) => `Word ${place}`
export const ENCRYPTED_FROM_NOW = 'From now on, copies are encrypted.'
export const COPY_OPENED = 'The copy is among the backups now. Restore it there.'
export const PRINT_PHRASE = 'Print'
/** What the button does, by whether there is a phrase already. */
export const makePhrase = (isEncrypted: boolean) =>
  isEncrypted ? 'Make a new phrase…' : 'Encrypt the copies…'
