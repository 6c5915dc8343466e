// Amounts as they are typed.
import type { Money } from './bindings/Money'

/** `1234.50`: without currency and thousands, as a field holds it. Both currencies have a hundred minor units. */
export function typedAmount({ minor }: Pick<Money, 'minor'>): string {
  const digits = String(Math.abs(minor)).padStart(3, '0')
  return `${minor < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}
