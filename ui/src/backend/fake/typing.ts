// What the fake desk reads and refuses of what is typed.
import type { AppError } from '../../bindings/AppError'

export const WRONG = 'Type an amount like 12.50.'

/** An error as the desk answers it. */
export function refusal(code: AppError['code'], message: string, fields: AppError['fields'] = []): AppError {
  return { code, message, fields, changes: [] }
}

/** What was typed in minor units; nothing typed is `empty`. None when it is no amount. */
export function parse(text: string | null, empty: number): number | null {
  if (text === null || text.trim() === '') return empty
  const parts = /^(\d{1,7})(?:\.(\d{2}))?$/.exec(text.trim())
  return parts ? Number(parts[1]) * 100 + Number(parts[2] ?? 0) : null
}
