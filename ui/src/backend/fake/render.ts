// Shows a component over a fake desk, and presses keys as a browser takes them.
import { fireEvent, render } from '@testing-library/svelte'
import type { Component } from 'svelte'
import { contextOf, createApp, type App } from '../../state/app'
import { FakeDesk } from './desk'

/** The window's state over `desk`, as it is after the start. */
export async function started(desk: FakeDesk): Promise<App> {
  const app = createApp(desk.backend)
  await app.session.begin()
  if (app.session.fatalError) throw new Error(app.session.fatalError)
  return app
}

/** Shows `component` over `app`. */
export function show<Props extends Record<string, unknown>>(
  app: App,
  component: Component<Props>,
  props: Props
): HTMLElement {
  return render(component, { props, context: contextOf(app) } as never).container
}

/** What has this test id; fails when there is none. */
export function at(testid: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(`[data-testid='${testid}']`)
  if (!found) throw new Error(`there is no ${testid}`)
  return found
}

/** Whether anything has this test id. */
export const has = (testid: string): boolean => document.querySelector(`[data-testid='${testid}']`) !== null

export const input = (testid: string): HTMLInputElement => at(testid) as HTMLInputElement
export const button = (testid: string): HTMLButtonElement => at(testid) as HTMLButtonElement

/** Types over what stands in a field. */
export async function type(testid: string, text: string): Promise<void> {
  await fireEvent.input(at(testid), { target: { value: text } })
}

/** A click; what is disabled takes none. */
export async function click(testid: string): Promise<void> {
  at(testid).click()
  await settled()
}

/** Enter in a field: presses its form's first submitting button, unless that one sleeps. */
export async function enter(testid: string): Promise<void> {
  const field = input(testid)
  const goesOn = await fireEvent.keyDown(field, { key: 'Enter' })
  // One that stands outside its form names it.
  const buttons = [...document.querySelectorAll('button')].filter(
    (button) => field.form && button.form === field.form
  )
  const submit = buttons.find((button) => button.getAttribute('type') !== 'button')
  if (goesOn && submit && !submit.disabled) submit.click()
  await settled()
}

/** Once every answer that is on its way is shown. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 5; round += 1) await new Promise((done) => setTimeout(done))
}
