// The web view's own menu.

/** Offers it in fields alone, to paste: elsewhere it has Back, Reload and Save, which a till has no use for. */
export function keepMenuToFields() {
  document.addEventListener('contextmenu', (event) => {
    const at = event.target
    if (!(at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement)) event.preventDefault()
  })
}
