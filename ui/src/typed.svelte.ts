// An amount that somebody types, as the desk reads it: what a key says, and what is wrong with it.
import type { Backend } from './backend/backend'
import type { AmountCheck } from './bindings/AmountCheck'
import type { Currency } from './bindings/Currency'

/** Made while a component is: it reads the amount again at every key, and the newest typing wins. */
export class TypedAmount {
  amount = $state('')
  #check = $state.raw<AmountCheck | null>(null)

  constructor(desk: Backend, currency: Currency, { first = '', mayBeZero = false } = {}) {
    this.amount = first
    $effect(() => {
      const text = this.amount.trim()
      if (!text) {
        this.#check = null
        return
      }
      desk.checkAmount(text, currency, mayBeZero).then(
        (answer) => {
          if (text === this.amount.trim()) this.#check = answer
        },
        () => (this.#check = null)
      )
    })
  }

  /** As people read it; empty before it's an amount. */
  get text(): string {
    return this.#check?.money?.text ?? ''
  }

  /** Why it's none. */
  get error(): string | null {
    return this.#check?.error ?? null
  }
}
