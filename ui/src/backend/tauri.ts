// The desk behind Tauri's bridge: the only file that talks to the shell.
import { invoke } from '@tauri-apps/api/core'
import { listen } from '@tauri-apps/api/event'
import type { Backend, GuestBackend } from './backend'
import { commands } from '../bindings/commands'
import { asError } from './error'

async function call<T>(command: string, args: Record<string, unknown>): Promise<T> {
  try {
    return await invoke<T>(command, args)
  } catch (cause) {
    throw asError(cause)
  }
}

export const tauri: Backend = {
  ...commands(call),
  onChanged: (again) => listen('changed', again),
  onReopened: (again) => listen('reopened', again),
  onLeaving: (ask) => listen<string>('leaving', (event) => ask(event.payload)),
  onTabPressed: (show) => listen<string>('tab_pressed', (event) => show(event.payload))
}

/** All that the guest's window may ask for. */
export const guestWindow: GuestBackend = {
  guestWindow: tauri.guestWindow,
  onChanged: tauri.onChanged
}
