import { expect, test } from 'vitest'
import { typedAmount } from './amount'

test.each([
  [0, '0.00'],
  [5, '0.05'],
  [50, '0.50'],
  [8450, '84.50'],
  [123450, '1234.50'],
  [-250, '-2.50']
])('%i minor units are typed as %s', (minor, typed) => {
  expect(typedAmount({ minor })).toBe(typed)
})
