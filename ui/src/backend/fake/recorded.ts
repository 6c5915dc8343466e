// A desk that answers as a real one answered before. It moves nothing; what was never asked of the real one it refuses.
import { commands } from '../../bindings/commands'
import type { AppError } from '../../bindings/AppError'
import type { Backend } from '../backend'
import { refusal } from './desk'

/** A command, what it was given, and what came back. */
export type Recording = [
  command: string,
  args: Record<string, unknown>,
  came: { answer?: unknown; error?: AppError }
][]

/** Answers the same question in the same way; else as it was answered of the same tab or hold. */
export function recorded(recording: Recording): Backend {
  const text = (args: unknown) => JSON.stringify(args)
  const first = (args: Record<string, unknown>) => text(Object.values(args)[0])
  const call = <T>(command: string, args: Record<string, unknown>): Promise<T> => {
    const those = recording.filter(([name]) => name === command)
    const found =
      those.find(([, had]) => text(had) === text(args)) ?? those.find(([, had]) => first(had) === first(args))
    if (!found) return Promise.reject(refusal('internal', `${command} isn’t in the recording.`))
    const { answer, error } = structuredClone(found[2])
    return error ? Promise.reject(error) : Promise.resolve(answer as T)
  }
  const quiet = async () => () => {}
  return {
    ...commands(call),
    onChanged: quiet,
    onReopened: quiet,
    onLeaving: quiet,
    onTabPressed: quiet,
    floorPainted: async () => null
  }
}
