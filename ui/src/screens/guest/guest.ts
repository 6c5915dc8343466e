// What the guest's page and its slip show.
import type { GuestPage } from '../../bindings/GuestPage'

/** The code as a picture's address. */
export const pictureOf = (page: GuestPage): string | null =>
  page.qr ? `data:image/svg+xml;utf8,${encodeURIComponent(page.qr)}` : null
