// What every component reaches, by Svelte's context: so a test gives it another backend.
import { getContext } from 'svelte'
import type { Backend } from '../backend/backend'
import { Floor } from './floor.svelte'
import { Navigation } from './navigation.svelte'
import { Session } from './session.svelte'

const APP = Symbol('app')

export interface App {
  desk: Backend
  floor: Floor
  nav: Navigation
  session: Session
}

/** The window's state over a backend. */
export function createApp(desk: Backend): App {
  const nav = new Navigation()
  const floor = new Floor(desk, nav)
  return { desk, floor, nav, session: new Session(desk, floor, nav) }
}

/** The context in which components are mounted. */
export const contextOf = (app: App): Map<unknown, unknown> => new Map([[APP, app]])

/** What the component was mounted with. */
export const app = (): App => getContext<App>(APP)
