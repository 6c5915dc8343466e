// The focus is never lost: a person who works by keyboard always stands somewhere.

/** Where it goes when nothing better is left: the dialog on top, else the part of the screen where it was. */
function refuge(region: HTMLElement | null): HTMLElement | null {
  const dialog = [...document.querySelectorAll<HTMLElement>('dialog[open]')].at(-1)
  // Never to what accepts new figures: Enter must not do that for a person who was about to confirm the old ones.
  if (dialog)
    return (
      dialog.querySelector<HTMLElement>('[data-first]:enabled') ??
      dialog.querySelector<HTMLElement>('button:enabled:not(.changed button), input:enabled') ??
      dialog
    )
  return region?.isConnected ? region : document.querySelector<HTMLElement>('main')
}

/** Gives it to what opened something, and to the screen when that one has gone or is not to be pressed now. */
export function giveBack(opener: Element | null) {
  const mayHave =
    opener instanceof HTMLElement &&
    opener.isConnected &&
    opener !== document.body &&
    !opener.matches(':disabled')
  const to = mayHave ? opener : refuge(null)
  to?.focus({ preventScroll: true })
}

/** How long something that is busy keeps its claim, in milliseconds. */
const BUSY = 1000

/** From now on, when what has it goes away, its place has it instead; when it is busy, it gets it back afterwards. */
export function keepFocus(): () => void {
  let last: HTMLElement | null = null
  let region: HTMLElement | null = null
  let wasLeft = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const isThere = () => last !== null && last.isConnected
  const isLost = () =>
    document.activeElement === null ||
    document.activeElement === document.body ||
    document.activeElement.matches(':disabled')

  const come = (event: FocusEvent) => {
    if (!(event.target instanceof HTMLElement)) return
    last = event.target
    region = last.closest<HTMLElement>('aside, main')
    wasLeft = false
  }
  // A press beside everything lets go on purpose.
  const go = () => (wasLeft = isThere() && !last?.matches(':disabled'))
  const look = () => {
    if (!isLost() || (isThere() && wasLeft)) return
    clearTimeout(timer)
    if (isThere() && last?.matches(':disabled'))
      timer = setTimeout(() => isLost() && refuge(region)?.focus({ preventScroll: true }), BUSY)
    else if (isThere()) last?.focus({ preventScroll: true })
    else refuge(region)?.focus({ preventScroll: true })
  }
  const watch = new MutationObserver(look)
  watch.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] })
  document.addEventListener('focusin', come)
  document.addEventListener('focusout', go)
  return () => {
    watch.disconnect()
    clearTimeout(timer)
    document.removeEventListener('focusin', come)
    document.removeEventListener('focusout', go)
  }
}

/** Into the panel of the tab that was chosen: to its first field, or to the panel itself. */
export function enterPanel() {
  const panel = document.querySelector<HTMLElement>('aside.open')
  const first = panel?.querySelector<HTMLElement>('[data-first]') ?? panel
  first?.focus({ preventScroll: true })
  first?.scrollIntoView({ block: 'nearest' })
}

/** Whether keys that are no text may act on the screen: nobody types and no dialog is open. */
export function isFree(event: KeyboardEvent): boolean {
  const has = event.target
  const types =
    has instanceof HTMLInputElement || has instanceof HTMLTextAreaElement || has instanceof HTMLSelectElement
  return !types && document.querySelector('dialog[open]') === null
}
