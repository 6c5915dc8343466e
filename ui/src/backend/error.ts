// What went wrong, as the desk words it.
import type { AppError } from '../bindings/AppError'
import type { Field } from '../bindings/Field'
import { somethingWrong } from '../wording/window'

/** Whatever was thrown, as an error with words. */
export function asError(cause: unknown): AppError {
  if (typeof cause === 'object' && cause !== null && 'code' in cause && 'message' in cause) {
    const error = cause as AppError
    return { ...error, fields: error.fields ?? [], changes: error.changes ?? [] }
  }
  return {
    code: 'internal',
    message: somethingWrong(String(cause)),
    fields: [],
    changes: []
  }
}

/** An error's words for one field. */
export function fieldError(error: AppError | null, field: Field): string | null {
  return error?.fields.find((f) => f.field === field)?.message ?? null
}
