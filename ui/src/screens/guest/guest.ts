// What the guest's page and its slip say.
import type { GuestPage } from '../../bindings/GuestPage'

/** All but the real world is said. */
export const MODES = { training: 'TRAINING', sandbox: 'SANDBOX', live: null }

/** What it is. */
export const whatOf = (page: GuestPage): string => (page.isPayment ? 'A payment' : 'A hold, not a payment')

/** What the guest has to do. */
export const stepsOf = (page: GuestPage): string[] =>
  page.isPayment
    ? ['Scan the code and add your card.', 'Your card is charged at once.']
    : [
        'Scan the code and add your card.\nYou pay nothing now.',
        'When you leave, we charge only what you spend.'
      ]

/** The code as a picture's address. */
export const pictureOf = (page: GuestPage): string | null =>
  page.qr ? `data:image/svg+xml;utf8,${encodeURIComponent(page.qr)}` : null
