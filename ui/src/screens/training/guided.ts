// Where the guided night begins.
import type { App } from '../../state/app'

/** Begins the guided night on the floor, with nothing ticked. */
export async function beginGuidedNight({ desk, floor, nav }: App): Promise<void> {
  await desk.startGuidedNight()
  nav.screen = 'floor'
  await floor.refresh()
}
