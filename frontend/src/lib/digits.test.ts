import { expect, test } from 'vitest'
import { toLatin, toReader } from './digits'

test.each([
  ['٣', '3'],
  ['٢٫٥', '2.5'],
  ['۱۲', '12'],
  ['२०', '20'],
  ['-١٢a', '-12a'],
  ['2,5', '2,5'],
])('%s is understood as %s', (typed, latin) => {
  expect(toLatin(typed)).toBe(latin)
})

test.each([
  ['ar', '12.5', '١٢٫٥'],
  ['hi', '12.5', '12.5'],
  ['de', '12,5', '12,5'],
])('in %s, %s is shown as %s', (language, latin, shown) => {
  expect(toReader(language, latin)).toBe(shown)
})
